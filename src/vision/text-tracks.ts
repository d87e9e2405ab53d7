import { scaled, type PixelBox } from '../core/box.ts';
import type { FrameObservations, Observation } from '../core/observation.ts';
import type { Seconds } from '../core/time.ts';

/** A line of text, a plate or a code through the looks in which it was seen. */
export interface TextTrack {
  readonly class: string;
  /** In the order of time. */
  readonly sightings: readonly { readonly time: Seconds; readonly observation: Observation }[];
  /** It may have been there since just after the look before its first sighting. */
  readonly start: Seconds;
  /** It may have been there until just before the look after its last sighting. */
  readonly end: Seconds;
}

interface OpenTrack {
  sightings: { time: Seconds; observation: Observation }[];
  start: Seconds;
  missed: number;
}

/** A line may be unreadable for this many looks and still be the same one afterwards. */
const PATIENCE = 2;
/** Farthest a line may have moved from where it was expected, in line heights, when its reading does not vouch for it. */
const REACH = 2.5;
/** The same when it reads alike: text that pans across the picture moves far between two looks. */
const REACH_ALIKE = 14;
/** How alike two readings must be (share of common pairs of letters) to vouch for each other. */
const ALIKE = 0.6;

/**
 * Joins sightings of text across looks. Looks for text are far apart (about half a second), so boxes need not overlap
 * from one to the next as they must for people; what the line says and how tall it is carry the match.
 * @param looks frames in which text was looked for, in the order of time.
 * @param cuts no track lives through one of these.
 * @param first, last times of the first and last frame of the clip.
 */
export function trackText(
  looks: readonly FrameObservations[],
  cuts: readonly Seconds[],
  clip: { readonly first: Seconds; readonly last: Seconds },
): TextTrack[] {
  const closed: TextTrack[] = [];
  let open: OpenTrack[] = [];
  const times = looks.map((look) => look.time);
  const lookAfter = (time: Seconds): Seconds => times.find((other) => other > time) ?? clip.last;
  const close = (track: OpenTrack, before: Seconds): void => {
    const last = track.sightings.at(-1);
    if (last === undefined) return;
    closed.push({
      class: majority(track.sightings.map((sighting) => sighting.observation.class)),
      sightings: track.sightings,
      start: track.start,
      end: Math.min(lookAfter(last.time), before),
    });
  };

  let previous: Seconds = clip.first;
  for (const look of looks) {
    const cut = cuts.findLast((time) => time <= look.time && time > previous);
    if (cut !== undefined) {
      for (const track of open) close(track, justBefore(cut));
      open = [];
    }
    const lines = look.observations.filter((seen) => isTextClass(seen.class));
    const { matched, fresh } = associate(open, lines, look.time);
    for (const [track, observation] of matched) {
      track.sightings.push({ time: look.time, observation });
      track.missed = -1;
    }
    for (const track of open) track.missed += 1;
    for (const track of open.filter((candidate) => candidate.missed > PATIENCE)) close(track, clip.last);
    open = open.filter((track) => track.missed <= PATIENCE);
    const start = Math.max(previous, cut ?? Number.NEGATIVE_INFINITY);
    for (const observation of fresh) {
      open.push({ sightings: [{ time: look.time, observation }], start, missed: 0 });
    }
    previous = look.time;
  }
  const lateCut = cuts.find((time) => time > previous);
  for (const track of open) close(track, lateCut === undefined ? clip.last : justBefore(lateCut));
  return closed;
}

/** Classes that are found when text is looked for. */
export function isTextClass(name: string): boolean {
  return name === 'text' || name === 'plate' || name === 'code';
}

/** The frame at a cut belongs to what comes after it. Frames are never closer than a millisecond. */
function justBefore(cut: Seconds): Seconds {
  return cut - 1e-3;
}

function associate(
  open: readonly OpenTrack[],
  lines: readonly Observation[],
  time: Seconds,
): { matched: [OpenTrack, Observation][]; fresh: Observation[] } {
  const pairs = open
    .flatMap((track) => lines.map((line) => ({ track, line, cost: matchCost(track, line, time) })))
    .filter((pair) => Number.isFinite(pair.cost))
    .sort((a, b) => a.cost - b.cost);
  const tracks = new Set<OpenTrack>();
  const taken = new Set<Observation>();
  const matched: [OpenTrack, Observation][] = [];
  for (const { track, line } of pairs) {
    if (tracks.has(track) || taken.has(line)) continue;
    tracks.add(track);
    taken.add(line);
    matched.push([track, line]);
  }
  return { matched, fresh: lines.filter((line) => !taken.has(line)) };
}

/** Distance from the expected place in line heights; infinite when it cannot be the same line. */
function matchCost(track: OpenTrack, line: Observation, time: Seconds): number {
  const last = track.sightings.at(-1);
  if (last === undefined || (last.observation.class === 'code') !== (line.class === 'code')) {
    return Number.POSITIVE_INFINITY;
  }
  const expected = expectedBox(track, time);
  const height = Math.min(expected.height, line.box.height);
  if (height / Math.max(expected.height, line.box.height) < 0.5) return Number.POSITIVE_INFINITY;
  const dx = expected.x + expected.width / 2 - (line.box.x + line.box.width / 2);
  const dy = expected.y + expected.height / 2 - (line.box.y + line.box.height / 2);
  const distance = Math.hypot(dx, dy) / height;
  const alike = likeness(last.observation.text ?? '', line.text ?? '');
  const reach = alike >= ALIKE ? REACH_ALIKE : REACH;
  return distance <= reach ? distance - 4 * alike : Number.POSITIVE_INFINITY;
}

function expectedBox(track: OpenTrack, time: Seconds): PixelBox {
  const last = track.sightings.at(-1);
  const before = track.sightings.at(-2);
  if (last === undefined) throw new RangeError('a track has at least one sighting');
  if (before === undefined) return last.observation.box;
  return extrapolate(before, last, time);
}

interface Sighting {
  readonly time: Seconds;
  readonly observation: Observation;
}

/** Where a line would be at `time` if it went on as from `a` to `b`; its size is that of `b`. */
function extrapolate(a: Sighting, b: Sighting, time: Seconds): PixelBox {
  const share = (time - b.time) / (b.time - a.time);
  const from = a.observation.box;
  const to = b.observation.box;
  const dx = (to.x + to.width / 2 - from.x - from.width / 2) * share;
  const dy = (to.y + to.height / 2 - from.y - from.height / 2) * share;
  return { ...to, x: to.x + dx, y: to.y + dy };
}

/**
 * Keyframes of a track over its whole span: its sightings, and at both ends, where it was not seen, the box moved on
 * as it moved before and enlarged a little, because nobody saw where it was.
 */
export function textKeyframes(track: TextTrack): { time: Seconds; box: PixelBox }[] {
  const keys = track.sightings.map(({ time, observation }) => ({ time, box: observation.box }));
  const [first, second] = track.sightings;
  const last = track.sightings.at(-1);
  const beforeLast = track.sightings.at(-2);
  if (first === undefined || last === undefined) return keys;
  const grown = (box: PixelBox): PixelBox => scaled(box, 1 + (0.6 * box.height) / box.width, 1.6);
  if (track.start < first.time) {
    const box = second === undefined ? first.observation.box : extrapolate(second, first, track.start);
    keys.unshift({ time: track.start, box: grown(box) });
  }
  if (track.end > last.time) {
    const box = beforeLast === undefined ? last.observation.box : extrapolate(beforeLast, last, track.end);
    keys.push({ time: track.end, box: grown(box) });
  }
  return keys;
}

/** Share of pairs of neighbouring letters that two readings have in common (Dice), 0..1. */
function likeness(a: string, b: string): number {
  const pairsOf = (text: string): Set<string> => {
    const clean = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
    return new Set(
      Array.from({ length: Math.max(0, clean.length - 1) }, (_, index) => clean.slice(index, index + 2)),
    );
  };
  const left = pairsOf(a);
  const right = pairsOf(b);
  if (left.size === 0 || right.size === 0) return 0;
  const common = [...left].filter((pair) => right.has(pair)).length;
  return (2 * common) / (left.size + right.size);
}

/** The value that occurs most often; the earlier one of equals. */
export function majority<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const best = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  return best[0];
}
