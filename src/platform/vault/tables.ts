import type { ColumnType } from 'kysely';

/** Where an asset's bytes lie and the key they are sealed with. Without its row nobody can read them. */
export interface VaultObjectsTable {
  readonly asset_id: string;
  /** Name in the object store; says nothing about what is in it. */
  readonly object: string;
  /** Of the plain bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: ColumnType<number, number, never>;
  wrapped_key: Buffer;
  readonly created_at: ColumnType<Date, Date | undefined, never>;
}

/** What was erased, by whom and why. */
export interface VaultErasuresTable {
  readonly asset_id: string;
  /** The asset whose erasure took it along: itself, or what it was made from. */
  readonly because_of: string;
  readonly reason: string;
  /** Null: the platform itself, when its time was over. */
  readonly erased_by: string | null;
  readonly erased_at: ColumnType<Date, Date, never>;
}

/** How long assets are kept at least. An agency adds its own. */
export interface RetentionClassesTable {
  readonly name: string;
  /** Of 24 hours; null: for ever. */
  days: number | null;
  counts_from: 'created' | 'case-closed';
  description: string;
}

declare module '../store/tables.ts' {
  interface Tables {
    vault_objects: VaultObjectsTable;
    vault_erasures: VaultErasuresTable;
    retention_classes: RetentionClassesTable;
  }
}
