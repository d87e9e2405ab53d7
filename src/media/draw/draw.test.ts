import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Orientation, Surface } from '../surface.ts';
import { drawRegions, reversibleStyles, type DrawnRegion, type Style } from './index.ts';
import {
  bytesOf,
  copyOf,
  random,
  readSample,
  rgbSurface,
  writeSample,
  yuvSurface,
} from '../../../test/surfaces.ts';

const irreversible: readonly Style[] = ['solid', 'blur', 'pixelate'];
const hidingStyles: readonly Style[] = [...irreversible, 'blur-inside', 'mosaic-inside'];

/** Does any point of the pixel square [x, x+w] x [y, y+h] lie in the region? By search, not by the code's formula. */
function touches({ box, shape }: DrawnRegion, x: number, y: number, w: number, h: number): boolean {
  if (!(box.width > 0 && box.height > 0)) return false;
  const nearestX = Math.min(Math.max(box.x + box.width / 2, x), x + w);
  const nearestY = Math.min(Math.max(box.y + box.height / 2, y), y + h);
  if (shape === 'box') {
    return x < box.x + box.width && x + w > box.x && y < box.y + box.height && y + h > box.y;
  }
  const dx = (nearestX - box.x - box.width / 2) / (box.width / 2);
  const dy = (nearestY - box.y - box.height / 2) / (box.height / 2);
  return dx * dx + dy * dy < 1 - 1e-9;
}

/** Calls `visit` for each sample of each component, with the displayed luma pixels it serves as a rectangle. */
function eachSample(
  surface: Surface,
  visit: (
    sample: { read(): number; write(value: number): void; name: string },
    x: number,
    y: number,
    w: number,
    h: number,
  ) => void,
): void {
  if (surface.kind === 'rgb') {
    const { data, channels, width, height } = surface;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < channels; c++) {
          const at = (y * width + x) * channels + c;
          const sample = {
            read: () => data[at]!,
            write: (value: number) => void (data[at] = value),
            name: `${c}`,
          };
          visit(sample, x, y, 1, 1);
        }
      }
    }
    return;
  }
  for (const [index, plane] of surface.planes.entries()) {
    const unitX = 2 ** plane.shiftX;
    const unitY = 2 ** plane.shiftY;
    for (let y = 0; y < plane.height; y++) {
      for (let x = 0; x < plane.width; x++) {
        const sample = {
          read: () => readSample(plane, surface.depth, x, y),
          write: (value: number) => writeSample(plane, surface.depth, x, y, value),
          name: `plane ${index}`,
        };
        const [sx, sy, sw, sh] = asDisplayed(surface, x * unitX, y * unitY, unitX, unitY);
        visit(sample, sx, sy, sw, sh);
      }
    }
  }
}

function asDisplayed(
  { width, height, orientation }: Surface,
  x: number,
  y: number,
  w: number,
  h: number,
): [number, number, number, number] {
  const { rotation, mirrored } = orientation;
  const [rx, ry, rw, rh, shownWidth]: [number, number, number, number, number] =
    rotation === 0
      ? [x, y, w, h, width]
      : rotation === 90
        ? [height - y - h, x, h, w, height]
        : rotation === 180
          ? [width - x - w, height - y - h, w, h, width]
          : [y, width - x - w, h, w, height];
  return [mirrored ? shownWidth - rx - rw : rx, ry, rw, rh];
}

const orientations: Orientation[] = ([0, 90, 180, 270] as const).flatMap((rotation) => [
  { rotation, mirrored: false },
  { rotation, mirrored: true },
]);

function surfaces(next: () => number): Surface[] {
  const size = { width: 61, height: 47 };
  return [
    ...orientations.map((orientation) => yuvSurface({ ...size, orientation }, next)),
    yuvSurface({ ...size, shiftX: 1, shiftY: 0, depth: 10 }, next),
    yuvSurface({ ...size, shiftX: 0, shiftY: 0, depth: 12, fullRange: true }, next),
    yuvSurface({ ...size, shiftX: 2, shiftY: 2, depth: 8 }, next),
    yuvSurface({ ...size, depth: 16, skew: 1 }, next),
    rgbSurface(61, 47, 3, next),
    rgbSurface(61, 47, 4, next),
  ];
}

function randomRegions(next: () => number, styles: readonly Style[], count = 5): DrawnRegion[] {
  return Array.from({ length: count }, () => ({
    box: { x: next() * 70 - 10, y: next() * 60 - 10, width: next() * 30, height: next() * 25 },
    shape: next() < 0.5 ? 'box' : 'ellipse',
    style: styles[Math.floor(next() * styles.length)]!,
    ...(next() < 0.3 ? { label: '(b)(6)' } : {}),
  }));
}

describe('drawRegions', () => {
  test('hides the same whatever was inside: irreversible styles, any overlap, every kind of surface', () => {
    const next = random(7);
    for (let round = 0; round < 12; round++) {
      for (const surface of surfaces(next)) {
        const regions = randomRegions(next, irreversible);
        const changed = copyOf(surface);
        eachSample(changed, (sample, x, y, w, h) => {
          if (regions.some((region) => touches(region, x, y, w, h))) sample.write(Math.floor(next() * 250));
        });
        drawRegions(surface, regions);
        drawRegions(changed, regions);
        assert.ok(bytesOf(surface).equals(bytesOf(changed)), `round ${round}, ${JSON.stringify(regions)}`);
      }
    }
  });

  test('reads nothing of irreversible regions for reversible ones that overlap them', () => {
    const next = random(11);
    for (let round = 0; round < 12; round++) {
      for (const surface of surfaces(next)) {
        const regions = [
          ...randomRegions(next, [...reversibleStyles], 3),
          ...randomRegions(next, irreversible, 3),
        ];
        const changed = copyOf(surface);
        eachSample(changed, (sample, x, y, w, h) => {
          const secret = regions.some(
            (region) => !reversibleStyles.has(region.style) && touches(region, x, y, w, h),
          );
          if (secret) sample.write(Math.floor(next() * 250));
        });
        drawRegions(surface, regions);
        drawRegions(changed, regions);
        assert.ok(bytesOf(surface).equals(bytesOf(changed)));
      }
    }
  });

  test('covers every sample that a region touches, and no other', () => {
    const next = random(3);
    for (let round = 0; round < 6; round++) {
      for (const surface of surfaces(next)) {
        const regions = randomRegions(next, ['solid']).map(({ label: _, ...region }) => region);
        const before: number[] = [];
        eachSample(surface, (sample) => before.push(sample.read()));
        drawRegions(surface, regions);
        let i = 0;
        const black: Record<string, number> = blackOf(surface);
        eachSample(surface, (sample, x, y, w, h) => {
          const covered = regions.some((region) => touches(region, x, y, w, h));
          assert.equal(
            sample.read(),
            covered ? black[sample.name] : before[i],
            `${sample.name} at ${x}, ${y}`,
          );
          i++;
        });
      }
    }
  });

  test('hides everything that is not wholly in a region when inverted, irreversibly', () => {
    const next = random(5);
    const insideOf = ({ box }: DrawnRegion, x: number, y: number, w: number, h: number): boolean =>
      x >= box.x && y >= box.y && x + w <= box.x + box.width && y + h <= box.y + box.height;
    for (const style of irreversible) {
      for (const surface of surfaces(next)) {
        const regions: DrawnRegion[] = [
          { box: { x: 10.5, y: 8.2, width: 20, height: 18 }, shape: 'box', style },
          { box: { x: 35, y: 20, width: 14, height: 16 }, shape: 'box', style },
        ];
        const seen: number[] = [];
        const changed = copyOf(surface);
        eachSample(changed, (sample, x, y, w, h) => {
          if (regions.some((region) => insideOf(region, x, y, w, h))) seen.push(sample.read());
          else sample.write(Math.floor(next() * 250));
        });
        drawRegions(surface, regions, { inverted: true });
        drawRegions(changed, regions, { inverted: true });
        assert.ok(bytesOf(surface).equals(bytesOf(changed)));
        let i = 0;
        eachSample(surface, (sample, x, y, w, h) => {
          if (regions.some((region) => insideOf(region, x, y, w, h))) assert.equal(sample.read(), seen[i++]);
        });
        assert.ok(i > 0);
      }
    }
  });

  test('hides the whole picture: black without regions when inverted, grey where nothing outside is left', () => {
    const next = random(9);
    const everything = { x: -5, y: -5, width: 100, height: 100 };
    for (const surface of surfaces(next)) {
      const hidden = copyOf(surface);
      drawRegions(hidden, [], { inverted: true });
      const black = blackOf(surface);
      eachSample(hidden, (sample) => assert.equal(sample.read(), black[sample.name]));
      for (const style of ['blur', 'pixelate'] as const) {
        drawRegions(surface, [{ box: everything, shape: 'box', style }]);
        const found = new Map<string, Set<number>>();
        eachSample(surface, (sample) =>
          found.set(sample.name, (found.get(sample.name) ?? new Set()).add(sample.read())),
        );
        for (const values of found.values()) assert.equal(values.size, 1);
      }
    }
    const gray = rgbSurface(8, 8, 3, next);
    drawRegions(gray, [{ box: everything, shape: 'box', style: 'blur' }]);
    assert.ok(gray.data.every((value) => value === 128));
  });

  test('joins its surroundings smoothly: a blur over a ramp gives the ramp back', () => {
    const surface = rgbSurface(120, 90, 3, () => 0);
    for (let y = 0; y < 90; y++)
      for (let x = 0; x < 120; x++) surface.data.fill(x * 2, (y * 120 + x) * 3, (y * 120 + x) * 3 + 3);
    const ramp = surface.data.slice();
    drawRegions(surface, [{ box: { x: 30, y: 20, width: 60, height: 50 }, shape: 'ellipse', style: 'blur' }]);
    for (let i = 0; i < ramp.length; i++) assert.ok(Math.abs(ramp[i]! - surface.data[i]!) <= 12, `${i}`);
  });

  test('keeps information in the reversible styles, which is why they are named so', () => {
    for (const style of hidingStyles) {
      const dark = rgbSurface(60, 60, 3, () => 0.1);
      const light = copyOf(dark);
      const box = { x: 20, y: 20, width: 20, height: 20 };
      for (let y = 20; y < 40; y++) light.data.fill(255, (y * 60 + 20) * 3, (y * 60 + 40) * 3);
      drawRegions(dark, [{ box, shape: 'box', style }]);
      drawRegions(light, [{ box, shape: 'box', style }]);
      assert.equal(bytesOf(dark).equals(bytesOf(light)), !reversibleStyles.has(style), style);
    }
  });

  test('makes hidden pixels opaque, so that their outline in alpha is gone too', () => {
    for (const style of hidingStyles) {
      const surface = rgbSurface(20, 20, 4, () => 0.3);
      drawRegions(surface, [{ box: { x: 5, y: 5, width: 10, height: 10 }, shape: 'box', style }]);
      assert.equal(surface.data[(10 * 20 + 10) * 4 + 3], 255);
      assert.equal(surface.data[3], 76);
    }
  });

  test('outlines without hiding', () => {
    const surface = yuvSurface({ width: 64, height: 64 }, random(2));
    const before = copyOf(surface);
    drawRegions(surface, [{ box: { x: 10, y: 10, width: 40, height: 30 }, shape: 'box', style: 'outline' }]);
    const [y] = surface.planes;
    assert.equal(readSample(y, 8, 30, 25), readSample(before.planes[0], 8, 30, 25));
    assert.equal(readSample(y, 8, 30, 9), readSample(before.planes[0], 8, 30, 9));
    assert.equal(readSample(y, 8, 30, 10), 16);
    assert.notEqual(readSample(y, 8, 30, 11), readSample(before.planes[0], 8, 30, 11));
  });

  test('refuses regions nobody can understand, and draws nothing then', () => {
    const surface = rgbSurface(20, 20, 3, random(4));
    const before = bytesOf(surface);
    const good: DrawnRegion = { box: { x: 1, y: 1, width: 5, height: 5 }, shape: 'box', style: 'solid' };
    const boxes = [
      { x: NaN, y: 0, width: 1, height: 1 },
      { x: 0, y: Infinity, width: 1, height: 1 },
      { x: 0, y: 0, width: -1, height: 1 },
      { x: 0, y: 0, width: 1, height: Infinity },
      { x: 1e300, y: 0, width: 1, height: 1 },
    ];
    for (const box of boxes)
      assert.throws(() => drawRegions(surface, [good, { ...good, box }]), { code: 'E_REGION' });
    const far = { ...good, box: { x: 2e9, y: 0, width: 1, height: 1 } };
    assert.throws(() => drawRegions(surface, [far]), {
      code: 'E_REGION',
      message: /x=2000000000/,
      remedy: /between -1000000000 and 1000000000/,
    });
    assert.throws(() => drawRegions(surface, [{ ...good, style: 'smudge' as Style }]), { code: 'E_REGION' });
    assert.deepEqual(bytesOf(surface), before);
    drawRegions(surface, [{ ...good, box: { x: 500, y: 0, width: 10, height: 10 } }]);
    drawRegions(surface, [{ ...good, box: { x: 5, y: 5, width: 0, height: 0 } }]);
    assert.deepEqual(bytesOf(surface), before);
  });
});

/** Black by the standards: RGB 0; YUV 16 or 0 for luma, the middle for chroma (ITU-T H.273). */
function blackOf(surface: Surface): Record<string, number> {
  if (surface.kind === 'rgb') return { '0': 0, '1': 0, '2': 0, '3': 255 };
  const unit = 2 ** (surface.depth - 8);
  return { 'plane 0': surface.fullRange ? 0 : 16 * unit, 'plane 1': 128 * unit, 'plane 2': 128 * unit };
}
