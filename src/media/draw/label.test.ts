import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { random, readSample, rgbSurface, yuvSurface } from '../../../test/surfaces.ts';
import type { Orientation, RgbSurface } from '../surface.ts';
import { labelFont } from './font.ts';
import { drawRegions, type DrawnRegion } from './index.ts';

const region: DrawnRegion = {
  box: { x: 20, y: 15, width: 120, height: 50 },
  shape: 'box',
  style: 'solid',
  label: '§ (b)(7)(C)',
};

function drawn(extra: Partial<DrawnRegion> = {}): RgbSurface {
  const surface = rgbSurface(160, 600, 3, random(1));
  drawRegions(surface, [{ ...region, ...extra }]);
  return surface;
}

/** Rows and columns of the mask that hold ink, as first and last. */
function extent(
  surface: RgbSurface,
  ground: number,
): { x: [number, number]; y: [number, number] } | undefined {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 15; y < 65; y++) {
    for (let x = 20; x < 140; x++) {
      if (Math.abs(surface.data[(y * surface.width + x) * 3]! - ground) > 60) {
        xs.push(x);
        ys.push(y);
      }
    }
  }
  if (xs.length === 0) return undefined;
  return { x: [Math.min(...xs), Math.max(...xs)], y: [Math.min(...ys), Math.max(...ys)] };
}

describe('labels', () => {
  test('stand in the middle of the mask and inside it', () => {
    const found = extent(drawn(), 0);
    assert.ok(found);
    assert.ok(found.x[1] - found.x[0] > 70, 'as wide as the mask allows');
    assert.ok(Math.abs(found.x[0] + found.x[1] - 160) <= 6, `centred: ${found.x.join('..')}`);
    assert.ok(Math.abs(found.y[0] + found.y[1] - 80) <= 8, `centred: ${found.y.join('..')}`);
  });

  test('are dark on light masks', () => {
    assert.ok(extent(drawn({ color: { r: 255, g: 255, b: 255 } }), 255));
  });

  test('are left out where nobody could read them', () => {
    assert.equal(
      extent(drawn({ label: 'an explanation that is much too long for a mask of this size' }), 0),
      undefined,
    );
    assert.equal(extent(drawn({ label: '' }), 0), undefined);
  });

  test('do not depend on the machine', () => {
    const digest = createHash('sha256').update(drawn().data).digest('hex');
    assert.equal(digest, '2054a75c0d734dd9b035dff617fb08f363728a5e4140b5426acc0bdb3e2c2fd4');
  });

  test('are read upright as displayed, in every orientation', () => {
    const size = { width: 200, height: 120 };
    const show = (orientation: Orientation): string => {
      const turnedBy = orientation.rotation % 180 !== 0;
      const stored = turnedBy ? { width: size.height, height: size.width } : size;
      const surface = yuvSurface({ ...stored, shiftX: 0, shiftY: 0, orientation }, () => 0.5);
      drawRegions(surface, [{ ...region, box: { x: 30, y: 20, width: 140, height: 80 } }]);
      const rows: string[] = [];
      for (let y = 0; y < size.height; y++) {
        let row = '';
        for (let shownX = 0; shownX < size.width; shownX++) {
          const x = orientation.mirrored ? size.width - 1 - shownX : shownX;
          const [sx, sy] = {
            0: [x, y],
            90: [y, stored.height - 1 - x],
            180: [stored.width - 1 - x, stored.height - 1 - y],
            270: [stored.width - 1 - y, x],
          }[orientation.rotation] as [number, number];
          row += readSample(surface.planes[0], 8, sx, sy) > 130 ? '#' : '.';
        }
        rows.push(row);
      }
      return rows.join('\n');
    };
    const upright = show({ rotation: 0, mirrored: false });
    assert.match(upright, /#/);
    for (const rotation of [0, 90, 180, 270] as const) {
      for (const mirrored of [false, true]) assert.equal(show({ rotation, mirrored }), upright);
    }
  });
});

describe('labelFont', () => {
  test('has ink for every character it promises, and shows the rest as a question mark', () => {
    const font = labelFont();
    const seen = new Set<string>();
    for (let code = 33; code < 127; code++) {
      const glyph = font.glyph(String.fromCharCode(code));
      assert.ok(
        glyph.some((ink) => ink > 200),
        String.fromCharCode(code),
      );
      seen.add(Buffer.from(glyph).toString('latin1'));
    }
    assert.equal(seen.size, 94, 'all differ');
    for (const symbol of '§°') assert.notDeepEqual(font.glyph(symbol), font.glyph('?'));
    assert.deepEqual(font.glyph('鷗'), font.glyph('?'));
    assert.ok(font.glyph(' ').every((ink) => ink === 0));
  });
});
