import type { ColumnType, Generated } from 'kysely';
import type { Office } from '../permits/offices.ts';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

/** From the least; docs/oversight.md says what each means. All but the least stop the use when they are reported. */
export const severities = ['low', 'moderate', 'serious', 'critical'] as const;
export type Severity = (typeof severities)[number];

export interface IncidentsTable {
  readonly id: string;
  readonly use: string;
  readonly severity: Severity;
  readonly what: string;
  readonly happened_at: Date;
  readonly reported_by: string;
  readonly reported_at: Date;
  /** Ids of the people of the offices. */
  readonly told: readonly string[];
  /** Offices outside this installation, by name. */
  readonly told_outside: readonly string[];
  /** Filled when it is reported, or later by somebody of an office. */
  suspension_id: ColumnType<string | null, string | null, string>;
  closed_by: Later<string>;
  closed_at: Later<Date>;
  resolution: Later<string>;
}

/** Errors of one group, from the report of a recorded test. */
export interface GroupRatesTable {
  readonly test_id: string;
  readonly group_name: string;
  readonly metric: 'fmr' | 'fnmr';
  readonly errors: number;
  readonly trials: number;
  readonly simulated: boolean;
  /** Over the whole table of the test; null when it is from before there were seals, or from elsewhere. */
  seal: ColumnType<string | null, string | null, string>;
}

export interface QuestionsTable {
  readonly id: string;
  readonly registration_id: string;
  readonly office: Office;
  readonly asked_at: Date;
  settled_by: Later<string>;
  settled_at: Later<Date>;
}

export interface WordsTable {
  readonly place: Generated<number>;
  readonly question_id: string;
  readonly side: 'asks' | 'answers';
  readonly role: string;
  readonly person_id: string;
  readonly said: string;
  readonly at: Date;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    oversight_incidents: IncidentsTable;
    oversight_group_rates: GroupRatesTable;
    oversight_questions: QuestionsTable;
    oversight_words: WordsTable;
  }
}
