import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../../core/random.ts';
import type { TimedBox } from '../../core/path.ts';
import { steadyPath } from './steady-path.ts';

const random = new Random('steady');
const times = Array.from({ length: 60 }, (_, index) => index * 0.08 + random.between(0, 0.05));

function walk(jitter: number): TimedBox[] {
  const off = (): number => random.between(-jitter, jitter);
  return times.map((time) => ({
    time,
    box: { x: 100 + 40 * time + off(), y: 50 + 5 * time + off(), width: 60 + off(), height: 180 + off() },
  }));
}

describe('a steady path', () => {
  test('of something that moves in a straight line is that line', () => {
    const path = walk(0);
    for (const [index, { time, box }] of steadyPath(path, 1).entries()) {
      assert.equal(time, path[index]?.time);
      for (const name of ['x', 'y', 'width', 'height'] as const)
        assert.ok(Math.abs(box[name] - (path[index]?.box[name] ?? NaN)) < 1e-6, name);
    }
  });

  test('lies nearer to where it was than jittering boxes do', () => {
    const truth = walk(0);
    const seen = walk(12);
    const error = (path: readonly TimedBox[]): number =>
      path.reduce((sum, { box }, index) => sum + Math.abs(box.x - truth[index]!.box.x), 0) / path.length;
    assert.ok(error(steadyPath(seen, 1)) < error(seen) / 2);
  });

  test('of one moment, and of moments far apart, is what was seen', () => {
    const alone = walk(3).slice(0, 1);
    assert.deepEqual(steadyPath(alone, 1), alone);
    const apart = [0, 5, 10].map((time): TimedBox => ({ time, box: { x: time, y: 1, width: 2, height: 3 } }));
    assert.deepEqual(steadyPath(apart, 1), apart);
    assert.deepEqual(steadyPath([], 1), []);
  });
});
