import type { PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';

/**
 * Noise of the box filter. Everything is relative to the size of the box (geometric mean of its sides), so that the
 * same numbers serve near and far things; the reference is the relative noise of DeepSORT (Wojke, Bewley and Paulus,
 * ICIP 2017), restated for time in seconds.
 */
export interface BoxFilterNoise {
  /** Deviation of a measured centre, in sizes. */
  readonly centre: number;
  /** Deviation of a measured side, in sizes. */
  readonly side: number;
  /** Root of the spectral density of the centre's acceleration, in sizes per second^1.5. */
  readonly acceleration: number;
  /** The same for the sides. */
  readonly growth: number;
  /** Deviation of the unknown first velocity of the centre, in sizes per second. */
  readonly firstVelocity: number;
  /** Time after which a change of the sides has died away by 1/e when nothing is measured. */
  readonly growthDecay: Seconds;
}

/** Best on PETS09-S2L1 among random draws, within a broad plateau. */
export const defaultBoxFilterNoise: BoxFilterNoise = {
  centre: 0.06,
  side: 0.1,
  acceleration: 0.2,
  growth: 0.1,
  firstVelocity: 1.5,
  growthDecay: 1,
};

/** Value, velocity, and the three entries of their covariance, of each of the four measured numbers. */
const stride = 5;
const axes = 4;

/**
 * Kalman filter (R. E. Kalman, 1960) of a box that moves with nearly constant velocity. Measured are centre x, centre y,
 * width and height (as in BoT-SORT, Aharon et al. 2022, which found the sides better than area and aspect); the state
 * adds the velocity of each in pixels per second. The four axes are independent, so the 8-dimensional filter falls into
 * four of dimension 2. The process noise is white acceleration integrated over the actual time step (Bar-Shalom, Li and
 * Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, section 6.2.2), so that steps may be of
 * any and of varying length.
 */
export class BoxFilter {
  readonly #noise: BoxFilterNoise;
  readonly #state = new Float64Array(axes * stride);

  constructor(box: PixelBox, noise: BoxFilterNoise = defaultBoxFilterNoise) {
    this.#noise = noise;
    const size = sizeOf(box);
    measured(box).forEach((value, axis) => {
      const deviation = (axis < 2 ? noise.centre : noise.side) * size;
      const velocity = (axis < 2 ? noise.firstVelocity : noise.growth) * size;
      this.#state.set([value, 0, deviation ** 2, 0, velocity ** 2], axis * stride);
    });
  }

  /** Moves the state forward by `step` seconds, which must not be negative. */
  predict(step: Seconds): void {
    const size = sizeOf(this.box);
    for (let axis = 0; axis < axes; axis++) {
      const decay = axis < 2 ? 1 : Math.exp(-step / this.#noise.growthDecay);
      const travel = axis < 2 ? step : this.#noise.growthDecay * (1 - decay);
      const density = ((axis < 2 ? this.#noise.acceleration : this.#noise.growth) * size) ** 2;
      this.#predictAxis(axis * stride, step, travel, decay, density);
    }
  }

  #predictAxis(at: number, step: Seconds, travel: number, decay: number, density: number): void {
    const state = this.#state;
    const velocity = state[at + 1]!;
    const valueVariance = state[at + 2]!;
    const covariance = state[at + 3]!;
    const velocityVariance = state[at + 4]!;
    state[at] = state[at]! + velocity * travel;
    state[at + 1] = velocity * decay;
    state[at + 2] =
      valueVariance + 2 * travel * covariance + travel ** 2 * velocityVariance + (density * step ** 3) / 3;
    state[at + 3] = decay * (covariance + travel * velocityVariance) + (density * step ** 2) / 2;
    state[at + 4] = decay ** 2 * velocityVariance + density * step;
  }

  /** Takes in a measurement of the present moment. */
  update(box: PixelBox): void {
    const size = sizeOf(box);
    const values = measured(box);
    for (let axis = 0; axis < axes; axis++) {
      const variance = ((axis < 2 ? this.#noise.centre : this.#noise.side) * size) ** 2;
      this.#updateAxis(axis * stride, values[axis]!, variance);
    }
  }

  #updateAxis(at: number, value: number, variance: number): void {
    const state = this.#state;
    const valueVariance = state[at + 2]!;
    const covariance = state[at + 3]!;
    const gain = valueVariance / (valueVariance + variance);
    const velocityGain = covariance / (valueVariance + variance);
    const surprise = value - state[at]!;
    state[at] = state[at]! + gain * surprise;
    state[at + 1] = state[at + 1]! + velocityGain * surprise;
    state[at + 2] = (1 - gain) * valueVariance;
    state[at + 3] = (1 - gain) * covariance;
    state[at + 4] = state[at + 4]! - velocityGain * covariance;
  }

  /** The estimated box; sides are at least one pixel. */
  get box(): PixelBox {
    const width = Math.max(1, this.#state[2 * stride]!);
    const height = Math.max(1, this.#state[3 * stride]!);
    return { x: this.#state[0]! - width / 2, y: this.#state[stride]! - height / 2, width, height };
  }

  /** Velocity of the centre, pixels per second. */
  get velocity(): { readonly x: number; readonly y: number } {
    return { x: this.#state[1]!, y: this.#state[stride + 1]! };
  }

  /** An independent filter in the same state. */
  copy(): BoxFilter {
    const twin = new BoxFilter(this.box, this.#noise);
    twin.#state.set(this.#state);
    return twin;
  }
}

/** Geometric mean of the sides, pixels. */
export function sizeOf(box: PixelBox): number {
  return Math.sqrt(Math.max(1, box.width) * Math.max(1, box.height));
}

function measured(box: PixelBox): [number, number, number, number] {
  return [box.x + box.width / 2, box.y + box.height / 2, box.width, box.height];
}
