import type { PixelBox, Size } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Orientation } from '../surface.ts';
import { toStored } from '../video/orientation.ts';

/**
 * How a region is drawn.
 * - `solid`: one colour.
 * - `blur`, `pixelate`: look like a blur or a mosaic, but are made only from pixels outside every hidden region of the
 *   frame, so nothing of what they hide is left to recover.
 * - `blur-inside`, `mosaic-inside`: the usual cosmetic effects, made from the pixels they cover. Reversible: see
 *   {@link reversibleStyles}.
 * - `outline`: a line for review; hides nothing.
 */
export type Style = 'solid' | 'pixelate' | 'blur' | 'outline' | 'mosaic-inside' | 'blur-inside';

/**
 * Styles that keep information about what they cover: among 22 persons, seen before other surroundings, a face recogniser
 * with a gallery hidden alike named 64 to 88 in 100 rightly (the bench `reidentification`; see also McPherson et al. 2016;
 * Revelio 2025). Cosmetic only, never for release.
 */
export const reversibleStyles: ReadonlySet<Style> = new Set<Style>(['mosaic-inside', 'blur-inside']);

/** 8-bit sRGB. */
export interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

export interface DrawnRegion {
  /** Pixels of the picture as displayed. Every pixel it touches is covered. */
  readonly box: PixelBox;
  /** `ellipse` is the one inscribed in the box. */
  readonly shape: 'box' | 'ellipse';
  readonly style: Style;
  /** Of `solid` (default black) and `outline` (default yellow). */
  readonly color?: Rgb;
  /** Text shown on the mask, for example an exemption code. Left out where the mask is too small to read it. */
  readonly label?: string;
}

/** A region in stored coordinates: edges as fractions of pixels, origin at the first stored sample. */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly ellipse: boolean;
}

/** Coordinates beyond this many pixels are an error of the caller, and their sums would lose fractions. */
const LARGEST = 1e9;

/**
 * The stored rectangle that is seen as `box` once the picture is turned and mirrored.
 * @throws TidewaiterError `E_REGION` for a box that is not made of finite, sensible numbers or has a negative size:
 *   nobody can say what it was meant to hide.
 */
export function storedShape(
  region: Pick<DrawnRegion, 'box' | 'shape'>,
  stored: Size,
  orientation: Orientation,
): Shape {
  const { x, y, width, height } = region.box;
  const sane = [x, y, width, height].every((value) => Math.abs(value) <= LARGEST);
  if (!sane || width < 0 || height < 0) {
    throw new TidewaiterError(
      'E_REGION',
      `A region has the box x=${x} y=${y} width=${width} height=${height}`,
      `Give numbers between -${LARGEST} and ${LARGEST}, and sizes of 0 or more.`,
    );
  }
  const place = toStored(region.box, stored, orientation);
  return {
    left: place.x,
    top: place.y,
    right: place.x + place.width,
    bottom: place.y + place.height,
    ellipse: region.shape === 'ellipse',
  };
}

/** The shape with each edge moved inwards by `margin` pixels; may become empty. */
export function inset(shape: Shape, margin: number): Shape {
  return {
    left: shape.left + margin,
    top: shape.top + margin,
    right: shape.right - margin,
    bottom: shape.bottom - margin,
    ellipse: shape.ellipse,
  };
}
