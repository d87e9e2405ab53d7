import { randomBytes } from 'node:crypto';
import { sha256 } from '../../core/digest.ts';
import type { DatabaseTransaction } from '../store/database.ts';

/** What the signature over a challenge is good for. */
export type ChallengeUse = 'enrol' | 'prove';

/** Time to find the key and touch it. */
export const challengeMinutes = 5;

/** A challenge that somebody was given. */
export interface Challenge {
  /** 256 random bits, base64url. */
  readonly text: string;
  readonly until: Date;
}

export function newChallenge(now: Date): Challenge {
  return {
    text: randomBytes(32).toString('base64url'),
    until: new Date(now.getTime() + challengeMinutes * 60_000),
  };
}

/** Gives a session a challenge, in place of one it may have; the caller holds the person. */
export async function giveChallenge(
  tx: DatabaseTransaction,
  { sessionId, use, now }: { readonly sessionId: string; readonly use: ChallengeUse; readonly now: Date },
): Promise<Challenge> {
  const challenge = newChallenge(now);
  await tx
    .updateTable('sessions')
    .set({ challenge: challenge.text, challenge_for: use, challenge_until: challenge.until })
    .where('id', '=', sessionId)
    .execute();
  return challenge;
}

/** Takes a session's challenge away, whether its answer will be right or not. @returns undefined for none, or one that is over. */
export async function takeChallenge(
  tx: DatabaseTransaction,
  { sessionId, use, now }: { readonly sessionId: string; readonly use: ChallengeUse; readonly now: Date },
): Promise<string | undefined> {
  const row = await tx
    .selectFrom('sessions')
    .select(['challenge', 'challenge_for', 'challenge_until'])
    .where('id', '=', sessionId)
    .executeTakeFirst();
  await tx
    .updateTable('sessions')
    .set({ challenge: null, challenge_for: null, challenge_until: null })
    .where('id', '=', sessionId)
    .execute();
  const isGood = row?.challenge_for === use && row.challenge_until !== null && row.challenge_until > now;
  return isGood ? (row.challenge ?? undefined) : undefined;
}

/**
 * Uses up a challenge that no session holds. Nothing is kept when one is given, so that strangers fill no table.
 * @returns whether it was good until now.
 */
export async function useChallenge(
  tx: DatabaseTransaction,
  { text, until }: Challenge,
  now: Date,
): Promise<boolean> {
  await tx.deleteFrom('used_challenges').where('expires_at', '<=', now).execute();
  if (until <= now) return false;
  const fresh = await tx
    .insertInto('used_challenges')
    .values({ challenge_hash: sha256(text), expires_at: until })
    .onConflict((conflict) => conflict.column('challenge_hash').doNothing())
    .returning('challenge_hash')
    .executeTakeFirst();
  return fresh !== undefined;
}
