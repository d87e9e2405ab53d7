import { area, iou, scaled, type PixelBox, type Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import { RegionTimeline, type PlacedRegion } from '../timeline.ts';
import { micro, rounded } from './findings.ts';
import { coveredShare } from './masks.ts';
import type { Draft } from './rank.ts';

/** What the decoded file tells that the plan does not. */
export interface ClipTimes {
  readonly first: Seconds;
  readonly last: Seconds;
  /** Times of first frames after a cut. */
  readonly cuts: readonly Seconds[];
}

/** A track that ends within this share of the picture's side from its edge may have left the picture. */
const EDGE = 0.03;
/** What happens so close to a cut, or to the ends of the clip, happens with it. */
const AT_ONCE: Seconds = 0.06;
/** Two tracks this far apart in time and at one place are one thing that was lost in between. */
const LONGEST_GAP: Seconds = 2;
const SAME_PLACE_IOU = 0.25;
/** What comes and goes more often than this is said to flicker. */
const MOST_GAPS = 1;
/** A place is covered by others when this share of its middle is: regions of a head are wider than those of its face. */
const COVERED = 0.5;
const MIDDLE = 0.5;

/** How urgent each kind is, before the size of the thing counts. */
const urgency = { flicker: 0.5, gap: 0.45, end: 0.3, textEnd: 0.15, single: 0.1 } as const;
const SIZE_COUNTS = 0.15;

interface Track {
  readonly region: Region;
  readonly opening: PixelBox;
  readonly closing: PixelBox;
}

/** A track, and the one that goes on with the same thing after a gap. */
interface Gap {
  readonly before: Track;
  readonly after: Track;
}

/** Of stripes and leaves a line is read somewhere in every second recording; a real one is read again and again. */
const writing: ReadonlySet<string> = new Set(['text', 'code']);
/** Chosen on the tuning half: three and four lose nothing there either, but it holds too few lost lines to go so far. */
const MOST_ODD = 2;

/** Whether a track is of a line that was read once or twice. Nobody is asked about it: it is covered where it was read. */
export function isOddWriting({ class: name, detections }: Region): boolean {
  return detections !== undefined && detections <= MOST_ODD && writing.has(name);
}

/**
 * Spots of a video's plan at which something may have been missed: tracks that begin or end in the middle of the
 * picture, that are interrupted, or that rest on a single detection which nothing covers before or after.
 */
export function planDoubts(plan: RedactionPlan, clip: ClipTimes): Draft[] {
  const tracks = plan.regions
    .filter((region) => region.redact && region.origin === 'model' && !isOddWriting(region))
    .map(trackOf);
  const gaps = openGaps(gapsOf(tracks, clip), plan);
  const interrupted = new Set(gaps.map(({ before }) => before));
  const resumed = new Set(gaps.map(({ after }) => after));
  const single = (track: Track): boolean => track.region.detections === 1;
  const starts = tracks.filter(
    (track) => !single(track) && !resumed.has(track) && isOpen(track.opening, track.region.start, plan, clip),
  );
  const ends = tracks.filter(
    (track) =>
      !single(track) && !interrupted.has(track) && isOpen(track.closing, track.region.end, plan, clip),
  );
  const singles = tracks.filter(single);
  const alone = new Set([...uncovered(singles, plan, before), ...uncovered(singles, plan, after)]);
  return [
    ...gapFindings(gaps, plan.source),
    ...uncovered(starts, plan, before).map((track) => endFinding(track, 'track-start', plan.source)),
    ...uncovered(ends, plan, after).map((track) => endFinding(track, 'track-end', plan.source)),
    ...[...alone].map((track) => singleFinding(track, plan.source)),
  ];
}

const before = ({ region, opening }: Track): readonly [Seconds, PixelBox] => [
  region.start - AT_ONCE,
  opening,
];
const after = ({ region, closing }: Track): readonly [Seconds, PixelBox] => [region.end + AT_ONCE, closing];

function trackOf(region: Region): Track {
  const boxOf = ([, x, y, width, height]: Region['keyframes'][number]): PixelBox => ({ x, y, width, height });
  return { region, opening: boxOf(region.keyframes[0]!), closing: boxOf(region.keyframes.at(-1)!) };
}

/** Whether a track's end is neither at the picture's edge nor at the end of a scene, nor beyond the plan's spans. */
function isOpen(box: PixelBox, time: Seconds, { source, limits }: RedactionPlan, clip: ClipTimes): boolean {
  const across = EDGE * source.width;
  const down = EDGE * source.height;
  const inside =
    box.x > across &&
    box.y > down &&
    box.x + box.width < source.width - across &&
    box.y + box.height < source.height - down;
  const atBound = [clip.first, clip.last, ...clip.cuts].some((bound) => Math.abs(time - bound) <= AT_ONCE);
  const inSpan = limits.spans?.some(([start, end]) => time > start && time < end) ?? true;
  return inside && !atBound && inSpan;
}

/** Those of the tracks whose place is not covered by other regions at the moment next to their end. */
function uncovered(
  tracks: readonly Track[],
  plan: RedactionPlan,
  next: (track: Track) => readonly [Seconds, PixelBox],
): Track[] {
  const asked = tracks.map((track) => ({ track, at: next(track) })).sort((a, b) => a.at[0] - b.at[0]);
  const timeline = new RegionTimeline(plan);
  return asked
    .filter(({ track, at: [time, box] }) => !isCovered(box, timeline.at(time), plan, [track.region.id]))
    .map(({ track }) => track);
}

function isCovered(
  box: PixelBox,
  placed: readonly PlacedRegion[],
  plan: RedactionPlan,
  except: readonly string[],
): boolean {
  const others = placed.filter(({ region }) => !except.includes(region.id));
  return coveredShare(scaled(box, MIDDLE), others, plan) >= COVERED;
}

/** Pairs of tracks of one class and place with some time between, each track in at most one pair on either side. */
function gapsOf(tracks: readonly Track[], clip: ClipTimes): Gap[] {
  const byStart = tracks.toSorted((a, b) => a.region.start - b.region.start);
  const byEnd = tracks.toSorted((a, b) => a.region.end - b.region.end);
  const taken = new Set<Track>();
  const gaps: Gap[] = [];
  let from = 0;
  for (const before of byEnd) {
    const { end, class: name } = before.region;
    while (from < byStart.length && byStart[from]!.region.start <= end) from += 1;
    for (let index = from; index < byStart.length; index += 1) {
      const after = byStart[index]!;
      const { start } = after.region;
      if (start - end > LONGEST_GAP) break;
      const isSame = after.region.class === name && iou(before.closing, after.opening) >= SAME_PLACE_IOU;
      if (!isSame || taken.has(after) || clip.cuts.some((cut) => cut > end && cut <= start)) continue;
      taken.add(after);
      gaps.push({ before, after });
      break;
    }
  }
  return gaps;
}

/** Gaps in which nothing else covers the place. */
function openGaps(gaps: readonly Gap[], plan: RedactionPlan): Gap[] {
  const middle = ({ before, after }: Gap): Seconds => (before.region.end + after.region.start) / 2;
  const timeline = new RegionTimeline(plan);
  return gaps
    .toSorted((a, b) => middle(a) - middle(b))
    .filter((gap) => !isCovered(gap.before.closing, timeline.at(middle(gap)), plan, []));
}

/** One finding for each chain of tracks with gaps between. */
function gapFindings(gaps: readonly Gap[], size: Size): Draft[] {
  const following = new Map(gaps.map((gap) => [gap.before, gap]));
  const resumed = new Set(gaps.map(({ after }) => after));
  return gaps
    .filter(({ before }) => !resumed.has(before))
    .flatMap((first) => {
      const chain = [first];
      for (let next = following.get(first.after); next !== undefined; next = following.get(next.after))
        chain.push(next);
      if (chain.length > MOST_GAPS) return [flickerFinding(chain, size)];
      return chain.map((gap) => gapFinding(gap, size));
    });
}

function gapFinding({ before, after }: Gap, size: Size): Draft {
  return {
    ...about(before, size, urgency.gap),
    kind: 'gap',
    start: micro(before.region.end),
    end: micro(after.region.start),
    box: rounded(before.closing),
    says: `Between ${before.region.id} and ${after.region.id}, at the same place, nothing is covered.`,
  };
}

function flickerFinding(chain: readonly Gap[], size: Size): Draft {
  const [first, last] = [chain[0]!, chain.at(-1)!];
  return {
    ...about(first.before, size, urgency.flicker),
    kind: 'flicker',
    start: micro(first.before.region.end),
    end: micro(last.after.region.start),
    box: rounded(first.before.closing),
    says: `What ${first.before.region.id} covers comes and goes: ${chain.length} gaps until ${last.after.region.id}.`,
  };
}

function endFinding(track: Track, kind: 'track-start' | 'track-end', size: Size): Draft {
  const { region } = track;
  const isStart = kind === 'track-start';
  const isText = writing.has(region.class);
  const time = micro(isStart ? region.start : region.end);
  return {
    ...about(track, size, isText ? urgency.textEnd : urgency.end),
    kind,
    start: time,
    end: time,
    box: rounded(isStart ? track.opening : track.closing),
    says: `${region.id} ${isStart ? 'begins' : 'ends'} in the middle of the picture, away from a cut.`,
  };
}

function singleFinding(track: Track, size: Size): Draft {
  const { region, opening } = track;
  return {
    ...about(track, size, urgency.single),
    kind: 'single-detection',
    start: micro(region.start),
    end: micro(region.end),
    box: rounded(opening),
    says: `${region.id} was seen once only; look whether it is there, and for how long.`,
  };
}

function about(
  track: Track,
  size: Size,
  base: number,
): Omit<Draft, 'kind' | 'start' | 'end' | 'box' | 'says'> {
  const { region, opening } = track;
  const side = Math.sqrt(area(opening) / (size.width * size.height));
  return {
    level: 'doubt',
    class: region.class,
    region: region.id,
    frames: Math.max(1, region.detections ?? 1),
    ...(region.score === undefined ? {} : { score: region.score }),
    urgency: base + SIZE_COUNTS * Math.min(1, 4 * side),
  };
}
