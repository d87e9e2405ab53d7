import { scalePicture } from '../../../src/media/scale.ts';
import type { Random } from '../../../src/core/random.ts';
import { recogniserSide, type Recogniser } from './recogniser.ts';
import { headSide, maskedSide } from './scene.ts';

/** What an attacker makes of masked pixels: points that lie close together for one person. */
export interface Traces {
  readonly recogniser: Float32Array;
  readonly pixels: Float32Array;
}

/** Side of the pictures that are compared pixel by pixel. */
const matchingSide = 24;

export async function tracesOf(pixels: Uint8Array, recogniser: Recogniser): Promise<Traces> {
  return {
    recogniser: await recogniser.describe(scaledTo(pixels, recogniserSide)),
    pixels: normalised(scaledTo(pixels, matchingSide)),
  };
}

/** The attacker leaves away the margin, where no person is to be expected. */
function scaledTo(pixels: Uint8Array, side: number): Uint8Array {
  const size = { width: maskedSide, height: maskedSide };
  const target = new Uint8Array(side * side * 3);
  const at = (maskedSide - headSide) / 2;
  const middle = { x: at, y: at, width: headSide, height: headSide };
  scalePicture({ ...size, data: pixels, channels: 3 }, middle, side, side, target);
  return target;
}

/** Without brightness and contrast: mean 0 and length 1; zeros when there is nothing to see. */
function normalised(pixels: Uint8Array): Float32Array {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const centred = Float32Array.from(pixels, (value) => value - mean);
  const length = Math.hypot(...centred);
  return length < 1e-6 ? centred.fill(0) : centred.map((value) => value / length);
}

/** An entry of the attacker's gallery. */
export interface Known {
  readonly person: number;
  readonly point: Float32Array;
}

/** The person of the nearest entry; among entries that are equally near, chance decides. */
export function nearestPerson(probe: Float32Array, gallery: readonly Known[], random: Random): number {
  const distances = gallery.map(({ point }) => squaredDistance(point, probe));
  const least = Math.min(...distances);
  const tied = gallery.filter((_, index) => distances[index]! <= least + 1e-9);
  return random.pick(tied).person;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
