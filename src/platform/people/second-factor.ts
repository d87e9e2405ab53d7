import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { codeHash, newCode } from './codes.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { acceptedStep, type TotpAlgorithm } from './totp.ts';
import { inTransaction, lockPerson } from './transaction.ts';

const recoveryCodes = 10;

/** A code that was right and is not used up so far. */
export type FoundCode =
  { readonly kind: 'step'; readonly step: number } | { readonly kind: 'recovery'; readonly hash: string };

/** What a wrapped secret is bound to. */
export function secretContext(personId: string): string {
  return `second-factor:${personId}`;
}

/** Looks a code up without using it; the caller holds the person. */
export async function findCode(
  tx: DatabaseTransaction,
  secrets: SecretBox,
  {
    personId,
    code,
    now,
    fips,
  }: { readonly personId: string; readonly code: string; readonly now: Date; readonly fips: boolean },
): Promise<FoundCode | undefined> {
  const factor = await tx
    .selectFrom('second_factors')
    .selectAll()
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (factor !== undefined && !(fips && factor.algorithm === 'sha1')) {
    const secret = secrets.unwrap(factor.secret, secretContext(personId));
    const step = acceptedStep(secret, factor.algorithm, code, now, factor.last_step);
    if (step !== undefined) return { kind: 'step', step };
  }
  const hash = codeHash(code);
  const recovery = await tx
    .selectFrom('recovery_codes')
    .select('code_hash')
    .where('person_id', '=', personId)
    .where('code_hash', '=', hash)
    .executeTakeFirst();
  return recovery === undefined ? undefined : { kind: 'recovery', hash };
}

/** Logins of people whose authenticator app works with SHA-1, which the FIPS profile refuses. */
export async function appsOutsideFips(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('second_factors')
    .innerJoin('people', 'people.id', 'second_factors.person_id')
    .select('login')
    .where('algorithm', '=', 'sha1')
    .where('disabled_at', 'is', null)
    .orderBy('login')
    .execute();
  return rows.map(({ login }) => login);
}

/** Uses a code up; the caller holds the person since before {@link findCode}. */
export async function useCode(tx: DatabaseTransaction, personId: string, code: FoundCode): Promise<void> {
  if (code.kind === 'recovery') {
    await tx
      .deleteFrom('recovery_codes')
      .where('person_id', '=', personId)
      .where('code_hash', '=', code.hash)
      .execute();
  } else {
    await tx
      .updateTable('second_factors')
      .set({ last_step: code.step })
      .where('person_id', '=', personId)
      .execute();
  }
}

/** A proved authenticator app. */
export interface ProvedFactor {
  readonly personId: string;
  /** Wrapped. */
  readonly secret: Buffer;
  readonly algorithm: TotpAlgorithm;
  /** Of the code that proved it. */
  readonly step: number;
  readonly now: Date;
}

/**
 * Makes an app the second factor of its person, in place of the one before; the caller holds the person.
 * @returns new recovery codes, to be shown once.
 */
export async function setSecondFactor(
  tx: DatabaseTransaction,
  { personId, secret, algorithm, step, now }: ProvedFactor,
): Promise<string[]> {
  await tx.deleteFrom('second_factors').where('person_id', '=', personId).execute();
  await tx
    .insertInto('second_factors')
    .values({ person_id: personId, secret, algorithm, last_step: step, enrolled_at: now })
    .execute();
  return newRecoveryCodes(tx, personId);
}

/** Ten recovery codes in place of those there were; the caller holds the person. */
export async function newRecoveryCodes(tx: DatabaseTransaction, personId: string): Promise<string[]> {
  await tx.deleteFrom('recovery_codes').where('person_id', '=', personId).execute();
  const codes = Array.from({ length: recoveryCodes }, newCode);
  await tx
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ person_id: personId, code_hash: codeHash(code) })))
    .execute();
  return codes;
}

/** What somebody can prove themselves with, beside the password. */
export type Factor = 'app' | 'passkey' | 'recovery-code';

/** The second factors of a person, those that are suspended included. */
export async function factorsOf(db: Database, personId: string): Promise<Factor[]> {
  const held = await db
    .selectFrom('second_factors')
    .select(sql<Factor>`'app'`.as('factor'))
    .where('person_id', '=', personId)
    .union((eb) =>
      eb
        .selectFrom('passkeys')
        .select(sql<Factor>`'passkey'`.as('factor'))
        .where('person_id', '=', personId),
    )
    .union((eb) =>
      eb
        .selectFrom('recovery_codes')
        .select(sql<Factor>`'recovery-code'`.as('factor'))
        .where('person_id', '=', personId),
    )
    .orderBy('factor')
    .execute();
  return held.map(({ factor }) => factor);
}

/**
 * For somebody who lost keys, phone and recovery codes: the next sign-in enrols a new second factor. Ends all sessions.
 * @throws TidewaiterError `E_PERSON_UNKNOWN`.
 */
export async function removeSecondFactor(db: Database, personId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    for (const table of ['recovery_codes', 'second_factors', 'passkeys', 'sessions'] as const) {
      await tx.deleteFrom(table).where('person_id', '=', personId).execute();
    }
  });
}
