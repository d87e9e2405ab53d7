import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planSample, simulatedGoals, simulatedVerdicts } from '../../bench/lib/fairness.ts';

/** A short form of `npm run bench -- face-test`, on seeds of its own. */
test('few fair tests of the planned size are called unfair, and most biased ones are found', () => {
  const goals = simulatedGoals('testing');
  const planned = planSample(goals);
  const seeds = Array.from({ length: 12 }, (_, index) => index);
  const unfair = seeds.filter((seed) =>
    simulatedVerdicts(`testing/fair/${seed}`, 1, planned).some(
      ({ fmr, fnmr }) => fmr.verdict === 'worse' || fnmr.verdict === 'worse',
    ),
  );
  const biased = seeds.map((seed) => simulatedVerdicts(`testing/biased/${seed}`, 2, planned));
  // At the limits of 5 % and 80 % more than 2 of 12, or fewer than 7, have a chance of 2 %.
  assert.ok(unfair.length <= 2, `${unfair.length} of 12 fair tests were called unfair`);
  assert.ok(biased.filter((groups) => groups[3]!.fmr.verdict === 'worse').length >= 7);
  assert.ok(biased.every((groups) => groups.slice(0, 3).every(({ fmr }) => fmr.verdict !== 'worse')));
  const short = simulatedVerdicts('testing/short', 2, planned, {
    ...planned,
    subjects: planned.subjects - 1,
  });
  assert.ok(
    short.every(({ fmr, fnmr }) => fmr.verdict === 'not-estimable' && fnmr.verdict === 'not-estimable'),
  );
});
