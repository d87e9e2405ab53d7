import { AV_PICTURE_TYPE_I } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { Size } from '../../../core/box.ts';
import type { Plane, YuvSurface } from '../../surface.ts';
import type { VideoFrame } from '../../video/frame.ts';
import { namedPixelFormat } from '../../video/pixel-format.ts';
import { drawable, newFrame, planesOf } from '../../video/planes.ts';
import { FragmentEncoder, timescale } from './fragment-encoder.ts';
import type { ZonePolygon } from './mode.ts';
import type { StreamPart } from './split.ts';
import { zoneSpans, type RowSpan } from './zone-spans.ts';

export interface BlankedOptions {
  /** Never recorded: black in every frame. As displayed; cameras send pictures that are not turned. */
  readonly zones: readonly ZonePolygon[];
  /** Wall time to note for a fragment that comes now, milliseconds since 1970. */
  readonly now: () => number;
}

/** Frames per second that the encoder plans with, and states: how many come is known when they have come. */
const planned = 25;
/** Ticks after which a frame begins a new fragment, a little less than a second: frames do not come to the millisecond. */
const keyEvery = 0.98 * timescale;
/** Frames after which one does in any case. */
const mostFrames = 250;

/**
 * Makes the stream that may be recorded of a camera with privacy zones: frames in, the head and the fragments of an H.264 stream
 * out, a key frame about every second, however many frames come. They go where those of a copied stream would: ring, clips, segments.
 */
export class BlankedRecorder {
  readonly #options: BlankedOptions;
  #encoding: Encoding | undefined;
  #last = -1n;
  #lastKey: bigint | undefined;

  constructor(options: BlankedOptions) {
    this.#options = options;
  }

  /**
   * Takes one frame in, and gives out what is ready. Frames whose time does not go on are left out, and those that could not be
   * decoded are black. The size of the picture stays as in the first frame; when it changes, make a new recorder.
   * @throws TidewaiterError `E_ENCODE`.
   */
  async push(frame: VideoFrame): Promise<StreamPart[]> {
    const pts = BigInt(Math.round(frame.time * timescale));
    if (pts <= this.#last) return [];
    const surface = frame.surface();
    if (surface === undefined && this.#encoding === undefined) return [];
    // For the last one before a pause, of which it is not known how long it is shown.
    const shown = this.#last < 0n ? timescale / planned : Math.min(timescale, Number(pts - this.#last));
    this.#last = pts;
    this.#encoding ??= await this.#start(surface!);
    const { spans, size, encoder } = this.#encoding;
    const picture = newFrame(size, namedPixelFormat('yuv420p'));
    try {
      paint(picture, surface, spans);
      picture.pts = pts;
      picture.duration = BigInt(shown);
      if (this.#lastKey === undefined || pts - this.#lastKey >= keyEvery) {
        this.#lastKey = pts;
        picture.pictType = AV_PICTURE_TYPE_I;
      }
      return await encoder.push(picture);
    } finally {
      picture.free();
    }
  }

  /** The rest. Call it in any case, after an error too: it frees the encoder. The recorder takes no more. */
  async end(): Promise<StreamPart[]> {
    const encoding = this.#encoding;
    this.#encoding = undefined;
    return (await encoding?.encoder.end()) ?? [];
  }

  async #start(first: YuvSurface): Promise<Encoding> {
    const { zones, now } = this.#options;
    const size = { width: even(first.width), height: even(first.height) };
    const model = newFrame(size, namedPixelFormat('yuv420p'));
    try {
      const encoder = await FragmentEncoder.open(model, { fps: planned, gop: mostFrames, at: now });
      const luma = zoneSpans(zones, size);
      const chroma = zoneSpans(zones, { width: size.width / 2, height: size.height / 2 });
      return { encoder, size, spans: [luma, chroma, chroma] };
    } finally {
      model.free();
    }
  }
}

interface Encoding {
  readonly encoder: FragmentEncoder;
  readonly size: Size;
  /** By plane. */
  readonly spans: readonly (readonly RowSpan[])[];
}

function even(length: number): number {
  return length + (length % 2);
}

/** Copies a picture as 8-bit 4:2:0, black where it must not be seen, and all of it when there is none. */
function paint(target: Frame, source: YuvSurface | undefined, spans: readonly (readonly RowSpan[])[]): void {
  const planes = planesOf(target);
  drawable(planes, target).forEach((plane, index) => {
    const black = index === 0 ? 16 : 128;
    const from = source?.planes[index];
    if (from === undefined || source === undefined) plane.data.fill(black);
    else copyPlane(from, plane, source.depth);
    for (const { row, from: first, to } of spans[index] ?? [])
      plane.data.fill(black, row * plane.stride + first, row * plane.stride + to);
  });
}

/** Takes the nearest sample where the source has more of them. */
function copyPlane(from: Plane, to: Plane, depth: number): void {
  const [stepX, stepY] = [1 << (to.shiftX - from.shiftX), 1 << (to.shiftY - from.shiftY)];
  const bytes = depth > 8 ? 2 : 1;
  for (let row = 0; row < to.height; row++) {
    const start = Math.min(row * stepY, from.height - 1) * from.stride;
    const line = row * to.stride;
    if (bytes === 1 && stepX === 1 && from.width >= to.width) {
      to.data.set(from.data.subarray(start, start + to.width), line);
      continue;
    }
    for (let column = 0; column < to.width; column++) {
      const at = start + Math.min(column * stepX, from.width - 1) * bytes;
      const sample =
        bytes === 1 ? from.data[at]! : (from.data[at]! | (from.data[at + 1]! << 8)) >> (depth - 8);
      to.data[line + column] = sample;
    }
  }
}
