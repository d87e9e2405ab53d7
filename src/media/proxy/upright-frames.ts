import {
  AV_PICTURE_TYPE_NONE,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  SWS_BILINEAR,
  type AVPixelFormat,
} from 'node-av/constants';
import { Rational, SoftwareScaleContext, type Frame } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import type { Orientation } from '../surface.ts';
import { turnPixels } from '../video/orientation.ts';
import { namedPixelFormat, pixelFormat } from '../video/pixel-format.ts';
import { newFrame, planesOf } from '../video/planes.ts';
import type { ProxySize } from './proxy-size.ts';

const format = namedPixelFormat('yuv420p');

/** Makes frames of the proxy: 8-bit 4:2:0, upright, of even sides. */
export class UprightFrames {
  readonly #size: ProxySize;
  readonly #orientation: Orientation;
  readonly #turns: boolean;
  #scaler: SoftwareScaleContext | undefined;

  constructor(size: ProxySize, orientation: Orientation) {
    this.#size = size;
    this.#orientation = orientation;
    const isUpright = orientation.rotation === 0 && !orientation.mirrored;
    this.#turns = !isUpright || !sameSize(size.scaled, size.frame);
  }

  /** Takes a decoded frame over. @returns a frame that the caller frees. */
  of(decoded: Frame, pts: bigint): Frame {
    let frame = decoded;
    for (const step of [this.#scaled, ...(this.#turns ? [this.#turned] : [])]) {
      const next = step.call(this, frame);
      if (next !== frame) frame.free();
      frame = next;
    }
    frame.pts = pts;
    frame.pictType = AV_PICTURE_TYPE_NONE;
    return frame;
  }

  /** A black frame that is otherwise like `model`. */
  black(model: Frame, pts: bigint): Frame {
    const frame = newFrame(this.#size.frame, format);
    describeLike(frame, model);
    const level = frame.colorRange === AVCOL_RANGE_JPEG ? 0 : 16;
    planesOf(frame).data.forEach((plane, index) => plane.fill(index === 0 ? level : 128));
    frame.pts = pts;
    return frame;
  }

  dispose(): void {
    this.#scaler?.freeContext();
  }

  /** In the wanted size and format, or as it is when it has both. */
  #scaled(source: Frame): Frame {
    const { scaled: size } = this.#size;
    const known = pixelFormat(source.format as AVPixelFormat);
    if (sameSize(source, size) && known.name === format.name) return source;
    const frame = newFrame(size, format);
    describeLike(frame, source);
    // RGB is written as limited range, as video has it; `yuvj` says its range by its name.
    const isFull =
      known.name.startsWith('yuvj') || (known.planar !== undefined && source.colorRange === AVCOL_RANGE_JPEG);
    frame.colorRange = isFull ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (source.colorSpace === AVCOL_SPC_RGB) frame.colorSpace = AVCOL_SPC_SMPTE170M;
    if (this.#scaler === undefined) {
      this.#scaler = new SoftwareScaleContext();
      this.#scaler.allocContext();
      this.#scaler.setOption('sws_flags', SWS_BILINEAR);
    }
    if (this.#scaler.scaleFrameSync(frame, source) < 0) {
      frame.free();
      throw new Error(`swscale cannot make ${format.name} of ${known.name}`);
    }
    return frame;
  }

  /** Turned as it is seen, an odd side extended by repeating the last column or row. */
  #turned(source: Frame): Frame {
    const { scaled, shown, frame: size } = this.#size;
    const frame = newFrame(size, format);
    describeLike(frame, source);
    const { num, den } = source.sampleAspectRatio;
    if (num > 0 && this.#orientation.rotation % 180 !== 0) frame.sampleAspectRatio = new Rational(den, num);
    const [from, to] = [planesOf(source), planesOf(frame)];
    to.data.forEach((plane, index) => {
      const shift = index === 0 ? 0 : 1;
      const stored = { width: -(-scaled.width >> shift), height: -(-scaled.height >> shift) };
      const stride = to.strides[index] ?? 0;
      turnPixels(from.data[index]!, from.strides[index] ?? 0, stored, this.#orientation, 1, plane, 0, stride);
    });
    const luma = to.data[0]!;
    const stride = to.strides[0] ?? 0;
    if (size.width > shown.width)
      for (let row = 0; row < shown.height; row++)
        luma[row * stride + shown.width] = luma[row * stride + shown.width - 1]!;
    if (size.height > shown.height)
      luma.copyWithin(shown.height * stride, (shown.height - 1) * stride, shown.height * stride);
    return frame;
  }
}

/** What says how the samples are to be seen, and for how long; nothing else of the source comes along. */
function describeLike(frame: Frame, source: Frame): void {
  frame.colorRange = source.colorRange;
  frame.colorPrimaries = source.colorPrimaries;
  frame.colorTrc = source.colorTrc;
  frame.colorSpace = source.colorSpace;
  frame.chromaLocation = source.chromaLocation;
  frame.sampleAspectRatio = source.sampleAspectRatio;
  frame.duration = source.duration;
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}
