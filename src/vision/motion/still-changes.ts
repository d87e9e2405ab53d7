import { iou, toPixels, type PixelBox, type Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { findBlobs } from './blobs.ts';

/** A place that looks otherwise than it used to, and keeps looking so. */
export interface StillChange {
  readonly id: number;
  /** Pixels of the picture. */
  readonly box: PixelBox;
  readonly since: Seconds;
  /** Whether something came to stand there or something that stood there is gone. */
  readonly what: 'left' | 'removed';
}

/** Times after which a change has sunk into the short and into the long memory by 1/e. */
const shortMemory: Seconds = 1.5;
const longMemory: Seconds = 300;
/** Difference of both memories that counts, and of the present picture to the short one that is still movement. */
const differs = 16;
const stirs = 12;
/** Time before the long memory is one. */
const settling: Seconds = 3;
/** Changed pixels of the plane that make a place, and the share of the plane above which it is a change of light. */
const fewestPixels = 24;
const lightShare = 0.3;
/** Overlap at which a place is the one known before, and the time that it may be hidden by somebody who passes. */
const samePlace = 0.3;
const hiddenFor: Seconds = 4;

/**
 * Finds what was left or taken away: the picture of the last seconds, differing from the one of the last minutes (two
 * backgrounds of different memory, after F. Porikli, "Detection of temporarily static regions by processing video at
 * different frame rates", AVSS 2007). What was left brings edges of its own along its outline; what was taken away leaves
 * the plain ground: the side with the stronger edges had the object.
 */
export class StillChanges {
  readonly #picture: Size;
  readonly #plane: Size;
  readonly #short: Float32Array;
  readonly #long: Float32Array;
  readonly #mask: Uint8Array;
  #started: Seconds | undefined;
  #time: Seconds = 0;
  #count = 0;
  #known: (StillChange & { lastSeen: Seconds })[] = [];

  constructor(picture: Size, plane: Size) {
    this.#picture = picture;
    this.#plane = plane;
    const pixels = plane.width * plane.height;
    this.#short = new Float32Array(pixels);
    this.#long = new Float32Array(pixels);
    this.#mask = new Uint8Array(pixels);
  }

  /** Takes in the next luma plane. @param time later than that of the call before. */
  update(luma: Uint8Array, time: Seconds): readonly StillChange[] {
    if (this.#started === undefined) {
      this.#short.set(luma);
      this.#long.set(luma);
      this.#started = time;
    }
    const step = time - this.#time;
    this.#time = time;
    const settled = time - this.#started >= settling;
    const shortRate = 1 - Math.exp(-step / shortMemory);
    const longRate = settled ? 1 - Math.exp(-step / longMemory) : shortRate;
    let changed = 0;
    for (let at = 0; at < luma.length; at++) {
      const now = luma[at]!;
      const stirring = Math.abs(now - this.#short[at]!) > stirs;
      this.#short[at] = this.#short[at]! + shortRate * (now - this.#short[at]!);
      this.#long[at] = this.#long[at]! + longRate * (now - this.#long[at]!);
      const isChange = !stirring && Math.abs(this.#short[at]! - this.#long[at]!) > differs;
      this.#mask[at] = isChange ? 1 : 0;
      if (isChange) changed++;
    }
    if (changed > lightShare * luma.length) {
      this.#long.set(this.#short);
      this.#known = [];
    } else if (settled) this.#match(time);
    return this.#known;
  }

  #match(time: Seconds): void {
    const whole = { x: 0, y: 0, ...this.#picture };
    for (const { box: place, pixels } of findBlobs(this.#mask, this.#plane)) {
      if (pixels < fewestPixels) continue;
      const box = toPixels(place, whole);
      const known = this.#known.find((change) => iou(change.box, box) >= samePlace);
      if (known === undefined) {
        this.#known.push({ id: ++this.#count, box, since: time, lastSeen: time, what: this.#whatAt(place) });
        continue;
      }
      // The first moment shows a part; the whole shows better what it is.
      Object.assign(known, { box, lastSeen: time, what: this.#whatAt(place) });
    }
    this.#known = this.#known.filter(({ lastSeen }) => time - lastSeen <= hiddenFor);
  }

  #whatAt(place: Parameters<typeof toPixels>[0]): StillChange['what'] {
    const { width, height } = this.#plane;
    const rows = [
      Math.floor(place.top * height),
      Math.min(height - 1, Math.ceil(place.bottom * height)),
    ] as const;
    const columns = [
      Math.floor(place.left * width),
      Math.min(width - 1, Math.ceil(place.right * width)),
    ] as const;
    let [newer, older] = [0, 0];
    for (let y = rows[0]; y < rows[1]; y++) {
      for (let x = columns[0]; x < columns[1]; x++) {
        const at = y * width + x;
        for (const next of [at + 1, at + width]) {
          // Only across the outline: inside, an object and the ground behind it both have a texture of their own.
          if (next >= this.#mask.length || this.#mask[at] === this.#mask[next]) continue;
          newer += Math.abs(this.#short[at]! - this.#short[next]!);
          older += Math.abs(this.#long[at]! - this.#long[next]!);
        }
      }
    }
    return newer >= older ? 'left' : 'removed';
  }
}
