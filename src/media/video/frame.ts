import type { AVPixelFormat } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { clipped, type PixelBox, type Size } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import type { Orientation, YuvSurface } from '../surface.ts';
import { displayedSize, toStored, turnPixels } from './orientation.ts';
import type { Picture } from './picture-order.ts';
import { namedPixelFormat, pixelFormat } from './pixel-format.ts';
import { convertFrame, cutOut, drawable, planesOf, type SamplePlanes } from './planes.ts';
import type { Scaler } from './scaler.ts';

/** What all frames of a video share. */
export interface FrameContext {
  readonly stored: Size;
  readonly orientation: Orientation;
  readonly timeBase: TimeBase;
  readonly scaler: Scaler;
}

/**
 * One frame of a video, as displayed. Its pixels live in FFmpeg's memory until it is released as often as it was
 * retained (a new frame is retained once); every read after that throws.
 */
export class VideoFrame implements PixelSource {
  readonly width: number;
  readonly height: number;
  /** Position in presentation order, from 0. */
  readonly index: number;
  /** Presentation time in ticks of the stream's time base. */
  readonly pts: bigint;
  /** `pts` in seconds. */
  readonly time: Seconds;
  readonly keyFrame: boolean;
  /** True when there was nothing to decode; the frame reads as black. */
  readonly damaged: boolean;
  readonly #context: FrameContext;
  #frame: Frame | undefined;
  #planes: SamplePlanes | undefined;
  #holders = 1;

  constructor(picture: Picture, index: number, context: FrameContext) {
    ({ width: this.width, height: this.height } = displayedSize(context.stored, context.orientation));
    this.index = index;
    this.pts = picture.pts;
    this.time = ticksToSeconds(picture.pts, context.timeBase);
    this.keyFrame = picture.keyFrame;
    this.damaged = picture.frame === undefined;
    this.#frame = picture.frame;
    this.#context = context;
  }

  /** Keeps the pixels until one more {@link release}. Returns the frame itself. */
  retain(): this {
    this.#refuseReleased();
    this.#holders++;
    return this;
  }

  /** Gives up one hold on the pixels; the last one frees them. Further calls do nothing. */
  release(): void {
    if (this.#holders === 0) return;
    this.#holders--;
    if (this.#holders > 0) return;
    this.#planes = undefined;
    this.#frame?.free();
    this.#frame = undefined;
  }

  /** As {@link PixelSource.readRgb}; the crop is widened to whole chroma samples, at most one pixel on each side. */
  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset = 0,
    stride = width * 3,
  ): void {
    this.#refuseReleased();
    refuseSmallTarget(width, height, target, offset, stride);
    this.#read(crop, { width, height }, 3, target, offset, stride);
  }

  readLuma(width: number, height: number): Uint8Array {
    this.#refuseReleased();
    const { orientation, scaler } = this.#context;
    const isUpright = orientation.rotation === 0 && !orientation.mirrored;
    const shrinks = width <= this.width && height <= this.height;
    if (this.#frame !== undefined && isUpright && shrinks) return scaler.luma(this.#frame, { width, height });
    const target = new Uint8Array(width * height);
    this.#read(
      { x: 0, y: 0, width: this.width, height: this.height },
      { width, height },
      1,
      target,
      0,
      width,
    );
    return target;
  }

  /**
   * The samples as they are stored, to be looked at and never changed: the decoder may still need them. Valid until the
   * frame is released. Undefined when there was nothing to decode.
   */
  surface(): YuvSurface | undefined {
    this.#refuseReleased();
    const planes = this.#samples();
    if (planes === undefined) return undefined;
    const { stored, orientation } = this.#context;
    return {
      kind: 'yuv',
      ...stored,
      planes: drawable(planes, stored),
      depth: planes.format.depth,
      fullRange: planes.fullRange,
      orientation,
    };
  }

  #read(
    crop: PixelBox,
    size: Size,
    channels: 1 | 3,
    target: Uint8Array,
    offset: number,
    stride: number,
  ): void {
    const { stored, orientation, scaler } = this.#context;
    const region = alignedRegion(toStored(clipped(crop, this), stored, orientation), stored);
    const planes = this.#samples();
    if (planes === undefined || region === undefined) {
      for (let row = 0; row < size.height; row++) {
        target.fill(0, offset + row * stride, offset + row * stride + size.width * channels);
      }
      return;
    }
    const small = displayedSize(size, orientation);
    const scaled = scaler.scale(cutOut(planes, region), region, small, channels);
    turnPixels(scaled.data, scaled.stride, small, orientation, channels, target, offset, stride);
  }

  #samples(): SamplePlanes | undefined {
    if (this.#planes !== undefined || this.#frame === undefined) return this.#planes;
    if (pixelFormat(this.#frame.format as AVPixelFormat).planar === undefined) {
      // Packed and grey pictures are rare in video; as 4:2:0 they can be cropped like all others.
      const converted = convertFrame(this.#frame, namedPixelFormat('yuv420p'));
      this.#frame.free();
      this.#frame = converted;
    }
    this.#planes = planesOf(this.#frame);
    return this.#planes;
  }

  #refuseReleased(): void {
    if (this.#holders === 0) throw new Error(`Frame ${this.index} was read after it was released`);
  }
}

function refuseSmallTarget(
  width: number,
  height: number,
  target: Uint8Array,
  offset: number,
  stride: number,
): void {
  const end = offset + (height - 1) * stride + width * 3;
  if (width > 0 && height > 0 && offset >= 0 && stride >= width * 3 && end <= target.length) return;
  throw new RangeError(
    `${width}x${height} at ${offset} with stride ${stride} is outside of ${target.length} bytes`,
  );
}

/** Whole pixels around the box, starting on even ones; undefined when nothing is left. */
function alignedRegion(box: PixelBox, stored: Size): PixelBox | undefined {
  const x = Math.floor(box.x / 2) * 2;
  const y = Math.floor(box.y / 2) * 2;
  const right = Math.min(stored.width, Math.ceil((box.x + box.width) / 2) * 2);
  const bottom = Math.min(stored.height, Math.ceil((box.y + box.height) / 2) * 2);
  return right > x && bottom > y ? { x, y, width: right - x, height: bottom - y } : undefined;
}
