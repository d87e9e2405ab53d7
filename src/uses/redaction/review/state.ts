import type { RedactionPlan, Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import type { Choice, OperationOf } from './edit.ts';

/** What was said of a region, singly. */
export interface Marks {
  readonly redact?: boolean;
  readonly style?: Region['style'];
  readonly reason?: string;
}

/** What was said of a class. */
export interface ClassRule extends Marks {
  readonly threshold?: number;
}

export interface Part {
  /** As the model or a person made it, with its present path. */
  readonly region: Region;
  readonly marks: Marks;
}

export interface ReleaseDefinition {
  readonly title: string;
  readonly choices: readonly Choice[];
}

export type Verdict = OperationOf<'doubt'>['verdict'];

/** A review after some edits. Its values are never changed in place, so a copy of the maps is a copy of it. */
export interface ReviewState {
  readonly parts: Map<string, Part>;
  readonly classes: Map<string, ClassRule>;
  sound: { readonly mode: 'keep' | 'mute' | 'drop'; readonly style: 'mute' | 'bleep' };
  readonly hushed: Map<string, readonly [number, number]>;
  readonly releases: Map<string, ReleaseDefinition>;
  readonly verdicts: Map<string, Verdict>;
}

/** The state before the first edit. */
export function openState({ plan }: ReviewBase): ReviewState {
  const { audio } = plan;
  const spans = audio.mode === 'spans' ? audio.spans : [];
  return {
    parts: new Map(plan.regions.map((region) => [region.id, { region, marks: {} }])),
    classes: new Map(),
    sound:
      audio.mode === 'spans' ? { mode: 'keep', style: audio.style } : { mode: audio.mode, style: 'mute' },
    hushed: new Map(spans.map((span, index) => [`span-${index + 1}`, span])),
    releases: new Map(),
    verdicts: new Map(),
  };
}

/** Says something new of what was said before; null takes it back. */
export function marked(before: ClassRule, choice: Choice): ClassRule {
  const next = new Map<string, unknown>(Object.entries(before));
  const { op: _, ...said } = choice;
  for (const [field, value] of Object.entries(said)) {
    if (field === 'regions' || field === 'class' || value === undefined) continue;
    if (value === null) next.delete(field);
    else next.set(field, value);
  }
  // Of a flat answer and a threshold the newer one counts.
  if (choice.op === 'class' && typeof choice.threshold === 'number') next.delete('redact');
  else if (typeof choice.redact === 'boolean') next.delete('threshold');
  return Object.fromEntries(next);
}

/**
 * The plan that a review amounts to. What was said of a single region counts before what was said of its class, and in
 * each of the two a release counts before the review.
 * @param release absent for the review itself.
 */
export function planOf(base: ReviewBase, state: ReviewState, release?: ReleaseDefinition): RedactionPlan {
  const own = new Map<string, Marks>();
  const ownClasses = new Map<string, ClassRule>();
  for (const choice of release?.choices ?? []) {
    if (choice.op === 'class')
      ownClasses.set(choice.class, marked(ownClasses.get(choice.class) ?? {}, choice));
    else for (const id of choice.regions) own.set(id, marked(own.get(id) ?? {}, choice));
  }
  const regions = [...state.parts.values()].map(({ region, marks }) =>
    decided(
      region,
      [own.get(region.id), marks],
      [ownClasses.get(region.class), state.classes.get(region.class)],
    ),
  );
  const known = new Set(base.plan.regions.map(({ id }) => id));
  const added = regions.filter(({ id }) => !known.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const { keepOnly, ...rest } = base.plan;
  return {
    ...rest,
    ...(keepOnly === undefined ? {} : { keepOnly }),
    regions: [...regions.filter(({ id }) => known.has(id)), ...added],
    audio: audioOf(state),
  };
}

function decided(
  region: Region,
  singly: readonly (Marks | undefined)[],
  byClass: readonly (ClassRule | undefined)[],
): Region {
  const all: readonly (ClassRule | undefined)[] = [...singly, ...byClass];
  const redact = all.map((rule) => rule && answer(rule, region)).find((said) => said !== undefined);
  const style = all.find((rule) => rule?.style !== undefined)?.style ?? region.style;
  const reason = all.find((rule) => rule?.reason !== undefined)?.reason ?? region.reason;
  // Masks that show the reason show the new one.
  const label = region.label !== undefined && region.label === region.reason ? reason : region.label;
  return {
    ...region,
    redact: redact ?? region.redact,
    style,
    ...(reason === undefined ? {} : { reason }),
    ...(label === undefined ? {} : { label }),
  };
}

function answer({ redact, threshold }: ClassRule, { origin, score }: Region): boolean | undefined {
  if (threshold === undefined || origin !== 'model' || score === undefined) return redact;
  return score >= threshold;
}

function audioOf({ sound, hushed }: ReviewState): RedactionPlan['audio'] {
  if (sound.mode !== 'keep' || hushed.size === 0) return { mode: sound.mode };
  const spans = [...hushed.values()].map(([start, end]): [number, number] => [start, end]);
  spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { mode: 'spans', spans, style: sound.style };
}
