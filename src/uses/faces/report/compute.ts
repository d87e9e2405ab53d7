import { TidewaiterError } from '../../../core/errors.ts';
import { bootstrapRates, type BootstrapRates } from '../../../stats/biometric/bootstrap.ts';
import { clusteredRates, type ClusteredRates } from '../../../stats/biometric/clusters.ts';
import { scoresOf, type Comparisons } from '../../../stats/biometric/comparisons.ts';
import { curveArea } from '../../../stats/biometric/curve-area.ts';
import { planSample, type SampleSize } from '../../../stats/biometric/planner.ts';
import {
  equalErrorRate,
  errorCounts,
  thresholdAtFmr,
  type ComparisonScores,
  type ErrorCounts,
} from '../../../stats/biometric/scores.ts';
import { tallySubjects, type SubjectTally } from '../../../stats/biometric/tally.ts';
import { tradeOff } from '../../../stats/biometric/trade-off.ts';
import { verdicts, type GroupVerdict } from '../../../stats/biometric/verdict.ts';
import type { ScoreFile } from '../read/score-file.ts';
import type { GroupedSearch } from '../read/searches.ts';
import type { TransactionFile } from '../read/transactions.ts';
import { estimate, figure } from './estimates.ts';
import { experienceReport } from './experience.ts';
import { identificationReport } from './identification.ts';
import { inequityReport } from './inequity.ts';
import { notesOn } from './notes.ts';
import type { TestPlan } from '../../../governance/faces/plan.ts';
import { qualityReport } from './quality.ts';
import type { FaceTestClaims, GroupReport } from '../../../governance/faces/schema.ts';

/** What a test consists of, as read. */
export interface TestData {
  readonly scores: ScoreFile;
  readonly transactions: TransactionFile | undefined;
  readonly searches: readonly GroupedSearch[] | undefined;
}

/** All of a report that follows from the data and the plan alone, so that anybody can compute it again. */
export type Computed = Omit<FaceTestClaims, 'format' | 'tool' | 'madeAt' | 'tested' | 'inputs'>;

/** @throws TidewaiterError `E_SCORES_REACH` when no score is high enough for the target, `E_TEST_PLAN`. */
export function computeReport(data: TestData, plan: TestPlan): Computed {
  const { comparisons } = data.scores;
  const all = scoresOf(comparisons, 'all');
  const threshold = reach(all, plan.targetFmr);
  const names = namesOf(comparisons);
  const tally = tallySubjects(comparisons, threshold);
  const clustered = tally === undefined ? undefined : clusteredRates(tally);
  const bootstrap = tally === undefined ? undefined : bootstrapRates(tally, plan);
  const groups = groupReports({ comparisons, names, threshold, tally, clustered, bootstrap, plan });
  const counts = errorCounts(all, threshold);
  const ofAll = rates(counts, bootstrap?.all);
  const report: Omit<Computed, 'notes'> = {
    simulated: plan.simulated || data.scores.simulated,
    plan,
    planned: names.length < 2 ? null : sample(plan, names.length),
    counts: {
      mated: counts.mated,
      nonmated: counts.nonmated,
      betweenGroups:
        names.length === 0 ? 0 : counts.nonmated - groups.reduce((sum, { fmr }) => sum + fmr.n, 0),
      subjects: comparisons.subjects?.count ?? null,
      repeatedRows: data.scores.repeatedRows,
    },
    threshold,
    all: { ...ofAll, ...curve(comparisons, all) },
    groups,
    inequity: inequityReport(groups, bootstrap),
    quality: qualityReport(data.scores.quality, comparisons, threshold),
    experience:
      data.transactions === undefined
        ? null
        : experienceReport(data.transactions, plan.transactionSeconds, {
            all: ofAll,
            groups: new Map(groups.map((group) => [group.name, group])),
          }),
    identification:
      data.searches === undefined || plan.identification === undefined
        ? null
        : identificationReport(data.searches, plan.identification),
  };
  return { ...report, notes: notesOn(report) };
}

function reach(all: ComparisonScores, targetFmr: number): number {
  const threshold = thresholdAtFmr(all, targetFmr);
  if (threshold !== undefined) return threshold;
  throw new TidewaiterError(
    'E_SCORES_REACH',
    `No score reaches a false match rate of ${targetFmr}: the highest of ${all.nonmated.length} non-mated scores is also the highest of all`,
    'Choose a higher target, or test with scores that are less coarse.',
  );
}

/** Sorted, so that a report does not depend on the order of rows. */
function namesOf({ groups }: Comparisons): { readonly name: string; readonly index: number }[] {
  return (groups?.names ?? [])
    .map((name, index) => ({ name, index }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function rates(
  { falseMatches, nonmated, falseNonMatches, mated }: ErrorCounts,
  replicates: BootstrapRates['all'] | undefined,
  clustered?: ClusteredRates,
): Pick<GroupReport, 'fmr' | 'fnmr'> {
  return {
    fmr: estimate(falseMatches, nonmated, replicates?.fmr, clustered?.fmr.designEffect),
    fnmr: estimate(falseNonMatches, mated, replicates?.fnmr, clustered?.fnmr.designEffect),
  };
}

function curve(
  comparisons: Comparisons,
  all: ComparisonScores,
): Pick<FaceTestClaims['all'], 'auc' | 'eer' | 'det'> {
  const { area, interval } = curveArea(comparisons, all);
  const { rate, low, high } = equalErrorRate(all)!;
  return {
    auc: figure(area, comparisons.scores.length, interval),
    eer: { rate, low, high, mated: all.mated.length, nonmated: all.nonmated.length },
    det: tradeOff(all),
  };
}

function sample(plan: TestPlan, groups: number): SampleSize {
  try {
    return planSample({ ...plan, groups });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TidewaiterError(
      'E_TEST_PLAN',
      `No test can show this: ${error.message}`,
      'Lower the ratio or the targets.',
    );
  }
}

interface GroupParts {
  readonly comparisons: Comparisons;
  readonly names: readonly { readonly name: string; readonly index: number }[];
  readonly threshold: number;
  readonly tally: SubjectTally | undefined;
  readonly clustered: readonly ClusteredRates[] | undefined;
  readonly bootstrap: BootstrapRates | undefined;
  readonly plan: TestPlan;
}

function groupReports(parts: GroupParts): GroupReport[] {
  const { names, tally, clustered, bootstrap, plan, threshold } = parts;
  if (names.length === 0) return [];
  const found = names.map(({ name, index }) => {
    const scores = scoresOf(parts.comparisons, index);
    const counts = errorCounts(scores, threshold);
    return {
      name,
      subjects: tally?.groups[index]?.subjects ?? null,
      ...rates(counts, bootstrap?.groups[index], clustered?.[index]),
      det: tradeOff(scores),
    };
  });
  const judged = verdicts(
    names.map(({ name, index }, place) => ({
      name,
      subjects: tally?.groups[index]?.subjects,
      rates: clustered?.[index] ?? unclustered(found[place]!),
    })),
    names.length < 2 ? { subjects: 0, mated: 0, nonmated: 0 } : sample(plan, names.length),
    plan.alpha,
  );
  return found.map((group, index) => ({
    ...group,
    verdict: { fmr: plain(judged[index]!.fmr), fnmr: plain(judged[index]!.fnmr) },
  }));
}

/** Rates whose spread is unknown, as it is not known whom they compare. */
function unclustered({ fmr, fnmr }: Pick<GroupReport, 'fmr' | 'fnmr'>): ClusteredRates {
  const of = ({ errors, n }: GroupReport['fmr']): ClusteredRates['fmr'] => ({
    errors,
    comparisons: n,
    rate: errors / n,
    variance: NaN,
    designEffect: undefined,
  });
  return { fmr: of(fmr), fnmr: of(fnmr) };
}

function plain({ ratio, interval, p, verdict, because }: GroupVerdict): GroupReport['verdict']['fmr'] {
  return {
    ratio: ratio ?? null,
    interval: interval ?? null,
    p: p ?? null,
    verdict,
    because: because ?? null,
  };
}
