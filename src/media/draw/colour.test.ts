import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { yuvSurface } from '../../../test/surfaces.ts';
import { assumedMatrix, paintFor, type Matrix } from './colour.ts';

const surface = (depth: number, fullRange: boolean): ReturnType<typeof yuvSurface> =>
  yuvSurface({ width: 4, height: 4, depth, fullRange }, () => 0);

describe('paintFor', () => {
  test('gives the levels of the colour bars: BT.601 and BT.709, limited, 8 bits', () => {
    // Published levels of 100 % bars (ITU-R BT.471 / SMPTE RP 219 conversions).
    const bars: [Matrix, [number, number, number], [number, number, number]][] = [
      ['bt601', [255, 255, 255], [235, 128, 128]],
      ['bt601', [255, 0, 0], [81, 90, 240]],
      ['bt601', [0, 255, 0], [145, 54, 34]],
      ['bt601', [0, 0, 255], [41, 240, 110]],
      ['bt709', [255, 0, 0], [63, 102, 240]],
      ['bt709', [0, 255, 0], [173, 42, 26]],
      ['bt709', [0, 0, 255], [32, 240, 118]],
      ['bt709', [0, 0, 0], [16, 128, 128]],
    ];
    for (const [matrix, [r, g, b], expected] of bars) {
      const { y, u, v } = paintFor({ r, g, b }, surface(8, false), matrix);
      assert.deepEqual([y, u, v], expected, `${matrix} ${r},${g},${b}`);
    }
  });

  test('gives the levels of JFIF for full range', () => {
    const { y, u, v } = paintFor({ r: 255, g: 0, b: 0 }, surface(8, true), 'bt601');
    assert.deepEqual([y, u, v], [76, 85, 255]);
  });

  test('scales with the depth', () => {
    const white = paintFor({ r: 255, g: 255, b: 255 }, surface(10, false), 'bt709');
    assert.deepEqual([white.y, white.u, white.v], [940, 512, 512]);
    assert.equal(paintFor({ r: 255, g: 255, b: 255 }, surface(12, true), 'bt709').y, 4095);
  });

  test('assumes BT.709 from 720 lines on, also for upright video', () => {
    const sized = (width: number, height: number): Matrix =>
      assumedMatrix({ ...surface(8, false), width, height });
    assert.deepEqual([sized(1280, 720), sized(720, 1280), sized(720, 576)], ['bt709', 'bt709', 'bt601']);
  });
});
