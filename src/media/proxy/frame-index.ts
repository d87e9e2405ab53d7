import type { Size } from '../../core/box.ts';
import type { TimeBase } from '../../core/time.ts';

/** Where each frame of a proxy lies and when it is shown, so that a decoder can be fed with exactly what it needs. */
export interface VideoIndex {
  /** For a decoder: `avc1.` and six hexadecimal digits (RFC 6381). */
  readonly codec: string;
  /** For a decoder: the AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1), base64. */
  readonly description: string;
  /** Unit of the times: that of the source. */
  readonly timeBase: TimeBase;
  /** Of the frames. */
  readonly size: Size;
  /** What of each frame is picture, from its top left corner: the rest repeats the last column or row. */
  readonly shown: Size;
  /** The source as it is seen, pixels. Regions are given in these. */
  readonly source: Size;
  /** Width of a pixel against its height. */
  readonly pixelAspect: { readonly num: number; readonly den: number };
  /** A key frame is every so many frames, from the first on. */
  readonly keyEvery: number;
  /** Presentation time of the first frame, ticks. Equal to the source's, as those of all frames. */
  readonly start: number;
  /** Ticks from each frame to the next; one fewer than there are frames. */
  readonly ticks: readonly number[];
  /** Ticks that the last frame is shown for. */
  readonly lastTicks: number;
  /** Bytes of each frame. */
  readonly bytes: readonly number[];
  /** Bytes that are not video before each frame: from the start of the file, then from the end of the frame before. */
  readonly gaps: readonly number[];
  /** First and last of each run of frames that could not be decoded and are black. */
  readonly damaged: readonly (readonly [number, number])[];
}

/** A {@link VideoIndex} with a value for each frame, in the order in which they are both decoded and shown. */
export interface FrameTable {
  readonly count: number;
  /** Presentation times in ticks; whole numbers. */
  readonly pts: Float64Array;
  /** Where each frame begins in the file, bytes. */
  readonly offset: Float64Array;
  readonly bytes: Uint32Array;
}

export function frameTable({ start, ticks, bytes, gaps }: VideoIndex): FrameTable {
  const count = bytes.length;
  const table = {
    count,
    pts: new Float64Array(count),
    offset: new Float64Array(count),
    bytes: Uint32Array.from(bytes),
  };
  let [pts, at] = [start, 0];
  for (let frame = 0; frame < count; frame++) {
    at += gaps[frame] ?? 0;
    table.pts[frame] = pts;
    table.offset[frame] = at;
    at += bytes[frame] ?? 0;
    pts += ticks[frame] ?? 0;
  }
  return table;
}

/** The key frame from which a frame is decoded: that one, and all up to the frame. */
export function keyFrameOf({ keyEvery }: VideoIndex, frame: number): number {
  return frame - (frame % keyEvery);
}

/** The frame that is shown at a time: the last one that does not begin later; the first before all. */
export function frameAt({ pts, count }: FrameTable, ticks: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pts[middle] ?? 0) <= ticks) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
