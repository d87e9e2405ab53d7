import type { BootstrapRates } from '../../../stats/biometric/bootstrap.ts';
import {
  combinedInequity,
  inequity,
  selectionRatio,
  type GroupRates,
} from '../../../stats/biometric/inequity.ts';
import { figure, percentiles } from './estimates.ts';
import type { Estimate, FaceTestClaims, Figure, InequityReport } from '../../../governance/faces/schema.ts';

type Kind = keyof GroupRates;

/** Measures of inequity with bootstrap intervals; null unless two groups have both rates. */
export function inequityReport(
  groups: readonly Readonly<Record<Kind, Estimate>>[],
  bootstrap: BootstrapRates | undefined,
): FaceTestClaims['inequity'] {
  if (groups.length < 2 || groups.some(({ fmr, fnmr }) => fmr.rate === null || fnmr.rate === null))
    return null;
  const rates: GroupRates = {
    fmr: groups.map(({ fmr }) => fmr.rate ?? 0),
    fnmr: groups.map(({ fnmr }) => fnmr.rate ?? 0),
  };
  const n = (kind: Kind): number => groups.reduce((sum, one) => sum + one[kind].n, 0);
  const measured = (count: number, measure: (of: GroupRates) => number | undefined): Figure =>
    figure(measure(rates), count, bootstrap === undefined ? null : replicated(bootstrap, measure));
  const both = n('fmr') + n('fnmr');
  return {
    fmr: ofKind('fmr', groups, (measure) => measured(n('fmr'), measure)),
    fnmr: ofKind('fnmr', groups, (measure) => measured(n('fnmr'), measure)),
    fdr: measured(both, (of) => combinedInequity(of).fdr),
    ir: measured(both, (of) => combinedInequity(of).ir),
    garbe: measured(both, (of) => combinedInequity(of).garbe),
    fourFifthsTmr: measured(n('fnmr'), (of) => selectionRatio(of.fnmr.map((rate) => 1 - rate))),
  };
}

function ofKind(
  kind: Kind,
  groups: readonly Readonly<Record<Kind, Estimate>>[],
  measured: (measure: (of: GroupRates) => number | undefined) => Figure,
): InequityReport {
  const ascending = groups.map((one) => one[kind]).sort((a, b) => (a.rate ?? 0) - (b.rate ?? 0));
  const [best, worst] = [ascending[0]!.exact, ascending.at(-1)!.exact];
  return {
    maxOverMin: measured((of) => inequity(of[kind]).maxOverMin),
    maxOverGeometricMean: measured((of) => inequity(of[kind]).maxOverGeometricMean),
    giniCorrected: measured((of) => inequity(of[kind]).giniCorrected),
    atLeast: worst.low / best.high,
    atMost: best.low > 0 ? worst.high / best.low : null,
  };
}

function replicated(
  { replicates, groups }: BootstrapRates,
  measure: (of: GroupRates) => number | undefined,
): ReturnType<typeof percentiles> {
  const values = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    const of: GroupRates = {
      fmr: groups.map(({ fmr }) => fmr[replicate]!),
      fnmr: groups.map(({ fnmr }) => fnmr[replicate]!),
    };
    // A group without comparisons in this replicate has no rate.
    values[replicate] = [...of.fmr, ...of.fnmr].some(Number.isNaN) ? NaN : (measure(of) ?? NaN);
  }
  return percentiles(values);
}
