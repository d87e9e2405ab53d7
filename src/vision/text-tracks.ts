import { hull, type PixelBox } from '../core/box.ts';
import type { FrameObservations, Observation } from '../core/observation.ts';
import type { Seconds } from '../core/time.ts';
import { codeReader } from './codes.ts';
import { findPlates } from './text/patterns/plate.ts';

/** A line of text, a plate or a code through the looks in which it was seen. */
export interface TextTrack {
  readonly class: string;
  /** In the order of time. */
  readonly sightings: readonly { readonly time: Seconds; readonly observation: Observation }[];
  /** It may have been there since just after the look before its first sighting; a plate since the one before that. */
  readonly start: Seconds;
  /** It may have been there until just before the look after its last sighting; a plate until the one after that. */
  readonly end: Seconds;
}

interface OpenTrack {
  sightings: { time: Seconds; observation: Observation }[];
  start: Seconds;
  /** Start if the look before was missed. */
  earlier: Seconds;
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
    const after = lookAfter(last.time);
    // Plates are small, low in contrast and on the move: what was missed in one look may well be there.
    const small = isPlateLike(track);
    closed.push({
      class: majority(track.sightings.map((sighting) => sighting.observation.class)),
      sightings: track.sightings,
      start: small ? track.earlier : track.start,
      end: Math.min(small ? lookAfter(after) : after, before),
    });
  };

  let previous: Seconds = clip.first;
  let earlier: Seconds = clip.first;
  for (const look of looks) {
    const crossed = cuts.filter((time) => time > previous && time <= look.time);
    const [cut] = crossed;
    if (cut !== undefined) {
      for (const track of open) close(track, justBefore(cut));
      open = [];
    }
    const { matched, fresh } = associate(open, look.observations, look.time);
    for (const [track, observation] of matched) {
      track.sightings.push({ time: look.time, observation });
      track.missed = -1;
    }
    for (const track of open) track.missed += 1;
    for (const track of open.filter((candidate) => candidate.missed > PATIENCE)) close(track, clip.last);
    open = open.filter((track) => track.missed <= PATIENCE);
    const start = crossed.at(-1) ?? previous;
    if (cut !== undefined) earlier = start;
    for (const observation of fresh) {
      open.push({ sightings: [{ time: look.time, observation }], start, earlier, missed: 0 });
    }
    earlier = cut === undefined ? previous : start;
    previous = look.time;
  }
  const lateCut = cuts.find((time) => time > previous);
  for (const track of open) close(track, lateCut === undefined ? clip.last : justBefore(lateCut));
  return closed;
}

/**
 * Whether it was found by looking for text and codes, which is done less often than looking for things. The name of its
 * class does not tell: a registered detector may find plates in every frame that is looked at.
 */
export function isTextSighting(seen: Observation): boolean {
  return seen.text !== undefined || seen.model.id === codeReader.id;
}

/** Whether it was seen on a vehicle, or reads as a plate does: then a vehicle may have been missed. */
export function isPlateLike({ sightings }: Pick<TextTrack, 'sightings'>): boolean {
  const plates = sightings.filter(
    ({ observation: { class: name, text = '' } }) => name === 'plate' || findPlates(text).length > 0,
  );
  return plates.length * 2 >= sightings.length;
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
  const expected = expectedBox(track.sightings, last, time);
  const height = Math.min(expected.height, line.box.height);
  if (height / Math.max(expected.height, line.box.height) < 0.5) return Number.POSITIVE_INFINITY;
  const dx = expected.x + expected.width / 2 - (line.box.x + line.box.width / 2);
  const dy = expected.y + expected.height / 2 - (line.box.y + line.box.height / 2);
  const distance = Math.hypot(dx, dy) / height;
  const alike = likeness(last.observation.text ?? '', line.text ?? '');
  const reach = alike >= ALIKE ? REACH_ALIKE : REACH;
  return distance <= reach ? distance - 4 * alike : Number.POSITIVE_INFINITY;
}

interface Sighting {
  readonly time: Seconds;
  readonly observation: Observation;
}

/**
 * Where a line is expected at `time`, outside of the sightings, if it goes on as it moved before; its size is that of
 * the nearest sighting.
 * @param from the sighting nearest to `time`.
 */
function expectedBox(sightings: readonly Sighting[], from: Sighting, time: Seconds): PixelBox {
  const ahead = Math.abs(time - from.time);
  // Motion taken from a much shorter time than it is applied to would be jitter, enlarged.
  const isFar = (seen: Sighting): boolean => Math.abs(seen.time - from.time) >= ahead / 2;
  const other =
    time > from.time
      ? (sightings.findLast(isFar) ?? sightings[0])
      : (sightings.find(isFar) ?? sightings.at(-1));
  const box = from.observation.box;
  if (other === undefined || other === from) return box;
  const before = other.observation.box;
  const share = ahead / Math.max(Math.abs(from.time - other.time), ahead / 2);
  const dx = (box.x + box.width / 2 - before.x - before.width / 2) * share;
  const dy = (box.y + box.height / 2 - before.y - before.height / 2) * share;
  return { ...box, x: box.x + dx, y: box.y + dy };
}

/**
 * Keyframes of a track over its whole span: its sightings, and at both ends, where it was not seen, a box that holds the
 * nearest sighting and where its motion leads, enlarged a little: nobody saw whether it went on or stood still.
 */
export function textKeyframes(track: TextTrack): { time: Seconds; box: PixelBox }[] {
  const keys = track.sightings.map(({ time, observation }) => ({ time, box: observation.box }));
  const first = track.sightings[0];
  const last = track.sightings.at(-1);
  if (first === undefined || last === undefined) return keys;
  const reach = (from: Sighting, time: Seconds): PixelBox =>
    hull(from.observation.box, enlarged(expectedBox(track.sightings, from, time)));
  if (track.start < first.time) keys.unshift({ time: track.start, box: reach(first, track.start) });
  if (track.end > last.time) keys.push({ time: track.end, box: reach(last, track.end) });
  return keys;
}

/** Three tenths of the height more on each side. */
function enlarged(box: PixelBox): PixelBox {
  const { x, y, width, height } = box;
  const margin = 0.3 * height;
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin };
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
