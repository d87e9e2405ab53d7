import { iou, type PixelBox } from '../../../src/core/box.ts';
import { CameraWatch, type Detector } from '../../../src/uses/watch/camera-watch.ts';
import { parseSite } from '../../../src/uses/watch/site/read.ts';
import type { Condition } from './conditions.ts';
import { Still } from './night.ts';
import { chanceOf } from './noise.ts';
import { clipRate, paste, type Material, type Walk } from './people.ts';

/** A picture of a made-up camera, with the people that are in it. */
export interface SceneFrame {
  readonly source: Still;
  /** From 0, seconds. */
  readonly time: number;
  /** Index of the walk that is seen, and the box of the person. */
  readonly walk: number | undefined;
  readonly truth: PixelBox | undefined;
}

/** Seconds before the first person, and between one and the next. */
const pause = 6;

/**
 * One frame after the other, made when it is asked for: a spell of any length takes no memory.
 * @param every the n-th frames of {@link clipRate} that the camera gives: 7 for one frame a second.
 */
export function* playScene(
  material: Material,
  condition: Condition,
  seed: number,
  seconds: number,
  walks: readonly Walk[],
  every = 1,
): Generator<SceneFrame> {
  const { size, ground } = material;
  const paint = condition.start(size, seed);
  const chance = chanceOf(seed * 7919 + 13);
  let [walk, next] = [0, pause * clipRate];
  for (let frame = 0; frame < seconds * clipRate; frame += every) {
    const pixels = ground.slice();
    const step = frame - next;
    const current = walks[walk] ?? [];
    const cutOut = step < 0 ? undefined : current[step];
    if (cutOut !== undefined) paste(pixels, size, cutOut);
    const time = frame / clipRate;
    paint(pixels, time, chance);
    yield {
      source: new Still(size, pixels),
      time,
      walk: cutOut === undefined ? undefined : walk,
      truth: cutOut?.truth,
    };
    if (cutOut !== undefined && step + every >= current.length) {
      walk++;
      next = frame + pause * clipRate;
    }
  }
}

/** Seconds that walks take, one after the other. */
export function secondsOf(walks: readonly Walk[]): number {
  return walks.reduce((sum, walk) => sum + walk.length / clipRate + pause, pause);
}

/** What came of a spell. */
export interface SpellResult {
  readonly seconds: number;
  /** Alerts of persons where nobody was. */
  readonly falseAlerts: number;
  /** Walks that were told by an alert at the person's place, of how many. */
  readonly found: number;
  readonly walks: number;
  /** Windows looked at, a frame. */
  readonly windows: number;
}

/** Alerts lie on a person from this overlap on. */
const samePlace = 0.25;

/** The strictest camera: an alert wherever anybody is confirmed for three looks, at any hour, told each time. */
const site = parseSite(
  [
    'site: scenes',
    'timeZone: UTC',
    'cameras:',
    '  - id: camera',
    '    zones:',
    '      - { id: all, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }',
    '    rules:',
    '      - { id: entry, kind: zone-entry, zone: all, when: always }',
  ].join('\n'),
  'scenes',
);

/** Watches a spell. Walks are counted from the walks that end within it. */
export async function watchSpell(
  frames: Iterable<SceneFrame>,
  size: Material['size'],
  detector: Detector,
): Promise<SpellResult> {
  const camera = site.cameras[0]!;
  const watch = new CameraWatch({ camera, calendar: site.calendar, picture: size, detector, budget: 10 });
  const [seen, found] = [new Set<number>(), new Set<number>()];
  let [falseAlerts, windows, count, last] = [0, 0, 0, 0];
  for (const { source, time, walk, truth } of frames) {
    const looked = await watch.look({ source, time, at: time * 1000, captured: 0, decoded: 0, now: () => 0 });
    if (walk !== undefined) seen.add(walk);
    for (const { box } of looked.alerts) {
      if (walk !== undefined && truth !== undefined && iou(box, truth) >= samePlace) found.add(walk);
      else falseAlerts++;
    }
    windows += looked.windows;
    count++;
    last = time;
  }
  // The last frame lasts as long as those before it.
  const seconds = count > 1 ? (last * count) / (count - 1) : 0;
  return { seconds, falseAlerts, found: found.size, walks: seen.size, windows: windows / Math.max(1, count) };
}
