import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '../../platform/platform.ts';
import type { Log } from '../log.ts';

const POLL_MS = 2_000;
/** A transaction that was slow shows rows that say they are this old. */
const OVERLAP_MS = 30_000;
const BATCH = 1000;

/**
 * Tells the log what matters for security, from any process on the same database, until it is aborted: refusals and lock-outs
 * (`refused.KIND`), sign-ins (`session.opened`), and all that the ledger records, by its kinds. Each is told once, with ids only.
 */
export async function followSecurity(
  { db, now }: Pick<Platform, 'db' | 'now'>,
  log: Log,
  signal: AbortSignal,
  pollMs = POLL_MS,
): Promise<void> {
  const told = new Map<string, number>();
  const begun = now();
  let since = begun;
  let after: number | undefined;

  const tell = (key: string, at: Date, id: string, fields: Record<string, string>): void => {
    if (at < begun || told.has(key)) return;
    told.set(key, at.getTime());
    log(id, undefined, { id, fields });
  };

  async function look(): Promise<void> {
    const asked = now();
    const from = new Date(since.getTime() - OVERLAP_MS);
    const refusals = await db
      .selectFrom('refusals')
      .select(['id', 'kind', 'person_id', 'at'])
      .where('at', '>=', from)
      .orderBy('at')
      .execute();
    for (const { id, kind, person_id, at } of refusals) {
      const person = person_id === null ? {} : { person: person_id };
      tell(`refusal ${id}`, at, `refused.${kind}`, { refusal: String(id), ...person });
    }
    const sessions = await db
      .selectFrom('sessions')
      .select(['id', 'person_id', 'created_at'])
      .where('created_at', '>=', from)
      .orderBy('created_at')
      .execute();
    for (const { id, person_id, created_at } of sessions)
      tell(`session ${id}`, created_at, 'session.opened', { session: id, person: person_id });
    after ??= await newest();
    const entries = await db
      .selectFrom('ledger')
      .select(['index', 'event'])
      .where('index', '>', after)
      .orderBy('index')
      .limit(BATCH)
      .execute();
    for (const { index, event } of entries) {
      const { kind, actor, siteId, subjects } = event as LedgerFields;
      const site = siteId === undefined ? {} : { site: siteId };
      log(kind, undefined, { id: kind, fields: { entry: String(index), actor, ...site, ...subjects } });
      after = index;
    }
    since = asked;
    for (const [key, at] of told) if (at < from.getTime() - OVERLAP_MS) told.delete(key);
  }

  async function newest(): Promise<number> {
    const { last } = await db
      .selectFrom('ledger')
      .select((eb) => eb.fn.max('index').as('last'))
      .executeTakeFirstOrThrow();
    return last === null ? -1 : Number(last);
  }

  while (!signal.aborted) {
    // A database that is away for a moment is told of elsewhere; what was missed is read when it is back.
    await look().catch(() => undefined);
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  await look().catch(() => undefined);
}

interface LedgerFields {
  readonly kind: string;
  readonly actor: string;
  readonly siteId?: string;
  readonly subjects?: Readonly<Record<string, string>>;
}
