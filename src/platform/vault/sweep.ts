import type { Database } from '../store/database.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type {} from './tables.ts';

/** What a sweep did. */
export interface Swept {
  /** Files of dead writers that were removed. */
  readonly unfinished: number;
  /** Objects without a key that were removed: nobody could read them. */
  readonly orphans: number;
  /** Objects without a key that were left, as the database knows none at all and so is more likely the wrong one. */
  readonly spared: number;
}

const BATCH = 1000;

/** Removes what was last written before a time and nobody can read. @param signal breaks it off between two steps. */
export async function sweepVault(
  db: Database,
  objects: ObjectStore,
  before: Date,
  signal?: AbortSignal,
): Promise<Swept> {
  const unfinished = await objects.removeUnfinished(before);
  const orphans: string[] = [];
  let anyKnown = false;
  for await (const batch of inBatches(objects.list())) {
    signal?.throwIfAborted();
    const known = await knownObjects(db, batch);
    anyKnown ||= known.size > 0;
    const old = batch.filter(({ name, writtenAt }) => writtenAt < before && !known.has(name));
    orphans.push(...old.map(({ name }) => name));
  }
  if (!anyKnown) return { unfinished, orphans: 0, spared: orphans.length };
  for (const name of orphans) {
    signal?.throwIfAborted();
    await objects.delete(name);
  }
  return { unfinished, orphans: orphans.length, spared: 0 };
}

async function* inBatches(all: AsyncIterable<StoredObject>): AsyncGenerator<StoredObject[]> {
  let batch: StoredObject[] = [];
  for await (const object of all) {
    if (batch.push(object) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function knownObjects(db: Database, batch: readonly StoredObject[]): Promise<Set<string>> {
  const names = batch.map(({ name }) => name);
  const rows = await db.selectFrom('vault_objects').select('object').where('object', 'in', names).execute();
  return new Set(rows.map(({ object }) => object));
}
