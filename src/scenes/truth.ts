import type { PixelBox, Size } from '../core/box.ts';

/** What a scene may hold. Text classes are named as the text finder of the product names its kinds. */
export type TruthClass =
  | 'face'
  | 'head'
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

/** How a face is turned out of the plane of the picture. */
export type View = 'front' | 'turned' | 'profile' | 'down';

/** A thing known to be in a sprite. */
export interface Mark {
  readonly class: TruthClass;
  /** Pixels of the sprite. */
  readonly box: PixelBox;
  readonly text?: string;
  /** For text: height of a line of its font, from the top of the tallest letter to the foot of the lowest. */
  readonly lineHeight?: number;
  /** For faces: which photographed face it is, and how it is turned. */
  readonly subject?: string;
  readonly view?: View;
  /** Radians by which it is turned clockwise inside the sprite; its box holds it as it is turned. */
  readonly turn?: number;
  /** It fills only the ellipse in its box, so that a turned one needs a smaller box than a rectangle does. */
  readonly oval?: boolean;
}

/** A point of a frame in pixels. */
export type Point = readonly [x: number, y: number];

/** A thing known to be in a frame. */
export interface Truth {
  /** The same thing has the same id in every frame of a scene. */
  readonly id: string;
  readonly class: TruthClass;
  /** Pixels of the frame, clipped to it. With motion blur: everything it sweeps over while the shutter is open. */
  readonly box: PixelBox;
  /**
   * Corners of a rectangle that is turned, in the middle of the exposure and not clipped; absent for ovals and for what
   * stands upright.
   */
  readonly corners?: readonly Point[];
  /** Pixels, of the whole thing, at rest and upright; the height of text is that of a line of its font. */
  readonly size: Size;
  readonly text?: string;
  /** Which photographed face it is: faces of one subject are not independent. */
  readonly subject?: string;
  readonly view?: View;
  /** Radians by which it is turned in the plane of the picture, clockwise. */
  readonly turn: number;
  /** Share (0..1) of the thing's box that lies beyond the frame or behind something in front of it. */
  readonly occludedShare: number;
  /** Pixels that it moves while the shutter is open. */
  readonly blur: number;
}
