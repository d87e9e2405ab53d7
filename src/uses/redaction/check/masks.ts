import type { PixelBox } from '../../../core/box.ts';
import type { RedactionPlan } from '../plan.ts';
import type { PlacedRegion } from '../timeline.ts';

/** Points across and down at which a box is asked whether it is covered. */
const GRID = 12;

/**
 * Share (0..1) of a box that lies under what a plan hides at a moment.
 * @param placed the regions drawn then. Outlines hide nothing.
 */
export function coveredShare(box: PixelBox, placed: readonly PlacedRegion[], plan: RedactionPlan): number {
  const near = placed.filter(({ region, box: mask }) => region.style !== 'outline' && meet(box, mask));
  const windows = plan.keepOnly?.style === 'outline' ? undefined : plan.keepOnly?.boxes;
  if (near.length === 0 && windows === undefined) return 0;
  let covered = 0;
  for (let row = 0; row < GRID; row++) {
    const y = box.y + ((row + 0.5) / GRID) * box.height;
    for (let column = 0; column < GRID; column++) {
      const x = box.x + ((column + 0.5) / GRID) * box.width;
      const inside = windows?.some((window) => within(window, x, y)) ?? true;
      if (!inside || near.some((mask) => holds(mask, x, y))) covered++;
    }
  }
  return covered / (GRID * GRID);
}

/** Whether a region hides a point. */
function holds({ region, box }: PlacedRegion, x: number, y: number): boolean {
  const across = (x - box.x) / box.width;
  const down = (y - box.y) / box.height;
  if (region.shape === 'ellipse') return (2 * across - 1) ** 2 + (2 * down - 1) ** 2 <= 1;
  return across >= 0 && across <= 1 && down >= 0 && down <= 1;
}

function within([x, y, width, height]: readonly [number, number, number, number], px: number, py: number) {
  return px >= x && px <= x + width && py >= y && py <= y + height;
}

function meet(a: PixelBox, b: PixelBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
