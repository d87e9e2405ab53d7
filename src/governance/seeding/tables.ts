import type { ColumnType, JSONColumnType } from 'kysely';

type Later<T> = ColumnType<T | null, never, T>;

/** How often findings are seeded into one queue. */
export interface SeedPlansTable {
  readonly id: string;
  readonly site_id: string;
  readonly use: string;
  /** Kind of the findings of the queue. */
  readonly kind: string;
  /** Seeds for each finding that arrives, 0..0.2. */
  readonly rate: number;
  /** Share of seeds that are wrong, 0..1; the others are right, as a control. */
  readonly wrong_share: number;
  readonly reason: string;
  readonly set_by: string;
  readonly set_at: Date;
  ended_at: Later<Date>;
  ended_by: Later<string>;
}

/** As findings, and apart from them. */
export interface SeededFindingsTable {
  readonly id: string;
  readonly site_id: string;
  readonly case_id: string | null;
  readonly use: string;
  readonly kind: string;
  readonly score: number | null;
  readonly reasons: JSONColumnType<readonly string[]>;
  readonly evidence: JSONColumnType<object>;
  readonly models: JSONColumnType<readonly { readonly id: string; readonly digest: string }[]>;
  /** When it shows in the queue; endless while it waits for its turn. As text when written. */
  readonly created_at: ColumnType<Date, string, string>;
}

/** What a seed is and what was said of it. Reviewers never read this table. */
export interface SeedMarksTable {
  readonly finding_id: string;
  readonly plan_id: string;
  readonly truth: 'wrong' | 'right';
  readonly origin_id: string;
  readonly explanation: string;
  readonly shown_from: Later<Date>;
  readonly decided_by: Later<string>;
  readonly decided_at: Later<Date>;
  readonly agreed: Later<boolean>;
  /** False when whoever decided had decided the original. */
  readonly counts: Later<boolean>;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    seed_plans: SeedPlansTable;
    seeded_findings: SeededFindingsTable;
    seed_marks: SeedMarksTable;
  }
}
