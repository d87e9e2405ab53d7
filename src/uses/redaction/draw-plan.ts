import { TidewaiterError } from '../../core/errors.ts';
import { drawRegions, labelBox, type DrawnRegion, type Rgb } from '../../media/draw/index.ts';
import type { Surface } from '../../media/surface.ts';
import { displayedSize } from '../../media/video/orientation.ts';
import { labelsOf } from './labels.ts';
import type { RedactionPlan } from './plan.ts';
import type { PlacedRegion } from './timeline.ts';

/** Boxes of a plan are pixels of its source: on a picture of another size they would lie elsewhere. @throws TidewaiterError `E_PLAN_SOURCE`. */
export function checkSize(surface: Surface, { source }: RedactionPlan): void {
  const { width, height } = displayedSize(surface, surface.orientation);
  if (width === source.width && height === source.height) return;
  throw new TidewaiterError(
    'E_PLAN_SOURCE',
    `The plan says that its source has ${source.width}x${source.height} pixels, and it has ${width}x${height}`,
    'Correct source.width and source.height, and the boxes if they were made for that size.',
  );
}

/** Draws what the plan says for one moment. */
export function drawPlan(surface: Surface, plan: RedactionPlan, placed: readonly PlacedRegion[]): void {
  const labels = labelsOf(placed, ({ region, box }, length) =>
    labelBox(surface, { box, shape: region.shape }, length),
  );
  drawRegions(
    surface,
    placed.map((place) => drawn(place, labels.get(place))),
  );
  if (plan.keepOnly === undefined) return;
  const { style, boxes } = plan.keepOnly;
  drawRegions(
    surface,
    boxes.map(([x, y, width, height]): DrawnRegion => ({
      box: { x, y, width, height },
      shape: 'box',
      style,
    })),
    { inverted: true },
  );
}

function drawn({ region, box }: PlacedRegion, label: string | undefined): DrawnRegion {
  return {
    box,
    shape: region.shape,
    style: region.style,
    ...(region.color === undefined ? {} : { color: rgb(region.color) }),
    ...(label === undefined ? {} : { label }),
  };
}

function rgb([r, g, b]: readonly [number, number, number]): Rgb {
  return { r, g, b };
}
