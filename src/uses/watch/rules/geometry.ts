/** A point as fractions of the picture. */
export type Point = readonly [x: number, y: number];

/** Whether a polygon goes around a point, also one that crosses itself (nonzero rule, as it is drawn in the console). */
export function isInside([x, y]: Point, polygon: readonly Point[]): boolean {
  let windings = 0;
  for (let at = 0, before = polygon.length - 1; at < polygon.length; before = at++) {
    const [ax, ay] = polygon[at]!;
    const [bx, by] = polygon[before]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) windings += ay > by ? 1 : -1;
  }
  return windings !== 0;
}

/** On which side of the line a point is for somebody who stands at `from` and looks at `to`. */
export function sideOf(line: { readonly from: Point; readonly to: Point }, [x, y]: Point): 'left' | 'right' {
  const [ax, ay] = line.from;
  const [bx, by] = line.to;
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax) < 0 ? 'left' : 'right';
}

/** Whether the way from one point to another passes through the line between its ends. */
export function crosses(
  line: { readonly from: Point; readonly to: Point },
  earlier: Point,
  later: Point,
): boolean {
  const way = { from: earlier, to: later };
  return sideOf(line, earlier) !== sideOf(line, later) && sideOf(way, line.from) !== sideOf(way, line.to);
}
