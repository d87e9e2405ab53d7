import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { networkOf } from './network.ts';

/** What was refused. */
export type RefusalKind =
  /** A login, password or code was wrong. */
  | 'sign-in'
  | 'second-factor'
  | 'unlock'
  | 'password-change'
  /** Too many were wrong before. */
  | 'paused'
  | 'first-run'
  /** A session or token that is unknown, over, or not far enough. */
  | 'session'
  | 'token'
  /** Signed in, but without the role or scope. */
  | 'role'
  | 'scope'
  | 'cross-site'
  | 'rate'
  /** A passkey of which there seems to be a copy. */
  | 'passkey-copy'
  /** Further ones of the same network in the same minute, of whatever kind: how many is in `count`. */
  | 'more';

export interface Refusal {
  readonly kind: RefusalKind;
  /** Network address of the caller. */
  readonly address: string;
  /** Whose account it was about, where there is one. What was typed as a login is not kept: it may be a password. */
  readonly personId?: string;
  readonly at: Date;
  /** How many it stands for. */
  readonly count?: number;
}

/** Rows that the callers of one network get in a minute, and as many more as come at the same moment; the rest is counted. */
const rowsPerMinute = 30;

/**
 * Writes refusals to the log that supervisors read. Strangers must not be able to fill it: beyond a number of rows for each
 * network and minute they are counted in one.
 */
export async function refused(
  db: Database,
  { kind, address, personId, at, count = 1 }: Refusal,
): Promise<void> {
  const source = networkOf(address);
  const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000);
  const next = new Date(minute.getTime() + 60_000);
  const row = { kind, address, person_id: personId ?? null, at, source, count };
  const { rows } = await db
    .selectFrom('refusals')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .where('source', '=', source)
    .where('at', '>=', minute)
    .where('at', '<', next)
    .executeTakeFirstOrThrow();
  if (rows < rowsPerMinute) {
    await db.insertInto('refusals').values(row).execute();
    return;
  }
  await db
    .insertInto('refusals')
    .values({ ...row, kind: 'more', person_id: null, at: minute })
    .onConflict((conflict) =>
      conflict
        .columns(['source', 'at'])
        .where('kind', '=', 'more')
        .doUpdateSet({ count: sql`refusals.count + excluded.count` }),
    )
    .execute();
}
