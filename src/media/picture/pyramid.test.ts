import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../core/random.ts';
import { upright } from '../surface.ts';
import { Picture } from './picture.ts';
import { PicturePyramid } from './pyramid.ts';

const info = {} as Picture['info'];

/** Smooth colours with a little noise: what a photograph is to a scaler. */
function picture(width: number, height: number, channels: 3 | 4): Picture {
  const random = new Random(`${width}x${height}`);
  const data = new Uint8Array(width * height * channels);
  for (let at = 0; at < data.length; at += 1) {
    const pixel = Math.floor(at / channels);
    const wave = Math.sin((pixel % width) / 37 + at) * Math.cos(Math.floor(pixel / width) / 23);
    data[at] = 128 + 90 * wave + random.between(-6, 6);
  }
  return new Picture({ kind: 'rgb', width, height, data, channels, orientation: upright }, info);
}

for (const [width, height, channels] of [
  [640, 480, 3],
  [641, 479, 3],
  [320, 200, 4],
] as const) {
  test(`reads of ${width}x${height} with ${channels} channels are those of the picture itself`, () => {
    const full = picture(width, height, channels);
    const pyramid = new PicturePyramid(full);
    for (const [crop, size] of [
      [{ x: 0, y: 0, width, height }, [64, 48]],
      [{ x: 10.5, y: 7.25, width: 200, height: 150 }, [50, 40]],
      [{ x: 30, y: 20, width: 60, height: 60 }, [60, 60]],
      [{ x: 3, y: 5, width: 40, height: 40 }, [90, 90]],
    ] as const) {
      const [across, down] = size;
      const expected = new Uint8Array(across * down * 3);
      const actual = new Uint8Array(across * down * 3);
      full.readRgb(crop, across, down, expected);
      pyramid.readRgb(crop, across, down, actual);
      const errors = expected.map((value, index) => Math.abs(value - actual[index]!)).toSorted();
      assert.ok(errors[Math.floor(errors.length * 0.99)]! <= 4, `99 % within 4, not ${errors.at(-1)}`);
    }
  });
}
