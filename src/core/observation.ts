import type { PixelBox, Size } from './box.ts';
import type { Seconds } from './time.ts';

/** Which weights saw something. `digest` is the SHA-256 of the model file, in hex. */
export interface ModelReference {
  readonly id: string;
  readonly digest: string;
}

/** A class of thing that vision reports. Users' own models add names of their own. */
export type ObservedClass = string;

/** What a model saw at one moment: never a decision, and not yet a proposal. */
export interface Observation {
  readonly class: ObservedClass;
  /** Pixels of the picture as displayed. */
  readonly box: PixelBox;
  /** The model's own score, 0..1, not calibrated. */
  readonly score: number;
  readonly model: ModelReference;
  /** Text that was read, for text classes. */
  readonly text?: string;
  /** What the text or code is: `mrz`, `container-number`, `card`, `plate`, `qr`, ... */
  readonly kind?: string;
}

/** Everything seen in one frame. Pictures have one frame at time 0. */
export interface FrameObservations {
  readonly frame: number;
  readonly time: Seconds;
  readonly observations: readonly Observation[];
}

/**
 * Pixels that a detector may look at: a video frame or a still picture, always as displayed (rotation applied).
 * Valid only until the owner releases it.
 */
export interface PixelSource extends Size {
  /**
   * Scales the rectangle `crop` (clipped to the picture) to `width` x `height` and writes packed 8-bit RGB rows into
   * `target`, starting at byte `offset`, with `stride` bytes from row to row (default `width * 3`). A stride larger
   * than a row lets several crops share one mosaic.
   */
  readRgb(
    crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset?: number,
    stride?: number,
  ): void;
  /** 8-bit luma of the whole picture scaled to `width` x `height`, packed. */
  readLuma(width: number, height: number): Uint8Array;
}
