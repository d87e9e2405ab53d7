import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { holds } from '../../src/uses/watch/learning/condition.ts';
import { propose, wouldHide, type PastAlert } from '../../src/uses/watch/learning/propose.ts';

const day = 86_400_000;
const began = Date.UTC(2026, 9, 1);
const slot = {
  zones: [
    {
      id: 'dock',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as [number, number][],
    },
    {
      id: 'safe',
      polygon: [
        [0, 0],
        [1, 0],
        [1, 0.2],
        [0, 0.2],
      ] as [number, number][],
      protected: true,
    },
  ],
};
const context = { timeZone: 'America/Chicago', slot, days: 30 };

/** A made-up month of a camera: a small thing at one place before dawn that is always dismissed, and other things. */
function simulated(random: Random): PastAlert[] {
  const pick = (low: number, high: number): number => low + random.next() * (high - low);
  const cell = { x: Math.floor(pick(0, 4)) / 4, y: 0.25 + Math.floor(pick(0, 3)) / 4 };
  const hour = Math.floor(pick(0, 23));
  const nuisance = Array.from({ length: 20 }, (_, n): PastAlert => ({
    ...{ place: 'dock', class: 'person', outcome: 'dismissed', height: pick(0.1, 0.14) },
    at: began + n * day + (hour + pick(0, 1)) * 3_600_000,
    foot: [cell.x + pick(0.02, 0.23), cell.y + pick(0.02, 0.23)],
  }));
  const others = Array.from({ length: 60 }, (_, n): PastAlert => ({
    ...{ place: 'dock', class: 'person', height: pick(0.1, 0.5) },
    outcome: random.next() < 0.6 ? 'real' : random.next() < 0.5 ? 'undecided' : 'dismissed',
    at: began + (n % 30) * day + pick(0, 24) * 3_600_000,
    foot: [pick(0, 1), pick(0.2, 1)],
  }));
  return [...nuisance, ...others];
}

describe('learning from dismissals (simulated histories)', () => {
  test('finds a planted nuisance, and never hides what was confirmed', () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const past = simulated(new Random(seed));
      const proposals = propose(past, context);
      for (const { condition, evidence } of proposals) {
        const hidden = past.filter((alert) => holds(condition, alert, context.timeZone));
        assert.equal(hidden.filter(({ outcome }) => outcome === 'real').length, 0, `seed ${seed}`);
        assert.equal(evidence.confirmed, 0);
        assert.deepEqual(evidence, wouldHide(condition, past, context));
        assert.match(
          evidence.sentence,
          /^would have hidden \d+ dismissed and 0 confirmed alerts of the last 30 days/,
        );
      }
      const nuisance = past.slice(0, 20);
      const most = Math.max(
        0,
        ...proposals.map(
          ({ condition }) => nuisance.filter((alert) => holds(condition, alert, context.timeZone)).length,
        ),
      );
      if (most >= 12) found++;
    }
    assert.ok(found >= 90, `found in ${found} of 100`);
  });

  test('proposes nothing for a protected zone, nor from a few dismissals', () => {
    const past = simulated(new Random(7));
    const safe = past.map((alert) => ({ ...alert, foot: [alert.foot[0], 0.1] as const }));
    assert.deepEqual(propose(safe, context), []);
    assert.deepEqual(propose(past.slice(0, 8), context), []);
  });

  test('a window over midnight holds on both sides of it, by the clocks of the site', () => {
    const condition = {
      ...{ place: 'dock', class: 'person', heights: null, area: null },
      minutes: { from: 23 * 60, to: 60 },
    };
    const at = (time: string): PastAlert => ({
      ...{ place: 'dock', class: 'person', height: 0.2, foot: [0.5, 0.5] },
      ...{ outcome: 'dismissed', at: Date.parse(time) },
    });
    const inside = (time: string): boolean => holds(condition, at(time), 'America/Chicago');
    assert.equal(inside('2026-11-20T23:30:00-06:00'), true);
    assert.equal(inside('2026-11-20T00:30:00-06:00'), true);
    assert.equal(inside('2026-11-20T01:30:00-06:00'), false);
    assert.equal(inside('2026-07-20T23:30:00-05:00'), true);
  });
});
