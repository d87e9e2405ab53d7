import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coverage, type PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { Random } from '../../core/random.ts';
import { MotionGate, type Motion } from './gate.ts';
import { HealthWatch } from './health.ts';
import { StillChanges } from './still-changes.ts';
import { coverWithWindows } from './windows.ts';

const size = { width: 240, height: 180 };

/** Sensor noise in -1..1, a few fields of it that are shown by turns. */
const noiseFields = Array.from({ length: 7 }, (_, field) => {
  const random = new Random(field);
  return Float32Array.from({ length: size.width * size.height }, () => random.next() * 2 - 1);
});

/** A yard with texture and noise, as luma, in which boxes are painted. */
class Yard {
  #shown = 0;
  readonly #ground = Float32Array.from({ length: size.width * size.height }, (_, at) => {
    const [x, y] = [at % size.width, Math.floor(at / size.width)];
    return 90 + 30 * Math.sin(x / 9) * Math.cos(y / 7) + ((x >> 4) + (y >> 4)) * 2;
  });

  plane(boxes: readonly (PixelBox & { luma: number })[] = [], light = 0, noise = 2): Uint8Array {
    const field = noiseFields[this.#shown++ % noiseFields.length]!;
    const plane = new Uint8ClampedArray(this.#ground.length);
    for (let at = 0; at < plane.length; at++) plane[at] = this.#ground[at]! + light + noise * field[at]!;
    for (const { x, y, width, height, luma } of boxes) {
      for (let row = y; row < y + height; row++)
        plane.fill(luma, row * size.width + x, row * size.width + x + width);
    }
    return new Uint8Array(plane.buffer);
  }
}

function source(luma: Uint8Array): PixelSource {
  return { ...size, readLuma: () => luma, readRgb: () => undefined };
}

function look(gate: MotionGate, plane: Uint8Array, frame: number): Motion {
  return gate.look(source(plane), frame / 10);
}

describe('the motion gate', () => {
  test('learns the yard, then boxes who walks through it and nothing else', () => {
    const [yard, gate] = [new Yard(), new MotionGate(size)];
    for (let frame = 0; frame < 30; frame++) {
      const motion = look(gate, yard.plane(), frame);
      assert.equal(motion.learning, frame < 10, `frame ${frame}`);
      assert.deepEqual(motion.boxes, []);
    }
    for (let frame = 30; frame < 80; frame++) {
      const person = { x: 20 + 3 * (frame - 30), y: 90, width: 8, height: 24, luma: 20 };
      const { boxes } = look(gate, yard.plane([person]), frame);
      assert.ok(boxes.length >= 1 && boxes.length <= 2);
      assert.ok(
        boxes.some((box) => coverage(person, box) > 0.9),
        `frame ${frame}`,
      );
    }
  });

  test('a change of light everywhere is no motion: slowly never, at once it asks to look at everything', () => {
    const [yard, gate] = [new Yard(), new MotionGate(size)];
    for (let frame = 0; frame < 60; frame++) {
      const { boxes } = look(gate, yard.plane([], Math.min(40, Math.max(0, frame - 20) * 2)), frame);
      assert.deepEqual(boxes, [], `frame ${frame}`);
    }
    const inverted = yard.plane([], 40).map((value) => 255 - value);
    const jump = look(gate, inverted, 60);
    assert.ok(jump.learning);
    assert.deepEqual(jump.boxes, []);
  });

  test('what sways for minutes is learned to be restless', () => {
    const [yard, gate] = [new Yard(), new MotionGate(size)];
    const boxes = Array.from({ length: 800 }, (_, frame) => {
      const tree = {
        x: 150 + Math.round(4 * Math.sin(frame)),
        y: 20,
        width: 30,
        height: 40,
        luma: 70 + 12 * (frame % 3),
      };
      return look(gate, yard.plane([tree]), frame).boxes.length;
    });
    const share = (part: number[]): number => part.filter((count) => count > 0).length / part.length;
    assert.ok(share(boxes.slice(20, 120)) > 0.5);
    assert.ok(share(boxes.slice(700)) < 0.5 * share(boxes.slice(20, 120)));
  });
});

describe('windows', () => {
  test('every place is inside a window, with room, and near ones share one', () => {
    const places = [
      { x: 100, y: 100, width: 30, height: 80 },
      { x: 180, y: 110, width: 30, height: 80 },
      { x: 600, y: 400, width: 40, height: 90 },
      { x: 0, y: 500, width: 20, height: 70 },
    ];
    const picture = { width: 768, height: 576 };
    const { windows, missed } = coverWithWindows(places, () => 260, picture, 10);
    assert.equal(windows.length, 3);
    assert.equal(missed, 0);
    for (const place of places) assert.ok(windows.some((window) => coverage(place, window) === 1));
    for (const { x, y, width, height } of windows)
      assert.ok(x >= 0 && y >= 0 && x + width <= 768 && y + height <= 576);
  });

  test('a crowd larger than a window is covered by several; beyond the budget it says what it missed', () => {
    const crowd = { x: 50, y: 50, width: 600, height: 200 };
    const picture = { width: 768, height: 576 };
    const { windows } = coverWithWindows([crowd], () => 260, picture, 10);
    for (let x = 60; x < 640; x += 10)
      assert.ok(
        windows.some((window) => coverage({ x, y: 100, width: 10, height: 100 }, window) === 1),
        `${x}`,
      );
    assert.ok(coverWithWindows([crowd], () => 260, picture, 2).missed > 0);
  });
});

describe('lasting changes', () => {
  const suitcase = { x: 100, y: 100, width: 20, height: 16, luma: 15 };

  /** Runs 45 seconds in which the suitcase is there between two times. */
  function run(from: number, to: number): ReturnType<StillChanges['update']> {
    const [yard, changes] = [new Yard(), new StillChanges(size, size)];
    let last: ReturnType<StillChanges['update']> = [];
    for (let frame = 0; frame < 450; frame++) {
      const time = frame / 10;
      const boxes = time >= from && time < to ? [suitcase] : [];
      if (time > 25 && time < 28)
        boxes.push({ x: Math.round((time - 25) * 70), y: 80, width: 10, height: 30, luma: 240 });
      last = changes.update(yard.plane(boxes), time).map((change) => ({ ...change }));
    }
    return last;
  }

  test('what is put down is left, what is taken away is removed, and who walks by is neither', () => {
    for (const [from, to, what] of [
      [20, 99, 'left'],
      [0, 20, 'removed'],
    ] as const) {
      const [change, ...rest] = run(from, to);
      assert.deepEqual(rest, []);
      assert.equal(change?.what, what);
      assert.ok(change.since >= 20 && change.since < 25, `${change.since}`);
      assert.ok(coverage(suitcase, change.box) > 0.9);
    }
    assert.deepEqual(run(99, 99), []);
  });
});

describe('health of the picture', () => {
  function stateAfter(change: (yard: Yard, frame: number) => Uint8Array): string {
    const [yard, health] = [new Yard(), new HealthWatch(size)];
    let state = '';
    for (let frame = 0; frame < 150; frame++) {
      const plane =
        frame < 100 ? yard.plane([{ x: frame, y: 90, width: 8, height: 24, luma: 20 }]) : change(yard, frame);
      state = health.update(plane, frame / 10).state;
      if (frame < 100) assert.equal(state, 'good', `frame ${frame}`);
    }
    return state;
  }

  test('black, covered, frozen and moved pictures are told apart; noise, dusk and lamps are good', () => {
    const frozen = new Yard().plane();
    assert.equal(
      stateAfter(() => new Uint8Array(size.width * size.height).fill(5)),
      'black',
    );
    assert.equal(
      stateAfter((_, frame) => new Uint8Array(size.width * size.height).fill(100 + (frame % 2))),
      'covered',
    );
    assert.equal(
      stateAfter(() => frozen),
      'frozen',
    );
    const elsewhere = (_: Yard, frame: number): Uint8Array =>
      Uint8Array.from({ length: size.width * size.height }, (_value, at) =>
        (at % size.width) % 23 < 8 ? 60 + (frame % 2) : 160,
      );
    assert.equal(stateAfter(elsewhere), 'moved');
    assert.equal(
      stateAfter((yard) => yard.plane([], -40)),
      'good',
    );
    assert.equal(
      stateAfter((yard) => yard.plane([], 60)),
      'good',
    );
    assert.equal(
      stateAfter((yard) => yard.plane([], 0, 6)),
      'good',
    );
  });
});
