import type { PixelBox, Size } from '../core/box.ts';

/**
 * Upright tiles side by side over the whole height, each `share` of the width, evenly spread. Two tiles of 56 % find
 * a quarter more persons than the full frame alone.
 */
export function uprightTiles(size: Size, count: number, share = 0.56): PixelBox[] {
  if (count < 2) return [];
  const width = size.width * share;
  return Array.from({ length: count }, (_, index) => ({
    x: ((size.width - width) * index) / (count - 1),
    y: 0,
    width,
    height: size.height,
  }));
}

/**
 * Square tiles of the given side that cover the picture with at least a fifth of overlap, row by row.
 * @param side pixels.
 */
export function squareTiles(size: Size, side: number): PixelBox[] {
  const length = Math.min(side, size.width, size.height);
  const columns = stops(size.width, length);
  const rows = stops(size.height, length);
  return rows.flatMap((y) => columns.map((x) => ({ x, y, width: length, height: length })));
}

function stops(extent: number, length: number): number[] {
  if (extent <= length) return [0];
  const count = Math.ceil((extent - length) / (length * 0.8)) + 1;
  return Array.from({ length: count }, (_, index) => ((extent - length) * index) / (count - 1));
}

/** True when the box touches an edge of the tile that is not an edge of the picture: it was probably cut there. */
export function cutByTile(box: PixelBox, tile: PixelBox, size: Size, tolerance = 2): boolean {
  return (
    (tile.x > 0 && box.x <= tile.x + tolerance) ||
    (tile.y > 0 && box.y <= tile.y + tolerance) ||
    (tile.x + tile.width < size.width && box.x + box.width >= tile.x + tile.width - tolerance) ||
    (tile.y + tile.height < size.height && box.y + box.height >= tile.y + tile.height - tolerance)
  );
}
