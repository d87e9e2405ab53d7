import type { NormalizedBox, PixelBox } from '../core/box.ts';
import type { PixelSource } from '../core/observation.ts';

/** Several crops of a picture side by side in one square, so that one run of a model looks at all of them. */
export interface Mosaic {
  /** Crops to a side of the square. */
  readonly grid: number;
  readonly crops: readonly PixelBox[];
}

/**
 * Arranges crops into as few squares as possible, at most `grid` x `grid` to a square; a square with fewer crops has
 * larger cells.
 */
export function arrange(crops: readonly PixelBox[], grid: number): Mosaic[] {
  const mosaics: Mosaic[] = [];
  for (let from = 0; from < crops.length; from += grid * grid) {
    const part = crops.slice(from, from + grid * grid);
    mosaics.push({ grid: Math.ceil(Math.sqrt(part.length)), crops: part });
  }
  return mosaics;
}

/** Draws the crops into `target`, packed RGB of `side` x `side` pixels. Cells without a crop stay as they are. */
export function drawMosaic(mosaic: Mosaic, source: PixelSource, side: number, target: Uint8Array): void {
  const cell = Math.floor(side / mosaic.grid);
  mosaic.crops.forEach((crop, index) => {
    const column = index % mosaic.grid;
    const row = Math.floor(index / mosaic.grid);
    source.readRgb(crop, cell, cell, target, (row * cell * side + column * cell) * 3, side * 3);
  });
}

/**
 * Where in the picture, and in which crop, something found in a mosaic is, or undefined when its centre lies in no crop:
 * something that straddles two cells is an artefact of the seam.
 */
export function fromMosaic(
  mosaic: Mosaic,
  side: number,
  found: NormalizedBox,
): { readonly box: PixelBox; readonly crop: number } | undefined {
  const cell = Math.floor(side / mosaic.grid);
  const column = Math.floor((((found.left + found.right) / 2) * side) / cell);
  const row = Math.floor((((found.top + found.bottom) / 2) * side) / cell);
  if (column < 0 || column >= mosaic.grid || row < 0) return undefined;
  const index = row * mosaic.grid + column;
  const crop = mosaic.crops[index];
  if (crop === undefined) return undefined;
  const scaleX = crop.width / cell;
  const scaleY = crop.height / cell;
  const box = {
    x: crop.x + (found.left * side - column * cell) * scaleX,
    y: crop.y + (found.top * side - row * cell) * scaleY,
    width: (found.right - found.left) * side * scaleX,
    height: (found.bottom - found.top) * side * scaleY,
  };
  return { box, crop: index };
}
