import type { PixelBox } from '../core/box.ts';

/** What a scene may hold. Text classes are named as the text finder of the product names its kinds. */
export type TruthClass =
  | 'face'
  | 'person'
  | 'vehicle'
  | 'plate'
  | 'screen'
  | 'document'
  | 'container'
  | 'label'
  | 'text'
  | 'email'
  | 'phone'
  | 'card'
  | 'mrz'
  | 'container-number'
  | 'badge'
  | 'qr'
  | 'barcode';

/** A thing known to be in a sprite. */
export interface Mark {
  readonly class: TruthClass;
  /** Pixels of the sprite. */
  readonly box: PixelBox;
  readonly text?: string;
}

/** A thing known to be in a frame. */
export interface Truth {
  /** The same thing has the same id in every frame of a scene. */
  readonly id: string;
  readonly class: TruthClass;
  /** Pixels of the frame, clipped to it. With motion blur: everything it sweeps over while the shutter is open. */
  readonly box: PixelBox;
  readonly text?: string;
  /** Share (0..1) of the thing's box that lies beyond the frame or behind something in front of it. */
  readonly occludedShare: number;
  /** Pixels that it moves while the shutter is open. */
  readonly blur: number;
}
