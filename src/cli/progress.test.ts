import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Progress } from '../core/progress.ts';
import { barDisplay, jsonDisplay, textDisplay, type DisplayTarget } from './progress-display.ts';
import { progressBar, progressText } from './progress-line.ts';
import { Speedometer } from './speedometer.ts';

const frames = (done: number, total?: number): Progress => ({
  stage: 'analyse',
  done,
  unit: 'frames',
  ...(total === undefined ? {} : { total }),
});

/** A clock that the test turns, and what was written. */
function bench(columns = 80): DisplayTarget & { at: number; written: string[] } {
  const target = { at: 0, written: [] as string[] };
  return Object.assign(target, {
    write: (text: string) => void target.written.push(text),
    columns: () => columns,
    now: () => target.at,
  });
}

describe('speed', () => {
  test('is that of the last ten seconds', () => {
    const speedometer = new Speedometer();
    assert.equal(speedometer.read(frames(0, 1000), 0).perSecond, undefined);
    for (let second = 1; second <= 20; second += 1) speedometer.read(frames(10 * second, 1000), second);
    let pace = speedometer.read(frames(200, 1000), 20);
    assert.equal(pace.perSecond, 10);
    assert.equal(pace.left, 80);
    for (let second = 21; second <= 40; second += 1)
      pace = speedometer.read(frames(20 * second - 200, 1000), second);
    assert.equal(pace.perSecond, 20);
  });

  test('starts again with a stage and when the count falls back', () => {
    const speedometer = new Speedometer();
    speedometer.read(frames(0), 0);
    speedometer.read(frames(500), 1);
    assert.equal(speedometer.read(frames(3), 2).perSecond, undefined);
    assert.equal(speedometer.read({ ...frames(4), stage: 'render' }, 3).perSecond, undefined);
  });
});

describe('a line of progress', () => {
  const pace = { perSecond: 38.12, left: 69.3 };

  test('tells all it knows', () => {
    assert.equal(
      progressText(frames(2160, 4800), pace),
      'analyse: 45 %, 2160/4800 frames, 38.1 frames/s, 1:10 left',
    );
    assert.equal(
      progressText({ ...frames(7), at: 4000 }, { perSecond: undefined, left: undefined }),
      'analyse: 7 frames, at 1:06:40',
    );
  });

  test('has a bar that fits every terminal', () => {
    const line = progressBar(frames(2400, 4800), pace, 100);
    const bar = /\[(#+)(\.+)\]/.exec(line);
    assert.ok(Math.abs((bar?.[1]?.length ?? 0) - (bar?.[2]?.length ?? 99)) <= 1, line);
    for (let width = 0; width <= 200; width += 1) {
      for (const done of [0, 1, 4799, 4800, 5000]) {
        assert.ok(progressBar(frames(done, 4800), pace, width).length <= width);
      }
      assert.ok(progressBar(frames(12), pace, width).length <= width);
    }
  });
});

describe('a display', () => {
  test('with a bar draws ten times a second at most and leaves the line empty', () => {
    const target = bench();
    const display = barDisplay(target, false);
    for (let frame = 0; frame <= 1000; frame += 1) {
      target.at = frame / 1000;
      display.report(frames(frame, 1000));
    }
    assert.ok(target.written.length >= 9 && target.written.length <= 11, `${target.written.length} draws`);
    assert.ok(target.written.every((text) => text.startsWith('\r') && !text.includes('\n')));
    display.clear();
    display.clear();
    assert.equal(target.written.filter((text) => text === '\r\u001b[K').length, 1);
  });

  test('is coloured only where that is wanted', () => {
    const [plain, coloured] = [bench(), bench()];
    barDisplay(plain, false).report(frames(500, 1000));
    barDisplay(coloured, true).report(frames(500, 1000));
    assert.ok(!plain.written.join('').includes('\u001b[36m'));
    assert.ok(coloured.written.join('').includes('\u001b[36m#'));
  });

  test('of text writes a line every ten seconds and at the ends of a stage', () => {
    const target = bench();
    const display = textDisplay(target);
    for (let second = 0; second <= 25; second += 0.5) {
      target.at = second;
      display.report(frames(second * 2, 50));
    }
    const shares = target.written.map((line) => /(\d+) %/.exec(line)?.[1]);
    assert.deepEqual(shares, ['0', '40', '80', '100']);
    assert.ok(target.written.every((line) => line.endsWith('\n') && !line.includes('\u001b')));
  });

  test('of JSON writes one object a line', () => {
    const target = bench();
    const display = jsonDisplay(target);
    display.report(frames(1, 2));
    display.report(frames(1, 2));
    display.report(frames(2, 2));
    assert.deepEqual(
      target.written.map((line) => JSON.parse(line) as unknown),
      [
        { event: 'progress', stage: 'analyse', done: 1, unit: 'frames', total: 2 },
        { event: 'progress', stage: 'analyse', done: 2, unit: 'frames', total: 2 },
      ],
    );
  });
});
