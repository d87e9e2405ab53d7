import { Random } from '../../core/random.ts';
import type { RgbFrame } from './render.ts';

/** What the camera does to the light of a shot. */
export interface CameraPlan {
  /** Seeds the noise and the wandering of the light. */
  readonly name: string;
  readonly light: readonly [number, number];
  readonly noise: number;
}

const GRAIN_LENGTH = 1 << 17;
let grain: Float32Array | undefined;

/** One long strip of normal noise, read from a random place for each row: fast and without a visible pattern. */
function grainStrip(): Float32Array {
  if (grain === undefined) {
    const random = new Random('sensor noise');
    grain = Float32Array.from({ length: GRAIN_LENGTH }, () => random.normal());
  }
  return grain;
}

/** Applies light and noise to a frame in place. Frames are counted from the start of the shot. */
export function develop(frame: RgbFrame, plan: CameraPlan, index: number, frames: number): void {
  const gain = lightOf(plan, index, frames);
  const levels = Float32Array.from({ length: 256 }, (_, level) => level * gain + 0.5);
  const noise = grainStrip();
  const random = new Random(`${plan.name}/noise-${index}`);
  const rowBytes = frame.width * 3;
  for (let y = 0; y < frame.height; y++) {
    let from = random.integer(GRAIN_LENGTH);
    for (let i = y * rowBytes; i < (y + 1) * rowBytes; i++) {
      const value = levels[frame.data[i]!]! + noise[from]! * plan.noise;
      frame.data[i] = value < 0 ? 0 : value > 255 ? 255 : value;
      if (++from === GRAIN_LENGTH) from = 0;
    }
  }
}

/** The gain of the light in a frame of a shot. */
export function lightOf(plan: CameraPlan, index: number, frames: number): number {
  return lightAt(plan, index / Math.max(1, frames - 1));
}

/** A slow swing between the two ends of the range, with its own phase in each shot. */
function lightAt(plan: CameraPlan, share: number): number {
  const random = new Random(`${plan.name}/light`);
  const phase = random.between(0, 2 * Math.PI);
  const [low, high] = plan.light;
  return low + ((high - low) * (1 + Math.sin(phase + share * random.between(1, 4)))) / 2;
}
