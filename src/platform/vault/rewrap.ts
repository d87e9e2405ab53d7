import { sql } from 'kysely';
import type { WrappedStore } from '../secrets/rotate.ts';
import type {} from './tables.ts';

const BATCH = 1000;

/** What the key of an asset's object is wrapped for. */
export function keyContext(assetId: string): string {
  return `vault:${assetId}`;
}

/** The keys of all objects, for the rotation of the master key. Objects themselves are not touched. */
export const wrappedObjectKeys: WrappedStore = {
  name: 'vault',
  rewrap: async (tx, again) => {
    let count = 0;
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows = await tx
        .selectFrom('vault_objects')
        .select(['asset_id', 'wrapped_key'])
        .where('asset_id', '>', after)
        .orderBy('asset_id')
        .limit(BATCH)
        .forUpdate()
        .execute();
      const ids: string[] = [];
      const keys: Buffer[] = [];
      for (const { asset_id: id, wrapped_key: old } of rows) {
        const wrapped = await again(old, keyContext(id));
        if (wrapped === undefined) continue;
        ids.push(id);
        keys.push(wrapped);
      }
      await sql`
        update vault_objects set wrapped_key = fresh.key
        from unnest(${ids}::uuid[], ${keys}::bytea[]) as fresh (id, key)
        where asset_id = fresh.id`.execute(tx);
      count += ids.length;
      const last = rows.at(-1);
      if (last === undefined) return count;
      after = last.asset_id;
    }
  },
};
