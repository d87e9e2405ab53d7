import type { Selectable } from 'kysely';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { networkOf } from './network.ts';
import { refused, type RefusalKind } from './refusals.ts';
import type { SignInCountsTable } from './tables.ts';

const minute = 60_000;
const windowMs = 15 * minute;
const longestPauseMinutes = 60;
/** After this long without a failure, the next pause is as short as the first. */
export const forgottenAfterMs = 24 * 60 * minute;

/** Failures within 15 minutes that pause a login; an address may be that of a whole office. */
const loginLimit = 5;
const addressLimit = 50;

/** Who tries, and from where. */
export interface Attempt {
  /** As people's logins are kept; counted whether anybody has it or not. */
  readonly login: string;
  readonly address: string;
  /** What is logged when the attempt fails. */
  readonly kind: RefusalKind;
  /** Where the login is somebody's. */
  readonly personId?: string;
  readonly now: Date;
}

/**
 * Refuses an attempt without looking at its password while its login or address is paused.
 * @throws TidewaiterError `E_SIGN_IN_PAUSE`.
 */
export async function refuseWhilePaused(db: Database, attempt: Attempt): Promise<void> {
  const until = await pausedUntil(db, attempt);
  if (until !== undefined) throw await pauseRefusal(db, attempt, until);
}

/**
 * Counts an attempt and says whether it stands. Attempts on one login are judged in turn, and a right one is refused
 * when wrong ones paused the login meanwhile: guessing in parallel gains nothing over guessing in turn.
 * @returns the refusal, which is logged already, or undefined.
 */
export async function judge(
  tx: DatabaseTransaction,
  attempt: Attempt,
  right: boolean,
): Promise<TidewaiterError | undefined> {
  if (right) {
    const key = loginKey(attempt.login);
    await tx.selectFrom('sign_in_counts').select('key').where('key', '=', key).forUpdate().execute();
    const until = await pausedUntil(tx, attempt);
    return until === undefined ? undefined : pauseRefusal(tx, attempt, until);
  }
  // Always in this order, or two attempts could wait for each other.
  const address = await holdCount(tx, addressKey(attempt.address), attempt.now);
  const login = await holdCount(tx, loginKey(attempt.login), attempt.now);
  const until = await pausedUntil(tx, attempt);
  if (until !== undefined) return pauseRefusal(tx, attempt, until);
  for (const count of [address, login]) {
    await tx
      .updateTable('sign_in_counts')
      .set(afterFailure(count, attempt.now))
      .where('key', '=', count.key)
      .execute();
  }
  await logged(tx, attempt, attempt.kind);
  return signInError();
}

/** Forgets the failures of a login, once somebody signed in with all that it takes. */
export async function forgetFailures(tx: DatabaseTransaction, login: string): Promise<void> {
  await tx.deleteFrom('sign_in_counts').where('key', '=', loginKey(login)).execute();
}

/** The one answer to whatever is wrong about a sign-in: it must not tell which logins exist. */
export function signInError(): TidewaiterError {
  return new TidewaiterError(
    'E_SIGN_IN',
    'Login, password or code is not right',
    'Try again, or ask an administrator whether the account is enabled.',
  );
}

type Count = Selectable<SignInCountsTable>;

/** What a count becomes by one more failure. */
export function afterFailure(count: Count, now: Date): Omit<Count, 'key'> {
  const pauses = now.getTime() - count.failed_at.getTime() > forgottenAfterMs ? 0 : count.pauses;
  const since = now.getTime() - windowMs;
  const recent = [...count.recent.filter((at) => at.getTime() > since), now];
  const limit = count.key.startsWith('login ') ? loginLimit : addressLimit;
  if (recent.length < limit) return { recent, pauses, paused_until: count.paused_until, failed_at: now };
  const minutes = Math.min(2 ** pauses, longestPauseMinutes);
  const until = new Date(now.getTime() + minutes * minute);
  return { recent: [], pauses: pauses + 1, paused_until: until, failed_at: now };
}

/** The count of a key, made if need be, and held until the transaction ends. */
async function holdCount(tx: DatabaseTransaction, key: string, now: Date): Promise<Count> {
  return tx
    .insertInto('sign_in_counts')
    .values({ key, recent: [], pauses: 0, paused_until: null, failed_at: now })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ key }))
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function pausedUntil(db: Database, { login, address, now }: Attempt): Promise<Date | undefined> {
  const row = await db
    .selectFrom('sign_in_counts')
    .select('paused_until')
    .where('key', 'in', [loginKey(login), addressKey(address)])
    .where('paused_until', '>', now)
    .orderBy('paused_until', 'desc')
    .executeTakeFirst();
  return row?.paused_until ?? undefined;
}

async function pauseRefusal(db: Database, attempt: Attempt, until: Date): Promise<TidewaiterError> {
  await logged(db, attempt, 'paused');
  const minutes = Math.ceil((until.getTime() - attempt.now.getTime()) / minute);
  return new TidewaiterError(
    'E_SIGN_IN_PAUSE',
    'There were too many wrong passwords or codes',
    `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  );
}

async function logged(db: Database, { address, personId, now }: Attempt, kind: RefusalKind): Promise<void> {
  await refused(db, { kind, address, ...(personId === undefined ? {} : { personId }), at: now });
}

/** Hashed, because people type passwords where the login goes. */
function loginKey(login: string): string {
  return `login ${sha256(login)}`;
}

function addressKey(address: string): string {
  return `address ${networkOf(address)}`;
}
