import type { Frame } from 'node-av/lib';
import type { Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import { namedPixelFormat } from '../../video/pixel-format.ts';
import { drawable, newFrame, planesOf } from '../../video/planes.ts';
import { FragmentEncoder, timescale, type FragmentEncoding } from './fragment-encoder.ts';
import type { StreamPart } from './split.ts';

/** Three bytes for each pixel, row by row. */
export interface RgbPicture extends Size {
  readonly data: Uint8Array;
}

/** Makes an H.264 stream of pictures that were drawn here; they keep the size of the first. End it in any case. */
export class PictureRecorder {
  readonly #encoding: FragmentEncoding;
  #open: { readonly encoder: FragmentEncoder; readonly size: Size } | undefined;
  #last = -1n;

  constructor(encoding: FragmentEncoding) {
    this.#encoding = encoding;
  }

  /** Pictures whose time does not go on are left out. @throws TidewaiterError `E_ENCODE`. */
  async push(picture: RgbPicture, time: Seconds): Promise<StreamPart[]> {
    const pts = BigInt(Math.round(time * timescale));
    if (pts <= this.#last) return [];
    this.#last = pts;
    // 4:2:0 has whole pairs of samples.
    const size = this.#open?.size ?? { width: picture.width & ~1, height: picture.height & ~1 };
    const frame = newFrame(size, namedPixelFormat('yuv420p'));
    try {
      this.#open ??= { encoder: await FragmentEncoder.open(frame, this.#encoding), size };
      convert(picture, frame);
      frame.pts = pts;
      return await this.#open.encoder.push(frame);
    } finally {
      frame.free();
    }
  }

  /** The rest; frees the encoder. The recorder takes no more. */
  async end(): Promise<StreamPart[]> {
    const open = this.#open;
    this.#open = undefined;
    return (await open?.encoder.end()) ?? [];
  }
}

/** To YCbCr of ITU-R BT.601, 16..235, as players expect of small pictures. */
function convert({ data, width }: RgbPicture, frame: Frame): void {
  const [luma, blue, red] = drawable(planesOf(frame), frame);
  for (let row = 0; row < luma.height; row++) {
    for (let column = 0; column < luma.width; column++) {
      const at = (row * width + column) * 3;
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
      luma.data[row * luma.stride + column] = 16 + ((66 * r + 129 * g + 25 * b + 128) >> 8);
      if (((row | column) & 1) !== 0) continue;
      blue.data[(row >> 1) * blue.stride + (column >> 1)] = 128 + ((112 * b - 74 * g - 38 * r + 128) >> 8);
      red.data[(row >> 1) * red.stride + (column >> 1)] = 128 + ((112 * r - 94 * g - 18 * b + 128) >> 8);
    }
  }
}
