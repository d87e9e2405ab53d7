import { type AssociationOptions, Associator, type Sighting } from './association.ts';
import type { DetectionLog } from './detection-log.ts';
import type { Tracklet } from './tracklet.ts';

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
  const after = follow(log, rows, options, 1);
  const before = new Int32Array(rows.length).fill(-1);
  after.forEach((to, from) => {
    if (to !== -1) before[to] = from;
  });
  addFreeLinks(log, rows, after, before, follow(log, rows, options, -1));
  const chains: Int32Array[] = [];
  before.forEach((previous, start) => {
    if (previous !== -1) return;
    const members: number[] = [];
    for (let place = start; place !== -1; place = after[place]!) members.push(rows[place]!);
    if (members.length > 1 || log.scoreOf(members[0]!) >= options.birthScore)
      chains.push(Int32Array.from(members));
  });
  return chains;
}

/** Takes in the links of the backward direction whose ends are both still free, those over the shortest time first. */
function addFreeLinks(
  log: DetectionLog,
  rows: Int32Array,
  after: Int32Array,
  before: Int32Array,
  backward: Int32Array,
): void {
  const duration = (to: number): number =>
    log.timeOf(log.frameOf(rows[to]!)) - log.timeOf(log.frameOf(rows[backward[to]!]!));
  const isFree = (to: number): boolean =>
    backward[to] !== -1 && before[to] === -1 && after[backward[to]!] === -1;
  const free = [...rows.keys()].filter(isFree);
  free.sort((a, b) => duration(a) - duration(b) || a - b);
  for (const to of free) {
    if (!isFree(to)) continue;
    const from = backward[to]!;
    after[from] = to;
    before[to] = from;
  }
}

/**
 * Runs an associator over the frames in either direction.
 * @returns for each place in `rows` the place that follows it in that direction, or -1.
 */
function follow(
  log: DetectionLog,
  rows: Int32Array,
  options: AssociationOptions,
  direction: 1 | -1,
): Int32Array {
  const associator = new Associator(options);
  const newest = new WeakMap<Tracklet, number>();
  const following = new Int32Array(rows.length).fill(-1);
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
      if (before !== undefined) following[before] = place;
      newest.set(tracklet, place);
    }
  }
  return following;
}
