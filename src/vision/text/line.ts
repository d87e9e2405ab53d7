import type { PixelBox } from '../../core/box.ts';
import type { TextQuad } from '../detection.ts';

/** A line of text in a picture. Everything is in pixels of the picture as displayed. */
export interface TextLine {
  /** x1, y1, ... x4, y4: a rectangle, maybe tilted, clockwise from its top left corner; may pass the picture's edge. */
  readonly corners: readonly number[];
  /** The upright box around the corners, inside the picture. */
  readonly box: PixelBox;
  /** The detector's score, 0..1. */
  readonly score: number;
}

/** A quad found in the part `crop` of a picture, as a line of the picture. */
export function toTextLine(quad: TextQuad, crop: PixelBox): TextLine {
  const corners = quad.corners.map((value, index) =>
    index % 2 === 0 ? crop.x + value * crop.width : crop.y + value * crop.height,
  );
  const { left, top, right, bottom } = quad.box;
  const box = {
    x: crop.x + left * crop.width,
    y: crop.y + top * crop.height,
    width: (right - left) * crop.width,
    height: (bottom - top) * crop.height,
  };
  return { corners, box, score: quad.score };
}

/** Lengths of the first side (towards the right) and of the second (downwards), in pixels. */
export function lineSize(line: TextLine): { width: number; height: number } {
  const [x1, y1, x2, y2, x3, y3] = line.corners as readonly [number, number, number, number, number, number];
  return { width: Math.hypot(x2 - x1, y2 - y1), height: Math.hypot(x3 - x2, y3 - y2) };
}

/** True for lines written upwards, downwards or as a stack of letters: higher than 1.5 times their width. */
export function isVertical(line: TextLine): boolean {
  const { width, height } = lineSize(line);
  return height > 1.5 * width;
}
