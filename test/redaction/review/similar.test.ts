import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../../../src/core/box.ts';
import type { PixelSource } from '../../../src/core/observation.ts';
import type { Region } from '../../../src/uses/redaction/plan.ts';
import type { ReviewBase } from '../../../src/uses/redaction/review/base.ts';
import { fromHalves, toHalves } from '../../../src/uses/redaction/review/similar-halves.ts';
import { glancesAt } from '../../../src/uses/redaction/review/similar-looks.ts';
import { similarTo } from '../../../src/uses/redaction/review/similar.ts';
import {
  appearanceLength,
  appearanceOf,
  likeness,
  meanAppearance,
} from '../../../src/vision/follow/appearance.ts';

type Colour = readonly [number, number, number];
const [red, blue, green, grey]: Colour[] = [
  [190, 40, 40],
  [40, 60, 180],
  [40, 140, 70],
  [120, 120, 120],
];

/** A picture of one person of 40 x 120 pixels in the middle, with a shirt and trousers. */
function dressed(shirt: Colour, trousers: Colour, light = 1): PixelSource {
  return {
    ...{ width: 200, height: 160 },
    readLuma: () => new Uint8Array(),
    readRgb: (crop, width, height, target) => {
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          const [x, y] = [
            crop.x + ((column + 0.5) * crop.width) / width,
            crop.y + ((row + 0.5) * crop.height) / height,
          ];
          const inside =
            x >= person.x && x < person.x + person.width && y >= person.y && y < person.y + person.height;
          const colour = !inside ? grey! : y < person.y + person.height / 2 ? shirt : trousers;
          colour.forEach(
            (value, at) => (target[(row * width + column) * 3 + at] = Math.min(255, value * light)),
          );
        }
    },
  };
}
const person: PixelBox = { x: 80, y: 20, width: 40, height: 120 };
const lookOf = (source: PixelSource, name = 'person'): Float32Array => appearanceOf(source, person, name);

describe('appearances', () => {
  test('are more alike in other light than in other clothes', () => {
    const own = lookOf(dressed(red!, blue!));
    const darker = likeness(own, lookOf(dressed(red!, blue!, 0.8)))!;
    const stranger = likeness(own, lookOf(dressed(green!, blue!)))!;
    assert.ok(darker.score > 0.85, `${darker.score}`);
    assert.ok(stranger.upper! < 0.4 && stranger.lower! > 0.95, JSON.stringify(stranger));
  });

  test('say nothing of what lies outside of the picture', () => {
    const low = appearanceOf(dressed(red!, blue!), { ...person, y: 100 }, 'person');
    assert.ok(low.slice(appearanceLength / 2).every((value) => value === 0));
    const like = likeness(low, lookOf(dressed(red!, blue!)))!;
    assert.equal(like.lower, undefined);
    assert.equal(likeness(new Float32Array(appearanceLength), low), undefined);
    assert.deepEqual(meanAppearance([low, new Float32Array(appearanceLength)]), low);
  });

  test('keep three digits in half of the bytes', () => {
    const values = Float32Array.from({ length: 2000 }, (_, index) => (index / 1999) ** 3);
    const text = toHalves(values);
    assert.equal(Buffer.from(text, 'base64').length, 4000);
    fromHalves(text).forEach((value, index) => {
      assert.ok(Math.abs(value - values[index]!) <= 2 ** -11 * Math.max(values[index]!, 2 ** -14));
    });
    // What IEEE 754 says of them.
    assert.deepEqual(
      [...Buffer.from(toHalves(Float32Array.of(1, 0.5, 0, 2 ** -24)), 'base64')],
      [0, 60, 0, 56, 0, 0, 1, 0],
    );
  });
});

const region = (id: string, start: number, end: number, x = 0, more: Partial<Region> = {}): Region => ({
  ...{ id, class: 'person', redact: true, shape: 'box', style: 'solid', origin: 'model', start, end },
  keyframes: [[start, x, 0, 40, 120]],
  ...more,
});

describe('proposals of who is seen again', () => {
  const [same, other] = [dressed(red!, blue!, 0.9), dressed(green!, grey!)].map((source) =>
    toHalves(lookOf(source)),
  );
  const looks = { 'person-1': toHalves(lookOf(dressed(red!, blue!))), 'person-2': same!, 'person-3': other! };
  const base = { looks } as unknown as ReviewBase;
  const first = region('person-1', 0, 2);

  test('come with the likeliest first, a score and a reason', () => {
    const found = similarTo(base, first, [first, region('person-3', 3, 4), region('person-2', 5, 6)]);
    assert.deepEqual(
      found.map((one) => one.region),
      ['person-2', 'person-3'],
    );
    assert.ok(found[0]!.score > found[1]!.score);
    assert.match(found[0]!.says, /upper part alike, lower part alike/);
    assert.match(found[1]!.says, /upper part not alike/);
  });

  test('leave out whoever is in the picture at the same time, and what was made by hand', () => {
    const drawn = region('drawn', 8, 9, 0, { origin: 'person' });
    assert.deepEqual(similarTo(base, first, [first, region('person-2', 1, 3, 100), drawn]), []);
    assert.deepEqual(similarTo({} as ReviewBase, first, [region('person-2', 5, 6)]), []);
  });

  test('know what was followed as one person, and compare a face by the person it belongs to', () => {
    const face = region('face-7', 5, 6, 0, { class: 'face', subject: 'person-2' });
    const own = region('face-1', 0, 2, 0, { class: 'face', subject: 'person-1' });
    const later = region('face-2', 3, 4, 0, { class: 'face', subject: 'person-1' });
    const [again, followed] = similarTo(base, own, [own, face, later]).toSorted((a, b) => a.score - b.score);
    assert.deepEqual([again!.region, followed!.region, followed!.score], ['face-7', 'face-2', 1]);
    assert.ok(again!.score > 0.85);
  });

  test('do not offer a face the body that it is on, nor a body its face', () => {
    const face = region('face-1', 0, 2, 0, { class: 'face', subject: 'person-1' });
    const unlinked = region('face-2', 0, 2, 0, { class: 'face' });
    assert.deepEqual(similarTo(base, face, [face, first]), []);
    assert.deepEqual(similarTo(base, first, [face, first, unlinked]), []);
    assert.deepEqual(
      similarTo(base, first, [first, region('person-2', 1, 2)]).map((one) => one.region),
      ['person-2'],
    );
  });
});

test('tracks of people and things are looked at five times, in the order of time', () => {
  const regions = [
    region('person-1', 0, 6),
    region('text-1', 0, 6, 0, { class: 'text' }),
    region('person-2', 3, 3),
  ];
  const glances = glancesAt({ regions });
  assert.equal(glances.length, 10);
  assert.deepEqual(
    glances.map(({ time }) => time),
    glances.map(({ time }) => time).toSorted((a, b) => a - b),
  );
  assert.ok(glances.every((glance) => glance.region !== 'text-1'));
});
