import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../core/box.ts';
import type { PixelSource } from '../core/observation.ts';
import { Random } from '../core/random.ts';
import { arrange, drawMosaic, fromMosaic } from './mosaic.ts';

const random = new Random('mosaics');
const crops = (count: number): PixelBox[] =>
  Array.from({ length: count }, () => ({
    x: random.between(0, 500),
    y: random.between(0, 300),
    width: random.between(20, 140),
    height: random.between(20, 60),
  }));

describe('crops are arranged', () => {
  for (const [count, grids] of [
    [0, []],
    [1, [1]],
    [2, [2]],
    [4, [2]],
    [5, [3]],
    [9, [3]],
    [10, [3, 1]],
    [20, [3, 3, 2]],
  ] as const) {
    test(`${count} of them in ${grids.length} squares`, () => {
      const all = crops(count);
      const mosaics = arrange(all, 3);
      assert.deepEqual(
        mosaics.map(({ grid }) => grid),
        grids,
      );
      assert.deepEqual(
        mosaics.flatMap((mosaic) => mosaic.crops),
        all,
      );
    });
  }
});

/** A picture that colours each crop asked of it with a number, and keeps to the rectangle it was given. */
class Painter implements PixelSource {
  readonly width = 640;
  readonly height = 360;
  #number = 0;

  readRgb(
    _crop: PixelBox,
    width: number,
    height: number,
    target: Uint8Array,
    offset = 0,
    stride = width * 3,
  ): void {
    this.#number++;
    for (let row = 0; row < height; row++) {
      const from = offset + row * stride;
      for (let at = from; at < from + width * 3; at++) {
        assert.equal(target[at], 0, 'cells do not overlap');
        target[at] = this.#number;
      }
    }
  }

  readLuma(): Uint8Array {
    throw new Error('nobody asked for luma');
  }
}

describe('what is found in a mosaic', () => {
  for (const side of [192, 300, 320]) {
    for (const count of [1, 2, 4, 7, 9]) {
      test(`of ${count} crops in ${side} pixels is mapped back to its place in its crop`, () => {
        const [mosaic] = arrange(crops(count), 3);
        assert.ok(mosaic);
        const pixels = new Uint8Array(side * side * 3);
        drawMosaic(mosaic, new Painter(), side, pixels);
        mosaic.crops.forEach((crop, index) => {
          // The cell as it was painted, whatever the arrangement thinks.
          const columns: number[] = [];
          const rows: number[] = [];
          for (let pixel = 0; pixel < side * side; pixel++) {
            if (pixels[pixel * 3] !== index + 1) continue;
            columns.push(pixel % side);
            rows.push(Math.floor(pixel / side));
          }
          const left = columns.reduce((a, b) => Math.min(a, b));
          const right = columns.reduce((a, b) => Math.max(a, b)) + 1;
          const top = rows.reduce((a, b) => Math.min(a, b));
          const bottom = rows.reduce((a, b) => Math.max(a, b)) + 1;
          const found = { left: left / side, top: top / side, right: right / side, bottom: bottom / side };
          const place = fromMosaic(mosaic, side, found);
          assert.equal(place?.crop, index);
          for (const name of ['x', 'y', 'width', 'height'] as const)
            assert.ok(Math.abs((place?.box[name] ?? NaN) - crop[name]) < 1e-6, name);

          const middle = (from: number, to: number, share: number): number =>
            (from + (to - from) * share) / side;
          const inner = fromMosaic(mosaic, side, {
            left: middle(left, right, 0.25),
            top: middle(top, bottom, 0.5),
            right: middle(left, right, 0.5),
            bottom: middle(top, bottom, 0.75),
          });
          assert.ok(inner);
          assert.equal(inner.crop, index);
          assert.ok(Math.abs(inner.box.x - (crop.x + crop.width * 0.25)) < 1e-6);
          assert.ok(Math.abs(inner.box.y - (crop.y + crop.height * 0.5)) < 1e-6);
          assert.ok(Math.abs(inner.box.width - crop.width * 0.25) < 1e-6);
          assert.ok(Math.abs(inner.box.height - crop.height * 0.25) < 1e-6);
        });
      });
    }
  }

  test('outside of every crop is nothing', () => {
    const [mosaic] = arrange(crops(5), 3);
    assert.ok(mosaic);
    const box = (x: number, y: number) => ({ left: x - 0.1, top: y - 0.1, right: x + 0.1, bottom: y + 0.1 });
    assert.equal(fromMosaic(mosaic, 192, box(5 / 6, 0.5)), undefined);
    assert.equal(fromMosaic(mosaic, 192, box(0.5, 5 / 6)), undefined);
    for (const [x, y] of [
      [-0.2, 0.1],
      [1.2, 0.1],
      [0.1, -0.2],
      [0.1, 1.2],
    ] as const)
      assert.equal(fromMosaic(mosaic, 192, box(x, y)), undefined);
  });
});
