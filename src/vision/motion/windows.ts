import { coverage, hull, movedInside, type PixelBox, type Size } from '../../core/box.ts';

/** How large the windows of a camera are. */
export interface WindowSizing {
  /** Side of a window, as a multiple of the height of the things expected in it. */
  readonly heights: number;
  /** Smallest and largest side, as shares of the picture's shorter side. */
  readonly smallest: number;
  readonly largest: number;
}

/**
 * A person of a third of the window is seen best: 260-pixel windows around persons of 80 pixels found 90 % of them where
 * the whole picture gave 69 % (PETS09-S2L1).
 */
export const defaultSizing: WindowSizing = { heights: 3.1, smallest: 0.16, largest: 1 };

/** Share of a window within which its things must lie, so that none is cut at the edge. */
const inner = 0.9;

/**
 * Squares that together cover all places to look at, fewest first come: each starts with the largest place not yet
 * covered and takes in the nearest ones as long as they fit.
 * @param places what moved, and where things followed are expected; pixels.
 * @param sideAt side of a window for a place, pixels.
 * @param most windows; the places left over when they are used up are `missed`.
 */
export function coverWithWindows(
  places: readonly PixelBox[],
  sideAt: (place: PixelBox) => number,
  size: Size,
  most: number,
): { readonly windows: PixelBox[]; readonly missed: number } {
  const open = places.flatMap((place) => split(place, sideAt(place) * inner));
  const windows: PixelBox[] = [];
  let rest = open;
  while (rest.length > 0 && windows.length < most) {
    const seed = rest.reduce((best, place) => (weight(place) > weight(best) ? place : best));
    const window = windowAround(seed, rest, sideAt(seed), size);
    windows.push(window);
    rest = rest.filter((place) => place !== seed && coverage(place, window) < 0.98);
  }
  return { windows, missed: rest.length };
}

function weight(place: PixelBox): number {
  return Math.max(place.width, place.height);
}

function windowAround(seed: PixelBox, places: readonly PixelBox[], side: number, size: Size): PixelBox {
  const centre = (box: PixelBox): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
  const [x, y] = centre(seed);
  const distance = (box: PixelBox): number => Math.hypot(centre(box)[0] - x, centre(box)[1] - y);
  const limit = side * inner;
  const held = places
    .filter((place) => place !== seed)
    .toSorted((a, b) => distance(a) - distance(b))
    .reduce((box, place) => {
      const wider = hull(box, place);
      return wider.width <= limit && wider.height <= limit ? wider : box;
    }, seed);
  const [cx, cy] = centre(held);
  return movedInside({ x: cx - side / 2, y: cy - side / 2, width: side, height: side }, size);
}

/** A place larger than a window (a crowd) in parts that fit, with some overlap. */
function split(place: PixelBox, limit: number): PixelBox[] {
  const columns = parts(place.width, limit);
  const rows = parts(place.height, limit);
  if (columns * rows === 1) return [place];
  const width = Math.min(place.width, limit);
  const height = Math.min(place.height, limit);
  const at = (start: number, length: number, part: number, index: number, count: number): number =>
    count === 1 ? start : start + ((length - part) * index) / (count - 1);
  return Array.from({ length: columns * rows }, (_, index) => ({
    x: at(place.x, place.width, width, index % columns, columns),
    y: at(place.y, place.height, height, Math.floor(index / columns), rows),
    width,
    height,
  }));
}

/** Parts of `limit` that cover a length, each overlapping its neighbour by at least a quarter. */
function parts(length: number, limit: number): number {
  return length <= limit ? 1 : Math.ceil((length - limit) / (0.75 * limit)) + 1;
}
