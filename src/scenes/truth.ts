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
  /** Which points of {@link visibleGrid} can be seen, packed; absent when all can. What is hidden needs no mask. */
  readonly visible?: string;
  /** Pixels that it moves while the shutter is open. */
  readonly blur: number;
}

/** The corners of an upright box, clockwise from the upper left one. */
export function boxCorners({ x, y, width, height }: PixelBox): Point[] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

const SIDE = 20;

/** A grid of 20 x 20 points across a thing's box, or its turned rectangle, on which is noted what can be seen. */
export const visibleGrid = {
  /** The points, row by row. @param corners clockwise from the upper left one. */
  points(corners: readonly Point[]): Point[] {
    const [[x, y], [acrossX, acrossY], [downX, downY]] = [corners[0]!, corners[1]!, corners[3]!];
    return Array.from({ length: SIDE * SIDE }, (_, i): Point => {
      const [u, v] = [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE];
      return [x + u * (acrossX - x) + v * (downX - x), y + u * (acrossY - y) + v * (downY - y)];
    });
  },
  /** Four points to a hexadecimal digit. */
  pack(seen: readonly boolean[]): string {
    let digits = '';
    for (let i = 0; i < seen.length; i += 4) {
      digits += seen
        .slice(i, i + 4)
        .reduce((sum, bit, at) => sum + (bit ? 8 >> at : 0), 0)
        .toString(16);
    }
    return digits;
  },
  unpack(packed: string): boolean[] {
    return [...packed].flatMap((digit) =>
      [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit) !== 0),
    );
  },
} as const;
