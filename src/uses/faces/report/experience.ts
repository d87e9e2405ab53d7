import { transactionRates } from '../../../stats/biometric/identification.ts';
import { selectionRatio } from '../../../stats/biometric/inequity.ts';
import { medianInterval } from '../../../stats/biometric/median-interval.ts';
import { median } from '../../../stats/quantiles.ts';
import type { Experience, TransactionFile } from '../read/transactions.ts';
import { estimate, figure } from './estimates.ts';
import type { Estimate, ExperienceReport, FaceTestClaims, Figure } from '../../../governance/faces/schema.ts';

interface Rates {
  readonly fmr: Estimate;
  readonly fnmr: Estimate;
}

/**
 * Efficiency, failures and satisfaction, as the Maryland Test Facility measures them: how long a transaction takes and how
 * many keep within the budget, how often no face could be captured, how many people were content.
 */
export function experienceReport(
  { all, groups }: TransactionFile,
  budgetSeconds: number,
  rates: { readonly all: Rates; readonly groups: ReadonlyMap<string, Rates> },
): NonNullable<FaceTestClaims['experience']> {
  const of = (name: string, experience: Experience, own: Rates | undefined): ExperienceReport =>
    oneExperience(name, experience, budgetSeconds, own);
  return {
    all: of('all', all, rates.all),
    groups: [...groups].map(([name, experience]) => of(name, experience, rates.groups.get(name))),
    fourFifthsPassed: passing([...groups.values()]),
  };
}

/** The four-fifths rule on passing, between bounds of the exact intervals; null unless two groups say who passed. */
function passing(groups: readonly Experience[]): Figure | null {
  const ascending = groups
    .filter(({ passage }) => passage.known > 0)
    .map(({ passage }) => estimate(passage.passed, passage.known))
    .sort((a, b) => (a.rate ?? 0) - (b.rate ?? 0));
  const [worst, best] = [ascending[0], ascending.at(-1)];
  if (worst === undefined || best === undefined || worst === best) return null;
  const bounds =
    best.exact.low > 0
      ? { low: worst.exact.low / best.exact.high, high: worst.exact.high / best.exact.low }
      : null;
  const n = ascending.reduce((sum, one) => sum + one.n, 0);
  return figure(selectionRatio([worst.rate ?? 0, best.rate ?? 0]), n, bounds);
}

function oneExperience(
  name: string,
  one: Experience,
  budgetSeconds: number,
  rates: Rates | undefined,
): ExperienceReport {
  const seconds = one.seconds.values().slice().sort();
  const within = seconds.filter((value) => value <= budgetSeconds).length;
  const { attempts, failures } = one.acquisition;
  const [fmr, fnmr] = [rates?.fmr.rate ?? NaN, rates?.fnmr.rate ?? NaN];
  const { far, frr } = transactionRates({ fmr, fnmr }, failures / attempts);
  const share = (part: number, of: number): Estimate | null => (of === 0 ? null : estimate(part, of));
  return {
    name,
    transactions: one.transactions,
    failureToEnrol: share(one.enrolment.failures, one.enrolment.attempts),
    failureToAcquire: estimate(failures, attempts),
    far: Number.isNaN(far) ? null : far,
    frr: Number.isNaN(frr) ? null : frr,
    medianSeconds: figure(
      seconds.length === 0 ? undefined : median(seconds),
      seconds.length,
      medianInterval(seconds),
    ),
    withinBudget: share(within, seconds.length),
    satisfied: share(one.satisfaction.positive, one.satisfaction.asked),
    passed: share(one.passage.passed, one.passage.known),
  };
}
