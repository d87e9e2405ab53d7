import { normalQuantile } from '../distributions.ts';
import { holmAdjusted } from '../holm.ts';
import type { Interval } from '../intervals.ts';
import type { ClusteredRate, ClusteredRates } from './clusters.ts';
import { normalProbability } from './normal-probability.ts';
import { USUAL_LEVEL, type SampleSize } from './planner.ts';

/** What a test says about one error rate of one group. */
export interface GroupVerdict {
  /** The group's rate over the mean of the other groups' rates; undefined when either is zero or unknown. */
  readonly ratio: number | undefined;
  /** 95 % interval of the ratio, with subjects as clusters. */
  readonly interval: Interval | undefined;
  /** Chance of so high a ratio if the group's rate were no higher than the others', adjusted by Holm over all groups and both rates. */
  readonly p: number | undefined;
  /** `not-estimable` on fewer subjects or comparisons than planned in this group or any other. */
  readonly verdict: 'worse' | 'no-difference-found' | 'not-estimable';
  /** Why it is not estimable. */
  readonly because: string | undefined;
}

export interface GroupVerdicts {
  readonly fmr: GroupVerdict;
  readonly fnmr: GroupVerdict;
}

/** Rates of a group with the number of its subjects; undefined when the test does not name them. */
export interface VerdictInput {
  readonly name: string;
  readonly subjects: number | undefined;
  readonly rates: ClusteredRates;
}

/**
 * Whether each group's error rates are higher than those of the other groups: the logarithm of the ratio over the standard
 * error that it would have if all groups were alike, one-sided, with Holm's adjustment over all groups and both rates
 * together. That standard error takes the rate and the design effect of all groups: a group's own come out too small just
 * when its rate comes out high.
 * @param planned for each group, before the test.
 * @param alpha 0..1, chance of calling any group worse when none is.
 */
export function verdicts(
  groups: readonly VerdictInput[],
  planned: SampleSize,
  alpha = USUAL_LEVEL,
): GroupVerdicts[] {
  const compared = groups.flatMap((_, group) =>
    (['fmr', 'fnmr'] as const).map((kind) =>
      compare(
        groups.map(({ rates }) => rates[kind]),
        group,
      ),
    ),
  );
  // One that cannot be told counts as one that shows nothing.
  const adjusted = holmAdjusted(compared.map((one) => one?.p ?? 1));
  return groups.map((_, group) => {
    const of = (kind: 'fmr' | 'fnmr'): GroupVerdict => {
      const index = 2 * group + (kind === 'fmr' ? 0 : 1);
      const found = compared[index];
      const because =
        shortage(groups, planned, kind) ?? (found === undefined ? 'a rate is zero or unknown' : undefined);
      return {
        ratio: found?.ratio,
        interval: found?.interval,
        p: found === undefined ? undefined : adjusted[index],
        verdict:
          because !== undefined
            ? 'not-estimable'
            : adjusted[index]! <= alpha
              ? 'worse'
              : 'no-difference-found',
        because,
      };
    };
    return { fmr: of('fmr'), fnmr: of('fnmr') };
  });
}

function compare(
  rates: readonly ClusteredRate[],
  group: number,
): { ratio: number; interval: Interval; p: number } | undefined {
  const own = rates[group]!;
  const others = rates.filter((_, index) => index !== group);
  const mean = others.reduce((sum, { rate }) => sum + rate, 0) / others.length;
  if (!(own.rate > 0 && mean > 0)) return undefined;
  const variance =
    own.variance / own.rate ** 2 +
    others.reduce((sum, one) => sum + one.variance, 0) / (others.length * mean) ** 2;
  if (Number.isNaN(variance)) return undefined;
  const ratio = own.rate / mean;
  const reach = Math.exp(normalQuantile(0.975) * Math.sqrt(variance));
  return {
    ratio,
    interval: { low: ratio / reach, high: ratio * reach },
    p: normalProbability(-Math.log(ratio) / errorIfAlike(own, others, rates)),
  };
}

/** Standard error of the logarithm of the ratio if all groups had one rate. */
function errorIfAlike(
  own: ClusteredRate,
  others: readonly ClusteredRate[],
  all: readonly ClusteredRate[],
): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const rate = mean(all.map((one) => one.rate));
  const designEffect = mean(all.map((one) => Math.max(1, one.designEffect ?? 1)));
  const perComparison =
    1 / own.comparisons + others.reduce((sum, one) => sum + 1 / one.comparisons, 0) / others.length ** 2;
  return Math.sqrt((designEffect * perComparison * (1 - rate)) / rate);
}

/** The first lack of subjects or comparisons that keeps a verdict from being given. */
function shortage(
  groups: readonly VerdictInput[],
  planned: SampleSize,
  kind: 'fmr' | 'fnmr',
): string | undefined {
  if (groups.length < 2) return 'there is one group only';
  const comparisons = kind === 'fmr' ? planned.nonmated : planned.mated;
  for (const { name, subjects, rates } of groups) {
    if (subjects === undefined) return 'the scores do not say which subjects were compared';
    if (subjects < planned.subjects)
      return `${name} has ${subjects} subjects, ${planned.subjects} were planned`;
    if (rates[kind].comparisons < comparisons)
      return `${name} has ${rates[kind].comparisons} ${kind === 'fmr' ? 'non-mated' : 'mated'} comparisons, ${comparisons} were planned`;
  }
  return undefined;
}
