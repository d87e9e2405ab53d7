import { area, coverage, type PixelBox, type Size } from '../core/box.ts';
import type { RawDetection } from './detection.ts';

/** Share of a cut box that must lie in a bigger one for it to be taken as a part of that. */
const PART_OF = 0.8;

/**
 * Greedy non-maximum suppression within each class: of two detections that overlap by more than `limit` (IoU), the
 * one with the higher score stays; of equal scores, the earlier one. @returns those kept, highest score first.
 */
export function suppress(detections: readonly RawDetection[], limit: number): RawDetection[] {
  const boxes = emptyBoxes(detections.length);
  for (const [index, { box, score, classIndex }] of detections.entries()) {
    boxes.edges.set([box.left, box.top, box.right, box.bottom], index * 4);
    boxes.scores[index] = score;
    boxes.classes[index] = classIndex;
  }
  return keepBest(boxes, limit).map((index) => detections[index]!);
}

/** Something found in one of several overlapping tiles of a picture. */
export interface TileDetection {
  readonly class: string;
  readonly score: number;
  /** Pixels of the whole picture. */
  readonly box: PixelBox;
  /** True when an inner edge of the tile may have cut it: see {@link isCut}. */
  readonly cut: boolean;
}

/**
 * Joins what overlapping tiles found: drops cut boxes that lie by 80 % in a bigger box of the same class, whatever the
 * scores, so that a part never displaces the whole; then suppresses as {@link suppress} does.
 */
export function mergeTiles<T extends TileDetection>(detections: readonly T[], limit: number): T[] {
  const whole = detections.filter(
    (part) =>
      !part.cut ||
      !detections.some(
        (other) =>
          other.class === part.class &&
          area(other.box) > area(part.box) &&
          coverage(part.box, other.box) >= PART_OF,
      ),
  );
  const names = [...new Set(whole.map((detection) => detection.class))];
  const boxes = emptyBoxes(whole.length);
  for (const [index, { box, score, class: name }] of whole.entries()) {
    boxes.edges.set([box.x, box.y, box.x + box.width, box.y + box.height], index * 4);
    boxes.scores[index] = score;
    boxes.classes[index] = names.indexOf(name);
  }
  return keepBest(boxes, limit).map((index) => whole[index]!);
}

/** True when the box comes within `margin` pixels of an edge of its tile that is not an edge of the picture. */
export function isCut(box: PixelBox, tile: PixelBox, picture: Size, margin: number): boolean {
  return (
    (tile.x > 0 && box.x - tile.x < margin) ||
    (tile.y > 0 && box.y - tile.y < margin) ||
    (tile.x + tile.width < picture.width && tile.x + tile.width - (box.x + box.width) < margin) ||
    (tile.y + tile.height < picture.height && tile.y + tile.height - (box.y + box.height) < margin)
  );
}

/** Columns instead of objects: comparing every box with every kept one is what suppression spends its time on. */
interface Boxes {
  /** Left, top, right, bottom of each box. */
  readonly edges: Float64Array;
  readonly scores: Float64Array;
  readonly classes: Int32Array;
}

function emptyBoxes(count: number): Boxes {
  return {
    edges: new Float64Array(count * 4),
    scores: new Float64Array(count),
    classes: new Int32Array(count),
  };
}

/** Indices of the boxes that no better box of their class overlaps by more than `limit`, best first. */
function keepBest(boxes: Boxes, limit: number): number[] {
  const { scores } = boxes;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const index of order) {
    if (!isSuppressed(boxes, kept, index, limit)) kept.push(index);
  }
  return kept;
}

/** Whether one of the kept boxes has the class of box `index` and an intersection over union above `limit` with it. */
function isSuppressed(
  { edges, classes }: Boxes,
  kept: readonly number[],
  index: number,
  limit: number,
): boolean {
  const own = classes[index];
  const left = edges[index * 4]!;
  const top = edges[index * 4 + 1]!;
  const right = edges[index * 4 + 2]!;
  const bottom = edges[index * 4 + 3]!;
  const size = (right - left) * (bottom - top);
  for (let position = 0; position < kept.length; position++) {
    const better = kept[position]!;
    if (classes[better] !== own) continue;
    const at = better * 4;
    const width = Math.min(right, edges[at + 2]!) - Math.max(left, edges[at]!);
    if (width <= 0) continue;
    const height = Math.min(bottom, edges[at + 3]!) - Math.max(top, edges[at + 1]!);
    if (height <= 0) continue;
    const common = width * height;
    const betterSize = (edges[at + 2]! - edges[at]!) * (edges[at + 3]! - edges[at + 1]!);
    if (common > limit * (size + betterSize - common)) return true;
  }
  return false;
}
