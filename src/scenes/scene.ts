import type { Size } from '../core/box.ts';
import { Random } from '../core/random.ts';
import { type Seconds, ticksToSeconds, type TimeBase } from '../core/time.ts';
import { drawBackground, type Setting } from './draw/background.ts';
import { type Cast, castElement, type ElementKind, type SceneElement, usualCast } from './cast.ts';
import type { Placement } from './draw/motion.ts';
import { drawSprite, type RgbFrame } from './draw/render.ts';
import { type CameraPlan, develop, lightOf } from './draw/camera.ts';
import { headsOf, noPhotos, type PhotoSet } from './photo-set.ts';
import type { Truth } from './truth.ts';
import { frameTruth } from './frame-truth.ts';

export interface SceneOptions {
  /** Without photographs there are neither persons with faces nor photographs in the scene. */
  readonly photos?: PhotoSet;
  /** The same seed and options give the same pixels, truth and times. */
  readonly seed: number | string;
  /** Pixels; 1280 x 720 by default. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second, 25 by default; with `vfr` the usual rate. */
  readonly fps?: number;
  /** 6 by default. */
  readonly seconds?: Seconds;
  /** Instead of `seconds`, which with `vfr` gives fewer of them. */
  readonly frames?: number;
  /** One shot for each; a cut lies between two. One `lane` by default. */
  readonly settings?: readonly Setting[];
  /** Changes the number of things per shot, over {@link usualCast}; `{ person: 0, photo: 0 }` leaves people out. A list has one
   * for each shot. */
  readonly cast?: Cast | readonly Cast[];
  /** Irregular presentation times. */
  readonly vfr?: boolean;
  /** Lowest and highest gain of the light, which wanders between them; .8 to 1.15 by default. */
  readonly light?: readonly [number, number];
  /** Standard deviation of the sensor's noise in levels of 255; 2.5 by default. */
  readonly noise?: number;
}

/** A composed clip: any frame can be asked for, in any order. */
export interface Scene extends Size {
  readonly timeBase: TimeBase;
  /** The usual frames per second; with irregular times a hint only. */
  readonly fps: number;
  /** Presentation times in ticks of the time base, one for each frame. */
  readonly ticks: readonly number[];
  /** The same in seconds. */
  readonly times: readonly Seconds[];
  /** Frames with which a new shot begins, without the first. */
  readonly cuts: readonly number[];
  /** Packed 8-bit RGB rows of a frame; the buffer is the caller's. */
  frame(index: number): Buffer;
  /** The gain of the light in a frame: 1 leaves the colours as they were drawn. */
  light(index: number): number;
  /** Everything known to be in a frame, at least in part; things wholly hidden are left out. */
  truth(index: number): readonly Truth[];
}

interface Shot {
  readonly first: number;
  readonly end: number;
  readonly background: RgbFrame;
  /** Far to near. */
  readonly elements: readonly NamedElement[];
  readonly camera: CameraPlan;
}

interface NamedElement extends SceneElement {
  readonly id: string;
}

const TIME_BASE: TimeBase = { num: 1, den: 90_000 };
/** The shutter is open for half of a frame's time, as a 180-degree shutter is. */
const SHUTTER = 0.5;

export async function composeScene(options: SceneOptions): Promise<Scene> {
  const { width = 1280, height = 720, fps = 25, settings = ['lane'] } = options;
  const size = { width, height };
  const ticks = presentationTicks(options);
  const shots: Shot[] = [];
  for (const [index, setting] of settings.entries()) {
    const first = Math.floor((index * ticks.length) / settings.length);
    const end = Math.floor(((index + 1) * ticks.length) / settings.length);
    const seconds = (end - first) / fps;
    shots.push(await composeShot(options, setting, { index, first, end, seconds }, size));
  }
  const shotOf = (frame: number): Shot => {
    const shot = shots.find((candidate) => frame >= candidate.first && frame < candidate.end);
    if (shot === undefined)
      throw new RangeError(`The scene has frames 0 to ${ticks.length - 1}, not ${frame}`);
    return shot;
  };
  return {
    ...size,
    timeBase: TIME_BASE,
    fps,
    ticks,
    times: ticks.map((tick) => ticksToSeconds(tick, TIME_BASE)),
    cuts: shots.slice(1).map((shot) => shot.first),
    frame: (index) => renderFrame(shotOf(index), index),
    light: (index) => {
      const { camera, first, end } = shotOf(index);
      return lightOf(camera, index - first, end - first);
    },
    truth: (index) => {
      const shot = shotOf(index);
      const placed = shot.elements.map((element) => ({
        ...element,
        places: exposures(element, shot, index),
      }));
      return frameTruth(placed, size);
    },
  };
}

function presentationTicks(options: SceneOptions): number[] {
  const { fps = 25, seconds = 6, frames, vfr = false } = options;
  const step = TIME_BASE.den / fps;
  const random = new Random(`${options.seed}/times`);
  const ticks: number[] = [];
  const goesOn = (tick: number): boolean =>
    frames === undefined ? tick < seconds * TIME_BASE.den - step / 2 : ticks.length < frames;
  for (let tick = 0; goesOn(tick);) {
    ticks.push(Math.round(tick));
    tick += vfr ? step * random.pick([0.5, 1, 1, 1, 1.37, 2, 3.21]) : step;
  }
  return ticks;
}

async function composeShot(
  options: SceneOptions,
  setting: Setting,
  span: { readonly index: number; readonly first: number; readonly end: number; readonly seconds: Seconds },
  size: Size,
): Promise<Shot> {
  const name = `${options.seed}/shot-${span.index}`;
  const background = await drawBackground(setting, size, new Random(`${name}/background`));
  const elements: NamedElement[] = [];
  const { photos = noPhotos } = options;
  for (const [kind, count] of castList(castOf(options, setting, span.index), photos)) {
    for (let index = 0; index < count; index++) {
      const id = `shot-${span.index}/${kind}-${index}`;
      const part = { kind, index, count, setting, size, photos, seconds: span.seconds };
      elements.push({ id, ...(await castElement(part, new Random(`${options.seed}/${id}`))) });
    }
  }
  elements.sort((a, b) => a.nearness - b.nearness);
  const camera = { name, light: options.light ?? [0.8, 1.15], noise: options.noise ?? 2.5 };
  return { first: span.first, end: span.end, background, elements, camera };
}

function castOf({ cast = {} }: SceneOptions, setting: Setting, shot: number): Cast {
  return { ...usualCast[setting], ...(isList(cast) ? cast[shot] : cast) };
}

function isList(cast: Cast | readonly Cast[]): cast is readonly Cast[] {
  return Array.isArray(cast);
}

function castList(cast: Cast, photos: PhotoSet): [ElementKind, number][] {
  const missing = new Set<ElementKind>([
    ...(headsOf(photos).length === 0 ? (['person', 'passer'] as const) : []),
    ...(photos.photos.length === 0 ? (['photo', 'snapshot'] as const) : []),
  ]);
  return (Object.entries(cast) as [ElementKind, number][]).filter(([kind]) => !missing.has(kind));
}

/** The placements of an element while the shutter is open for a frame: more of them the faster it moves. */
function exposures(element: SceneElement, shot: Shot, frame: number): Placement[] {
  const share = (time: number): number => (time - shot.first) / Math.max(1, shot.end - shot.first - 1);
  const start = element.motion(share(frame));
  const end = element.motion(share(frame + SHUTTER));
  const way = Math.hypot(end.x - start.x, end.y - start.y);
  const count = Math.min(5, 1 + Math.floor(way / 2));
  return Array.from({ length: count }, (_, i) => element.motion(share(frame + (SHUTTER * i) / count)));
}

function renderFrame(shot: Shot, index: number): Buffer {
  const frame: RgbFrame = { ...shot.background, data: Buffer.from(shot.background.data) };
  for (const element of shot.elements) drawSprite(frame, element.sprite, exposures(element, shot, index));
  develop(frame, shot.camera, index - shot.first, shot.end - shot.first);
  return frame.data as Buffer;
}
