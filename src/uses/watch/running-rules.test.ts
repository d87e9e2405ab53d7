import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Calendar } from './calendar/calendar.ts';
import type { LiveTrack } from './live-tracks.ts';
import type { Moment, Seen } from './rules/firing.ts';
import { RunningRules } from './running-rules.ts';
import { parseSite } from './site/read.ts';

const { cameras, calendar } = parseSite(
  `site: Port
timeZone: UTC
calendar:
  open: { wednesday: ['00:00-24:00'] }
cameras:
  - id: gate
    zones:
      - { id: dock, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }
    rules:
      - { id: entry, kind: zone-entry, zone: dock, classes: [person, vehicle] }
      - { id: loitering, kind: dwell, zone: dock, seconds: 4 }
      - { id: dark, kind: tamper, seconds: 2 }
      - { id: any-hour, kind: zone-entry, zone: dock, when: always }
`,
  'port.yaml',
);
const noon = Date.parse('2026-11-25T12:00:00Z');
const picture = { width: 1000, height: 1000 };

function seenAt(id: string, time: number): Seen {
  const [name] = id.split('-') as ['person' | 'vehicle'];
  const box = { x: 500, y: 400, width: 40, height: 100 };
  const track: LiveTrack = {
    ...{ id, class: name, kind: name, box, velocity: { x: 0, y: 0 }, firstSeen: 0, lastSeen: time },
    ...{ seenNow: true, scores: [0.8], path: [], appearance: undefined, stillSince: 0 },
  };
  return { track, identity: id, foot: [0.5, 0.5], height: 0.1 };
}

/** Somebody and a parked car are there for so many seconds, a look each; the picture is black from the third on. */
function watchFor(
  rules: RunningRules,
  { from, to, start = noon }: { from: number; to: number; start?: number },
): (readonly [rule: string, track: string | undefined, time: number, why: string])[] {
  return Array.from({ length: to - from }, (_, n) => from + n).flatMap((time) => {
    const seen = ['person-1', 'vehicle-1'].map((id) => seenAt(id, time));
    const moment: Moment = {
      ...{ time, seen, remembered: new Set(seen.map(({ identity }) => identity)), changes: [], picture },
      health: time < 3 ? { state: 'good', since: 0 } : { state: 'black', since: 3 },
    };
    return rules
      .run(moment, start + time * 1000, (inertia) => ({ decoded: 0, looked: 0, fired: 0, inertia }))
      .filter(({ suppressed }) => suppressed === undefined)
      .map(({ reason, track }) => [reason.rule.id, track, time, reason.schedule.why] as const);
  });
}

test('who is there, and what hides the picture, when a site is armed is told; what was parked may stay', () => {
  const rules = new RunningRules(cameras[0]!, calendar);
  assert.deepEqual(watchFor(rules, { from: 0, to: 10 }), [['any-hour', 'person-1', 2, 'open']]);
  const armed: Calendar = {
    ...calendar,
    overrides: [{ state: 'armed', reason: 'a noise', from: noon + 5000, to: noon + 30_000 }],
  };
  rules.keepTo(armed);
  assert.deepEqual(watchFor(rules, { from: 10, to: 30 }), [
    ['dark', undefined, 10, 'armed by hand'],
    ['entry', 'person-1', 12, 'armed by hand'],
    ['loitering', 'person-1', 16, 'armed by hand'],
  ]);
  rules.keepTo({ ...armed, overrides: [] });
  assert.deepEqual(watchFor(rules, { from: 30, to: 40 }), []);
});

test('the same holds when hours begin by the clock, and once only', () => {
  const start = Date.parse('2026-11-25T23:59:50Z');
  const rules = new RunningRules(cameras[0]!, calendar);
  assert.deepEqual(
    watchFor(rules, { from: 0, to: 60, start }).map(([rule, , time]) => [rule, time]),
    [
      ['any-hour', 2],
      ['dark', 10],
      ['entry', 12],
      ['loitering', 16],
    ],
  );
});
