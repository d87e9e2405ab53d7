import { patchSide } from './patch.ts';

/** Steps of each of red, green and blue. */
const STEPS = 12;
const BINS = STEPS ** 3;

/** A part of a patch, samples from its upper left corner; the end is outside. */
export interface Part {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Which colours belong to a thing rather than to what is around it. Other than shapes they stay when the thing bends and
 * turns (L. Bertinetto et al., "Staple", CVPR 2016).
 */
export class Colours {
  #own: Float64Array;
  #around: Float64Array;

  constructor(patch: Float32Array, thing: Part) {
    const { own, around } = counted(patch, thing);
    [this.#own, this.#around] = [own, around];
  }

  learn(patch: Float32Array, thing: Part, rate: number): void {
    const { own, around } = counted(patch, thing);
    this.#own = this.#own.map((value, bin) => value + (own[bin]! - value) * rate);
    this.#around = this.#around.map((value, bin) => value + (around[bin]! - value) * rate);
  }

  /** How likely each sample is part of the thing, 0..1. */
  likelihood(patch: Float32Array): Float64Array {
    const scores = Float64Array.from(this.#own, (own, bin) => {
      const around = this.#around[bin]!;
      return (own + 1e-4) / (own + around + 2e-4);
    });
    return Float64Array.from({ length: patchSide * patchSide }, (_, at) => scores[binOf(patch, at)]!);
  }

  /** How much the colours in a part are those of the thing, 0..1: Bhattacharyya's coefficient. */
  likeness(patch: Float32Array, thing: Part): number {
    const { own } = counted(patch, thing);
    return own.reduce((sum, value, bin) => sum + Math.sqrt(value * this.#own[bin]!), 0);
  }
}

function counted(patch: Float32Array, thing: Part): { own: Float64Array; around: Float64Array } {
  const [own, around] = [new Float64Array(BINS), new Float64Array(BINS)];
  // The corners of a box show what is behind the thing.
  const [middleX, middleY] = [(thing.left + thing.right) / 2, (thing.top + thing.bottom) / 2];
  const [halfX, halfY] = [(thing.right - thing.left) / 2, (thing.bottom - thing.top) / 2];
  let [inside, outside] = [0, 0];
  for (let row = 0; row < patchSide; row++) {
    for (let column = 0; column < patchSide; column++) {
      const at = row * patchSide + column;
      const [u, v] = [(column + 0.5 - middleX) / halfX, (row + 0.5 - middleY) / halfY];
      if (u * u + v * v <= 1) {
        own[binOf(patch, at)]! += 1;
        inside++;
      } else if (Math.abs(u) > 1.1 || Math.abs(v) > 1.1) {
        around[binOf(patch, at)]! += 1;
        outside++;
      }
    }
  }
  for (let bin = 0; bin < BINS; bin++) {
    own[bin]! /= Math.max(1, inside);
    around[bin]! /= Math.max(1, outside);
  }
  return { own, around };
}

function binOf(patch: Float32Array, at: number): number {
  const step = (value: number): number => Math.min(STEPS - 1, Math.floor((value * STEPS) / 256));
  return (step(patch[at * 3]!) * STEPS + step(patch[at * 3 + 1]!)) * STEPS + step(patch[at * 3 + 2]!);
}
