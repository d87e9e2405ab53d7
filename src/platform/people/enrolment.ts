import { randomBytes } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import { toBase32 } from './base32.ts';
import { startSession, type NewSession } from './new-session.ts';
import { secretContext, setSecondFactor } from './second-factor.ts';
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
import { inTransaction } from './transaction.ts';

/** How long a proof of who sits there is good for what outlasts the session. */
const freshMinutes = 10;

/** Length of the MAC, as RFC 4226 recommends. */
const secretBytes: Record<TotpAlgorithm, number> = { sha1: 20, sha256: 32 };

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
 * The second step: a code from the app. All sessions of the person end, and a new one begins.
 * @returns that session, and ten recovery codes to be shown once.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`, `E_SECOND_FACTOR` when the code is not right: it may be tried again.
 */
export async function confirmEnrolment(
  db: Database,
  settings: PeopleSettings,
  secrets: SecretBox,
  { token, code, now }: { readonly token: string; readonly code: string; readonly now: Date },
): Promise<NewSession & { readonly recoveryCodes: readonly string[] }> {
  return inTransaction(db, async (tx) => {
    const { id, personId } = mayEnrol(await holdSession(tx, settings, token, now), now);
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
    return { ...(await startSession(tx, settings, { personId, secondFactor: true, now })), recoveryCodes };
  });
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
