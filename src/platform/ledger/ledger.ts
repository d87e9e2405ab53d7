import { createHash, createHmac } from 'node:crypto';
import { type Kysely, sql, type Generated, type JSONColumnType } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { SchemaStep } from '../store/migrate.ts';

/** Something that happened. It names people, cases and assets by id only; what it says of them are commitments. */
export interface LedgerEvent {
  /** `case.opened`, `asset.viewed`, ... */
  readonly kind: string;
  readonly at: Date;
  /** Who did it: the id of a person, or `system`. */
  readonly actor: string;
  readonly siteId?: string;
  /** Ids of what it is about. */
  readonly subjects: Readonly<Record<string, string>>;
  /** Numbers, states and {@link commitment}s. Never names, texts or pictures. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** An event in its place: each holds the hash of the one before. */
export interface LedgerEntry {
  /** From 0, without gaps. */
  readonly index: number;
  readonly event: object;
  /** SHA-256 of the hash before and of this event's canonical JSON, hexadecimal. */
  readonly hash: string;
}

interface LedgerOutboxTable {
  readonly id: Generated<number>;
  readonly event: JSONColumnType<object>;
}

interface LedgerTable {
  readonly index: number;
  readonly event: JSONColumnType<object>;
  readonly hash: string;
}

declare module '../store/tables.ts' {
  interface Tables {
    ledger_outbox: LedgerOutboxTable;
    ledger: LedgerTable;
  }
}

export const ledgerSchema: SchemaStep = {
  name: '2026-11-22-1730-ledger',
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create table ledger_outbox (id bigint generated always as identity primary key, event jsonb not null)`.execute(
      db,
    );
    await sql`create table ledger (index bigint primary key, event jsonb not null, hash text not null)`.execute(
      db,
    );
    // Whoever can write to the database must still not be able to change what was said by accident or in passing.
    await sql`
      create function ledger_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'the ledger is append-only';
      end $$`.execute(db);
    await sql`
      create trigger ledger_append_only before update or delete or truncate on ledger
      for each statement execute function ledger_is_append_only()`.execute(db);
  },
};

/** Records an event in the transaction of what it records: both happen, or neither. */
export async function append(tx: DatabaseTransaction, event: LedgerEvent): Promise<void> {
  const { at, ...rest } = event;
  const said = JSON.stringify({ ...rest, at: at.toISOString() });
  await tx.insertInto('ledger_outbox').values({ event: said }).execute();
}

/**
 * A keyed commitment to something personal: it proves what was said to whoever holds the key, and says nothing to
 * anybody once the key is deleted.
 * @param key 32 bytes, kept with what is committed to.
 */
export function commitment(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value, 'utf8').digest('hex');
}

/** An event that has its place. */
export interface PlacedEvent {
  readonly index: number;
  readonly event: Omit<LedgerEvent, 'at'> & { readonly at: string };
}

/** Any number will do, as long as it is the same everywhere. */
const SEQUENCER_LOCK = 7_210_411;
const BATCH = 500;

/**
 * Gives waiting events their places. Any number of processes may call it; one does the work at a time. An event of a
 * transaction that was slow to commit comes after those that were faster: the order is that of this function, not of ids.
 * @param onPlaced told of them in the same transaction.
 * @returns how many were placed.
 */
export async function sequence(
  db: Database,
  onPlaced?: (tx: DatabaseTransaction, events: readonly PlacedEvent[]) => Promise<void>,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${SEQUENCER_LOCK})`.execute(tx);
    const waiting = await tx.selectFrom('ledger_outbox').selectAll().orderBy('id').limit(BATCH).execute();
    if (waiting.length === 0) return 0;
    const last = await tx
      .selectFrom('ledger')
      .selectAll()
      .orderBy('index', 'desc')
      .limit(1)
      .executeTakeFirst();
    let hash = last?.hash ?? '';
    let index = last === undefined ? 0 : last.index + 1;
    const placed = waiting.map(({ event }) => {
      hash = entryHash(hash, event);
      return { index: index++, event, hash };
    });
    const rows = placed.map(({ event, ...rest }) => ({ ...rest, event: JSON.stringify(event) }));
    await tx.insertInto('ledger').values(rows).execute();
    await onPlaced?.(tx, placed as PlacedEvent[]);
    await tx
      .deleteFrom('ledger_outbox')
      .where(
        'id',
        'in',
        waiting.map(({ id }) => id),
      )
      .execute();
    return placed.length;
  });
}

function entryHash(before: string, event: object): string {
  return createHash('sha256').update(before).update(canonicalJson(event)).digest('hex');
}

/** What was found when the chain was followed from its beginning. */
export interface LedgerCheck {
  /** How many entries follow from one another. */
  readonly entries: number;
  /** Hash of the last of them; empty before the first. Whoever kept an earlier one can see that nothing was cut off. */
  readonly head: string;
  /** The first entry that does not follow from the one before it, if there is any. */
  readonly brokenAt?: number;
}

/** Reads all entries and follows their hashes. */
export async function checkLedger(db: Database): Promise<LedgerCheck> {
  let [head, entries] = ['', 0];
  for (;;) {
    const batch = await db
      .selectFrom('ledger')
      .selectAll()
      .where('index', '>=', entries)
      .orderBy('index')
      .limit(BATCH)
      .execute();
    if (batch.length === 0) return { entries, head };
    for (const entry of batch) {
      const hash = entryHash(head, entry.event);
      if (entry.index !== entries || entry.hash !== hash) return { entries, head, brokenAt: entries };
      [head, entries] = [hash, entries + 1];
    }
  }
}
