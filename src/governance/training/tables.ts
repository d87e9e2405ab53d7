import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

/** That an office put a version of a module into force. */
export interface TrainingReleasesTable {
  readonly place: Generated<number>;
  readonly module: string;
  readonly version: number;
  readonly digest: string;
  readonly use: string;
  /** Who needs it before they decide in the use. */
  readonly roles: readonly string[];
  readonly released_by: string;
  readonly released_at: Date;
  seal: Later<string>;
}

export interface TrainingAttemptsTable {
  readonly id: string;
  readonly person_id: string;
  readonly module: string;
  readonly version: number;
  readonly digest: string;
  /** Ids of the cases that were drawn, in the order in which they were shown. */
  readonly cases: readonly string[];
  readonly opened_at: Date;
  /** The choice for each case, by the id of the case; written as JSON text. */
  answers: ColumnType<Readonly<Record<string, string>> | null, never, string>;
  score: Later<number>;
  passed: Later<boolean>;
  answered_at: Later<Date>;
}

/** Whether who decides in a use needs training, and which module; the newest row of a use holds. */
export interface TrainingRequirementsTable {
  readonly place: Generated<number>;
  readonly use: string;
  readonly required: boolean;
  readonly module: string | null;
  readonly reason: string;
  readonly set_by: string;
  readonly set_at: Date;
  seal: Later<string>;
}

/** What people of a queue are told of the AI in it. */
export interface NoticeContent {
  readonly summary: string;
  readonly limits: readonly string[];
  readonly models: readonly {
    readonly id: string;
    readonly digest: string;
    readonly threshold: readonly [number, number];
  }[];
  readonly errorRates: readonly {
    readonly kind: string;
    readonly errors: number;
    readonly trials: number;
    readonly source: string;
  }[];
}

export interface OfficerNoticesTable {
  readonly place: Generated<number>;
  readonly id: string;
  readonly use: string;
  /** `*` for every site. */
  readonly site: string;
  readonly version: number;
  readonly content: JSONColumnType<NoticeContent>;
  readonly put_by: string;
  readonly put_at: Date;
}

export interface OfficerNoticeReadersTable {
  readonly notice_id: string;
  readonly person_id: string;
  readonly at: Date;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    training_releases: TrainingReleasesTable;
    training_attempts: TrainingAttemptsTable;
    training_requirements: TrainingRequirementsTable;
    officer_notices: OfficerNoticesTable;
    officer_notice_readers: OfficerNoticeReadersTable;
  }
}
