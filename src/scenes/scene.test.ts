import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Setting } from './draw/background.ts';
import { composeScene, type Scene, type SceneOptions } from '../../material/scene.ts';

const small: SceneOptions = {
  seed: 11,
  width: 320,
  height: 180,
  fps: 10,
  seconds: 2,
  settings: ['lane', 'office'],
};

describe('scenes', () => {
  test('are the same for the same seed, in whatever order frames are asked for', async () => {
    const [one, two] = [await composeScene(small), await composeScene(small)];
    two.frame(15);
    for (const index of [0, 7, 15]) {
      assert.ok(one.frame(index).equals(two.frame(index)));
      assert.deepEqual(one.truth(index), two.truth(index));
    }
    const other = await composeScene({ ...small, seed: 12 });
    assert.ok(!other.frame(7).equals(one.frame(7)));
  });

  test('have a truth that holds every pixel a thing changes', async () => {
    const kinds = {
      lane: ['person', 'vehicle'],
      office: ['screen', 'passport', 'label'],
      yard: ['container'],
    };
    for (const [setting, present] of Object.entries(kinds)) {
      const quiet = { ...small, noise: 0, settings: [setting as Setting] };
      const whole = await composeScene(quiet);
      for (const kind of present) {
        const without = await composeScene({ ...quiet, cast: { [kind]: 0 } });
        let changed = 0;
        for (const index of [1, 8, 16]) changed += assertExplained(whole, without, kind, index);
        assert.ok(changed > 100, `${kind} is never seen`);
      }
    }
  });

  test('say what is hidden', async () => {
    const scene = await composeScene({ ...small, seed: 3, settings: ['lane'] });
    const shares = scene.times.flatMap((_, index) => scene.truth(index).map((thing) => thing.occludedShare));
    assert.ok(shares.some((share) => share === 0));
    assert.ok(shares.some((share) => share > 0.3 && share < 1));
    assert.ok(shares.every((share) => share >= 0 && share < 1));
  });

  test('keep boxes inside the frame and follow things by id', async () => {
    const scene = await composeScene(small);
    for (const index of scene.times.keys()) {
      const things = scene.truth(index);
      assert.equal(new Set(things.map((thing) => thing.id)).size, things.length);
      for (const { box } of things) {
        assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 320 && box.y + box.height <= 180);
      }
    }
    assert.deepEqual(scene.cuts, [10]);
    const before = new Set(scene.truth(9).map((thing) => thing.id));
    assert.ok(scene.truth(10).every((thing) => !before.has(thing.id)));
  });

  test('run at a steady rate, or at irregular times that always rise', async () => {
    const steady = await composeScene(small);
    assert.deepEqual(steady.times.slice(0, 3), [0, 0.1, 0.2]);
    assert.equal(steady.ticks.length, 20);
    const { ticks } = await composeScene({ ...small, vfr: true });
    const steps = ticks.slice(1).map((tick, index) => tick - ticks[index]!);
    assert.ok(steps.every((step) => step > 0));
    assert.ok(new Set(steps).size >= 3);
  });

  test('carry valid machine-readable lines, container numbers and example data', async () => {
    const scene = await composeScene({ ...small, settings: ['office', 'yard'] });
    const texts = (name: string): string[] =>
      scene.times.flatMap((_, index) =>
        scene.truth(index).flatMap((thing) => (thing.class === name ? [thing.text ?? ''] : [])),
      );
    const weigh = (field: string): number => {
      const values = [...field].map((sign) => '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(sign));
      return (
        values.reduce(
          (sum, value, i) => sum + Math.max(0, value) * (i % 3 === 0 ? 7 : i % 3 === 1 ? 3 : 1),
          0,
        ) % 10
      );
    };
    const line = texts('mrz').find((text) => !text.startsWith('P<')) ?? '';
    assert.equal(line.length, 44);
    assert.equal(weigh(line.slice(0, 9)), Number(line[9]));
    assert.equal(weigh(line.slice(0, 10) + line.slice(13, 20) + line.slice(21, 43)), Number(line[43]));
    assert.match(texts('container-number')[0] ?? '', /^(CSQU|TWXU|QZZU|UTOU) \d{6} \d$/);
    assert.match(texts('phone')[0] ?? '', /^202-555-01\d\d$/);
    assert.match(texts('email')[0] ?? '', /@example\.org$/);
    assert.equal(texts('card')[0], '4111 1111 1111 1111');
  });

  test('hold the faces of whole photographs', async () => {
    const scene = await composeScene({ ...small, settings: ['portraits'] });
    const faces = scene.truth(5).filter((thing) => thing.class === 'face');
    assert.ok(faces.length >= 1);
    await assert.rejects(async () => scene.frame(20), RangeError);
  });
});

/** Asserts that two scenes differ only inside the boxes of one kind; returns the number of pixels that differ. */
function assertExplained(whole: Scene, without: Scene, kind: string, index: number): number {
  const [a, b] = [whole.frame(index), without.frame(index)];
  const boxes = whole
    .truth(index)
    .filter((thing) => thing.id.includes(`/${kind}-`))
    .map((thing) => thing.box);
  let changed = 0;
  for (let pixel = 0; pixel < whole.width * whole.height; pixel++) {
    const i = pixel * 3;
    if (a[i] === b[i] && a[i + 1] === b[i + 1] && a[i + 2] === b[i + 2]) continue;
    changed++;
    const [x, y] = [pixel % whole.width, Math.floor(pixel / whole.width)];
    const inside = boxes.some(
      (box) => x + 1 > box.x && y + 1 > box.y && x < box.x + box.width && y < box.y + box.height,
    );
    assert.ok(inside, `${kind} changes ${x},${y} of frame ${index}`);
  }
  return changed;
}
