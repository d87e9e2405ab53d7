import { toPixels, type PixelBox, type Size } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { Background } from './background.ts';
import { Darkness } from './darkness.ts';
import { Speckle } from './speckle.ts';

/** What moved in one frame. */
export interface Motion {
  /** Pixels of the picture, largest first. */
  readonly boxes: readonly PixelBox[];
  /** True when nothing is known of motion yet, or the light just changed: look at the whole picture. */
  readonly learning: boolean;
  /** Share of the picture that differs from the background, 0..1. */
  readonly share: number;
  /** True when there is so little light that a detector needs help. */
  readonly dark: boolean;
  /** The plane that was looked at; its size is {@link MotionGate.plane}. */
  readonly luma: Uint8Array;
}

/** Pixels of the plane: enough for somebody 25 pixels high in a VGA picture, at under a millisecond. */
const planePixels = 240 * 180;
/** More moving places than this are weather or noise; the largest are kept. */
const mostBoxes = 40;

/** Says where in a picture something moves, so that detectors need to look only there. One per camera. */
export class MotionGate {
  readonly #picture: Size;
  readonly #darkness = new Darkness();
  readonly #speckle = new Speckle();
  #background: Background;
  #time: Seconds = Number.NEGATIVE_INFINITY;

  /** @param picture pixels of the frames as displayed. */
  constructor(picture: Size) {
    this.#picture = picture;
    this.#background = new Background(planeOf(picture));
  }

  /** Size of the luma plane. */
  get plane(): Size {
    return this.#background.size;
  }

  /** The learned background, luma of the plane; raised in the dark. */
  get background(): Float32Array {
    return this.#background.mean;
  }

  /** @param time later than that of the frame before. */
  look(source: PixelSource, time: Seconds): Motion {
    const { width, height } = this.plane;
    const luma = source.readLuma(width, height);
    if (this.#darkness.update(luma)) this.#background = new Background(this.plane);
    const raised = this.#darkness.raise(luma, width, height);
    const { mask, share, learning } = this.#background.update(raised, time);
    const step = time - this.#time;
    this.#time = time;
    if (share === 0 && !learning) this.#speckle.rest(step);
    const blobs = learning || share === 0 ? [] : this.#speckle.sift(mask, this.plane, step);
    const whole = { x: 0, y: 0, ...this.#picture };
    const boxes = blobs.slice(0, mostBoxes).map(({ box }) => toPixels(box, whole));
    return { boxes, learning, share, luma, dark: this.#darkness.isDark };
  }
}

/** A plane of the picture's proportions with {@link planePixels}; never larger than the picture. */
function planeOf({ width, height }: Size): Size {
  const scale = Math.min(1, Math.sqrt(planePixels / (width * height)));
  return { width: Math.max(8, Math.round(width * scale)), height: Math.max(8, Math.round(height * scale)) };
}
