import type { Generated, JSONColumnType } from 'kysely';
import type { ErrorReport } from '../../core/errors.ts';

/** Work that is done again and again. All its times are those of the database's clock. */
export interface ChoresTable {
  readonly name: string;
  readonly every_seconds: number;
  due_at: Generated<Date>;
  /** The process that does it now. */
  holder: string | null;
  lease_until: Date | null;
  /** Of the last run, whatever came of it. */
  started_at: Date | null;
  /** Of the last run that ended well. */
  finished_at: Date | null;
  /** What the last run that ended well did. */
  result: JSONColumnType<Record<string, number>> | null;
  /** Of the last run, if it failed. */
  error: JSONColumnType<ErrorReport> | null;
  /** In a row. */
  failures: Generated<number>;
}

declare module '../store/tables.ts' {
  interface Tables {
    chores: ChoresTable;
  }
}
