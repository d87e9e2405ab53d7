import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { random, rgbSurface } from '../../test/surfaces.ts';
import { scalePicture, type PackedPicture } from './scale.ts';

const whole = (picture: PackedPicture): { x: number; y: number; width: number; height: number } => ({
  x: 0,
  y: 0,
  width: picture.width,
  height: picture.height,
});

describe('scalePicture', () => {
  test('shrinks by whole factors to the mean of the pixels', () => {
    const picture = rgbSurface(40, 30, 3, random(1));
    const target = new Uint8Array(10 * 6 * 3);
    scalePicture(picture, whole(picture), 10, 6, target);
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 10; x++) {
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (let j = 0; j < 5; j++) {
            for (let i = 0; i < 4; i++) sum += picture.data[((y * 5 + j) * 40 + x * 4 + i) * 3 + c]!;
          }
          assert.equal(target[(y * 10 + x) * 3 + c], Math.round(sum / 20));
        }
      }
    }
  });

  test('shrinks by any factor as libvips does, but for its rounding', async () => {
    const picture = rgbSurface(101, 77, 3, random(2));
    const raw = { width: 101, height: 77, channels: 3 as const };
    // A smooth picture, as resampling filters differ on noise.
    const data = await sharp(picture.data, { raw }).blur(4).raw().toBuffer();
    const expected = await sharp(data, { raw })
      .resize(37, 29, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
    const target = new Uint8Array(37 * 29 * 3);
    scalePicture({ ...picture, data }, whole(picture), 37, 29, target);
    const worst = Math.max(...expected.map((value, i) => Math.abs(value - target[i]!)));
    assert.ok(worst <= 4, `differs by ${worst}`);
  });

  test('grows linearly, and leaves a picture of the same size as it is', () => {
    const picture = { width: 2, height: 1, channels: 1 as const, data: Uint8Array.of(0, 200) };
    const target = new Uint8Array(8);
    scalePicture(picture, whole(picture), 8, 1, target);
    assert.deepEqual([...target], [0, 0, 25, 75, 125, 175, 200, 200]);
    const noise = rgbSurface(20, 10, 3, random(3));
    const same = new Uint8Array(600);
    scalePicture(noise, whole(noise), 20, 10, same);
    assert.deepEqual(same, noise.data);
  });

  test('takes crops between pixels, beyond the edge and into a mosaic', () => {
    const ramp = {
      width: 10,
      height: 1,
      channels: 1 as const,
      data: Uint8Array.from({ length: 10 }, (_, i) => i * 20),
    };
    const one = new Uint8Array(1);
    scalePicture(ramp, { x: 2.5, y: 0, width: 2, height: 1 }, 1, 1, one);
    assert.equal(one[0], 60);
    scalePicture(ramp, { x: -5, y: -5, width: 7, height: 20 }, 1, 1, one);
    assert.equal(one[0], 10);
    const mosaic = new Uint8Array(12);
    scalePicture(ramp, { x: 4, y: 0, width: 2, height: 1 }, 2, 2, mosaic, 1, 5);
    assert.deepEqual([...mosaic], [0, 80, 100, 0, 0, 0, 80, 100, 0, 0, 0, 0]);
    scalePicture(ramp, { x: 50, y: 0, width: 2, height: 1 }, 2, 2, mosaic, 1, 5);
    assert.ok(mosaic.every((value) => value === 0));
  });

  test('lays alpha over white', () => {
    const picture = { width: 1, height: 1, channels: 4 as const, data: Uint8Array.of(100, 0, 200, 51) };
    const target = new Uint8Array(3);
    scalePicture(picture, whole(picture), 1, 1, target);
    assert.deepEqual([...target], [224, 204, 244]);
  });

  test('refuses a target that is too small', () => {
    const picture = rgbSurface(4, 4, 3, random(3));
    assert.throws(() => scalePicture(picture, whole(picture), 4, 4, new Uint8Array(47)), RangeError);
    assert.throws(() => scalePicture(picture, whole(picture), 0, 4, new Uint8Array(48)), RangeError);
    assert.throws(() => scalePicture(picture, whole(picture), 2, 2, new Uint8Array(48), 0, 5), RangeError);
  });
});
