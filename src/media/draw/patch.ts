import type { Size } from '../../core/box.ts';
import type { Shape, Style } from './region.ts';
import type { Patch } from './synthesis.ts';

/** Most cells in a patch; larger patches get larger cells. */
const MOST_CELLS = 1 << 15;

/** Cells across the smaller side of a region, and the largest cell in pixels. */
const cellRules: Record<
  Exclude<Style, 'solid' | 'outline'>,
  { readonly across: number; readonly most: number }
> = {
  // Fine enough that the seam to the surroundings is not seen.
  blur: { across: 14, most: 16 },
  pixelate: { across: 8, most: 64 },
  'blur-inside': { across: 5, most: 4096 },
  'mosaic-inside': { across: 8, most: 4096 },
};

/** Styles whose look is made of cells. */
export type CellStyle = keyof typeof cellRules;

/**
 * Rectangles to be worked on together, each with its shapes: shapes whose surroundings meet share one, so that no seam
 * shows where they overlap and each finds pixels outside them all.
 */
export function patchesFor(
  shapes: readonly Shape[],
  style: CellStyle,
  size: Size,
): { readonly patch: Patch; readonly shapes: readonly Shape[] }[] {
  const clusters: { patch: Patch; shapes: Shape[] }[] = [];
  for (const shape of shapes) {
    if (!(shape.right > shape.left && shape.bottom > shape.top)) continue;
    let merged = { patch: patchAround(shape, style), shapes: [shape] };
    // Joining may make the patch reach others, so look again until nothing meets it.
    for (let met = findMeeting(clusters, merged.patch); met >= 0; met = findMeeting(clusters, merged.patch)) {
      const [other] = clusters.splice(met, 1);
      merged = { patch: joined(merged.patch, other!.patch), shapes: [...other!.shapes, ...merged.shapes] };
    }
    clusters.push(merged);
  }
  return clusters.map(({ patch, shapes: own }) => ({ patch: bounded(patch, size), shapes: own }));
}

/** The whole picture as one patch. */
export function wholePatch(style: CellStyle, size: Size): Patch {
  const cell = cellSize(Math.min(size.width, size.height) / 4, style);
  return bounded({ left: 0, top: 0, right: size.width, bottom: size.height, cell }, size);
}

function cellSize(side: number, style: CellStyle): number {
  const { across, most } = cellRules[style];
  return Math.min(most, Math.max(2, Math.round(side / across)));
}

function patchAround(shape: Shape, style: CellStyle): Patch {
  const cell = cellSize(Math.min(shape.right - shape.left, shape.bottom - shape.top), style);
  // Two cells of surroundings keep a single odd pixel from colouring the whole mask.
  const margin = style === 'blur' || style === 'pixelate' ? 2 * cell : 0;
  return {
    left: Math.floor(shape.left) - margin,
    top: Math.floor(shape.top) - margin,
    right: Math.ceil(shape.right) + margin,
    bottom: Math.ceil(shape.bottom) + margin,
    cell,
  };
}

function findMeeting(clusters: readonly { readonly patch: Patch }[], patch: Patch): number {
  return clusters.findIndex(
    ({ patch: other }) =>
      other.left < patch.right &&
      patch.left < other.right &&
      other.top < patch.bottom &&
      patch.top < other.bottom,
  );
}

function joined(a: Patch, b: Patch): Patch {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
    cell: Math.min(a.cell, b.cell),
  };
}

function bounded(patch: Patch, size: Size): Patch {
  const left = Math.max(0, patch.left);
  const top = Math.max(0, patch.top);
  const right = Math.max(left, Math.min(size.width, patch.right));
  const bottom = Math.max(top, Math.min(size.height, patch.bottom));
  const least = Math.ceil(Math.sqrt(((right - left) * (bottom - top)) / MOST_CELLS));
  return { left, top, right, bottom, cell: Math.max(patch.cell, least) };
}
