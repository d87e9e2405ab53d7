import { randomUUID } from 'node:crypto';
import { sha256 } from '../../core/digest.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import { newToken } from './codes.ts';
import { authenticate, sessionError, type Session } from './session-state.ts';
import type { PeopleSettings } from './settings.ts';

/** From the right password to the end of signing in. */
const signInMinutes = 10;

/** A session that was just made. */
export interface NewSession {
  /** 256 random bits, base64url. Only its SHA-256 is kept. */
  readonly token: string;
  readonly session: Session;
}

/** Makes a session; the caller holds the person. What comes after a step has a new token, so that an older one is worth nothing. */
export async function startSession(
  tx: DatabaseTransaction,
  settings: PeopleSettings,
  {
    personId,
    secondFactor,
    bannerAt = null,
    now,
  }: {
    readonly personId: string;
    readonly secondFactor: boolean;
    /** When the text was accepted in the session that this one replaces. */
    readonly bannerAt?: Date | null;
    readonly now: Date;
  },
): Promise<NewSession> {
  const token = newToken();
  const minutes = secondFactor ? settings.sessionHours * 60 : signInMinutes;
  await tx
    .insertInto('sessions')
    .values({
      id: randomUUID(),
      token_hash: sha256(token),
      person_id: personId,
      created_at: now,
      expires_at: new Date(now.getTime() + minutes * 60_000),
      seen_at: now,
      proved_at: now,
      second_factor_at: secondFactor ? now : null,
      banner_at: bannerAt,
    })
    .execute();
  // What was reset for this person has led to nobody else.
  if (secondFactor)
    await tx
      .updateTable('person_resets')
      .set({ signed_in_at: now })
      .where('person_id', '=', personId)
      .where('signed_in_at', 'is', null)
      .execute();
  const session = await authenticate(tx, settings, token, now);
  if (session === undefined) throw sessionError();
  return { token, session };
}
