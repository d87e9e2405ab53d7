import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MotionGate } from '../../src/vision/motion/gate.ts';
import { HealthWatch } from '../../src/vision/motion/health.ts';
import { Speckle } from '../../src/vision/motion/speckle.ts';
import { conditions } from './scenes/conditions.ts';
import { faults } from './scenes/faults.ts';
import { Still } from './scenes/night.ts';
import { addNoise, chanceOf } from './scenes/noise.ts';
import type { Material } from './scenes/people.ts';
import { playScene } from './scenes/scene.ts';

const size = { width: 240, height: 180 };
const rate = 7;

/** A yard: ground, a wall with windows, a road. */
const ground = Uint8Array.from({ length: size.width * size.height * 3 }, (_, at) => {
  const [x, y] = [Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width)];
  if (y < 60) return x % 40 < 14 && y % 30 < 18 ? 60 : 150;
  return y > 120 ? 90 : 120 + ((x * 7 + y * 13) % 17);
});
const yard: Material = { size, ground, walks: [] };
const spell = (name: string, seed: number, seconds: number): ReturnType<typeof playScene> =>
  playScene(
    yard,
    conditions.find((one) => one.name === name)!,
    seed,
    seconds,
    [],
  );

describe('the negative suite', () => {
  test('the same seed gives the same pictures, another seed others', () => {
    for (const { name } of conditions) {
      const last = (seed: number): Buffer => Buffer.from([...spell(name, seed, 2)].at(-1)!.source.data);
      assert.ok(last(1).equals(last(1)), name);
      assert.ok(!last(1).equals(last(2)), name);
    }
  });

  test('a camera of fewer frames shows the same walk at the same times', () => {
    const none = { x: 0, y: 0, width: 1, height: 1 };
    const walk = Array.from({ length: 21 }, (_, at) => ({
      ...{ at: none, rgb: new Uint8Array(3), alpha: new Float32Array(1) },
      truth: { ...none, x: at },
    }));
    const places = (every: number): (readonly [number, number])[] =>
      [...playScene(yard, conditions[0]!, 1, 24, [walk, walk], every)].flatMap(
        ({ time, walk: who, truth }) => (who === undefined ? [] : [[Math.round(time * rate), truth!.x]]),
      );
    const first = places(1).filter(([frame]) => frame < 60 + 21);
    assert.equal(first.length, 21);
    assert.deepEqual(
      places(2).filter(([frame]) => frame < 60 + 21),
      first.filter(([frame]) => frame % 2 === 0),
    );
    assert.equal(places(2).filter(([frame]) => frame >= 60 + 21).length, 11);
  });

  for (const name of ['calm day', 'night'])
    test(`${name}: nothing moves, and the detector is left alone`, () => {
      const gate = new MotionGate(size);
      for (const { source, time } of spell(name, 1, 12)) {
        const { boxes, learning } = gate.look(source, time);
        if (time > 4) assert.deepEqual([boxes, learning], [[], false], `${time}`);
      }
    });

  test('flicker: the gate learns once, and few places are left to look at', () => {
    const gate = new MotionGate(size);
    let [boxes, looks] = [0, 0];
    for (const { source, time } of spell('flicker', 1, 12)) {
      const motion = gate.look(source, time);
      if (time <= 5) continue;
      assert.ok(!motion.learning, `${time}`);
      boxes += motion.boxes.length;
      looks++;
    }
    assert.ok(boxes / looks <= 0.5, `${boxes / looks}`);
  });

  test('rain: thin streaks that do not last leave nothing; somebody solid stays', () => {
    const speckle = new Speckle();
    const chance = chanceOf(9);
    for (let frame = 0; frame < 40; frame++) {
      const mask = new Uint8Array(size.width * size.height);
      const fill = (x: number, y: number, width: number, height: number): void => {
        for (let row = y; row < y + height; row++)
          mask.fill(1, row * size.width + x, row * size.width + x + width);
      };
      for (let drop = 0; drop < 60; drop++)
        fill(Math.floor(chance() * (size.width - 1)), Math.floor(chance() * (size.height - 14)), 1, 14);
      if (frame >= 30) fill(20 + 3 * (frame - 30), 90, 9, 24);
      const places = speckle.sift(mask, size, 1 / rate);
      if (frame > 20 && frame < 30) assert.ok(places.length <= 2, `${places.length}`);
      if (frame > 31) assert.ok(places.some(({ pixels }) => pixels > 100));
    }
  });

  test('snow: a flake where another was at the look before is still a flake', () => {
    const speckle = new Speckle();
    const chance = chanceOf(4);
    let places = 0;
    for (let frame = 0; frame < 60; frame++) {
      const mask = new Uint8Array(size.width * size.height);
      for (let flake = 0; flake < 30; flake++) {
        const [x, y] = [Math.floor(chance() * (size.width - 4)), Math.floor(chance() * (size.height - 4))];
        for (let row = y; row < y + 4; row++) mask.fill(1, row * size.width + x, row * size.width + x + 4);
      }
      const found = speckle.sift(mask, size, 1 / rate).length;
      if (frame >= 30) places += found;
    }
    assert.ok(places / 30 < 5, `${places / 30}`);
  });

  // How blurred a picture must be to be told depends on the scene: the bench measures it.
  for (const { name, states, spoil } of faults.filter((fault) => fault.name !== 'blurred'))
    test(`a camera that is ${name} is told within ten seconds`, () => {
      const health = new HealthWatch(size);
      const chance = chanceOf(3);
      let last: Uint8Array = ground;
      let told: string | undefined;
      for (let frame = 0; frame < 30 * rate; frame++) {
        let pixels: Uint8Array = ground.slice();
        if (frame < 20 * rate) addNoise(pixels, size.width * 3, 2, chance);
        else pixels = spoil(pixels, last, size, chance);
        last = pixels;
        const { state } = health.update(
          new Still(size, pixels).readLuma(size.width, size.height),
          frame / rate,
        );
        if (frame < 20 * rate) assert.equal(state, 'good');
        else told = state;
      }
      assert.ok((states as readonly (string | undefined)[]).includes(told), told);
    });

  describe('a yard in the dark', () => {
    const { spoil: turn } = faults.find(({ name }) => name === 'moved')!;
    /** All states told of a minute of it. @param light of the day's. @param show what happens after 20 seconds. */
    const states = (
      light: number,
      noise: number,
      show: (pixels: Uint8Array, seconds: number) => Uint8Array,
    ): string[] => {
      const health = new HealthWatch(size);
      const chance = chanceOf(3);
      const told: string[] = [];
      for (let frame = 0; frame < 60 * rate; frame++) {
        const dim = ground.map((level) => 4 + level * light);
        const pixels = frame < 20 * rate ? dim : show(dim, frame / rate - 20);
        addNoise(pixels, size.width * 3, noise, chance);
        const luma = new Still(size, pixels).readLuma(size.width, size.height);
        const { state } = health.update(luma, frame / rate);
        if (told.at(-1) !== state) told.push(state);
      }
      return told;
    };
    /** A bright thing with a glow of so many pixels crosses the picture. */
    const lampOf =
      (glow: number) =>
      (pixels: Uint8Array, seconds: number): Uint8Array =>
        pixels.map((level, at) => {
          const [x, y] = [Math.floor(at / 3) % size.width, Math.floor(at / 3 / size.width)];
          return Math.min(
            255,
            level + 230 * Math.exp(-((x + 20 - 12 * seconds) ** 2 + (y - 110) ** 2) / glow ** 2),
          );
        });

    for (const glow of [6, 24])
      test(`a lamp that passes, with a glow of ${glow} pixels, moves no camera`, () => {
        assert.deepEqual(states(0.2, 2, lampOf(glow)), ['good']);
        assert.deepEqual(states(0.1, 6, lampOf(glow)), ['good']);
      });

    test('in the black it lights nothing; noise alone does not tell where a camera looks', () => {
      assert.deepEqual(states(0, 2, lampOf(12)), ['black']);
      assert.deepEqual(
        states(0, 12, (pixels) => pixels),
        ['good'],
      );
    });

    test('a camera that is moved is told', () => {
      const chance = chanceOf(4);
      const turned = (pixels: Uint8Array): Uint8Array => turn(pixels, pixels, size, chance);
      assert.deepEqual(states(0.2, 2, turned), ['good', 'moved']);
      assert.deepEqual(states(0.1, 6, turned), ['good', 'moved']);
    });
  });
});
