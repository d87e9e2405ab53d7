import { clipped, type PixelBox, type Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';

/** Pixels of the small picture along each side of a cell. */
const cell = 4;
/** A cell whose mean colour is this far from the background in any channel is not background, of 255. */
const different = 9;
/** Cells around one that changed that are covered too: edges of things are softer than their middle. */
const around = 3;
/** How long a cell stays covered after it looked like the background again. */
const hold: Seconds = 2;
/** How fast the background follows what looks like it, and what does not: somebody who stands still stays covered for minutes. */
const quick: Seconds = 5;
const slow: Seconds = 120;
/** How long nothing is known of a scene. */
const learning: Seconds = 3;
/** Above this share of the picture the light has changed, or the camera moved: nothing is known any more. */
const most = 0.6;

/**
 * Says which parts of a scene are not its empty background. It rather covers too much: all of the picture until the
 * background is known, and each place that differs from it, whatever is there and whether or not a detector found it.
 */
export class Cover {
  readonly cells: Size;
  readonly #size: Size;
  readonly #mean: Float32Array;
  readonly #changed: Float64Array;
  #knownAt: Seconds | undefined;
  #time: Seconds | undefined;

  /** @param size of the pictures. */
  constructor(size: Size) {
    this.#size = size;
    this.cells = { width: Math.ceil(size.width / cell), height: Math.ceil(size.height / cell) };
    this.#mean = new Float32Array(this.cells.width * this.cells.height * 3);
    this.#changed = new Float64Array(this.cells.width * this.cells.height).fill(-Infinity);
  }

  /**
   * @param rgb of the picture. @param time later than before.
   * @returns 1 for each cell to cover; all of them when the scene is not known.
   */
  update(rgb: Uint8Array, time: Seconds): Uint8Array {
    const means = this.#means(rgb);
    const step = this.#time === undefined ? 0 : time - this.#time;
    const first = this.#time === undefined;
    this.#time = time;
    if (first) {
      this.#mean.set(means);
      this.#knownAt = time + learning;
    }
    const share = this.#compare(means, time, step);
    if (share > most) this.#knownAt = time + learning;
    const covered = new Uint8Array(this.#changed.length);
    if (time < (this.#knownAt ?? Infinity)) return covered.fill(1);
    this.#spread(covered, time);
    return covered;
  }

  /** @returns the share of cells that differ from the background, which is followed on. */
  #compare(means: Float32Array, time: Seconds, step: Seconds): number {
    const known = time >= (this.#knownAt ?? Infinity);
    let changed = 0;
    for (let index = 0; index < this.#changed.length; index++) {
      const at = index * 3;
      const off = Math.max(
        Math.abs(means[at]! - this.#mean[at]!),
        Math.abs(means[at + 1]! - this.#mean[at + 1]!),
        Math.abs(means[at + 2]! - this.#mean[at + 2]!),
      );
      const differs = off > different;
      if (differs) {
        changed++;
        this.#changed[index] = time;
      }
      const rate = Math.min(1, step / (known && differs ? slow : known ? quick : 1));
      for (let channel = at; channel < at + 3; channel++)
        this.#mean[channel] = this.#mean[channel]! + rate * (means[channel]! - this.#mean[channel]!);
    }
    return changed / this.#changed.length;
  }

  #spread(covered: Uint8Array, time: Seconds): void {
    const { width } = this.cells;
    for (let index = 0; index < this.#changed.length; index++) {
      if (time - this.#changed[index]! > hold) continue;
      const [x, y] = [index % width, Math.floor(index / width)];
      this.#fillCells(covered, x - around, y - around, x + around, y + around);
    }
  }

  /** Covers what a detector found too, and a fifth more on each side: its boxes, in pixels, are tight. */
  hide(covered: Uint8Array, box: PixelBox): void {
    const wide = clipped(
      {
        x: box.x - box.width * 0.2 - cell,
        y: box.y - box.height * 0.2 - cell,
        width: box.width * 1.4 + 2 * cell,
        height: box.height * 1.4 + 2 * cell,
      },
      this.#size,
    );
    const [right, bottom] = [wide.x + wide.width, wide.y + wide.height];
    this.#fillCells(
      covered,
      Math.floor(wide.x / cell),
      Math.floor(wide.y / cell),
      Math.floor(right / cell),
      Math.floor(bottom / cell),
    );
  }

  #fillCells(covered: Uint8Array, left: number, top: number, right: number, bottom: number): void {
    const { width, height } = this.cells;
    for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++)
      covered.fill(1, y * width + Math.max(0, left), y * width + Math.min(width - 1, right) + 1);
  }

  #means(rgb: Uint8Array): Float32Array {
    const { width, height } = this.#size;
    const means = new Float32Array(this.#mean.length);
    const counts = new Uint16Array(this.#changed.length);
    for (let y = 0, at = 0; y < height; y++) {
      const line = Math.floor(y / cell) * this.cells.width;
      for (let x = 0; x < width; x++, at += 3) {
        const index = line + Math.floor(x / cell);
        means[index * 3] = means[index * 3]! + rgb[at]!;
        means[index * 3 + 1] = means[index * 3 + 1]! + rgb[at + 1]!;
        means[index * 3 + 2] = means[index * 3 + 2]! + rgb[at + 2]!;
        counts[index] = counts[index]! + 1;
      }
    }
    for (let index = 0; index < means.length; index++)
      means[index] = means[index]! / counts[Math.floor(index / 3)]!;
    return means;
  }
}

/** Calls `paint` with the first byte of each pixel of the cells that are covered. */
export function eachCovered(covered: Uint8Array, cells: Size, size: Size, paint: (at: number) => void): void {
  for (let y = 0; y < size.height; y++) {
    const line = Math.floor(y / cell) * cells.width;
    for (let x = 0; x < size.width; x++)
      if (covered[line + Math.floor(x / cell)] === 1) paint((y * size.width + x) * 3);
  }
}
