import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { forgetFailures, judge, signInError, type Attempt } from './lockout.ts';
import { startSession, type NewSession } from './new-session.ts';
import {
  challengeMinutes,
  giveChallenge,
  newChallenge,
  takeChallenge,
  useChallenge,
  type Challenge,
} from './passkey-challenge.ts';
import { personBytes } from './passkey-enrolment.ts';
import { usablePasskeys, type PasskeyRow } from './passkeys.ts';
import { refused } from './refusals.ts';
import type { RelyingParty } from './relying-party.ts';
import { authenticate, holdSession, sessionError, type Session } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import { inTransaction, keepingRefusal, lockPerson } from './transaction.ts';

/**
 * Asks for a passkey: as the second factor in state `second-factor`; where a passkey counts alone, also as a fresh proof of
 * who sits at a locked or open session.
 * @throws TidewaiterError `E_SESSION`.
 */
export async function askPasskey(
  db: Database,
  settings: PeopleSettings,
  party: RelyingParty,
  { token, now }: { readonly token: string; readonly now: Date },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return inTransaction(db, async (tx) => {
    const session = provable(await holdSession(tx, settings, token, now), party);
    const { text } = await giveChallenge(tx, { sessionId: session.id, use: 'prove', now });
    const keys = await usablePasskeys(tx, party, session.personId);
    return requestOptions(party, { text, keys, alone: session.state !== 'second-factor' });
  });
}

/**
 * Asks whoever it is for a passkey that knows its holder.
 * @returns what the browser asks the authenticator for, and the challenge, for the caller to keep where only this browser has it.
 * @throws TidewaiterError `E_SESSION` where a passkey does not count alone.
 */
export async function askAnyPasskey(
  party: RelyingParty,
  now: Date,
): Promise<{ readonly options: PublicKeyCredentialRequestOptionsJSON; readonly challenge: Challenge }> {
  if (!party.alone) throw sessionError();
  const challenge = newChallenge(now);
  return { challenge, options: await requestOptions(party, { text: challenge.text, keys: [], alone: true }) };
}

async function requestOptions(
  { id }: RelyingParty,
  {
    text,
    keys,
    alone,
  }: { readonly text: string; readonly keys: readonly PasskeyRow[]; readonly alone: boolean },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  return generateAuthenticationOptions({
    rpID: id,
    challenge: new Uint8Array(Buffer.from(text, 'base64url')),
    timeout: challengeMinutes * 60_000,
    allowCredentials: keys.map((key) => ({ id: key.credential_id, transports: [...key.transports] })),
    userVerification: alone ? 'required' : 'discouraged',
  });
}

/** An authenticator's answer to a challenge. */
export interface PasskeyAnswer {
  readonly response: AuthenticationResponseJSON;
  readonly address: string;
  readonly now: Date;
}

/**
 * Takes the answer to {@link askPasskey}. As the second step of signing in it forgets failures so far and gives a session
 * with a new token; else the session goes on, unlocked.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SESSION`, `E_SIGN_IN`, `E_SIGN_IN_PAUSE`, `E_PASSKEY_SUSPENDED`.
 */
export async function provePasskey(
  db: Database,
  settings: PeopleSettings,
  party: RelyingParty,
  { token, response, address, now }: PasskeyAnswer & { readonly token: string },
): Promise<NewSession> {
  return keepingRefusal<NewSession>(db, async (tx) => {
    const session = provable(await holdSession(tx, settings, token, now), party);
    const { id, personId, login, state } = session;
    const alone = state !== 'second-factor';
    const challenge = await takeChallenge(tx, { sessionId: id, use: 'prove', now });
    const keys = await usablePasskeys(tx, party, personId);
    const key = keys.find((one) => one.credential_id === response.id);
    const attempt: Attempt = { login, address, kind: alone ? 'unlock' : 'second-factor', personId, now };
    const refusal = await judged(tx, party, { attempt, key, response, challenge, alone });
    if (refusal !== undefined) return refusal;
    if (!alone) {
      await forgetFailures(tx, login);
      await tx.deleteFrom('sessions').where('id', '=', id).execute();
      return startSession(tx, settings, { personId, secondFactor: true, now });
    }
    await tx.updateTable('sessions').set({ seen_at: now, proved_at: now }).where('id', '=', id).execute();
    const opened = await authenticate(tx, settings, token, now);
    return opened === undefined ? sessionError() : { token, session: opened };
  });
}

/**
 * Takes the answer to {@link askAnyPasskey}: both factors at once.
 * @param challenge as it was kept in this browser; undefined when it was not.
 * @param db no transaction: failures are counted even though the call is refused.
 * @throws TidewaiterError `E_SESSION` where a passkey does not count alone, `E_SIGN_IN`, `E_SIGN_IN_PAUSE`, `E_PASSKEY_SUSPENDED`.
 */
export async function signInByPasskey(
  db: Database,
  settings: PeopleSettings,
  party: RelyingParty,
  { challenge, response, address, now }: PasskeyAnswer & { readonly challenge: Challenge | undefined },
): Promise<NewSession> {
  if (!party.alone) throw sessionError();
  return keepingRefusal<NewSession>(db, async (tx): Promise<NewSession | TidewaiterError> => {
    const owner = await tx
      .selectFrom('passkeys')
      .select('person_id')
      .where('credential_id', '=', response.id)
      .executeTakeFirst();
    const person = owner === undefined ? undefined : await lockPerson(tx, owner.person_id);
    const attempt: Attempt = {
      // Passkeys that nobody has are counted as one, beside the address they come from.
      login: person?.login ?? '',
      address,
      kind: 'sign-in',
      ...(person === undefined ? {} : { personId: person.id }),
      now,
    };
    const fresh = person !== undefined && challenge !== undefined && (await useChallenge(tx, challenge, now));
    const keys = person?.disabled_at === null ? await usablePasskeys(tx, party, person.id) : [];
    const key = keys.find((one) => one.credential_id === response.id);
    const text = fresh ? challenge.text : undefined;
    const refusal = await judged(tx, party, { attempt, key, response, challenge: text, alone: true });
    if (refusal !== undefined || person === undefined) return refusal ?? signInError();
    await forgetFailures(tx, person.login);
    return startSession(tx, settings, { personId: person.id, secondFactor: true, now });
  });
}

/** Keeps to sessions that a passkey says something new about. */
function provable(session: Session | undefined, { alone }: RelyingParty): Session {
  if (session?.state === 'second-factor') return session;
  if (session === undefined || session.state === 'enrol' || !alone) throw sessionError();
  return session;
}

interface Answered {
  readonly attempt: Attempt;
  /** Of the person; undefined when no such key of theirs is taken. */
  readonly key: PasskeyRow | undefined;
  readonly response: AuthenticationResponseJSON;
  /** Undefined when there was none, or it is over. */
  readonly challenge: string | undefined;
  /** The authenticator must have checked who holds it. */
  readonly alone: boolean;
}

/** Counts an answer. @returns the refusal, which is logged already, or undefined when it stands; the key is noted as used then. */
async function judged(
  tx: DatabaseTransaction,
  party: RelyingParty,
  { attempt, key, response, challenge, alone }: Answered,
): Promise<TidewaiterError | undefined> {
  const proof =
    key === undefined || challenge === undefined
      ? undefined
      : await verified(party, { key, response, challenge, alone });
  const refusal = await judge(tx, attempt, proof !== undefined);
  if (refusal !== undefined || key === undefined || proof === undefined) return refusal ?? signInError();
  const { counter, backedUp } = proof;
  // Only signatures of the key itself come this far, so nobody without a copy can have it suspended.
  if ((counter > 0 || key.counter > 0) && counter <= key.counter) return suspend(tx, attempt, key);
  await tx
    .updateTable('passkeys')
    .set({ counter, backed_up: backedUp, used_at: attempt.now })
    .where('id', '=', key.id)
    .execute();
  return undefined;
}

async function verified(
  party: RelyingParty,
  {
    key,
    response,
    challenge,
    alone,
  }: Required<Pick<Answered, 'response' | 'alone'>> & {
    readonly key: PasskeyRow;
    readonly challenge: string;
  },
): Promise<{ readonly counter: number; readonly backedUp: boolean } | undefined> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const handle = response.response.userHandle;
  if (handle !== undefined && !Buffer.from(handle, 'base64url').equals(personBytes(key.person_id))) {
    return undefined;
  }
  try {
    const { verified: right, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: alone,
      // The library compares counters before it looks at the signature. That is done afterwards instead.
      credential: { id: key.credential_id, publicKey: new Uint8Array(key.public_key), counter: 0 },
    });
    const { newCounter, credentialBackedUp } = authenticationInfo;
    return right ? { counter: newCounter, backedUp: credentialBackedUp } : undefined;
  } catch {
    // Whatever the library finds wrong was sent by the browser.
    return undefined;
  }
}

/** A counter that does not go up says that there are two of the key (WebAuthn 6.1.1). The sessions end: any may be the other's. */
async function suspend(
  tx: DatabaseTransaction,
  { address, now }: Attempt,
  { id, person_id: personId }: PasskeyRow,
): Promise<TidewaiterError> {
  await tx.updateTable('passkeys').set({ suspended_at: now }).where('id', '=', id).execute();
  await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
  await refused(tx, { kind: 'passkey-copy', address, personId, at: now });
  const subjects = { person: personId, passkey: id };
  await append(tx, { kind: 'person.passkey-suspended', at: now, actor: 'system', subjects });
  return new TidewaiterError(
    'E_PASSKEY_SUSPENDED',
    'There seems to be a copy of this passkey: its counter did not go on. It is not taken any more',
    'Sign in with another factor, and tell an administrator.',
  );
}
