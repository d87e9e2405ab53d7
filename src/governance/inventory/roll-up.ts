import { clopperPearsonInterval, type Interval } from '../../stats/intervals.ts';
import type { Answer } from './answers.ts';
import type { InventoryRecord } from './inventory.ts';

/** The columns of the eight answers on the minimum practices of M-25-21. */
export const practiceColumns = [
  'hi_testing_conducted',
  'hi_assessment_completed',
  'hi_independent_review',
  'hi_ongoing_monitoring',
  'hi_training_established',
  'hi_failsafe_presence',
  'hi_appeal_process',
  'hi_public_consultation',
] as const;

export type PracticeColumn = (typeof practiceColumns)[number];

export type PracticeStatus =
  'done' | 'in-progress' | 'not-applicable' | 'precluded-by-law' | 'waived' | 'missing' | 'other';

const statuses: Readonly<Record<string, PracticeStatus>> = {
  Yes: 'done',
  'Internal Independent Review': 'done',
  'Oversight Board Review': 'done',
  'CAIO Review': 'done',
  'Yes - Monitoring Established': 'done',
  'Training Established': 'done',
  'Appeal Process Established': 'done',
  'In-progress': 'in-progress',
  'Training In-progress': 'in-progress',
  'Appeal Process In-progress': 'in-progress',
  'Not Applicable': 'not-applicable',
  'Appeal Precluded by Law': 'precluded-by-law',
  'CAIO Waived': 'waived',
};

/** How a practice stands by the answer of a row of the 2025 inventory. */
export function practiceStatus(column: PracticeColumn, answer: Answer | undefined): PracticeStatus {
  if (answer === undefined || answer.blank) return 'missing';
  const known = statuses[answer.value];
  if (known !== undefined) return known;
  // Any step that was taken counts, in the dictionary's words or in the agency's own.
  if (column === 'hi_public_consultation')
    return answer.values?.includes('In-progress') === true ? 'in-progress' : 'done';
  // An answer of another column that says that work goes on.
  return /\bin-prog/i.test(answer.value) ? 'in-progress' : 'other';
}

type Counts = Record<string, number>;

/** What an agency reported in 2025, in the form that oversight publishes. */
export interface AgencyRollUp {
  readonly use_cases: number;
  readonly stage: Counts;
  readonly is_high_impact: Counts;
  /** Rows that are deployed and high-impact: those that the practices bind. */
  readonly high_impact_deployed: number;
  readonly practice_status_high_impact_deployed: Record<PracticeColumn, Counts>;
  /** Of those, rows with all eight done or not applicable. */
  readonly high_impact_deployed_all_8_done: number;
}

type Growing = { -readonly [Key in keyof AgencyRollUp]: AgencyRollUp[Key] };

/** Counts a 2025 inventory by agency as it streams by. */
export class RollUp {
  readonly #agencies = new Map<string, Growing>();

  add({ answers }: InventoryRecord): void {
    const name = answers['agency']?.value ?? '';
    const agency = this.#agencies.get(name) ?? empty();
    this.#agencies.set(name, agency);
    const stage = answers['development_stage']?.value ?? '';
    const impact = answers['is_high_impact']?.value ?? '';
    agency.use_cases++;
    count(agency.stage, stage);
    count(agency.is_high_impact, impact);
    if (stage !== 'Deployed' || impact !== 'High-impact') return;
    agency.high_impact_deployed++;
    const found = practiceColumns.map((column) => {
      const status = practiceStatus(column, answers[column]);
      count(agency.practice_status_high_impact_deployed[column], status);
      return status;
    });
    if (found.every((status) => status === 'done' || status === 'not-applicable'))
      agency.high_impact_deployed_all_8_done++;
  }

  byAgency(): Record<string, AgencyRollUp> {
    return Object.fromEntries([...this.#agencies].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** A share of a total, with the exact 95 % interval of C. J. Clopper and E. S. Pearson (1934). */
export interface Share extends Interval {
  readonly count: number;
  readonly n: number;
  /** Undefined when there is nothing to have a share of. */
  readonly share: number | undefined;
}

export function share(part: number, n: number): Share {
  return { count: part, n, share: n === 0 ? undefined : part / n, ...clopperPearsonInterval(part, n) };
}

function count(counts: Counts, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function empty(): Growing {
  return {
    use_cases: 0,
    stage: {},
    is_high_impact: {},
    high_impact_deployed: 0,
    practice_status_high_impact_deployed: {
      hi_testing_conducted: {},
      hi_assessment_completed: {},
      hi_independent_review: {},
      hi_ongoing_monitoring: {},
      hi_training_established: {},
      hi_failsafe_presence: {},
      hi_appeal_process: {},
      hi_public_consultation: {},
    },
    high_impact_deployed_all_8_done: 0,
  };
}
