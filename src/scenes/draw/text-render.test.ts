import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankPicture } from './picture.ts';
import { drawText } from './text-render.ts';

test('the box of a text is exactly its ink', async () => {
  const picture = blankPicture(400, 60);
  const box = await drawText(picture, 'Gauge 7<', { x: 12, y: 15, height: 20 }, [9, 8, 7]);
  const inked = [...Array(400 * 60).keys()].filter((pixel) => picture.data[pixel * 4 + 3]! > 0);
  const xs = inked.map((pixel) => pixel % 400);
  const ys = inked.map((pixel) => Math.floor(pixel / 400));
  assert.equal(box.x, Math.min(...xs));
  assert.equal(box.x + box.width, Math.max(...xs) + 1);
  assert.equal(box.y, Math.min(...ys));
  assert.equal(box.y + box.height, Math.max(...ys) + 1);
  assert.ok(Math.abs(box.y - 15) <= 2);
});
