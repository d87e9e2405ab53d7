import type { PixelBox } from '../../core/box.ts';

/** Where a line lies; without corners it is taken as level. */
export interface PlacedLine {
  readonly box: PixelBox;
  /** As in {@link TextLine}. */
  readonly corners?: readonly number[] | undefined;
}

/** Lines next to one another, in reading order, by their index. */
export interface Chains {
  /** Side by side, as one row. */
  readonly rows: readonly (readonly number[])[];
  /** Below one another. */
  readonly stacks: readonly (readonly number[])[];
}

/** A code is painted in at most this many groups. */
const MAX_CHAIN = 4;

/** For every line, the chain that begins with it and follows the nearest neighbour to the right, and that downwards. */
export function chainsOf(lines: readonly PlacedLine[]): Chains {
  const right = lines.map((_, index) => nearest(lines, index, gapToRight));
  const below = lines.map((_, index) => nearest(lines, index, gapDown));
  const follow = (next: readonly (number | undefined)[]): number[][] =>
    lines.map((_, first) => {
      const chain = [first];
      for (let index = next[first]; index !== undefined && chain.length < MAX_CHAIN; index = next[index]) {
        if (chain.includes(index)) break;
        chain.push(index);
      }
      return chain;
    });
  return { rows: follow(right), stacks: follow(below) };
}

/** True when two lines lie closely below one another and are about equally long, as those of an MRZ are. */
export function sameBlock(a: PlacedLine, b: PlacedLine): boolean {
  const [own, other] = levelled(a, b);
  const ratio = Math.min(own.width, other.width) / Math.max(own.width, other.width);
  const height = Math.max(own.height, other.height);
  const gap = Math.max(own.y, other.y) - Math.min(own.y + own.height, other.y + other.height);
  return ratio > 0.6 && Math.abs(own.x - other.x) < 2 * height && gap > -0.6 * height && gap < 1.5 * height;
}

function nearest(
  lines: readonly PlacedLine[],
  index: number,
  gapBetween: (own: PixelBox, other: PixelBox) => number | undefined,
): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  for (const [candidate, line] of lines.entries()) {
    if (candidate === index) continue;
    const gap = gapBetween(...levelled(lines[index]!, line));
    if (gap === undefined || gap >= least) continue;
    least = gap;
    best = candidate;
  }
  return best;
}

function gapToRight(own: PixelBox, other: PixelBox): number | undefined {
  const height = Math.max(own.height, other.height);
  const overlap = Math.min(own.y + own.height, other.y + other.height) - Math.max(own.y, other.y);
  const gap = other.x - (own.x + own.width);
  const inRow = overlap > 0.5 * Math.min(own.height, other.height) && similarHeight(own, other);
  return inRow && gap > -0.8 * height && gap < 3 * height && other.x > own.x ? gap : undefined;
}

function gapDown(own: PixelBox, other: PixelBox): number | undefined {
  const overlap = Math.min(own.x + own.width, other.x + other.width) - Math.max(own.x, other.x);
  const gap = other.y - (own.y + own.height);
  if (other.y <= own.y || overlap <= 0.3 * Math.min(own.width, other.width)) return undefined;
  const column = isColumn(own) || isColumn(other);
  const [a, b] = column ? [own.width, other.width] : [own.height, other.height];
  // Groups of letters painted one below the other stand further apart than lines do.
  const reach = (column ? 3 : 1) * Math.max(a, b);
  const alike = Math.min(a, b) > 0.5 * Math.max(a, b);
  return alike && gap > -0.6 * Math.max(a, b) && gap < reach ? gap : undefined;
}

function isColumn({ width, height }: PixelBox): boolean {
  return height > 1.5 * width;
}

function similarHeight(a: PixelBox, b: PixelBox): boolean {
  return Math.min(a.height, b.height) > 0.5 * Math.max(a.height, b.height);
}

/** Both lines turned so that the first one is level. */
function levelled(own: PlacedLine, other: PlacedLine): [own: PixelBox, other: PixelBox] {
  if (own.corners === undefined) return [own.box, other.box];
  const [x1, y1, x2, y2] = own.corners as readonly [number, number, number, number];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const axis = [(x2 - x1) / length, (y2 - y1) / length] as const;
  return [turned(own, axis), turned(other, axis)];
}

function turned(line: PlacedLine, [ux, uy]: readonly [number, number]): PixelBox {
  const corners = line.corners ?? cornersOfBox(line.box);
  const along: number[] = [];
  const down: number[] = [];
  for (let index = 0; index < corners.length; index += 2) {
    along.push(corners[index]! * ux + corners[index + 1]! * uy);
    down.push(corners[index + 1]! * ux - corners[index]! * uy);
  }
  const x = Math.min(...along);
  const y = Math.min(...down);
  return { x, y, width: Math.max(...along) - x, height: Math.max(...down) - y };
}

function cornersOfBox({ x, y, width, height }: PixelBox): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}
