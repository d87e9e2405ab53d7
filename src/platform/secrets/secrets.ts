import type { Selectable } from 'kysely';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { MasterKey } from './master-key.ts';
import type { WrappedStore } from './rotate.ts';
import type { SecretsTable } from './tables.ts';

/** A secret as it was kept. */
export interface Secret {
  readonly version: number;
  readonly value: Buffer;
  readonly createdAt: Date;
}

/** Keeps a new version of a secret. @returns the version: 1 for the first. */
export async function keepSecret(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  name: string,
  value: Uint8Array,
): Promise<number> {
  for (;;) {
    const newest = await versions(db, name).limit(1).executeTakeFirst();
    const version = (newest?.version ?? 0) + 1;
    if (await keepVersion(db, masterKey, name, version, value)) return version;
  }
}

/**
 * Keeps a first version of a secret unless there is one.
 * @returns whether it was kept.
 */
export async function keepFirst(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  name: string,
  value: Uint8Array,
): Promise<boolean> {
  return keepVersion(db, masterKey, name, 1, value);
}

/**
 * The newest version of a secret, undefined when there is none.
 * @throws TidewaiterError `E_SECRET_DAMAGED`, `E_MASTER_KEY`.
 */
export async function readSecret(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  name: string,
): Promise<Secret | undefined> {
  const row = await versions(db, name).limit(1).executeTakeFirst();
  return row === undefined ? undefined : unwrap(masterKey, row);
}

/** All versions of a secret, newest first. @throws TidewaiterError as {@link readSecret}. */
export async function readVersions(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  name: string,
): Promise<Secret[]> {
  const rows = await versions(db, name).execute();
  return Promise.all(rows.map((row) => unwrap(masterKey, row)));
}

/** For the rotation of the master key. */
export const wrappedSecrets: WrappedStore = {
  name: 'secrets',
  rewrap: async (tx, again) => {
    const rows = await tx.selectFrom('secrets').selectAll().forUpdate().execute();
    let count = 0;
    for (const { name, version, wrapped: old } of rows) {
      const wrapped = await again(old, context(name, version));
      if (wrapped === undefined) continue;
      await tx
        .updateTable('secrets')
        .set({ wrapped })
        .where('name', '=', name)
        .where('version', '=', version)
        .execute();
      count += 1;
    }
    return count;
  },
};

function versions(db: Database | DatabaseTransaction, name: string) {
  return db.selectFrom('secrets').selectAll().where('name', '=', name).orderBy('version', 'desc');
}

async function unwrap(masterKey: MasterKey, row: Selectable<SecretsTable>): Promise<Secret> {
  const { name, version, wrapped, created_at: createdAt } = row;
  return { version, value: await masterKey.unwrap(wrapped, context(name, version)), createdAt };
}

/** Versions are taken in turn: of two that are kept at once, one has to ask for the next. */
async function keepVersion(
  db: Database | DatabaseTransaction,
  masterKey: MasterKey,
  name: string,
  version: number,
  value: Uint8Array,
): Promise<boolean> {
  const wrapped = await masterKey.wrap(value, context(name, version));
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('secrets')
    .values({ name, version, wrapped })
    .onConflict((clash) => clash.columns(['name', 'version']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

function context(name: string, version: number): string {
  return `secret:${version}:${name}`;
}
