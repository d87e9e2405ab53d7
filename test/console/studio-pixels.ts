import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { PixelBox } from '../../src/core/box.ts';
import type { RedactionPlan } from '../../src/uses/redaction/plan.ts';
import type { GreyFrames } from '../redaction/pixels.ts';
import { placeOf } from '../redaction/regions.ts';

/** Luma of what the studio shows in its redacted picture, with the frame that it says it is. */
export async function shownFrame(page: Page): Promise<{
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  readonly luma: number[];
}> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector('canvas[data-shows=redacted]');
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const luma = Array.from({ length: width * height }, (_, at) =>
      Math.round(0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2]));
    return { frame: Number(canvas.dataset.frame), width, height, luma };
  })()`);
}

/** Goes to a frame by keys and waits until it is shown. */
export async function goToFrame(page: Page, frame: number): Promise<void> {
  await page.keyboard.press('Home');
  for (let step = 0; step < frame; step++) await page.keyboard.press('.');
  await page.locator(`canvas[data-shows=redacted][data-frame="${frame}"]`).waitFor();
}

const BLOCK = 16;
/** Near the edge of a mask compression smears, and the code of a reason is written in other letters. */
const MARGIN = 8;

/**
 * What the studio shows and what was rendered, block by block: black where the plan covers, the same picture where it
 * does not. The middle of a mask, where the code of the reason stands, is left out.
 */
export function compareFrames(
  shown: {
    readonly frame: number;
    readonly width: number;
    readonly height: number;
    readonly luma: readonly number[];
  },
  rendered: GreyFrames,
  plan: RedactionPlan,
  time: number,
): { readonly covered: number; readonly clear: number } {
  assert.deepEqual([shown.width, shown.height], [rendered.width, rendered.height]);
  const masks = plan.regions
    .filter(({ redact, start, end }) => redact && time >= start - 1e-4 && time <= end + 1e-4)
    .map((region) => placeOf(region, time));
  let [covered, clear] = [0, 0];
  for (let y = 0; y + BLOCK <= shown.height; y += BLOCK)
    for (let x = 0; x + BLOCK <= shown.width; x += BLOCK) {
      const block = { x, y, width: BLOCK, height: BLOCK };
      const [here, there] = [mean(shown.luma, shown.width, block), meanOf(rendered, shown.frame, block)];
      const where = `block ${x},${y} of frame ${shown.frame}: ${here.toFixed(0)} shown, ${there.toFixed(0)} rendered`;
      if (masks.some((mask) => holds(mask, block) && !nearMiddle(mask, block))) {
        if (masks.some((mask) => meets(mask, block) && nearMiddle(mask, block))) continue;
        assert.ok(here < 8 && there < 24, where);
        covered++;
      } else if (!masks.some((mask) => meets(mask, block))) {
        assert.ok(Math.abs(here - there) < 14, where);
        clear++;
      }
    }
  return { covered, clear };
}

function mean(luma: readonly number[], width: number, box: PixelBox): number {
  let sum = 0;
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++) sum += luma[y * width + x]!;
  return sum / (box.width * box.height);
}

function meanOf({ data, width, height }: GreyFrames, frame: number, box: PixelBox): number {
  let sum = 0;
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++) sum += data[(frame * height + y) * width + x]!;
  return sum / (box.width * box.height);
}

function holds(mask: PixelBox, block: PixelBox): boolean {
  return (
    block.x >= mask.x + MARGIN &&
    block.y >= mask.y + MARGIN &&
    block.x + block.width <= mask.x + mask.width - MARGIN &&
    block.y + block.height <= mask.y + mask.height - MARGIN
  );
}

function meets(mask: PixelBox, block: PixelBox): boolean {
  return (
    block.x < mask.x + mask.width + MARGIN &&
    mask.x - MARGIN < block.x + block.width &&
    block.y < mask.y + mask.height + MARGIN &&
    mask.y - MARGIN < block.y + block.height
  );
}

function nearMiddle(mask: PixelBox, block: PixelBox): boolean {
  const middle = mask.y + mask.height / 2;
  return block.y < middle + mask.height / 4 && block.y + block.height > middle - mask.height / 4;
}
