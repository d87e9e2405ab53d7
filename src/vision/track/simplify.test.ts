import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../../core/random.ts';
import { simplify } from './simplify.ts';
import type { TimedBox } from './tracklet.ts';
import { boxAt, type Trajectory } from './trajectory.ts';

const model = { id: 'test', digest: '' };
function trajectory(keyframes: readonly TimedBox[]): Trajectory {
  const start = keyframes[0]!.time;
  const end = keyframes.at(-1)!.time;
  return { id: 'a-1', class: 'a', keyframes, start, end, bestScore: 1, detections: keyframes.length, model };
}

describe('trajectories', () => {
  test('move linearly between keyframes and end where they end', () => {
    const box = { x: 0, y: 10, width: 20, height: 40 };
    const path = trajectory([
      { time: 1, box },
      { time: 2, box: { ...box, x: 100 } },
      { time: 4, box: { ...box, x: 100, width: 40 } },
    ]);
    assert.equal(boxAt(path, 0.9), undefined);
    assert.equal(boxAt(path, 4.1), undefined);
    assert.deepEqual(boxAt(path, 1), box);
    assert.equal(boxAt(path, 1.25)!.x, 25);
    assert.equal(boxAt(path, 2)!.x, 100);
    assert.equal(boxAt(path, 3)!.width, 30);
    assert.equal(boxAt(path, 4)!.width, 40);
  });

  test('lose keyframes only where interpolation gives them back', () => {
    const random = new Random('simplify');
    for (const jitter of [0, 0.2, 3]) {
      let x = 0;
      let speed = 20;
      let time = 0;
      const raw = Array.from({ length: 2000 }, (): TimedBox => {
        if (random.next() < 0.01) speed = random.between(-100, 100);
        const step = random.between(0.01, 0.08);
        time += step;
        x += speed * step;
        const wobble = (): number => jitter * random.between(-1, 1);
        return {
          time,
          box: { x: x + wobble(), y: 50 + wobble(), width: 80 + wobble(), height: 80 + wobble() },
        };
      });
      const kept = simplify(raw);
      const path = trajectory(kept);
      for (const { time: moment, box } of raw) {
        const shown = boxAt(path, moment)!;
        for (const miss of [
          shown.x - box.x,
          shown.y - box.y,
          shown.x + shown.width - box.x - box.width,
          shown.y + shown.height - box.y - box.height,
        ]) {
          assert.ok(Math.abs(miss) <= 0.5 + 1e-6, `${miss} px`);
        }
      }
      assert.equal(kept[0], raw[0]);
      assert.equal(kept.at(-1), raw.at(-1));
      if (jitter < 1) assert.ok(kept.length < 300, `${kept.length} keyframes`);
    }
    assert.deepEqual(simplify([]), []);
  });
});
