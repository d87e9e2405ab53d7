import type { NormalizedBox, Size } from '../../core/box.ts';

/** Side of the cells, pixels of the plane, in which changed pixels are counted before they are joined. */
const cell = 4;
/** Changed pixels that make a cell count: single pixels are noise. */
const cellMinimum = 4;
/** Cells by which two changed places may be apart and still be one: the parts of one person. */
const reach = 1;

/** A connected place of change. */
export interface Blob {
  /** Fractions of the picture. */
  readonly box: NormalizedBox;
  /** Changed pixels of the plane. */
  readonly pixels: number;
}

/**
 * The connected places of a mask, largest first. Pixels are counted in cells of 4 x 4, which joins what belongs together
 * and forgets what is scattered.
 */
export function findBlobs(mask: Uint8Array, size: Size): Blob[] {
  const columns = Math.ceil(size.width / cell);
  const rows = Math.ceil(size.height / cell);
  const counts = new Uint16Array(columns * rows);
  for (let y = 0, at = 0; y < size.height; y++) {
    const row = Math.floor(y / cell) * columns;
    for (let x = 0; x < size.width; x++, at++) {
      if (mask[at] === 1) {
        const place = row + Math.floor(x / cell);
        counts[place] = counts[place]! + 1;
      }
    }
  }
  const blobs: Blob[] = [];
  for (let start = 0; start < counts.length; start++) {
    if (counts[start]! >= cellMinimum) blobs.push(takeBlob(counts, columns, rows, start, size));
  }
  return blobs.sort((a, b) => b.pixels - a.pixels);
}

/** Collects the cells that hang together with `start`, and empties them. */
function takeBlob(counts: Uint16Array, columns: number, rows: number, start: number, size: Size): Blob {
  let [left, right, top, bottom, pixels] = [columns, 0, rows, 0, 0];
  const open = [start];
  pixels += counts[start]!;
  counts[start] = 0;
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const x = place % columns;
    const y = Math.floor(place / columns);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    for (let ny = Math.max(0, y - reach); ny <= Math.min(rows - 1, y + reach); ny++) {
      for (let nx = Math.max(0, x - reach); nx <= Math.min(columns - 1, x + reach); nx++) {
        const next = ny * columns + nx;
        if (counts[next]! < cellMinimum) continue;
        pixels += counts[next]!;
        counts[next] = 0;
        open.push(next);
      }
    }
  }
  return {
    pixels,
    box: {
      left: (left * cell) / size.width,
      top: (top * cell) / size.height,
      right: Math.min(1, ((right + 1) * cell) / size.width),
      bottom: Math.min(1, ((bottom + 1) * cell) / size.height),
    },
  };
}
