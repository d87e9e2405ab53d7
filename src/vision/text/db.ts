import type { TextQuad } from '../detection.ts';
import { convexHull, cornersOf, minAreaRectangle, type TiltedRectangle } from './min-area-rectangle.ts';

/** The defaults are those of PaddleOCR's PP-OCRv4 detector, except `boxThreshold` (there 0.6), lowered for recall. */
export interface DbTextOptions {
  /** A map value above this belongs to text, 0..1; 0.3 by default. */
  readonly threshold?: number;
  /** Least mean map value inside the rectangle, 0..1; 0.5 by default. */
  readonly boxThreshold?: number;
  /** How far the shrunk region is grown back, as the factor r' of the paper; 1.5 by default. */
  readonly unclip?: number;
  /** Least short side of the region before it is grown, in map pixels; 3 by default. */
  readonly minSize?: number;
}

/** Horizontal stretches of text pixels: for each run its row, first column, column after the last, and parent run. */
interface Runs {
  readonly rows: number[];
  readonly starts: number[];
  readonly ends: number[];
  readonly parents: number[];
}

/**
 * Finds text lines in the probability map of a DB detector (Liao et al. 2020, "Real-time Scene Text Detection with
 * Differentiable Binarization", section 3.5): regions connected over 8 neighbours, the rectangle of least area
 * around each, grown by area * unclip / perimeter on every side.
 *
 * Corners are exact and may lie a little outside the picture; `box` is clipped to it. The first side of a quad is the
 * one nearer to horizontal: a line written upwards or downwards is a quad higher than wide.
 *
 * @param map probabilities 0..1, row by row, `width * height` values.
 */
export function decodeDbText(
  map: Float32Array,
  width: number,
  height: number,
  options: DbTextOptions = {},
): TextQuad[] {
  const { threshold = 0.3, boxThreshold = 0.5, unclip = 1.5, minSize = 3 } = options;
  const quads: TextQuad[] = [];
  for (const outline of outlinesOf(labelRuns(map, width, height, threshold))) {
    const rectangle = minAreaRectangle(convexHull(outline));
    if (Math.min(rectangle.width, rectangle.height) < minSize) continue;
    const score = meanInside(map, width, height, rectangle);
    if (score < boxThreshold) continue;
    quads.push(toQuad(grown(rectangle, unclip), width, height, score));
  }
  return quads;
}

function labelRuns(map: Float32Array, width: number, height: number, threshold: number): Runs {
  const runs: Runs = { rows: [], starts: [], ends: [], parents: [] };
  let aboveFirst = 0;
  for (let row = 0; row < height; row++) {
    const rowFirst = runs.rows.length;
    const offset = row * width;
    let above = aboveFirst;
    for (let column = 0; column < width; column++) {
      if (!(map[offset + column]! > threshold)) continue;
      const start = column;
      while (column < width && map[offset + column]! > threshold) column++;
      const own = runs.rows.length;
      runs.rows.push(row);
      runs.starts.push(start);
      runs.ends.push(column);
      runs.parents.push(own);
      while (above < rowFirst && runs.ends[above]! < start) above++;
      // The last run that touches may reach the next run of this row too, so `above` stays on it.
      for (let touching = above; touching < rowFirst && runs.starts[touching]! <= column; touching++) {
        union(runs.parents, touching, own);
      }
    }
    aboveFirst = rowFirst;
  }
  return runs;
}

function find(parents: number[], run: number): number {
  let root = run;
  while (parents[root] !== root) root = parents[root]!;
  while (parents[run] !== root) {
    const next = parents[run]!;
    parents[run] = root;
    run = next;
  }
  return root;
}

function union(parents: number[], a: number, b: number): void {
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  // The smaller index stays root, so that regions come out in reading order of their first pixel.
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
}

/** For each region, the pixel-cell corners at both ends of its runs, sorted by y and then x. */
function outlinesOf(runs: Runs): number[][] {
  const regions = new Map<number, number[]>();
  for (let run = 0; run < runs.rows.length; run++) {
    const root = find(runs.parents, run);
    const members = regions.get(root);
    if (members === undefined) regions.set(root, [run]);
    else members.push(run);
  }
  return [...regions.values()].map((members) => outlineOf(members, runs));
}

function outlineOf(members: readonly number[], runs: Runs): number[] {
  const top = runs.rows[members[0]!]!;
  const rows = runs.rows[members.at(-1)!]! - top + 1;
  const lefts = new Array<number>(rows + 1).fill(Infinity);
  const rights = new Array<number>(rows + 1).fill(-Infinity);
  for (const run of members) {
    // A pixel is a cell: its run bounds both the upper and the lower edge of its row.
    for (const edge of [runs.rows[run]! - top, runs.rows[run]! - top + 1]) {
      lefts[edge] = Math.min(lefts[edge]!, runs.starts[run]!);
      rights[edge] = Math.max(rights[edge]!, runs.ends[run]!);
    }
  }
  return lefts.flatMap((left, edge) => [left, top + edge, rights[edge]!, top + edge]);
}

/** Mean of the map over the pixels whose centres lie in the rectangle. */
function meanInside(map: Float32Array, width: number, height: number, rectangle: TiltedRectangle): number {
  const corners = cornersOf(rectangle);
  const ys = [corners[1]!, corners[3]!, corners[5]!, corners[7]!];
  const firstRow = Math.max(0, Math.ceil(Math.min(...ys) - 0.5));
  const lastRow = Math.min(height - 1, Math.floor(Math.max(...ys) - 0.5));
  let sum = 0;
  let count = 0;
  for (let row = firstRow; row <= lastRow; row++) {
    const [from, to] = spanAt(corners, row + 0.5);
    const first = Math.max(0, Math.ceil(from - 0.5));
    const last = Math.min(width - 1, Math.floor(to - 0.5));
    for (let column = first; column <= last; column++) sum += map[row * width + column]!;
    count += Math.max(0, last - first + 1);
  }
  return count > 0 ? sum / count : 0;
}

/** Where the horizontal line at `y` enters and leaves a convex quad. */
function spanAt(corners: readonly number[], y: number): [from: number, to: number] {
  let from = Infinity;
  let to = -Infinity;
  for (let index = 0; index < 8; index += 2) {
    const x1 = corners[index]!;
    const y1 = corners[index + 1]!;
    const x2 = corners[(index + 2) % 8]!;
    const y2 = corners[(index + 3) % 8]!;
    if (y1 === y2 || y < Math.min(y1, y2) || y > Math.max(y1, y2)) continue;
    const x = x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
    from = Math.min(from, x);
    to = Math.max(to, x);
  }
  return [from, to];
}

function grown(rectangle: TiltedRectangle, unclip: number): TiltedRectangle {
  const { width, height } = rectangle;
  const distance = (width * height * unclip) / (2 * (width + height));
  return { ...rectangle, width: width + 2 * distance, height: height + 2 * distance };
}

function toQuad(rectangle: TiltedRectangle, width: number, height: number, score: number): TextQuad {
  const corners = cornersOf(rectangle).map((value, index) => value / (index % 2 === 0 ? width : height));
  const xs = corners.filter((_, index) => index % 2 === 0);
  const ys = corners.filter((_, index) => index % 2 === 1);
  const box = {
    left: Math.max(0, Math.min(...xs)),
    top: Math.max(0, Math.min(...ys)),
    right: Math.min(1, Math.max(...xs)),
    bottom: Math.min(1, Math.max(...ys)),
  };
  return { score, corners, box };
}
