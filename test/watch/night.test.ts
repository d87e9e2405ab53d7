import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Darkness } from '../../src/vision/motion/darkness.ts';
import { NightSight } from '../../src/vision/motion/night-sight.ts';
import { atNight, hardNight, Still } from './scenes/night.ts';

const size = { width: 192, height: 144 };

/** Squares of two greys, 24 pixels wide. */
const scene = new Still(
  size,
  Uint8Array.from({ length: size.width * size.height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width)];
    return (Math.floor(x / 24) + Math.floor(y / 24)) % 2 === 0 ? 60 : 170;
  }),
);

/** Difference between the squares in deviations of the pixels within them, and the mean of all. */
function clarity(luma: Uint8Array): { readonly clear: number; readonly mean: number } {
  const truth = scene.readLuma(size.width, size.height);
  const groups = [60, 170].map((level) => luma.filter((_, at) => Math.abs(truth[at]! - level) < 3));
  const [dark, light] = groups.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      mean,
      spread: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length),
    };
  });
  return {
    clear: (light!.mean - dark!.mean) / (light!.spread + dark!.spread),
    mean: luma.reduce((sum, value) => sum + value, 0) / luma.length,
  };
}

describe('seeing in the dark', () => {
  test('noise goes, contrast and brightness come', () => {
    const sight = new NightSight(size);
    let raised: Uint8Array = new Uint8Array(0);
    let raw: Uint8Array = raised;
    for (let frame = 0; frame < 12; frame++) {
      const night = atNight(scene, hardNight, frame);
      raw = night.readLuma(size.width, size.height);
      raised = sight.look(night, frame / 7).readLuma(size.width, size.height);
    }
    const [before, after] = [clarity(raw), clarity(raised)];
    assert.ok(before.mean < 30 && after.mean > 80, `${before.mean} ${after.mean}`);
    assert.ok(after.clear > 2 * before.clear, `${before.clear} ${after.clear}`);
  });

  test('who walks in the dark is clear against the ground, without noise of colour', () => {
    const sight = new NightSight(size);
    let [clear, colour] = [0, 0];
    for (let frame = 0; frame < 14; frame++) {
      const left = 20 + 5 * frame;
      const walking = new Still(
        size,
        Uint8Array.from({ length: size.width * size.height * 3 }, (_, at) => {
          const [x, y] = [Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width)];
          return x >= left && x < left + 16 && y >= 50 && y < 94 ? 60 : 170;
        }),
      );
      const raised = sight.look(atNight(walking, hardNight, frame), frame / 7);
      const part = (x: number): Uint8Array => {
        const pixels = new Uint8Array(10 * 36 * 3);
        raised.readRgb({ x, y: 54, width: 10, height: 36 }, 10, 36, pixels);
        return pixels;
      };
      const levels = (pixels: Uint8Array): Uint8Array => pixels.filter((_, at) => at % 3 === 1);
      const mean = (values: Uint8Array): number => values.reduce((sum, one) => sum + one, 0) / values.length;
      const [person, ground] = [part(left + 3), part(left + 40)];
      clear = mean(levels(ground)) - mean(levels(person));
      colour = mean(levels(ground).map((green, at) => Math.abs(green - ground[3 * at]!)));
    }
    assert.ok(clear > 60, `${clear}`);
    assert.ok(colour < 12, `${colour}`);
  });

  test('it is dark by the middle of the picture, with a margin, and headlights change nothing', () => {
    const darkness = new Darkness();
    const plane = (level: number, lamp = 0): Uint8Array =>
      new Uint8Array(10_000).map((_, at) => (at < lamp ? 255 : level));
    const darkAfter = (luma: Uint8Array): boolean => {
      darkness.update(luma);
      return darkness.isDark;
    };
    assert.deepEqual(
      [plane(60), plane(30), plane(30, 4000), plane(45), plane(45, 4000), plane(70), plane(45)].map(
        darkAfter,
      ),
      [false, true, true, true, true, false, false],
    );
  });

  test('the gain stays until the light has changed', () => {
    const darkness = new Darkness();
    const changes = [20, 22, 18, 24, 38, 37].map((level) =>
      darkness.update(new Uint8Array(1000).fill(level)),
    );
    assert.deepEqual(changes, [true, false, false, false, true, false]);
  });
});
