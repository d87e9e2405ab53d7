import type { ColumnType, Generated } from 'kysely';

/** An address that is told of events. */
export interface WebhooksTable {
  readonly id: string;
  readonly url: string;
  /** Kinds of events, such as `asset.received`. */
  readonly kinds: readonly string[];
  /** Wrapped by the platform's box of secrets. */
  readonly secret: Buffer;
  /** Deliveries given up since the last one that arrived. */
  failures: Generated<number>;
  disabled_at: ColumnType<Date | null, never, Date | null>;
  readonly created_by: string;
  readonly created_at: ColumnType<Date, Date, never>;
}

declare module '../store/tables.ts' {
  interface Tables {
    webhooks: WebhooksTable;
  }
}
