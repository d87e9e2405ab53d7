import type { ColumnType } from 'kysely';

/** Wrapped secrets: signing keys, and what other systems gave us. A new value is a new version. */
export interface SecretsTable {
  readonly name: string;
  readonly version: number;
  wrapped: Buffer;
  readonly created_at: ColumnType<Date, Date | undefined, never>;
}

declare module '../store/tables.ts' {
  interface Tables {
    secrets: SecretsTable;
  }
}
