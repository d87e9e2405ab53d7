import type { Random } from '../../core/random.ts';
import type { RgbFrame } from './render.ts';

/** Makes a drawn surface look used: smooth blotches of two sizes and fine grain, up to `strength` levels each. */
export function roughen(frame: RgbFrame, random: Random, strength: number): void {
  const coarse = lattice(random, 24);
  const fine = lattice(random, 96);
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const blotch = smooth(coarse, 24, (x / frame.width) * 23, (y / frame.height) * 23);
      const detail = smooth(fine, 96, (x / frame.width) * 95, (y / frame.height) * 95);
      const change = strength * (blotch + 0.6 * detail + 0.5 * (random.next() - 0.5));
      const i = (y * frame.width + x) * 3;
      for (let c = 0; c < 3; c++) {
        frame.data[i + c] = Math.min(255, Math.max(0, Math.round(frame.data[i + c]! + change)));
      }
    }
  }
}

function lattice(random: Random, size: number): Float32Array {
  return Float32Array.from({ length: size * size }, () => random.between(-1, 1));
}

/** Bilinear interpolation between lattice points. */
function smooth(values: Float32Array, size: number, x: number, y: number): number {
  const x0 = Math.min(Math.floor(x), size - 2);
  const y0 = Math.min(Math.floor(y), size - 2);
  const fx = x - x0;
  const i = y0 * size + x0;
  const upper = values[i]! + (values[i + 1]! - values[i]!) * fx;
  const lower = values[i + size]! + (values[i + size + 1]! - values[i + size]!) * fx;
  return upper + (lower - upper) * (y - y0);
}
