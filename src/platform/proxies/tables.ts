/**
 * What was made of an asset to show it. Its bytes are an asset too, derived from the source: so they have a key of their own,
 * and go when the source goes.
 */
export interface ProxiesTable {
  readonly asset_id: string;
  /** A `ProxyKind`. */
  readonly kind: string;
  /** Of the way in which they are made; those of an earlier one are made again. */
  readonly version: number;
  readonly view_id: string;
  readonly made_at: Date;
}

declare module '../store/tables.ts' {
  interface Tables {
    proxies: ProxiesTable;
  }
}
