import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { region } from '../../../../test/redaction-plan.ts';
import type { PixelBox } from '../../../core/box.ts';
import { Picture } from '../../../media/picture/index.ts';
import { upright } from '../../../media/surface.ts';
import type { Region } from '../plan.ts';
import { WithoutMasks } from './without-masks.ts';

const size = { width: 60, height: 40 };

/** A picture of one colour on its left half and another on its right, with black where masks are. */
function picture(...masks: PixelBox[]): Picture {
  const data = new Uint8Array(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const hidden = masks.some(
        (mask) => x >= mask.x && x < mask.x + mask.width && y >= mask.y && y < mask.y + mask.height,
      );
      data.set(hidden ? [0, 0, 0] : x < 30 ? [200, 100, 50] : [20, 220, 120], (y * size.width + x) * 3);
    }
  }
  const info = {
    ...{ format: 'png' as const, ...size, pages: 1, bitDepth: 8, hasAlpha: false, orientation: 1 },
    ...{ metadataKinds: [], notes: [] },
  };
  return new Picture({ kind: 'rgb', data, channels: 3, ...size, orientation: upright }, info);
}

function seen(masks: readonly PixelBox[], crop: PixelBox, changes: Partial<Region> = {}): number[][] {
  const placed = masks.map((box) => ({ box, region: region(changes) }));
  const target = new Uint8Array(crop.width * crop.height * 3);
  new WithoutMasks(picture(...masks), placed).readRgb(crop, crop.width, crop.height, target);
  return Array.from({ length: target.length / 3 }, (_, at) => [...target.subarray(at * 3, at * 3 + 3)]);
}

const whole = { x: 0, y: 0, ...size };
const mask = { x: 10, y: 10, width: 10, height: 10 };

describe('a picture without its masks', () => {
  test('has the colour of what is around a mask, and nothing else is changed', () => {
    const pixels = seen([mask], whole);
    assert.deepEqual(
      pixels.filter((_, at) => at % size.width < 30 && String(pixels[at]) !== '200,100,50'),
      [],
    );
    assert.deepEqual(pixels[5 * size.width + 40], [20, 220, 120]);
  });

  test('does not take the colour of one mask for another that touches it', () => {
    const pixels = seen([mask, { x: 18, y: 12, width: 8, height: 8 }], whole);
    assert.ok(!pixels.some((pixel) => pixel.every((value) => value < 20)));
  });

  test('is as well without them in a crop, and in luma', () => {
    assert.ok(
      seen([mask], { x: 12, y: 4, width: 16, height: 20 }).every((pixel) => String(pixel) === '200,100,50'),
    );
    const placed = [{ box: mask, region: region() }];
    const luma = new WithoutMasks(picture(mask), placed).readLuma(size.width, size.height);
    assert.equal(luma[15 * size.width + 15], luma[2 * size.width + 2]);
  });

  test('is grey where everything is masked', () => {
    const crop = { x: 12, y: 12, width: 6, height: 6 };
    assert.deepEqual(new Set(seen([mask], crop).map(String)), new Set(['127,127,127']));
  });

  test('keeps what an outline does not hide', () => {
    assert.deepEqual(seen([mask], whole, { style: 'outline' })[15 * size.width + 15], [0, 0, 0]);
  });
});
