import { randomBytes } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { toBase32 } from './base32.ts';
import { judge } from './lockout.ts';
import { startSession, type NewSession } from './new-session.ts';
import { findCode, secretContext, setSecondFactor } from './second-factor.ts';
import {
  holdSession,
  sessionError,
  type EnrolSession,
  type OpenSession,
  type Session,
} from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { acceptedStep, otpauthUri, type TotpAlgorithm } from './totp.ts';
import { inTransaction, keepingRefusal } from './transaction.ts';

/** How long a proof of who sits there is good for what outlasts the session. */
const freshMinutes = 10;

/** Length of the MAC, as RFC 4226 recommends. */
const secretBytes: Record<TotpAlgorithm, number> = { sha1: 20, sha256: 32 };

/** What comes of it: a session, and recovery codes to be shown once. */
type Enrolled = NewSession & { readonly recoveryCodes: readonly string[] };

/** What an authenticator app is given. */
export interface Enrolment {
  /** For the QR code. */
  readonly uri: string;
  /** Base32, for typing. */
  readonly secret: string;
}

/**
 * The first step of enrolling an authenticator app: a new secret, which counts for nothing until a code proves that the
 * app has it. For a session in state `enrol`, or an open one that replaces its app within 10 minutes of the password
 * (ask for it again with `unlock`).
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`.
 */
export async function startEnrolment(
  db: Database,
  settings: PeopleSettings,
  secrets: SecretBox,
  { token, now }: { readonly token: string; readonly now: Date },
): Promise<Enrolment> {
  const algorithm: TotpAlgorithm = settings.fips ? 'sha256' : 'sha1';
  return inTransaction(db, async (tx) => {
    const { id, personId, login } = mayEnrol(await holdSession(tx, settings, token, now), now);
    const secret = randomBytes(secretBytes[algorithm]);
    await tx
      .updateTable('sessions')
      .set({ enrol_secret: secrets.wrap(secret, secretContext(personId)), enrol_algorithm: algorithm })
      .where('id', '=', id)
      .execute();
    return { uri: otpauthUri(secret, algorithm, login), secret: toBase32(secret) };
  });
}

/**
 * The second step: a code from the app. Who has an app already gives a code of that one too, or a recovery code: a password and a session
 * that was found open are not enough to put another in its place. All sessions of the person end, and a new one begins.
 * @param db no transaction: wrong codes of the app before are counted even though the call is refused.
 * @returns that session, and ten recovery codes to be shown once.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`, `E_SECOND_FACTOR` when the code is not right: it may be tried again; `E_SIGN_IN`,
 * `E_SIGN_IN_PAUSE` for that of the app before.
 */
export async function confirmEnrolment(
  db: Database,
  settings: PeopleSettings,
  secrets: SecretBox,
  {
    token,
    code,
    current,
    address,
    now,
  }: {
    readonly token: string;
    readonly code: string;
    /** Of the app that is replaced. */
    readonly current?: string | undefined;
    readonly address: string;
    readonly now: Date;
  },
): Promise<Enrolled> {
  return keepingRefusal<Enrolled>(db, async (tx) => {
    const held = mayEnrol(await holdSession(tx, settings, token, now), now);
    const { id, personId, login, state } = held;
    if (await hasApp(tx, personId)) {
      if (current === undefined || current === '') throw confirmFirst();
      const found = await findCode(tx, secrets, { personId, code: current, now, fips: settings.fips });
      const attempt = { login, address, kind: 'second-factor', personId, now } as const;
      const refusal = await judge(tx, attempt, found !== undefined);
      if (refusal !== undefined) return refusal;
    }
    const { enrol_secret: secret, enrol_algorithm: algorithm } = await tx
      .selectFrom('sessions')
      .select(['enrol_secret', 'enrol_algorithm'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (secret === null || algorithm === null) throw sessionError();
    const plain = secrets.unwrap(secret, secretContext(personId));
    const step = acceptedStep(plain, algorithm, code, now, 0);
    if (step === undefined) {
      throw new TidewaiterError(
        'E_SECOND_FACTOR',
        'The code is not the one that the authenticator app should show now',
        `Check that its clock is right and that it knows ${algorithm === 'sha1' ? 'TOTP' : 'TOTP with SHA-256'}, and give the next code.`,
      );
    }
    const recoveryCodes = await setSecondFactor(tx, { personId, secret, algorithm, step, now });
    await append(tx, {
      kind: 'person.app-enrolled',
      at: now,
      actor: personId,
      subjects: { person: personId },
    });
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
    const bannerAt = state === 'open' ? now : null;
    const made = await startSession(tx, settings, { personId, secondFactor: true, bannerAt, now });
    return { ...made, recoveryCodes };
  });
}

async function hasApp(tx: DatabaseTransaction, personId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('second_factors')
    .select('person_id')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row !== undefined;
}

function confirmFirst(): TidewaiterError {
  return new TidewaiterError(
    'E_SECOND_FACTOR',
    'The authenticator app that you have confirms the new one',
    'Give its code as well, or a recovery code.',
  );
}

/**
 * Keeps to sessions that may change what their person proves themselves with: whoever finds an open session must not be able to make it
 * theirs for good.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`.
 */
export function mayEnrol(session: Session | undefined, now: Date): EnrolSession | OpenSession {
  if (session?.state === 'enrol') return session;
  if (session?.state !== 'open') throw sessionError();
  return freshlyProved(session, now);
}

/**
 * For whatever outlasts a session.
 * @throws TidewaiterError `E_PROVE_AGAIN`, unless its person proved who they are within ten minutes.
 */
export function freshlyProved<S extends Session>(session: S, now: Date): S {
  if (now.getTime() - session.provedAt.getTime() <= freshMinutes * 60_000) return session;
  throw new TidewaiterError(
    'E_PROVE_AGAIN',
    'For this, you must have proved who you are in the last ten minutes',
    'Give your password again.',
  );
}
