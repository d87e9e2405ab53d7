import type { Size } from '../../../src/core/box.ts';
import type { PictureHealth } from '../../../src/vision/motion/health.ts';
import { addNoise, type Chance } from './noise.ts';

/** Something that makes a camera blind, and the state that its health must show. */
export interface Fault {
  readonly name: string;
  readonly states: readonly PictureHealth['state'][];
  /** Packed RGB as it comes once the fault is there. @param last the picture before. */
  spoil(pixels: Uint8Array, last: Uint8Array, size: Size, chance: Chance): Uint8Array;
}

export const faults: readonly Fault[] = [
  { name: 'frozen', states: ['frozen'], spoil: (_, last) => last.slice() },
  {
    name: 'black',
    states: ['black'],
    spoil: (pixels, _, { width }, chance) => {
      pixels.fill(6);
      addNoise(pixels, width * 3, 2, chance);
      return pixels;
    },
  },
  {
    name: 'covered',
    states: ['covered'],
    spoil: (pixels, _, { width, height }, chance) => {
      for (let y = 0, at = 0; y < height; y++)
        for (let x = 0; x < width; x++, at += 3) pixels.fill(70 + (30 * x) / width, at, at + 3);
      addNoise(pixels, width * 3, 3, chance);
      return pixels;
    },
  },
  {
    name: 'blurred',
    states: ['covered'],
    spoil: (pixels, _, size, chance) => {
      for (let pass = 0; pass < 3; pass++) blur(pixels, size, 8);
      addNoise(pixels, size.width * 3, 2, chance);
      return pixels;
    },
  },
  {
    name: 'moved',
    states: ['moved'],
    spoil: (pixels, _, { width, height }, chance) => {
      const turned = new Uint8Array(pixels.length);
      const [right, down] = [Math.floor(width * 0.35), Math.floor(height * 0.2)];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const from = 3 * (((y + down) % height) * width + ((x + right) % width));
          const to = 3 * (y * width + x);
          for (let channel = 0; channel < 3; channel++) turned[to + channel] = pixels[from + channel]!;
        }
      }
      addNoise(turned, width * 3, 2, chance);
      return turned;
    },
  },
];

/** Means along rows and along columns, `reach` pixels to both sides. */
function blur(pixels: Uint8Array, { width, height }: Size, reach: number): void {
  const run = (length: number, step: number, start: number): void => {
    const line = Array.from({ length }, (_, at) => pixels[start + at * step]!);
    let sum = 0;
    for (let at = -reach; at <= reach; at++) sum += line[Math.min(length - 1, Math.max(0, at))]!;
    for (let at = 0; at < length; at++) {
      pixels[start + at * step] = sum / (2 * reach + 1);
      sum += line[Math.min(length - 1, at + reach + 1)]! - line[Math.max(0, at - reach)]!;
    }
  };
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < height; y++) run(width, 3, 3 * y * width + channel);
    for (let x = 0; x < width; x++) run(height, 3 * width, 3 * x + channel);
  }
}
