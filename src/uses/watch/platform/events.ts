import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import type { EventKind } from './tables.ts';

/** What a console is told of: it reads the thing itself. */
export interface WatchEvent {
  readonly seq: number;
  readonly kind: EventKind;
  readonly about: string;
  readonly at: Date;
}

const commits = new EventEmitter();
commits.setMaxListeners(0);
/** Events of other processes are looked for this often. */
const LOOK_MS = 250;
const BATCH = 200;

/**
 * Tells consoles of a change, last in its transaction. Numbers are given while the site is held, until the transaction
 * ends: so they are committed in their order, and who read one has missed none before it.
 */
export async function tell(
  tx: DatabaseTransaction,
  siteId: string,
  kind: EventKind,
  about: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${siteId}, 2300))`.execute(tx);
  await tx.insertInto('watch_events').values({ site_id: siteId, kind, about }).execute();
}

/** After the commit: consoles that this process serves look at once. */
export function committed(siteId: string): void {
  commits.emit(siteId);
}

/** The events of a site after a number, as they come, until `signal` ends it; empty lists while nothing happens. */
export async function* eventsAfter(
  db: Database,
  siteId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly WatchEvent[]> {
  for (let last = after; !signal.aborted;) {
    // Waits from before it looks: what is committed while it looks is not slept over.
    const waiting = new AbortController();
    const either = AbortSignal.any([signal, waiting.signal]);
    const woken = Promise.race([
      once(commits, siteId, { signal: either }).catch(() => undefined),
      sleep(LOOK_MS, undefined, { signal: either }).catch(() => undefined),
    ]);
    try {
      const events = await db
        .selectFrom('watch_events')
        .select(['seq', 'kind', 'about', 'at'])
        .where('site_id', '=', siteId)
        .where('seq', '>', last)
        .orderBy('seq')
        .limit(BATCH)
        .execute();
      last = Number(events.at(-1)?.seq ?? last);
      yield events;
      if (events.length < BATCH) await woken;
    } finally {
      waiting.abort();
    }
  }
}

/** Number of the newest event of a site, and of the oldest that is still kept. */
export async function eventRange(
  db: Database,
  siteId: string,
): Promise<{ readonly newest: number; readonly oldest: number }> {
  const row = await db
    .selectFrom('watch_events')
    .select((eb) => [eb.fn.max('seq').as('newest'), eb.fn.min('seq').as('oldest')])
    .where('site_id', '=', siteId)
    .executeTakeFirst();
  return { newest: Number(row?.newest ?? 0), oldest: Number(row?.oldest ?? 0) };
}
