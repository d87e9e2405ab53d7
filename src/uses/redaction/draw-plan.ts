import { drawRegions, type DrawnRegion, type Rgb } from '../../media/draw/index.ts';
import type { Surface } from '../../media/surface.ts';
import type { RedactionPlan, Region } from './plan.ts';
import type { PlacedRegion } from './timeline.ts';

/** Draws what the plan says for one moment. */
export function drawPlan(surface: Surface, plan: RedactionPlan, placed: readonly PlacedRegion[]): void {
  drawRegions(
    surface,
    placed.map(({ region, box }) => drawn(region, box)),
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

function drawn(region: Region, box: DrawnRegion['box']): DrawnRegion {
  return {
    box,
    shape: region.shape,
    style: region.style,
    ...(region.color === undefined ? {} : { color: rgb(region.color) }),
    ...(region.label === undefined ? {} : { label: region.label }),
  };
}

function rgb([r, g, b]: readonly [number, number, number]): Rgb {
  return { r, g, b };
}
