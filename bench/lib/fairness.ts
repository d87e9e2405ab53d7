import { clusteredTest, type ClusteredTest } from '../../material/clustered-scores.ts';
import { clusteredRates, type ClusteredRates } from '../../src/stats/biometric/clusters.ts';
import { scoresOf, type Comparisons } from '../../src/stats/biometric/comparisons.ts';
import {
  planSample,
  USUAL_LEVEL,
  type SampleSize,
  type TestGoals,
} from '../../src/stats/biometric/planner.ts';
import { thresholdAtFmr } from '../../src/stats/biometric/scores.ts';
import { tallySubjects } from '../../src/stats/biometric/tally.ts';
import { verdicts, type GroupVerdicts } from '../../src/stats/biometric/verdict.ts';

/** Seeds that the method was chosen on, those that are reported, and those of the short form that runs as a test. */
export type SeedSet = 'method' | 'reporting' | 'testing';

const GROUPS = 4;
const RATIO = 2;
const EFFECT = 0.3;
const TARGET = { fmr: 0.001, fnmr: 0.03 };
const PER_SUBJECT = { mated: 6, nonmated: 200 };

/** The goals of the simulated tests, with the design effects that a large pilot of fair groups shows. */
export function simulatedGoals(seeds: SeedSet): TestGoals {
  const pilot = clusteredTest({
    ...made(`${seeds}/pilot`, 1, { subjects: 3000, mated: 0, nonmated: 300_000 }),
    groups: 2,
  });
  const rates = ratesAt(pilot);
  const mean = (kind: keyof ClusteredRates): number =>
    Math.max(1, rates.reduce((sum, one) => sum + (one[kind].designEffect ?? 1), 0) / rates.length);
  return {
    targetFmr: TARGET.fmr,
    targetFnmr: TARGET.fnmr,
    groups: GROUPS,
    ratio: RATIO,
    power: 0.8,
    alpha: USUAL_LEVEL,
    mated: { perSubject: PER_SUBJECT.mated, designEffect: mean('fnmr') },
    nonmated: { perSubject: PER_SUBJECT.nonmated, designEffect: mean('fmr') },
  };
}

/**
 * What a test says that is as large as planned, or as `size`: a fair one, or one whose last group has twice the others' false
 * matches.
 */
export function simulatedVerdicts(
  seed: string,
  ratio: 1 | 2,
  planned: SampleSize,
  size: SampleSize = planned,
): GroupVerdicts[] {
  const test = clusteredTest(made(seed, ratio, size));
  const rates = ratesAt(test);
  return verdicts(
    rates.map((one, group) => ({ name: test.groups!.names[group]!, subjects: size.subjects, rates: one })),
    planned,
  );
}

export { planSample };

/** Rates at the threshold that the test itself gives for the target. */
function ratesAt(test: Comparisons): ClusteredRates[] {
  return clusteredRates(tallySubjects(test, thresholdAtFmr(scoresOf(test, 'all'), TARGET.fmr)!)!);
}

function made(seed: string, ratio: number, { subjects, nonmated }: SampleSize): ClusteredTest {
  return {
    seed,
    groups: GROUPS,
    subjects,
    matedPerSubject: PER_SUBJECT.mated,
    nonmated,
    // Over all groups the rate is the target, whatever the last group's is.
    fmr: (TARGET.fmr * GROUPS) / (GROUPS - 1 + ratio),
    ratio,
    fnmr: TARGET.fnmr,
    subjectEffect: EFFECT,
  };
}
