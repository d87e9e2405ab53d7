import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PixelBox } from '../../../core/box.ts';
import type { LiveTrack } from '../live-tracks.ts';
import { siteSchema, type CameraFile } from '../site/schema.ts';
import type { Firing, Moment, RunningRule, Seen } from './firing.ts';
import { startRule } from './start.ts';

const picture = { width: 1000, height: 1000 };

/** A camera with a square zone in the middle, a level line through it, and one rule. */
function ruleOf(rule: object): RunningRule {
  const { cameras } = siteSchema.parse({
    site: 's',
    timeZone: 'UTC',
    cameras: [
      {
        id: 'c',
        zones: [
          {
            id: 'z',
            polygon: [
              [0.4, 0.4],
              [0.6, 0.4],
              [0.6, 0.6],
              [0.4, 0.6],
            ],
          },
        ],
        lines: [{ id: 'l', from: [0.2, 0.5], to: [0.8, 0.5] }],
        rules: [{ id: 'r', ...rule }],
      },
    ],
  });
  const camera: CameraFile = cameras[0]!;
  return startRule(camera.rules[0]!, camera);
}

function personAt(
  x: number,
  y: number,
  time: number,
  more: Partial<Seen & { score: number; height: number; class: string }> = {},
): Seen {
  const height = 1000 * (more.height ?? 0.1);
  const box: PixelBox = { x: 1000 * x - 20, y: 1000 * y - height, width: 40, height };
  const track: LiveTrack = {
    id: more.identity ?? 'person-1',
    class: more.class ?? 'person',
    kind: 'person',
    box,
    velocity: { x: 0, y: 0 },
    firstSeen: 0,
    lastSeen: time,
    seenNow: true,
    scores: [more.score ?? 0.8],
    path: [],
    appearance: undefined,
    stillSince: 0,
  };
  return { track, identity: more.identity ?? 'person-1', foot: [x, y], height: height / 1000 };
}

function moment(time: number, more: Partial<Moment> = {}): Moment {
  const seen = more.seen ?? [];
  return {
    time,
    remembered: new Set(['person-1', ...seen.map(({ identity }) => identity)]),
    changes: [],
    health: { state: 'good', since: 0 },
    picture,
    ...more,
    seen,
  };
}

/** Walks along points, one each second. @returns when the rule fired. */
function walk(
  run: RunningRule,
  points: readonly (readonly [number, number])[],
  more: Parameters<typeof personAt>[3] = {},
): number[] {
  return points.flatMap(([x, y], time) =>
    run(moment(time, { seen: [personAt(x, y, time, more)] })).map(() => time),
  );
}

const inside = [0.5, 0.5] as const;
const outside = [0.1, 0.1] as const;

describe('zone entry', () => {
  test('fires once on the look that completes the inertia, and again after having left', () => {
    const run = ruleOf({ kind: 'zone-entry', zone: 'z' });
    assert.deepEqual(
      walk(run, [
        outside,
        inside,
        inside,
        inside,
        inside,
        outside,
        outside,
        outside,
        outside,
        outside,
        outside,
        inside,
        inside,
        inside,
      ]),
      [3, 13],
    );
  });

  test('a step out and in at the edge is no second entry, and a look by chance is no entry', () => {
    const run = ruleOf({ kind: 'zone-entry', zone: 'z' });
    assert.deepEqual(
      walk(run, [
        outside,
        inside,
        inside,
        outside,
        inside,
        inside,
        inside,
        outside,
        outside,
        outside,
        outside,
        inside,
        inside,
        inside,
      ]),
      [6],
    );
  });

  test('classes, sizes and scores are conditions', () => {
    const points = [inside, inside, inside, inside];
    assert.deepEqual(walk(ruleOf({ kind: 'zone-entry', zone: 'z', minScore: 0.9 }), points), []);
    assert.deepEqual(walk(ruleOf({ kind: 'zone-entry', zone: 'z', minHeight: 0.2 }), points), []);
    assert.deepEqual(walk(ruleOf({ kind: 'zone-entry', zone: 'z', classes: ['vehicle'] }), points), []);
    assert.deepEqual(
      walk(ruleOf({ kind: 'zone-entry', zone: 'z', classes: ['vehicle'] }), points, { class: 'vehicle' }),
      [2],
    );
  });

  test('somebody who is forgotten and comes again enters again', () => {
    const run = ruleOf({ kind: 'zone-entry', zone: 'z', inertia: 1 });
    assert.equal(run(moment(0, { seen: [personAt(0.5, 0.5, 0)] })).length, 1);
    run(moment(1, { remembered: new Set() }));
    assert.equal(run(moment(2, { seen: [personAt(0.5, 0.5, 2)] })).length, 1);
  });
});

describe('line crossing', () => {
  const up = [
    [0.5, 0.6],
    [0.5, 0.4],
  ] as const;
  const down = up.toReversed();

  test('fires in the direction asked for', () => {
    assert.deepEqual(walk(ruleOf({ kind: 'line-crossing', line: 'l', direction: 'to-left' }), up), [1]);
    assert.deepEqual(walk(ruleOf({ kind: 'line-crossing', line: 'l', direction: 'to-left' }), down), []);
    assert.deepEqual(walk(ruleOf({ kind: 'line-crossing', line: 'l', direction: 'to-right' }), down), [1]);
    assert.deepEqual(walk(ruleOf({ kind: 'line-crossing', line: 'l' }), [...up, ...down]), [1, 3]);
  });

  test('passing beside its ends is no crossing', () => {
    assert.deepEqual(
      walk(ruleOf({ kind: 'line-crossing', line: 'l' }), [
        [0.9, 0.6],
        [0.9, 0.4],
      ]),
      [],
    );
  });
});

describe('dwell', () => {
  test('fires once for a stay that is long enough, over short losses of sight', () => {
    const run = ruleOf({ kind: 'dwell', zone: 'z', seconds: 5 });
    const fired: number[] = [];
    for (let time = 0; time < 20; time++) {
      const seen = time === 4 ? [] : [personAt(0.5, 0.5, time)];
      if (run(moment(time, { seen })).length > 0) fired.push(time);
    }
    assert.deepEqual(fired, [7]);
  });

  test('passing through does not', () => {
    const run = ruleOf({ kind: 'dwell', zone: 'z', seconds: 5 });
    assert.deepEqual(
      walk(run, [
        inside,
        inside,
        inside,
        inside,
        ...Array<typeof outside>(6).fill(outside),
        inside,
        inside,
        inside,
      ]),
      [],
    );
  });
});

describe('objects and tampering', () => {
  const change = { id: 1, box: { x: 480, y: 500, width: 40, height: 40 }, since: 0, what: 'left' as const };
  const times = (run: RunningRule, more: Partial<Moment>): number[] =>
    [0, 5, 9, 10, 11, 30].flatMap((time) => run(moment(time, more)).map((_firing: Firing) => time));

  test('what was left is told once, after its time; what was removed is another rule', () => {
    assert.deepEqual(times(ruleOf({ kind: 'object-left', zone: 'z' }), { changes: [change] }), [10]);
    assert.deepEqual(times(ruleOf({ kind: 'object-removed', zone: 'z' }), { changes: [change] }), []);
  });

  test('not outside of the zone, not of the wrong size, and not where somebody stands', () => {
    const away = { ...change, box: { ...change.box, x: 0 } };
    assert.deepEqual(times(ruleOf({ kind: 'object-left', zone: 'z' }), { changes: [away] }), []);
    assert.deepEqual(
      times(ruleOf({ kind: 'object-left', zone: 'z', minHeight: 0.2 }), { changes: [change] }),
      [],
    );
    const seen = [personAt(0.5, 0.54, 0)];
    assert.deepEqual(times(ruleOf({ kind: 'object-left', zone: 'z' }), { changes: [change], seen }), []);
  });

  test('tampering is told once for each spell', () => {
    const run = ruleOf({ kind: 'tamper', seconds: 3 });
    const states = ['good', 'black', 'black', 'black', 'black', 'black', 'good', 'black'] as const;
    const fired = states.flatMap((state, time) =>
      run(moment(time, { health: { state, since: 1 } })).map(() => time),
    );
    assert.deepEqual(fired, [4, 7]);
  });
});
