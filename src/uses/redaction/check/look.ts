import { evaluationPermit, type Permit } from '../../../core/permit.ts';
import { efforts, type EffortSettings } from '../../../vision/effort.ts';
import { defaultModels } from '../../../vision/scene-detector.ts';
import type { LookOptions } from '../engine.ts';
import type { RedactionPlan } from '../plan.ts';
import { findProfile } from '../profile.ts';
import type { RedactionSettings } from '../settings.ts';

/** Frames from one look at the rendered file to the next. */
const EVERY = 6;
/** Share of the threshold that the plan was made with at which the check still notes what it sees. */
const LOWER = 0.75;

const builtIn: ReadonlySet<string> = new Set(
  Object.values(defaultModels).filter((id): id is string => typeof id === 'string'),
);

/**
 * How the rendered file is looked at: with the models of the plan, at lower thresholds.
 * @param settings what the plan was made with, where it is known: the user's words and patterns are not in the plan.
 * @param permit what the models run under: a threshold is not lowered further than it allows.
 */
export function checkLook(
  plan: RedactionPlan,
  settings?: RedactionSettings,
  permit: Permit = evaluationPermit,
): LookOptions {
  return {
    effort: checkEffort(plan, permit),
    models: plan.models.map(({ id }) => id).filter((id) => !builtIn.has(id)),
    words: settings?.words ?? [],
    patterns: settings?.patterns ?? [],
  };
}

/**
 * What is left over of a line beside masks is thinner than the line was, so it is read larger than when the plan was
 * made. Searching for codes and for small faces at full size would take a third of the check; what is left out of a plan
 * is mostly in sight for longer than it takes to be seen once.
 */
const TEXT_LARGER = 1.5;
const CODES_SMALLER = 0.5;
const LEAST_FACE_TILE = 0.73;

function checkEffort(plan: RedactionPlan, permit: Permit): EffortSettings {
  const effort = efforts[findProfile(plan.profile).effort];
  return {
    ...effort,
    every: EVERY,
    objectTiles: 0,
    refinePersons: false,
    faceTile: effort.faceTile === false ? false : Math.max(effort.faceTile, LEAST_FACE_TILE),
    objectThreshold: lowered(effort.objectThreshold, defaultModels.objects, permit),
    faceThreshold: lowered(effort.faceThreshold, defaultModels.faces, permit),
    smallFaceThreshold: lowered(effort.smallFaceThreshold, defaultModels.smallFaces, permit),
    ...(effort.text === undefined
      ? {}
      : {
          text: {
            ...effort.text,
            maxSide: Math.round(effort.text.maxSide * TEXT_LARGER),
            codesMaxSide: Math.round(effort.text.codesMaxSide * CODES_SMALLER),
          },
        }),
  };
}

function lowered(threshold: number, model: string, permit: Permit): number {
  const claim = permit.kind === 'signed' ? permit.claims.models.find(({ id }) => id === model) : undefined;
  return Math.max(threshold * LOWER, claim?.threshold[0] ?? 0);
}
