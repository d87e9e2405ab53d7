import {
  AVCOL_RANGE_JPEG,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_RGB24,
  SWS_AREA,
  SWS_BILINEAR,
  type SwsFlags,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import type { SamplePlanes } from './planes.ts';

/** Rows that swscale may write past their end; copied out from here, so that it never reaches a caller's memory. */
export interface Scratch {
  readonly data: Buffer;
  readonly stride: number;
}

/** Contexts that are kept; the least recently used goes first. */
const maximumContexts = 48;

/** Scales planes to packed RGB or grey. Keeps the tables that swscale computes for each pair of sizes. */
export class Scaler {
  readonly #contexts = new Map<string, SoftwareScaleContext>();
  #scratch = Buffer.alloc(0);
  #limit = maximumContexts;
  #lumaContext: SoftwareScaleContext | undefined;
  #small: Frame | undefined;

  /** The result is overwritten by the next call. */
  scale(source: SamplePlanes, from: Size, to: Size, channels: 1 | 3): Scratch {
    // Room for whole SIMD writes at the end of each row and of the last one.
    const stride = Math.ceil((to.width * channels) / 64) * 64 + 64;
    const bytes = stride * to.height + 64;
    if (this.#scratch.length < bytes) this.#scratch = Buffer.alloc(bytes);
    const context = this.#context(source, from, to, channels);
    const rows = context.scaleSync(
      [...source.data],
      [...source.strides],
      0,
      from.height,
      [this.#scratch],
      [stride],
    );
    this.#drop();
    if (rows < 0) throw new Error(`swscale refused ${from.width}x${from.height} to ${to.width}x${to.height}`);
    return { data: this.#scratch, stride };
  }

  /**
   * The whole of a frame as 8-bit luma. It goes from frame to frame inside FFmpeg: views on a frame's planes count as
   * memory that the garbage collector is responsible for, and one frame in fifty would set it off.
   * @returns packed rows.
   */
  luma(frame: Frame, to: Size): Uint8Array {
    const small = this.#lumaFrame(to);
    if (this.#lumaContext === undefined) {
      this.#lumaContext = new SoftwareScaleContext();
      this.#lumaContext.allocContext();
      this.#lumaContext.setOption('sws_flags', SWS_AREA);
    }
    if (this.#lumaContext.scaleFrameSync(small, frame) < 0) {
      throw new Error(`swscale refused ${frame.width}x${frame.height} to ${to.width}x${to.height}`);
    }
    const stride = small.linesize[0] ?? to.width;
    const rows = small.data?.[0];
    const packed = new Uint8Array(to.width * to.height);
    for (let y = 0; rows !== undefined && y < to.height; y++) {
      packed.set(rows.subarray(y * stride, y * stride + to.width), y * to.width);
    }
    return packed;
  }

  #lumaFrame(to: Size): Frame {
    if (this.#small?.width === to.width && this.#small.height === to.height) return this.#small;
    this.#small?.free();
    const frame = new Frame();
    frame.alloc();
    frame.width = to.width;
    frame.height = to.height;
    frame.format = AV_PIX_FMT_GRAY8;
    frame.colorRange = AVCOL_RANGE_JPEG;
    frame.getBuffer(0);
    this.#small = frame;
    return frame;
  }

  /** Frees what is kept. Frames that outlive it can still be read, only slower. */
  dispose(): void {
    this.#limit = 0;
    this.#drop();
    this.#lumaContext?.freeContext();
    this.#lumaContext = undefined;
    this.#small?.free();
    this.#small = undefined;
  }

  #context(source: SamplePlanes, from: Size, to: Size, channels: 1 | 3): SoftwareScaleContext {
    const key = `${source.format.id}/${source.fullRange}/${from.width}x${from.height}/${to.width}x${to.height}/${channels}`;
    const kept = this.#contexts.get(key) ?? openContext(source, from, to, channels);
    this.#contexts.delete(key);
    this.#contexts.set(key, kept);
    return kept;
  }

  #drop(): void {
    for (const [oldest, context] of this.#contexts) {
      if (this.#contexts.size <= this.#limit) break;
      context.freeContext();
      this.#contexts.delete(oldest);
    }
  }
}

function openContext(source: SamplePlanes, from: Size, to: Size, channels: 1 | 3): SoftwareScaleContext {
  // Averaging over the covered area keeps small faces when shrinking; there is nothing to average when enlarging.
  const flags: SwsFlags = to.width < from.width ? SWS_AREA : SWS_BILINEAR;
  const context = new SoftwareScaleContext();
  context.allocContext();
  const options: [string, number][] = [
    ['srcw', from.width],
    ['srch', from.height],
    ['src_format', source.format.id],
    ['src_range', source.fullRange ? 1 : 0],
    ['dstw', to.width],
    ['dsth', to.height],
    ['dst_format', channels === 3 ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8],
    ['dst_range', 1],
    ['sws_flags', flags],
  ];
  for (const [name, value] of options) {
    if (context.setOption(name, value) < 0)
      throw new Error(`swscale does not know the option ${name}=${value}`);
  }
  if (context.initContext() < 0) {
    throw new Error(`swscale cannot convert ${from.width}x${from.height} to ${to.width}x${to.height}`);
  }
  return context;
}
