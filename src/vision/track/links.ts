import type { AssociationOptions, Sighting } from './association.ts';
import { Associator } from './association.ts';
import type { DetectionLog } from './detection-log.ts';
import type { Tracklet } from './tracklet.ts';

/** An observation and the next one of the same thing, by their places in the list of rows. */
interface Link {
  readonly from: number;
  readonly to: number;
}

/**
 * Follows the things of one class forward and backward through the log, and chains the observations that belong
 * together. Identity is that of the forward direction; backward adds what forward could not know: the observations, often
 * weak, before a track was sure enough to begin.
 * @param rows observations of one class in order of their frames.
 * @returns chains of rows, each in order of time and within one scene. Observations too weak to start a track, and to
 *   which no track led, are in none.
 */
export function chainObservations(
  log: DetectionLog,
  rows: Int32Array,
  options: AssociationOptions,
): Int32Array[] {
  const forward = follow(log, rows, options, 1);
  const backward = follow(log, rows, options, -1).map(({ from, to }) => ({ from: to, to: from }));
  const duration = ({ from, to }: Link): number =>
    log.timeOf(log.frameOf(rows[to]!)) - log.timeOf(log.frameOf(rows[from]!));
  backward.sort((a, b) => duration(a) - duration(b) || a.from - b.from);
  return chain(rows.length, [...forward, ...backward])
    .map((places) => Int32Array.from(places, (place) => rows[place]!))
    .filter((members) => members.length > 1 || log.scoreOf(members[0]!) >= options.birthScore);
}

/** Runs an associator over the frames in either direction and returns the links it makes, in that direction. */
function follow(log: DetectionLog, rows: Int32Array, options: AssociationOptions, direction: 1 | -1): Link[] {
  const associator = new Associator(options);
  const newest = new WeakMap<Tracklet, number>();
  const links: Link[] = [];
  let next = direction === 1 ? 0 : rows.length - 1;
  const count = log.frames;
  for (let step = 0; step < count; step++) {
    const frame = direction === 1 ? step : count - 1 - step;
    const entered = direction === 1 ? frame : frame + 1;
    if (entered < count && log.isCut(entered)) associator.clear();
    if (!log.isObserved(frame)) continue;
    const places: number[] = [];
    for (; next >= 0 && next < rows.length && log.frameOf(rows[next]!) === frame; next += direction)
      places.push(next);
    const sightings = places.map((place): Sighting => {
      const row = rows[place]!;
      return { box: log.boxOf(row), score: log.scoreOf(row) };
    });
    for (const { tracklet, sighting } of associator.update(
      direction * log.timeOf(frame),
      sightings,
      log.frameSize,
    )) {
      const place = places[sighting]!;
      const before = newest.get(tracklet);
      if (before !== undefined) links.push({ from: before, to: place });
      newest.set(tracklet, place);
    }
  }
  return links;
}

/** Takes links in order as long as both their ends are free, and lists the chains they form. */
function chain(count: number, links: readonly Link[]): number[][] {
  const after = new Int32Array(count).fill(-1);
  const before = new Int32Array(count).fill(-1);
  for (const { from, to } of links) {
    if (after[from] !== -1 || before[to] !== -1) continue;
    after[from] = to;
    before[to] = from;
  }
  const chains: number[][] = [];
  for (let start = 0; start < count; start++) {
    if (before[start] !== -1) continue;
    const members: number[] = [];
    for (let place = start; place !== -1; place = after[place]!) members.push(place);
    chains.push(members);
  }
  return chains;
}
