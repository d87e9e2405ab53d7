import { clipped, intersection, type PixelBox, type Size } from '../../../core/box.ts';
import { boxCorners, type Point, type Truth, visibleGrid } from '../../../scenes/truth.ts';

/** A mask at one moment, in pixels of the frame. */
export interface Mask {
  readonly box: PixelBox;
  readonly shape: 'box' | 'ellipse';
}

/** An area without dents: what a horizontal line cuts out of it is one piece. */
interface Area {
  /** Where its outline bends, from top to bottom; between two of these its edges are straight or smooth. */
  readonly bends: readonly number[];
  /** Left and right end of what lies on the line at `y`; the right end is not above the left one outside of it. */
  cut(y: number): readonly [number, number];
}

/** Lines on which curved and slanted edges are measured between two bends. */
const LINES = 24;

/** Share (0..1) of what can be seen of a thing that lies under masks: of its box, or of the turned rectangle that it is. */
export function coveredShare(
  thing: Pick<Truth, 'box' | 'corners' | 'visible'>,
  masks: readonly Mask[],
  size: Size,
): number {
  const { box, corners, visible } = thing;
  const near = masks.filter((mask) => meet(mask.box, box));
  if (near.length === 0) return 0;
  if (visible !== undefined) return coveredPoints(corners ?? boxCorners(box), visible, near);
  const whole = corners === undefined ? rectangle(box) : polygon(corners);
  const inside = rectangle({ x: 0, y: 0, ...size });
  const own = measure([whole], [inside]);
  return own === 0 ? 0 : measure([whole], near.map(maskArea)) / own;
}

/** Of something that is partly hidden: counted on the points of the grid that can be seen. */
function coveredPoints(corners: readonly Point[], visible: string, masks: readonly Mask[]): number {
  const seen = visibleGrid.unpack(visible);
  const points = visibleGrid.points(corners).filter((_, index) => seen[index]);
  const areas = masks.map(maskArea);
  const covered = points.filter(([x, y]) =>
    areas.some((area) => {
      const [from, to] = area.cut(y);
      return x >= from && x < to;
    }),
  );
  return covered.length / points.length;
}

/** Pixels under the masks within a frame, and those of them that lie outside of all the things. */
export function maskedArea(
  masks: readonly Mask[],
  things: readonly Pick<Truth, 'box' | 'corners'>[],
  size: Size,
): { readonly masked: number; readonly outside: number } {
  const areas = masks
    .map(({ box, shape }) => maskArea({ shape, box }))
    .filter(({ bends }) => bends.length > 0);
  const frame = [rectangle({ x: 0, y: 0, ...size })];
  const masked = measure(areas, frame);
  const inside = measure(areas, things.map(thingArea));
  return { masked, outside: masked - inside };
}

/** Pixels of the things within a frame, each counted once. */
export function thingsArea(things: readonly Pick<Truth, 'box' | 'corners'>[], size: Size): number {
  return measure(things.map(thingArea), [rectangle({ x: 0, y: 0, ...size })]);
}

/** A mask as it is drawn: every pixel that a box touches is covered. */
export function asDrawn(mask: Mask, size: Size): Mask {
  if (mask.shape === 'ellipse') return mask;
  const x = Math.floor(mask.box.x);
  const y = Math.floor(mask.box.y);
  const width = Math.ceil(mask.box.x + mask.box.width) - x;
  const height = Math.ceil(mask.box.y + mask.box.height) - y;
  return { shape: 'box', box: clipped({ x, y, width, height }, size) };
}

function meet(a: PixelBox, b: PixelBox): boolean {
  const { width, height } = intersection(a, b);
  return width > 0 && height > 0;
}

function thingArea({ box, corners }: Pick<Truth, 'box' | 'corners'>): Area {
  return corners === undefined ? rectangle(box) : polygon(corners);
}

function maskArea({ box, shape }: Mask): Area {
  return shape === 'ellipse' ? ellipse(box) : rectangle(box);
}

function rectangle({ x, y, width, height }: PixelBox): Area {
  return {
    bends: [y, y + height],
    cut: (at) => (at < y || at > y + height ? [0, 0] : [x, x + width]),
  };
}

function ellipse({ x, y, width, height }: PixelBox): Area {
  const [a, b] = [width / 2, height / 2];
  return {
    bends: Array.from({ length: LINES + 1 }, (_, i) => y + (height * i) / LINES),
    cut: (at) => {
      const v = (at - y - b) / b;
      if (Math.abs(v) >= 1) return [0, 0];
      const half = a * Math.sqrt(1 - v * v);
      return [x + a - half, x + a + half];
    },
  };
}

function polygon(corners: readonly Point[]): Area {
  const ys = corners.map(([, y]) => y);
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const lines = Array.from({ length: LINES + 1 }, (_, i) => top + ((bottom - top) * i) / LINES);
  return {
    bends: [...ys, ...lines],
    cut: (at) => {
      if (at < top || at > bottom) return [0, 0];
      const crossings = corners.flatMap(([x0, y0], i) => {
        const [x1, y1] = corners[(i + 1) % corners.length]!;
        return y0 < at === y1 < at ? [] : [x0 + ((at - y0) / (y1 - y0)) * (x1 - x0)];
      });
      return crossings.length < 2 ? [0, 0] : [Math.min(...crossings), Math.max(...crossings)];
    },
  };
}

/** The part of the union of some areas that lies in the union of others; exact for upright rectangles. */
function measure(areas: readonly Area[], within: readonly Area[]): number {
  const ys = [...new Set([...areas, ...within].flatMap(({ bends }) => bends))].sort((a, b) => a - b);
  let sum = 0;
  for (let i = 1; i < ys.length; i++) {
    const [top, bottom] = [ys[i - 1]!, ys[i]!];
    const middle = (top + bottom) / 2;
    sum += (bottom - top) * commonLength(spans(areas, middle), spans(within, middle));
  }
  return sum;
}

type Span = readonly [from: number, to: number];

/** What a line cuts out of the areas, sorted and joined. */
function spans(areas: readonly Area[], y: number): Span[] {
  const cuts = areas.map((area) => area.cut(y)).filter(([from, to]) => to > from);
  cuts.sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of cuts) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

function commonLength(a: readonly Span[], b: readonly Span[]): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    sum += Math.max(0, Math.min(a[i]![1], b[j]![1]) - Math.max(a[i]![0], b[j]![0]));
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return sum;
}
