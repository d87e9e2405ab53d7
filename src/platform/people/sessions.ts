import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import { forgetFailures, judge, type Attempt } from './lockout.ts';
import { normalLogin } from './login.ts';
import { startSession, type NewSession } from './new-session.ts';
import { provePassword } from './password-proof.ts';
import { findCode, useCode } from './second-factor.ts';
import { authenticate, holdSession, idleSince, sessionError, type Session } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { inTransaction, keepingRefusal, lockPerson } from './transaction.ts';

/** Activity is written down this often at most. */
const touchSeconds = 15;

/** Where a request came from, and when. */
interface From {
  readonly address: string;
  readonly now: Date;
}

/**
 * The first step of signing in.
 * @param db no transaction: failures are counted even though the call is refused.
 * @returns a session in state `second-factor`, or `enrol` for somebody who has none.
 * @throws TidewaiterError `E_SIGN_IN`, `E_SIGN_IN_PAUSE`.
 */
export async function signIn(
  db: Database,
  settings: PeopleSettings,
  { login, password, address, now }: From & { readonly login: string; readonly password: string },
): Promise<NewSession> {
  const proof = { login: normalLogin(login), password, address, now, kind: 'sign-in' } as const;
  return provePassword(db, settings, proof, (tx, { id }) =>
    startSession(tx, settings, { personId: id, secondFactor: false, now }),
  );
}

/**
 * The second step: a code of the authenticator app, or a recovery code. It is used up, failures so far are forgotten,
 * and the session is replaced by one with a new token.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SESSION`, `E_SIGN_IN`, `E_SIGN_IN_PAUSE`.
 */
export async function proveSecondFactor(
  db: Database,
  settings: PeopleSettings,
  secrets: SecretBox,
  { token, code, address, now }: From & { readonly token: string; readonly code: string },
): Promise<NewSession> {
  return keepingRefusal<NewSession>(db, async (tx) => {
    const session = await holdSession(tx, settings, token, now);
    if (session?.state !== 'second-factor') throw sessionError();
    const { id, personId, login } = session;
    const attempt: Attempt = { login, address, kind: 'second-factor', personId, now };
    const found = await findCode(tx, secrets, { personId, code, now, fips: settings.fips });
    const refusal = await judge(tx, attempt, found !== undefined);
    if (refusal !== undefined || found === undefined) {
      const answer = refusal ?? sessionError();
      return settings.fips ? hintingApp(answer) : answer;
    }
    await useCode(tx, personId, found);
    await forgetFailures(tx, login);
    await tx.deleteFrom('sessions').where('id', '=', id).execute();
    return startSession(tx, settings, { personId, secondFactor: true, now });
  });
}

/** Under the FIPS profile no code of an app from before is tried, so a right one looks wrong. */
function hintingApp(refusal: TidewaiterError): TidewaiterError {
  if (refusal.code !== 'E_SIGN_IN') return refusal;
  return new TidewaiterError(
    refusal.code,
    refusal.message,
    'Try again, or give a recovery code. An authenticator app from before the FIPS profile was switched on works no more: ask an administrator to reset it (tidewaiter user reset-second-factor), and enrol anew.',
  );
}

/**
 * Opens a locked session with the password; for one that is not locked it is a fresh proof of who sits there.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SESSION`, `E_SIGN_IN`, `E_SIGN_IN_PAUSE`.
 */
export async function unlock(
  db: Database,
  settings: PeopleSettings,
  { token, password, address, now }: From & { readonly token: string; readonly password: string },
): Promise<Session> {
  const { login } = complete(await authenticate(db, settings, token, now));
  const proof = { login, password, address, now, kind: 'unlock' } as const;
  return provePassword(db, settings, proof, async (tx) => {
    const { id } = complete(await authenticate(tx, settings, token, now));
    await tx.updateTable('sessions').set({ seen_at: now, proved_at: now }).where('id', '=', id).execute();
    return complete(await authenticate(tx, settings, token, now));
  });
}

/** Keeps to sessions that got past the second factor: those before it have no password to give again. */
function complete(session: Session | undefined): Session {
  if (session === undefined || session.state === 'enrol' || session.state === 'second-factor') {
    throw sessionError();
  }
  return session;
}

/** @throws TidewaiterError `E_SESSION` when no banner waits. */
export async function acceptBanner(
  db: Database,
  settings: PeopleSettings,
  { token, now }: { readonly token: string; readonly now: Date },
): Promise<Session> {
  return inTransaction(db, async (tx) => {
    const session = await holdSession(tx, settings, token, now);
    if (session?.state !== 'banner') throw sessionError();
    await tx
      .updateTable('sessions')
      .set({ seen_at: now, banner_at: now })
      .where('id', '=', session.id)
      .execute();
    return complete(await authenticate(tx, settings, token, now));
  });
}

/** Notes that a person did something, and where, which puts the idle lock off. A locked session stays locked. */
export async function touchSession(
  db: Database,
  settings: PeopleSettings,
  { sessionId, address, device, now }: From & { readonly sessionId: string; readonly device: string },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ seen_at: now, address, device })
    .where('id', '=', sessionId)
    .where('seen_at', '>=', idleSince(settings, now))
    .where((eb) =>
      eb.or([
        eb('seen_at', '<=', new Date(now.getTime() - touchSeconds * 1000)),
        eb('address', 'is distinct from', address),
      ]),
    )
    .execute();
}

/** Ends a session; one that is over already is no error. */
export async function signOut(db: Database, token: string): Promise<void> {
  await db.deleteFrom('sessions').where('token_hash', '=', sha256(token)).execute();
}

/**
 * Ends all sessions of a person, on whatever machine. API tokens stay.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`.
 */
export async function signOutEverywhere(db: Database, personId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
  });
}
