import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTime, ticksToSeconds } from './time.ts';

for (const [time, text] of [
  [0, '0:00:00.000'],
  [59.9994, '0:00:59.999'],
  [59.9996, '0:01:00.000'],
  [3599.9999, '1:00:00.000'],
  [3661.25, '1:01:01.250'],
  [360_000, '100:00:00.000'],
  [-1.5, '-0:00:01.500'],
  [-0.0001, '0:00:00.000'],
] as const) {
  test(`${time} s is written ${text}`, () => assert.equal(formatTime(time), text));
}

test('ticks count from the stream’s zero, before it too', () => {
  assert.equal(ticksToSeconds(90_000n, { num: 1, den: 90_000 }), 1);
  assert.equal(ticksToSeconds(-1001, { num: 1001, den: 30_000 }), (-1001 * 1001) / 30_000);
});
