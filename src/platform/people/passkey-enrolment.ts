import { randomUUID } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database } from '../store/database.ts';
import { mayEnrol } from './enrolment.ts';
import { startSession, type NewSession } from './new-session.ts';
import { challengeMinutes, giveChallenge, takeChallenge } from './passkey-challenge.ts';
import type { RelyingParty } from './relying-party.ts';
import { factorsOf, newRecoveryCodes } from './second-factor.ts';
import { holdSession } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';
import { inTransaction, keepingRefusal } from './transaction.ts';

/** Nobody carries more; each is listed whenever one is asked for. */
const most = 20;

/** As WebAuthn names ways to reach an authenticator; others are not kept. */
const knownTransports: readonly string[] = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

/**
 * The first step of enrolling a passkey or security key: what the browser is to ask the authenticator for. For a session
 * in state `enrol`, or an open one that proved itself within ten minutes.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`, `E_PASSKEY` for one too many.
 */
export async function startPasskey(
  db: Database,
  settings: PeopleSettings,
  party: RelyingParty,
  { token, now }: { readonly token: string; readonly now: Date },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  return inTransaction(db, async (tx) => {
    const session = mayEnrol(await holdSession(tx, settings, token, now), now);
    const { id: sessionId, personId, login, name } = session;
    const there = await tx
      .selectFrom('passkeys')
      .select('credential_id')
      .where('person_id', '=', personId)
      .execute();
    if (there.length >= most) {
      throw passkeyError(`One person has ${most} passkeys at most`, 'Remove one that you do not use.');
    }
    const { text } = await giveChallenge(tx, { sessionId, use: 'enrol', now });
    return generateRegistrationOptions({
      rpName: 'Tidewaiter',
      rpID: party.id,
      userID: personBytes(personId),
      userName: login,
      userDisplayName: name,
      challenge: new Uint8Array(Buffer.from(text, 'base64url')),
      timeout: challengeMinutes * 60_000,
      attestationType: 'none',
      excludeCredentials: there.map((one) => ({ id: one.credential_id })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      supportedAlgorithmIDs: [...party.algorithms],
    });
  });
}

/** What a browser brings back from an authenticator that is being enrolled. */
export interface NewPasskey {
  readonly token: string;
  /** As its owner calls it, on one line. */
  readonly name: string;
  readonly response: RegistrationResponseJSON;
  readonly now: Date;
}

/**
 * The second step. The first factor of a person comes with ten recovery codes, to be shown once. A session in state `enrol`
 * is replaced by one with a new token; others of the person end then.
 * @param db no transaction: a challenge is used up even though its answer is refused.
 * @throws TidewaiterError `E_SESSION`, `E_PROVE_AGAIN`, `E_PASSKEY`: ask for a new challenge then.
 */
export async function confirmPasskey(
  db: Database,
  settings: PeopleSettings,
  party: RelyingParty,
  { token, name, response, now }: NewPasskey,
): Promise<NewSession & { readonly id: string; readonly recoveryCodes: readonly string[] }> {
  return keepingRefusal(db, async (tx) => {
    const session = mayEnrol(await holdSession(tx, settings, token, now), now);
    const { personId } = session;
    const challenge = await takeChallenge(tx, { sessionId: session.id, use: 'enrol', now });
    const isFirst = (await factorsOf(tx, personId)).length === 0;
    const made = challenge === undefined ? undefined : await verified(party, response, challenge);
    const row =
      made &&
      (await tx
        .insertInto('passkeys')
        .values({ ...made, id: randomUUID(), person_id: personId, name, created_at: now })
        .onConflict((conflict) => conflict.column('credential_id').doNothing())
        .returning('id')
        .executeTakeFirst());
    if (row === undefined) {
      return passkeyError(
        'What the authenticator answered is not taken',
        'Begin again; an authenticator that is enrolled already cannot be enrolled twice.',
      );
    }
    const { id } = row;
    const subjects = { person: personId, passkey: id };
    await append(tx, { kind: 'person.passkey-enrolled', at: now, actor: personId, subjects });
    const recoveryCodes = isFirst ? await newRecoveryCodes(tx, personId) : [];
    if (session.state === 'open') return { id, token, session, recoveryCodes };
    await tx.deleteFrom('sessions').where('person_id', '=', personId).execute();
    return {
      id,
      recoveryCodes,
      ...(await startSession(tx, settings, { personId, secondFactor: true, now })),
    };
  });
}

/** What is kept of a new passkey; undefined when its answer is not right. */
async function verified(party: RelyingParty, response: RegistrationResponseJSON, challenge: string) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { cose, decodeAttestationObject, decodeCredentialPublicKey } =
    await import('@simplewebauthn/server/helpers');
  try {
    // Certificates were not asked for. They are not looked at either: they name addresses that would be fetched.
    const attestation = decodeAttestationObject(
      new Uint8Array(Buffer.from(response.response.attestationObject, 'base64url')),
    );
    if (attestation.get('attStmt').get('x5c') !== undefined) return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: [...party.algorithms],
    });
    if (registrationInfo === undefined) return undefined;
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      credential_id: credential.id,
      public_key: Buffer.from(credential.publicKey),
      algorithm: Number(decodeCredentialPublicKey(credential.publicKey).get(cose.COSEKEYS.alg)),
      counter: credential.counter,
      transports: (response.response.transports ?? []).filter((one) => knownTransports.includes(one)),
      backed_up: credentialBackedUp,
    };
  } catch {
    // Whatever the library finds wrong was sent by the browser.
    return undefined;
  }
}

/** The handle of a person at authenticators: their id, which says nothing about them. */
export function personBytes(personId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(personId.replaceAll('-', ''), 'hex'));
}

export function passkeyError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_PASSKEY', message, remedy);
}
