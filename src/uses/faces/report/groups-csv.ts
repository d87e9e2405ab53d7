import { csv, type CsvValue } from '../../../report/csv.ts';
import type { Estimate, FaceTestClaims, GroupReport } from '../../../governance/faces/schema.ts';

const ofRate = [
  'errors',
  'n',
  'rate',
  'exact_low',
  'exact_high',
  'wilson_low',
  'wilson_high',
  'bootstrap_low',
];
const ofVerdict = ['ratio', 'ratio_low', 'ratio_high', 'p_holm', 'verdict', 'because'];
const columns = [...ofRate, 'bootstrap_high', 'design_effect', ...ofVerdict];

/** A row for each group and kind of error. Whether the scores are simulated is in each row, so that it is not lost. */
export function groupsCsv({ groups, threshold, simulated }: FaceTestClaims): string {
  return csv(
    ['group', 'subjects', 'kind', 'threshold', 'simulated', ...columns],
    groups.flatMap((group) =>
      (['fmr', 'fnmr'] as const).map((kind) => [
        group.name,
        group.subjects,
        kind.toUpperCase(),
        threshold,
        simulated,
        ...rateCells(group[kind]),
        ...verdictCells(group.verdict[kind]),
      ]),
    ),
  );
}

function rateCells({ errors, n, rate, exact, wilson, bootstrap, designEffect }: Estimate): CsvValue[] {
  return [
    ...[errors, n, rate, exact.low, exact.high, wilson.low, wilson.high],
    ...[bootstrap?.low, bootstrap?.high, designEffect],
  ];
}

function verdictCells({ ratio, interval, p, verdict, because }: GroupReport['verdict']['fmr']): CsvValue[] {
  return [ratio, interval?.low, interval?.high, p, verdict, because];
}
