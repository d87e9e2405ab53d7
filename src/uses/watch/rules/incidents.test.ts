import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Incidents, type Raised } from '../incidents.ts';
import { siteSchema, type Rule } from '../site/schema.ts';

const rule: Rule = siteSchema.parse({
  site: 's',
  timeZone: 'UTC',
  cameras: [
    {
      id: 'c',
      zones: [
        {
          id: 'z',
          polygon: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
        },
      ],
      rules: [{ id: 'r', kind: 'zone-entry', zone: 'z', when: 'always' }],
    },
  ],
}).cameras[0]!.rules[0]!;

/** Somebody 80 pixels high who has walked to x, one height a second in a direction. */
function alertOf(who: string, time: number, x: number, direction: 1 | -1 = 1): Raised {
  const path = [-2, -1, 0].map((ago) => ({ time: time + ago, x: x + 80 * ago * direction, y: 300 }));
  return {
    camera: 'c',
    severity: 'medium',
    time,
    at: time * 1000,
    class: 'person',
    track: who,
    identity: who,
    box: { x: x - 15, y: 220, width: 30, height: 80 },
    reason: {
      rule: { id: 'r', kind: 'zone-entry', place: 'z' },
      schedule: { armed: true, why: 'closed' } as unknown as Raised['reason']['schedule'],
      text: '',
      path,
      scores: [0.9],
    },
    latency: { decoded: 0, looked: 0, fired: 0, inertia: 0 },
  };
}

function incidentsOf(alerts: readonly Raised[]): (string | undefined)[] {
  const incidents = new Incidents('c');
  return alerts.map((alert) => incidents.raise(alert, rule, new Map()).incident);
}

describe('incidents', () => {
  test('people who come together are one, however many rules they meet later', () => {
    const told = incidentsOf([
      alertOf('a', 0, 100),
      alertOf('b', 1, 140),
      alertOf('c', 2, 180),
      alertOf('a', 15, 600),
    ]);
    assert.equal(new Set(told).size, 1);
  });

  test('people who pass each other are two', () => {
    assert.equal(new Set(incidentsOf([alertOf('a', 0, 100), alertOf('b', 1, 140, -1)])).size, 2);
  });

  test('a busy place is not one endless incident: one person after the other, near and the same way', () => {
    const crowd = Array.from({ length: 60 }, (_, turn) =>
      alertOf(`p${turn}`, 2 * turn, 100 + (turn % 3) * 20),
    );
    const told = incidentsOf(crowd);
    assert.ok(new Set(told).size >= 12, `${new Set(told).size}`);
    for (const incident of new Set(told)) assert.ok(told.filter((one) => one === incident).length <= 5);
  });

  test('who follows another at the same place is told; one thing found twice is told once', () => {
    const second = (first: { readonly x: number } | undefined): string | undefined => {
      const incidents = new Incidents('c');
      incidents.raise(alertOf('a', 0, 100), rule, new Map());
      const present = new Map(first === undefined ? [] : [['a', alertOf('a', 1, first.x).box]]);
      return incidents.raise(alertOf('b', 1, 104), rule, present).suppressed;
    };
    assert.equal(second({ x: 140 }), undefined);
    assert.equal(second({ x: 102 }), 'same event');
    assert.equal(second(undefined), 'same event');
  });

  test('somebody who stays and stays is told anew after a minute', () => {
    const stay = Array.from({ length: 13 }, (_, turn) => alertOf('a', 10 * turn, 100));
    assert.equal(new Set(incidentsOf(stay)).size, 2);
  });
});
