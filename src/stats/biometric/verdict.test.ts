import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planSample, type TestGoals } from './planner.ts';
import { verdicts, type VerdictInput } from './verdict.ts';

const goals: TestGoals = {
  targetFmr: 0.001,
  targetFnmr: 0.03,
  groups: 4,
  ratio: 2,
  power: 0.8,
  alpha: 0.05,
  mated: { perSubject: 6, designEffect: 1 },
  nonmated: { perSubject: 200, designEffect: 1 },
};

describe('a plan', () => {
  test('needs more for rarer errors, smaller ratios, more dependence and more power', () => {
    const { nonmated, mated, subjects } = planSample(goals);
    assert.ok(planSample({ ...goals, targetFmr: 0.0001 }).nonmated > 9.9 * nonmated);
    assert.ok(planSample({ ...goals, ratio: 1.5 }).nonmated > 2 * nonmated);
    assert.ok(planSample({ ...goals, power: 0.9 }).mated > mated);
    assert.equal(
      Math.round(
        planSample({ ...goals, nonmated: { perSubject: 200, designEffect: 3 } }).nonmated / nonmated,
      ),
      3,
    );
    assert.equal(subjects, Math.max(Math.ceil(mated / 6), Math.ceil((2 * nonmated) / 200)));
  });

  test('keeps the rule of 30, and never plans more pairs than subjects have', () => {
    const easy = planSample({ ...goals, ratio: 50 });
    assert.equal(easy.nonmated, 30_000);
    const few = planSample({ ...goals, nonmated: { perSubject: 1_000_000, designEffect: 1 } });
    assert.ok((few.subjects * (few.subjects - 1)) / 2 >= few.nonmated);
  });

  test('that cannot be is refused', () => {
    assert.throws(() => planSample({ ...goals, targetFnmr: 0.9, ratio: 4 }), RangeError);
  });
});

const planned = { subjects: 100, mated: 1000, nonmated: 10_000 };

function group(name: string, falseMatches: number, change: Partial<VerdictInput> = {}): VerdictInput {
  const rate = (errors: number, comparisons: number): VerdictInput['rates']['fmr'] => ({
    errors,
    comparisons,
    rate: errors / comparisons,
    variance: errors / comparisons ** 2,
    designEffect: 1,
  });
  return { name, subjects: 100, rates: { fmr: rate(falseMatches, 10_000), fnmr: rate(30, 1000) }, ...change };
}

describe('a verdict', () => {
  test('finds the group with more errors and no other', () => {
    const found = verdicts([group('A', 50), group('B', 50), group('C', 150)], planned);
    assert.deepEqual(
      found.map(({ fmr, fnmr }) => [fmr.verdict, fnmr.verdict]),
      [
        ['no-difference-found', 'no-difference-found'],
        ['no-difference-found', 'no-difference-found'],
        ['worse', 'no-difference-found'],
      ],
    );
    assert.equal(found[2]!.fmr.ratio, 3);
    assert.ok(found[2]!.fmr.interval!.low > 1);
  });

  test('is not given on less than was planned in any group, whatever the figures', () => {
    for (const [change, because] of [
      [{ subjects: 99 }, 'C has 99 subjects, 100 were planned'],
      [{ subjects: undefined }, 'the scores do not say which subjects were compared'],
    ] as const) {
      const found = verdicts([group('A', 5), group('B', 5), group('C', 900, change)], planned);
      for (const { fmr } of found) assert.deepEqual([fmr.verdict, fmr.because], ['not-estimable', because]);
    }
    const [first] = verdicts([group('A', 50), group('B', 50)], { ...planned, nonmated: 10_001 });
    assert.match(first!.fmr.because!, /A has 10000 non-mated comparisons, 10001 were planned/);
    assert.equal(first!.fnmr.verdict, 'no-difference-found');
  });

  test('is never infinite where a group has no errors', () => {
    const [none, some] = verdicts([group('A', 0), group('B', 90)], planned);
    for (const one of [none!.fmr, some!.fmr])
      assert.deepEqual(
        [one.verdict, one.ratio, one.because],
        ['not-estimable', undefined, 'a rate is zero or unknown'],
      );
    assert.equal(verdicts([group('A', 50)], planned)[0]!.fmr.because, 'there is one group only');
  });
});
