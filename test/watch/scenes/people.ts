import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { intersection, area, scaled, clipped, type PixelBox, type Size } from '../../../src/core/box.ts';
import { openVideo } from '../../../src/media/video/index.ts';
import { parseMot } from '../../../src/stats/index.ts';
import { pedestrianClip, sharedData } from '../../needs.ts';

/** A person cut out of one frame, with soft edges. */
export interface CutOut {
  /** Pixels of the scene. */
  readonly at: PixelBox;
  /** Packed RGB, and how much of it covers what is behind, 0..1. */
  readonly rgb: Uint8Array;
  readonly alpha: Float32Array;
  /** The annotated box, pixels of the scene. */
  readonly truth: PixelBox;
}

/** One person of the annotated clip, frame after frame at {@link clipRate}. */
export type Walk = readonly CutOut[];

/** What the annotated clip gives to made-up scenes: its ground without anybody, and its people one by one. */
export interface Material {
  readonly size: Size;
  /** Packed RGB. */
  readonly ground: Uint8Array;
  readonly walks: readonly Walk[];
}

/** Frames per second of the annotated clip. */
export const clipRate = 7;
/** Frames between those of which the ground is the median. */
const groundEvery = 20;
/** Longest and shortest walk, frames. */
const longestWalk = 8 * clipRate;
const shortestWalk = 5 * clipRate;
/** Share of a box that another person may cover. */
const mostCovered = 0.12;
/** Differences to the ground (levels) at which a pixel is no part of the person, and all of it. */
const [leastDifference, fullDifference] = [10, 32];

/**
 * Reads the annotated clip twice: for its ground and for its people.
 * @param part the frames (from 0) whose people are cut out.
 */
export async function readMaterial(size: Size, part: readonly [from: number, to: number]): Promise<Material> {
  const frames = new Map<number, Uint8Array>();
  const samples: Uint8Array[] = [];
  const reader = await openVideo(pedestrianClip);
  const { size: picture } = reader.info;
  for await (const frame of reader.frames({ threads: 1 })) {
    const wanted = frame.index >= part[0] && frame.index < part[1];
    if (!wanted && frame.index % groundEvery !== 0) continue;
    const rgb = new Uint8Array(size.width * size.height * 3);
    frame.readRgb({ x: 0, y: 0, ...picture }, size.width, size.height, rgb);
    if (wanted) frames.set(frame.index, rgb);
    if (frame.index % groundEvery === 0) samples.push(rgb);
  }
  const ground = medianOf(samples);
  const scale = size.width / picture.width;
  return { size, ground, walks: walksOf(frames, ground, size, scale) };
}

function medianOf(samples: readonly Uint8Array[]): Uint8Array {
  const values = new Uint8Array(samples.length);
  return Uint8Array.from(samples[0]!, (_, at) => {
    for (let sample = 0; sample < samples.length; sample++) values[sample] = samples[sample]![at]!;
    return values.sort()[samples.length >> 1]!;
  });
}

function walksOf(
  frames: ReadonlyMap<number, Uint8Array>,
  ground: Uint8Array,
  size: Size,
  scale: number,
): Walk[] {
  const rows = parseMot(readFileSync(join(sharedData, 'watch/PETS09-S2L1/gt.txt'), 'utf8')).map((row) => ({
    ...row,
    box: {
      x: row.box.x * scale,
      y: row.box.y * scale,
      width: row.box.width * scale,
      height: row.box.height * scale,
    },
  }));
  const byFrame = Map.groupBy(rows, ({ frame }) => frame);
  const walks: CutOut[][] = [];
  for (const [, own] of Map.groupBy(rows, ({ id }) => id)) {
    let walk: CutOut[] = [];
    let last = -1;
    const end = (): void => {
      if (walk.length >= shortestWalk) walks.push(walk);
      walk = [];
    };
    for (const { frame, id, box } of own.toSorted((a, b) => a.frame - b.frame)) {
      const pixels = frames.get(frame - 1);
      const inside = area(clipped(box, size)) > 0.98 * area(box);
      const alone = byFrame
        .get(frame)!
        .every((other) => other.id === id || area(intersection(other.box, box)) < mostCovered * area(box));
      if (frame !== last + 1 || walk.length >= longestWalk) end();
      last = frame;
      if (pixels === undefined || !inside || !alone) end();
      else walk.push(cutOut(pixels, ground, size, box));
    }
    end();
  }
  return walks;
}

function cutOut(pixels: Uint8Array, ground: Uint8Array, size: Size, truth: PixelBox): CutOut {
  const { x, y, width, height } = clipped(scaled(truth, 1.3, 1.12), size);
  const at = { x: Math.floor(x), y: Math.floor(y), width: Math.floor(width), height: Math.floor(height) };
  const count = at.width * at.height;
  const rgb = new Uint8Array(count * 3);
  const raw = new Float32Array(count);
  for (let row = 0, to = 0; row < at.height; row++) {
    for (let column = 0; column < at.width; column++, to++) {
      const from = 3 * ((at.y + row) * size.width + at.x + column);
      let difference = 0;
      for (let channel = 0; channel < 3; channel++) {
        rgb[3 * to + channel] = pixels[from + channel]!;
        difference = Math.max(difference, Math.abs(pixels[from + channel]! - ground[from + channel]!));
      }
      raw[to] = Math.min(1, Math.max(0, (difference - leastDifference) / (fullDifference - leastDifference)));
    }
  }
  return { at, rgb, alpha: softened(raw, at), truth };
}

/** The largest values about each pixel, then their means: holes in a coat are filled, and edges are soft. */
function softened(raw: Float32Array, { width, height }: Size): Float32Array {
  const about = (values: Float32Array, join: (found: number[]) => number): Float32Array =>
    values.map((_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const found: number[] = [];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++)
          if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height)
            found.push(values[(y + dy) * width + x + dx]!);
      return join(found);
    });
  const filled = about(raw, (found) => Math.max(...found));
  return about(filled, (found) => found.reduce((sum, value) => sum + value, 0) / found.length);
}

/** Puts a person into a picture. */
export function paste(pixels: Uint8Array, size: Size, { at, rgb, alpha }: CutOut): void {
  for (let row = 0, from = 0; row < at.height; row++) {
    for (let column = 0; column < at.width; column++, from++) {
      const to = 3 * ((at.y + row) * size.width + at.x + column);
      for (let channel = 0; channel < 3; channel++) {
        const behind = pixels[to + channel]!;
        pixels[to + channel] = behind + alpha[from]! * (rgb[3 * from + channel]! - behind);
      }
    }
  }
}
