import { area, clipped, intersection, type PixelBox } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Seconds } from '../../core/time.ts';
import { version } from '../../core/version.ts';
import { usualEncoding, type Keyframe, type RedactionPlan, type Region } from './plan.ts';
import type { Profile } from './profile.ts';
import type { Proposal } from './proposal.ts';
import { withPlanIds } from './region-ids.ts';
import { styleOf, type FixedBox, type RedactionSettings, type TimeSpan } from './settings.ts';

/** What the plan must know about the source and about the look that was taken at it. */
export interface PlanContext {
  readonly source: RedactionPlan['source'];
  readonly first: Seconds;
  readonly last: Seconds;
  readonly models: RedactionPlan['models'];
  /** Classes that models chosen by the user find. They were asked for, so they are covered. */
  readonly chosenClasses: readonly string[];
  readonly container: string;
  readonly stamp?: string;
}

/**
 * Writes the settings' decisions into a plan: everything that was proposed, and what of it is to be covered.
 * @throws TidewaiterError `E_TRACK` for names that nothing has, `E_OPTION` for boxes outside of the picture.
 */
export function buildPlan(
  found: readonly Proposal[],
  settings: RedactionSettings,
  profile: Profile,
  context: PlanContext,
): RedactionPlan {
  checkPlaces(settings, context.source);
  for (const box of settings.boxes ?? []) checkReach(box, settings);
  const boxIds = (settings.boxes ?? []).map((_, index) => `box-${index + 1}`);
  const proposals = withPlanIds(found, boxIds);
  checkNames([...(settings.keep ?? []), ...(settings.only ?? [])], proposals);
  const classes = new Set([...(settings.classes ?? profile.classes), ...context.chosenClasses]);
  const subjects = new Set(proposals.map(({ subject }) => subject));
  const proposed = proposals.map((proposal) =>
    toRegion(proposal, settings, profile, wanted(proposal, settings, profile, classes, subjects)),
  );
  const fixed = (settings.boxes ?? []).map((box, index) =>
    fixedRegion(box, boxIds[index] ?? '', settings, profile, context),
  );
  const video = context.source.kind === 'video';
  const { limits, keepOnly } = placeLimits(settings, profile, video ? settings.spans : undefined);
  return {
    format: 'tidewaiter-redaction-plan',
    version: 1,
    tool: { name: 'tidewaiter', version },
    ...(context.stamp === undefined ? {} : { stamp: context.stamp }),
    source: context.source,
    profile: profile.name,
    models: context.models,
    regions: [...fixed, ...proposed],
    limits,
    ...(keepOnly === undefined ? {} : { keepOnly }),
    audio: audioOf(settings, profile),
    keepMetadata: [...(settings.keepMetadata ?? [])],
    output: {
      container: context.container,
      ...(video
        ? {
            videoCodec: settings.output?.videoCodec ?? usualEncoding.videoCodec,
            crf: settings.output?.crf ?? usualEncoding.crf,
            preset: settings.output?.preset ?? usualEncoding.preset,
            encoderThreads: usualEncoding.encoderThreads,
          }
        : { quality: settings.output?.quality ?? (context.container === 'avif' ? 70 : 90) }),
    },
  };
}

/** Keeping somebody visible by a name that does not exist would silently cover or uncover nothing. */
function checkNames(names: readonly string[], proposals: readonly Proposal[]): void {
  const known = new Set(
    proposals.flatMap(({ id, subject }) => (subject === undefined ? [id] : [id, subject])),
  );
  const missing = names.find((name) => !known.has(name));
  if (missing === undefined) return;
  throw new TidewaiterError(
    'E_TRACK',
    `Nothing in this file is called ${missing}`,
    'Run with --plan-only and take the id or subject from the plan.',
  );
}

/** A box beside the picture would cover nothing, and nobody would notice. */
function checkPlaces(settings: RedactionSettings, size: RedactionPlan['source']): void {
  const boxes = [
    ...(settings.boxes ?? []).map(({ box }) => box),
    ...(settings.zones ?? []),
    ...(settings.keepOnly ?? []),
  ];
  const outside = boxes.find((box) => area(clipped(box, size)) === 0);
  if (outside === undefined) return;
  const { x, y, width, height } = outside;
  throw new TidewaiterError(
    'E_OPTION',
    `The box ${x},${y},${width},${height} lies outside of the picture, which has ${size.width} x ${size.height} pixels`,
    'Give boxes as x,y,width,height in pixels of the picture as displayed.',
  );
}

/** Limits count for boxes too: one that they never let through would cover nothing, and nobody would notice. */
function checkReach({ box, span }: FixedBox, { spans, zones }: RedactionSettings): void {
  const inTime =
    span === undefined || (spans?.some(({ start, end }) => start <= span.end && end >= span.start) ?? true);
  const inPlace = zones?.some((zone) => area(intersection(box, zone)) > 0) ?? true;
  if (inTime && inPlace) return;
  const { x, y, width, height } = box;
  throw new TidewaiterError(
    'E_OPTION',
    `The box ${x},${y},${width},${height} lies outside of every ${inTime ? '--zone' : '--span'}, so it would cover nothing`,
    'Move the box or the limit, or redact in two runs.',
  );
}

function wanted(
  proposal: Proposal,
  settings: RedactionSettings,
  profile: Profile,
  classes: ReadonlySet<string>,
  subjects: ReadonlySet<string | undefined>,
): boolean {
  const named = (names: readonly string[]): boolean =>
    names.includes(proposal.id) || (proposal.subject !== undefined && names.includes(proposal.subject));
  if (settings.keep !== undefined && named(settings.keep)) return false;
  if (settings.only !== undefined && !named(settings.only)) return false;
  // `--only person-2` covers what the profile covers of that person; naming a region covers that region.
  if (settings.only?.includes(proposal.id) === true && !subjects.has(proposal.id)) return true;
  if (!classes.has(proposal.class)) return false;
  const policy = settings.text ?? profile.text;
  return proposal.class !== 'text' || policy === 'all' || proposal.kind !== undefined;
}

function toRegion(
  proposal: Proposal,
  settings: RedactionSettings,
  profile: Profile,
  redact: boolean,
): Region {
  const { keyframes, ...rest } = proposal;
  return {
    ...rest,
    redact,
    shape: 'box',
    style: styleOf(settings, profile, proposal.class),
    ...marks(proposal.class, settings),
    origin: 'model',
    score: Math.min(1, Math.round(proposal.score * 1000) / 1000),
    start: micro(proposal.start),
    end: micro(proposal.end),
    keyframes: keyframes
      .map(({ time, box }) => keyframe(time, box))
      // Two that fall on one microsecond are one moment, reached by different sums.
      .filter(([time], index, all) => index === 0 || time > (all[index - 1]?.[0] ?? time)),
  };
}

function fixedRegion(
  fixed: FixedBox,
  id: string,
  settings: RedactionSettings,
  profile: Profile,
  context: PlanContext,
): Region {
  // A picture has no time: what is asked for at any time is asked for in it.
  const span = context.source.kind === 'video' ? fixed.span : undefined;
  const start = span?.start ?? context.first;
  return {
    id,
    class: 'box',
    redact: true,
    shape: 'box',
    style: styleOf(settings, profile, 'box'),
    ...marks('box', settings),
    origin: 'person',
    start: micro(start),
    end: micro(span?.end ?? context.last),
    keyframes: [keyframe(start, fixed.box)],
  };
}

/** The reason proposed for a class and what is written on its masks. */
function marks(name: string, settings: RedactionSettings): Pick<Region, 'label' | 'reason'> {
  const reason = settings.reasons?.proposals[name];
  const written = settings.label ?? (settings.reasons === undefined ? 'none' : 'reason');
  const label = written === 'none' ? undefined : written === 'class' ? name : reason;
  return { ...(reason === undefined ? {} : { reason }), ...(label === undefined ? {} : { label }) };
}

function placeLimits(
  settings: RedactionSettings,
  profile: Profile,
  spans: readonly TimeSpan[] | undefined,
): Pick<RedactionPlan, 'limits' | 'keepOnly'> {
  const boxes = (list: readonly PixelBox[]): [number, number, number, number][] =>
    list.map(({ x, y, width, height }) => [x, y, width, height]);
  return {
    limits: {
      ...(spans === undefined
        ? {}
        : { spans: spans.map(({ start, end }): [number, number] => [start, end]) }),
      ...(settings.zones === undefined ? {} : { zones: boxes(settings.zones) }),
    },
    ...(settings.keepOnly === undefined
      ? {}
      : { keepOnly: { boxes: boxes(settings.keepOnly), style: styleOf(settings, profile, 'outside') } }),
  };
}

function audioOf(settings: RedactionSettings, profile: Profile): RedactionPlan['audio'] {
  const audio = settings.audio;
  if (audio === undefined) return { mode: profile.audio };
  if (audio.mode !== 'spans') return { mode: audio.mode };
  return {
    mode: 'spans',
    spans: audio.spans.map(({ start, end }): [number, number] => [start, end]),
    style: audio.style,
  };
}

function keyframe(time: Seconds, box: PixelBox): Keyframe {
  return [
    micro(time),
    tenth(box.x),
    tenth(box.y),
    Math.max(0.1, tenth(box.width)),
    Math.max(0.1, tenth(box.height)),
  ];
}

/** Microseconds are finer than any time base in use needs to tell frames apart. */
function micro(time: Seconds): Seconds {
  return Math.round(time * 1e6) / 1e6;
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
