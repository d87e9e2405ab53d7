import type { Frame } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import { planesOf } from '../video/planes.ts';
import { Scaler } from '../video/scaler.ts';
import { sharp } from '../picture/sharp.ts';

/** A sheet of small pictures, row by row. */
export interface StripIndex {
  readonly tile: Size;
  readonly columns: number;
  /** Presentation time of each tile's frame, ticks of the video's time base. */
  readonly pts: readonly number[];
}

/** Packed 8-bit RGB. */
export interface SmallPicture extends Size {
  readonly data: Uint8Array;
}

const MOST_TILES = 200;
const COLUMNS = 10;

/**
 * Keeps a tile every so many seconds. When there are too many, every other one goes and the distance doubles: so the length
 * of a video need not be known, and a long one takes no more memory than a short one.
 */
export class Strip {
  readonly #shown: Size;
  readonly #tile: Size;
  readonly #poster: Size;
  readonly #scaler = new Scaler();
  #tiles: { readonly pts: bigint; readonly data: Uint8Array }[] = [];
  #every: Seconds = 1;
  #next: Seconds = Number.NEGATIVE_INFINITY;
  #first: SmallPicture | undefined;
  #telling = false;

  /** @param shown what of each frame is picture. @param tile and @param poster how large these are to be. */
  constructor(shown: Size, tile: Size, poster: Size) {
    this.#shown = shown;
    this.#tile = tile;
    this.#poster = poster;
  }

  /** Looks at a frame that was decoded; they come in the order of time. */
  see(frame: Frame, pts: bigint, time: Seconds): void {
    if (time < this.#next) return;
    this.#next = time + this.#every;
    const data = this.#read(frame, this.#tile);
    this.#tiles.push({ pts, data });
    if (!this.#telling) {
      // Recordings often begin black; the first picture that shows anything stands for them.
      this.#telling = contrast(data) > 12;
      if (this.#telling || this.#first === undefined)
        this.#first = { ...this.#poster, data: this.#read(frame, this.#poster) };
    }
    if (this.#tiles.length <= MOST_TILES) return;
    this.#tiles = this.#tiles.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
    this.#next = time + this.#every;
  }

  /** The picture that stands for the video. */
  get poster(): SmallPicture | undefined {
    return this.#first;
  }

  get index(): StripIndex {
    return { tile: this.#tile, columns: COLUMNS, pts: this.#tiles.map(({ pts }) => Number(pts)) };
  }

  /** All tiles in one picture, as WebP. */
  async sheet(): Promise<Buffer> {
    const { width, height } = this.#tile;
    const across = COLUMNS * width;
    const rows = Math.max(1, Math.ceil(this.#tiles.length / COLUMNS));
    const data = Buffer.alloc(across * height * rows * 3);
    this.#tiles.forEach((tile, index) => {
      const left = (index % COLUMNS) * width;
      const top = Math.floor(index / COLUMNS) * height;
      for (let row = 0; row < height; row++)
        data.set(
          tile.data.subarray(row * width * 3, (row + 1) * width * 3),
          ((top + row) * across + left) * 3,
        );
    });
    return sharp(data, { raw: { width: across, height: height * rows, channels: 3 } })
      .webp({ quality: 70 })
      .toBuffer();
  }

  dispose(): void {
    this.#scaler.dispose();
  }

  #read(frame: Frame, to: Size): Uint8Array {
    const { data, stride } = this.#scaler.scale(planesOf(frame), this.#shown, to, 3);
    const packed = new Uint8Array(to.width * to.height * 3);
    for (let row = 0; row < to.height; row++)
      packed.set(data.subarray(row * stride, row * stride + to.width * 3), row * to.width * 3);
    return packed;
  }
}

/** Standard deviation of the green samples, 0..128. */
function contrast(rgb: Uint8Array): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let at = 1; at < rgb.length; at += 3, count++) {
    const value = rgb[at] ?? 0;
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
