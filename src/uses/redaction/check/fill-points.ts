import type { Shape } from '../../../media/draw/region.ts';
import type { Surface } from '../../../media/surface.ts';

/** Compression smears what lies around a mask into it, at most as far as the blocks it works in reach. */
const SMEARED = { share: 0.2, most: 8 };
/** Points across and down at which a fill is looked at, at most, and how far apart they are otherwise. */
const POINTS = { most: 8, apart: 10 };
/** Whether a shape holds the middle of a stored sample. */
export function holds({ left, top, right, bottom, ellipse }: Shape, x: number, y: number): boolean {
  if (ellipse) {
    const across = (2 * x - left - right) / (right - left);
    const down = (2 * y - top - bottom) / (bottom - top);
    return across ** 2 + down ** 2 <= 1;
  }
  return x >= left && x < right && y >= top && y < bottom;
}

/** Visits points inside a mask, away from its rim, and inside the picture. */
export function eachPoint(shape: Shape, surface: Surface, visit: (x: number, y: number) => void): void {
  const width = shape.right - shape.left;
  const height = shape.bottom - shape.top;
  const margin = Math.min(SMEARED.most, SMEARED.share * Math.min(width, height));
  const inner = {
    ...shape,
    left: shape.left + margin,
    right: shape.right - margin,
    top: shape.top + margin,
    bottom: shape.bottom - margin,
  };
  const columns = pointsAlong(inner.right - inner.left);
  const rows = pointsAlong(inner.bottom - inner.top);
  for (let row = 0; row < rows; row++) {
    const y = Math.floor(inner.top + ((row + 0.5) / rows) * (inner.bottom - inner.top));
    if (y < 0 || y >= surface.height) continue;
    for (let column = 0; column < columns; column++) {
      const x = Math.floor(inner.left + ((column + 0.5) / columns) * (inner.right - inner.left));
      if (x >= 0 && x < surface.width && (!inner.ellipse || holds(inner, x, y))) visit(x, y);
    }
  }
}

function pointsAlong(length: number): number {
  return Math.max(2, Math.min(POINTS.most, Math.round(length / POINTS.apart)));
}
