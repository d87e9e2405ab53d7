/** A rectangle that may be tilted. `axis` is the unit vector along `width`, within 45 degrees of pointing right. */
export interface TiltedRectangle {
  readonly centre: readonly [x: number, y: number];
  readonly axis: readonly [x: number, y: number];
  readonly width: number;
  readonly height: number;
}

/**
 * Convex hull of points given as x, y pairs sorted by y and then x, in the same flat form, without collinear points
 * (Andrew's monotone chain, 1979, with the axes exchanged).
 */
export function convexHull(points: readonly number[]): number[] {
  const count = points.length / 2;
  if (count < 3) return [...points];
  const hull: number[] = [];
  const push = (index: number, floor: number): void => {
    const x = points[index * 2]!;
    const y = points[index * 2 + 1]!;
    while (hull.length >= floor + 4) {
      const end = hull.length;
      const cross =
        (hull[end - 2]! - hull[end - 4]!) * (y - hull[end - 3]!) -
        (hull[end - 1]! - hull[end - 3]!) * (x - hull[end - 4]!);
      if (cross > 0) break;
      hull.length -= 2;
    }
    hull.push(x, y);
  };
  for (let index = 0; index < count; index++) push(index, 0);
  const floor = hull.length - 2;
  for (let index = count - 2; index >= 0; index--) push(index, floor);
  hull.length -= 2;
  return hull;
}

/**
 * The rectangle of least area around a convex hull (x, y pairs). One side of it lies on a side of the hull
 * (Freeman and Shapira 1975), so every side is tried; hulls of text regions have few dozen points.
 * `width` runs along the side that is nearer to horizontal.
 */
export function minAreaRectangle(hull: readonly number[]): TiltedRectangle {
  let best: TiltedRectangle | undefined;
  for (let index = 0; index < hull.length; index += 2) {
    const next = (index + 2) % hull.length;
    const dx = hull[next]! - hull[index]!;
    const dy = hull[next + 1]! - hull[index + 1]!;
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    const candidate = boundsAlong(hull, dx / length, dy / length);
    if (best === undefined || candidate.width * candidate.height < best.width * best.height) best = candidate;
  }
  return best ?? { centre: [hull[0] ?? 0, hull[1] ?? 0], axis: [1, 0], width: 0, height: 0 };
}

/** Corners clockwise from the top left one, as x, y pairs. */
export function cornersOf(rectangle: TiltedRectangle): number[] {
  const [cx, cy] = rectangle.centre;
  const [ux, uy] = rectangle.axis;
  const halfX = rectangle.width / 2;
  const halfY = rectangle.height / 2;
  const corner = (along: number, down: number): [number, number] => [
    cx + along * halfX * ux - down * halfY * uy,
    cy + along * halfX * uy + down * halfY * ux,
  ];
  return [...corner(-1, -1), ...corner(1, -1), ...corner(1, 1), ...corner(-1, 1)];
}

function boundsAlong(points: readonly number[], directionX: number, directionY: number): TiltedRectangle {
  const [ux, uy] = nearestToRight(directionX, directionY);
  let low = Infinity;
  let high = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let index = 0; index < points.length; index += 2) {
    const x = points[index]!;
    const y = points[index + 1]!;
    const along = x * ux + y * uy;
    const down = y * ux - x * uy;
    low = Math.min(low, along);
    high = Math.max(high, along);
    top = Math.min(top, down);
    bottom = Math.max(bottom, down);
  }
  const along = (low + high) / 2;
  const down = (top + bottom) / 2;
  return {
    centre: [along * ux - down * uy, along * uy + down * ux],
    axis: [ux, uy],
    width: high - low,
    height: bottom - top,
  };
}

/** Of the four directions of a rectangle's sides, the one nearest to pointing right. */
function nearestToRight(x: number, y: number): [number, number] {
  if (Math.abs(x) >= Math.abs(y)) return x >= 0 ? [x, y] : [-x, -y];
  return y >= 0 ? [y, -x] : [-y, x];
}
