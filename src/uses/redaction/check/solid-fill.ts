import { assumedMatrix, paintFor, type Paint } from '../../../media/draw/colour.ts';
import { inset, storedShape, type Shape } from '../../../media/draw/region.ts';
import { withSamples, type Samples } from '../../../media/draw/samples.ts';
import type { Surface } from '../../../media/surface.ts';
import type { RedactionPlan } from '../plan.ts';
import type { PlacedRegion } from '../timeline.ts';
import { eachPoint, holds } from './fill-points.ts';

/** Farthest that compression moves a fill, in levels of 255: of luma, of chroma, and of red, green and blue. */
const TOLERANCE: Readonly<Record<Samples['component'], number>> = {
  y: 26,
  u: 14,
  v: 14,
  r: 44,
  g: 44,
  b: 44,
  alpha: 2,
};
/** A fill holds when this share of its points do. */
const HOLDING = 0.9;
/** The same where a label is written all over a mask. */
const HOLDING_LABELLED = 0.25;
/** What `drawLabel` takes of a mask at most, and of the picture's smaller side. */
const LABEL = { share: 0.9, height: 1 / 12 };

/** Samples of two bytes are of ten bits: levels are four times as fine. */
const TENTH_BIT = 4;

/** How far what is seen through a window smears what is around it, in pixels. */
const SMEARED_AROUND = 8;
/** Stands for everything outside of a plan's windows where others have the id of a region. */
export const outsideId = 'outside';

const black = { r: 0, g: 0, b: 0 };

/** A solid mask in stored coordinates. */
interface Solid {
  readonly place: PlacedRegion;
  readonly shape: Shape;
  readonly paint: Paint;
}

/** What is known of the points of one mask. */
interface Points {
  count: number;
  holding: number;
  /** Those under a label, where luma may be anything, and how many of them have the fill's luma nevertheless. */
  labelled: number;
  labelledHolding: number;
}

/**
 * Looks whether solid masks are there, at a grid of points in each.
 * @returns the regions that were tested, and of them those whose fill is not there.
 */
export function testSolidFills(
  surface: Surface,
  plan: RedactionPlan,
  placed: readonly PlacedRegion[],
): { readonly tested: readonly PlacedRegion[]; readonly missing: readonly PlacedRegion[] } {
  const matrix = assumedMatrix(surface);
  const solids = placed
    .filter(({ region }) => region.style === 'solid')
    .map((place): Solid => {
      const [r, g, b] = place.region.color ?? [0, 0, 0];
      return {
        place,
        shape: storedShape({ box: place.box, shape: place.region.shape }, surface, surface.orientation),
        paint: paintFor({ r, g, b }, surface, matrix),
      };
    });
  const windows = windowsOf(plan, surface);
  const outside =
    windows === undefined || plan.keepOnly?.style !== 'solid' ? undefined : paintFor(black, surface, matrix);
  const tested: PlacedRegion[] = [];
  const missing: PlacedRegion[] = [];
  withSamples(surface, (components) => {
    for (const solid of solids) {
      const points: Points = { count: 0, holding: 0, labelled: 0, labelledHolding: 0 };
      eachPoint(solid.shape, surface, (x, y) => {
        const seen = windows === undefined || windows.some((window) => holds(window, x, y));
        const paint = seen ? topmost(solids, x, y)?.paint : outside;
        if (paint === undefined) return;
        compare(points, components, paint, x, y, underLabel(solids, surface, x, y));
      });
      if (points.count === 0) continue;
      tested.push(solid.place);
      if (!isFilled(points)) missing.push(solid.place);
    }
    if (windows === undefined || outside === undefined) return;
    const place = everythingElse(plan);
    const points: Points = { count: 0, holding: 0, labelled: 0, labelledHolding: 0 };
    const around = windows.map((window) => inset(window, -SMEARED_AROUND));
    eachPoint(
      { left: 0, top: 0, right: surface.width, bottom: surface.height, ellipse: false },
      surface,
      (x, y) => {
        if (!around.some((window) => holds(window, x, y))) compare(points, components, outside, x, y, false);
      },
    );
    if (points.count === 0) return;
    tested.push(place);
    if (!isFilled(points)) missing.push(place);
  });
  return { tested, missing };
}

/** What is hidden outside of a plan's windows, as a region. */
function everythingElse({ source, keepOnly }: RedactionPlan): PlacedRegion {
  const { width, height } = source;
  return {
    box: { x: 0, y: 0, width, height },
    region: {
      id: outsideId,
      class: 'outside',
      redact: true,
      shape: 'box',
      style: keepOnly?.style ?? 'solid',
      origin: 'person',
      start: 0,
      end: source.duration,
      keyframes: [[0, 0, 0, width, height]],
    },
  };
}

function isFilled({ count, holding, labelled, labelledHolding }: Points): boolean {
  if (holding < HOLDING * count) return false;
  return labelled === 0 || labelledHolding >= HOLDING_LABELLED * labelled;
}

function windowsOf(plan: RedactionPlan, surface: Surface): Shape[] | undefined {
  return plan.keepOnly?.boxes.map(([x, y, width, height]) =>
    storedShape({ box: { x, y, width, height }, shape: 'box' }, surface, surface.orientation),
  );
}

/** Later masks are drawn over earlier ones. */
function topmost(solids: readonly Solid[], x: number, y: number): Solid | undefined {
  return solids.findLast(({ shape }) => holds(shape, x, y));
}

function underLabel(solids: readonly Solid[], surface: Surface, x: number, y: number): boolean {
  const tallest = Math.min(surface.width, surface.height) * LABEL.height;
  return solids.some(({ place, shape }) => {
    if (place.region.label === undefined) return false;
    const across = Math.abs(2 * x - shape.left - shape.right);
    const down = Math.abs(2 * y - shape.top - shape.bottom);
    // Labels are upright as displayed, so what is their height may be stored as their width.
    const turned = surface.orientation.rotation % 180 !== 0;
    const [along, up] = turned ? [down, across] : [across, down];
    const [length, height] = turned
      ? [shape.bottom - shape.top, shape.right - shape.left]
      : [shape.right - shape.left, shape.bottom - shape.top];
    return along <= LABEL.share * length && up <= Math.min(LABEL.share * height, tallest + 2);
  });
}

/** Whether what is at a point is what was painted there. */
function compare(
  points: Points,
  components: readonly Samples[],
  paint: Paint,
  x: number,
  y: number,
  labelled: boolean,
): void {
  let colour = true;
  let tone = true;
  for (const { component, data, offset, step, stride, shiftX, shiftY } of components) {
    const value = data[offset + (y >> shiftY) * stride + (x >> shiftX) * step]!;
    const unit = data.BYTES_PER_ELEMENT === 1 ? 1 : TENTH_BIT;
    const near = Math.abs(value - paint[component]) <= TOLERANCE[component] * unit;
    if (component === 'u' || component === 'v') colour &&= near;
    else if (component !== 'alpha') tone &&= near;
  }
  points.count += 1;
  if (labelled) {
    points.labelled += 1;
    if (tone) points.labelledHolding += 1;
  }
  if (colour && (tone || labelled)) points.holding += 1;
}
