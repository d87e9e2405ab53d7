import type { PixelBox } from '../../src/core/box.ts';
import { boxOnPath } from '../../src/core/path.ts';
import type { RedactionPlan, Region } from '../../src/uses/redaction/plan.ts';

/** Where a region is at a moment. */
export function placeOf(region: Region, time: number): PixelBox {
  const path = region.keyframes.map(([at, x, y, width, height]) => ({
    time: at,
    box: { x, y, width, height },
  }));
  return boxOnPath(path, time);
}

/** The middle of a box, which the masks of its neighbours do not reach. */
export function middle({ x, y, width, height }: PixelBox): PixelBox {
  return { x: x + width / 4, y: y + height / 4, width: width / 2, height: height / 2 };
}

/** Faces that were found in nearly the whole clip; those that belong to a person that was found come first. */
export function lastingFaces(plan: RedactionPlan): Region[] {
  return plan.regions
    .filter(({ class: name, start, end }) => name === 'face' && end - start > 0.8 * plan.source.duration)
    .sort((a, b) => Number(b.subject !== undefined) - Number(a.subject !== undefined));
}
