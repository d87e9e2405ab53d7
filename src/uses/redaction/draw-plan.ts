import { area } from '../../core/box.ts';
import { drawRegions, type DrawnRegion, type Rgb } from '../../media/draw/index.ts';
import type { Surface } from '../../media/surface.ts';
import type { RedactionPlan } from './plan.ts';
import type { PlacedRegion } from './timeline.ts';

/** Draws what the plan says for one moment. */
export function drawPlan(surface: Surface, plan: RedactionPlan, placed: readonly PlacedRegion[]): void {
  const readable = withoutCrowdedLabels(placed);
  drawRegions(
    surface,
    placed.map((place) => drawn(place, readable.has(place))),
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

/** Masks often overlap, as a head and its face do; a label on a larger mask speaks for those whose middle it covers. */
function withoutCrowdedLabels(placed: readonly PlacedRegion[]): ReadonlySet<PlacedRegion> {
  const kept = new Set<PlacedRegion>();
  for (const place of placed.toSorted((a, b) => area(b.box) - area(a.box))) {
    const x = place.box.x + place.box.width / 2;
    const y = place.box.y + place.box.height / 2;
    const spokenFor = [...kept].some(
      ({ region, box }) =>
        region.label === place.region.label &&
        Math.abs(x - box.x - box.width / 2) < box.width / 2 &&
        Math.abs(y - box.y - box.height / 2) < box.height / 2,
    );
    if (!spokenFor) kept.add(place);
  }
  return kept;
}

function drawn({ region, box }: PlacedRegion, labelled: boolean): DrawnRegion {
  return {
    box,
    shape: region.shape,
    style: region.style,
    ...(region.color === undefined ? {} : { color: rgb(region.color) }),
    ...(region.label === undefined || !labelled ? {} : { label: region.label }),
  };
}

function rgb([r, g, b]: readonly [number, number, number]): Rgb {
  return { r, g, b };
}
