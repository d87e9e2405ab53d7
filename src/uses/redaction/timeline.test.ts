import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { plan, region } from '../../../test/redaction-plan.ts';
import { formatPlan, parsePlan } from './plan.ts';
import { RegionTimeline } from './timeline.ts';

describe('where a region is', () => {
  const moving = region({
    keyframes: [
      [1, 0, 0, 10, 10],
      [3, 20, 40, 30, 10],
    ],
  });

  test('between keyframes it moves in a straight line, outside them it stands still', () => {
    const timeline = new RegionTimeline(plan({ regions: [moving] }));
    assert.deepEqual(timeline.at(0)[0]?.box, { x: 0, y: 0, width: 10, height: 10 });
    assert.deepEqual(timeline.at(2)[0]?.box, { x: 10, y: 20, width: 20, height: 10 });
    assert.deepEqual(timeline.at(9)[0]?.box, { x: 20, y: 40, width: 30, height: 10 });
  });

  test('any order of asking gives the same answer', () => {
    const timeline = new RegionTimeline(plan({ regions: [moving, region({ id: 'b', start: 2, end: 4 })] }));
    const forward = [0, 1, 2, 3, 4, 5].map((time) => timeline.at(time));
    const backward = [5, 4, 3, 2, 1, 0].map((time) => timeline.at(time)).reverse();
    assert.deepEqual(backward, forward);
    assert.deepEqual(
      forward.map((placed) => placed.length),
      [1, 1, 2, 2, 2, 1],
    );
  });

  test('a frame exactly on the edge of a span is inside although the plan rounds to microseconds', () => {
    const third = 1 / 3;
    const timeline = new RegionTimeline(plan({ regions: [region({ start: 0.333333, end: 0.666667 })] }));
    assert.equal(timeline.at(third).length, 1);
    assert.equal(timeline.at(2 * third).length, 1);
    assert.equal(timeline.at(2 * third + 0.01).length, 0);
  });

  test('limits narrow by time and by zone; a region that only touches a zone is drawn whole', () => {
    const limited = plan({ regions: [moving], limits: { spans: [[2, 3]], zones: [[0, 0, 11, 100]] } });
    const timeline = new RegionTimeline(limited);
    assert.equal(timeline.at(1).length, 0);
    assert.deepEqual(timeline.at(2)[0]?.box, { x: 10, y: 20, width: 20, height: 10 });
    assert.equal(timeline.at(3).length, 0);
  });

  test('a region that a person switched off is not drawn', () => {
    assert.equal(new RegionTimeline(plan({ regions: [region({ redact: false })] })).at(1).length, 0);
  });
});

describe('a plan as text', () => {
  test('reads back as it was written', () => {
    const original = plan({
      regions: [region({}), region({ id: 'x', label: '(b)(6)' })],
      limits: { spans: [[0, 1]] },
    });
    assert.deepEqual(parsePlan(formatPlan(original)), original);
    assert.deepEqual(parsePlan(formatPlan(plan({}))), plan({}));
  });

  for (const [what, change, field] of [
    [
      'a box of no width',
      { regions: [region({ keyframes: [[0, 0, 0, 0, 10]] })] },
      'regions.0.keyframes.0.3',
    ],
    [
      'keyframes out of order',
      {
        regions: [
          region({
            keyframes: [
              [1, 0, 0, 9, 9],
              [1, 0, 0, 9, 9],
            ],
          }),
        ],
      },
      'regions.0',
    ],
    ['an end before the start', { regions: [region({ start: 5, end: 4 })] }, 'regions.0'],
    ['the same id twice', { regions: [region({}), region({})] }, 'regions'],
    ['a path without keyframes', { regions: [region({ keyframes: [] })] }, 'regions.0.keyframes'],
    [
      'a path that is no list',
      { regions: [{ ...region({}), keyframes: { length: 1, 0: [0, 0, 0, 9, 9] } }] },
      'regions.0.keyframes',
    ],
    [
      'a region without a path',
      { regions: [{ ...region({}), keyframes: undefined }] },
      'regions.0.keyframes',
    ],
    [
      'a keyframe of four numbers',
      { regions: [{ ...region({}), keyframes: [[0, 0, 0, 9]] }] },
      'regions.0.keyframes.0',
    ],
    [
      'a keyframe with a text',
      {
        regions: [
          {
            ...region({}),
            keyframes: [
              [0, 0, 0, 9, 9],
              [1, '0', 0, 9, 9],
            ],
          },
        ],
      },
      'regions.0.keyframes.1.1',
    ],
    ['an unknown field', { surprise: 1 } as object, 'surprise'],
  ] as const) {
    test(`${what} is refused by name`, () => {
      const text = JSON.stringify({ ...plan({}), ...change });
      assert.throws(
        () => parsePlan(text),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'E_PLAN');
          assert.ok(error.message.includes(` ${field}:`), error.message);
          return true;
        },
      );
    });
  }
});
