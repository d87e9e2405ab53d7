import type { RedactionPlan, Region } from '../../plan.ts';
import { placeOf } from './placed.ts';
import type { Strip } from './timeline-paint.ts';

/** Width of the picture of what a lane follows. */
export const facePictured = 32;
/** How much of the frame is seen, in sizes of what is followed. */
const SEEN = 2.5;

/**
 * What a lane follows, from the small picture of the strip that is nearest to the middle of its time.
 * @returns how wide it was drawn; 0 when the track lies between two small pictures.
 */
export function paintFace(
  context: CanvasRenderingContext2D,
  { sheet, tile, columns, times }: Strip,
  at: {
    readonly region: Region;
    readonly plan: RedactionPlan;
    readonly x: number;
    readonly y: number;
    readonly high: number;
  },
): number {
  const { region, plan, x, y, high } = at;
  const { start, end } = region;
  const before = times.findLastIndex((time) => time >= start && time <= (start + end) / 2);
  const index = before === -1 ? times.findIndex((time) => time >= start && time <= end) : before;
  const time = times[index];
  if (time === undefined) return 0;
  const scale = tile.width / plan.source.width;
  const box = placeOf(region, time);
  const tall = Math.min(tile.height, Math.max(8, Math.max(box.width, box.height) * scale * SEEN));
  const wide = Math.min(tile.width, (tall * facePictured) / high);
  const left = within((box.x + box.width / 2) * scale - wide / 2, tile.width - wide);
  const top = within((box.y + box.height / 2) * scale - tall / 2, tile.height - tall);
  const [column, row] = [index % columns, Math.floor(index / columns)];
  context.drawImage(
    sheet,
    ...([column * tile.width + left, row * tile.height + top, wide, tall] as const),
    ...([x, y, facePictured, high] as const),
  );
  return facePictured;
}

function within(value: number, most: number): number {
  return Math.min(Math.max(0, value), Math.max(0, most));
}
