import { randomUUID } from 'node:crypto';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import { newToken } from './codes.ts';
import type { Principal, Scope } from './roles.ts';
import { grantsOfPeople } from './session-state.ts';
import { inTransaction, lockPerson } from './transaction.ts';

/** What every API token begins with, so that scanners for leaked secrets find it. */
const prefix = 'tw_';
const longestDays = 366;
const usedSeconds = 60;

/** An API token that somebody wants for a program of theirs. */
export interface NewToken {
  readonly personId: string;
  /** What it is for, 1 to 100 characters. */
  readonly name: string;
  /** At least one. */
  readonly scopes: readonly Scope[];
  /** Within a year. */
  readonly expiresAt: Date;
  readonly now: Date;
}

/** A token as its owner sees it later. */
export interface TokenInfo {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** At most a minute behind. */
  readonly usedAt: Date | null;
  readonly revokedAt: Date | null;
}

/**
 * Makes an API token. Let only sessions do this: a token that makes tokens would have scopes it was not given.
 * @returns the token, to be shown once; its SHA-256 is kept.
 * @throws TidewaiterError `E_TOKEN`, `E_PERSON_UNKNOWN`.
 */
export async function createToken(
  db: Database,
  { personId, name, scopes, expiresAt, now }: NewToken,
): Promise<{ readonly id: string; readonly token: string }> {
  const days = (expiresAt.getTime() - now.getTime()) / 86_400_000;
  if (!(days > 0 && days <= longestDays)) {
    throw tokenError('A token lasts a year at most', 'Give a day within the next year.');
  }
  if (scopes.length === 0)
    throw tokenError('A token has at least one scope', 'Name what it may be used for.');
  if (!/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u.test(name)) {
    throw tokenError('A token has a name', 'Say in 1 to 100 characters what it is for.');
  }
  const id = randomUUID();
  const token = prefix + newToken();
  return inTransaction(db, async (tx) => {
    await lockPerson(tx, personId);
    await tx
      .insertInto('api_tokens')
      .values({
        id,
        token_hash: sha256(token),
        person_id: personId,
        name,
        scopes: [...new Set(scopes)],
        created_at: now,
        expires_at: expiresAt,
      })
      .execute();
    return { id, token };
  });
}

/** The tokens of a person, newest first, those that are over included. */
export async function listTokens(db: Database, personId: string): Promise<TokenInfo[]> {
  return db
    .selectFrom('api_tokens')
    .select(['id', 'name', 'scopes', 'created_at as createdAt', 'expires_at as expiresAt'])
    .select(['used_at as usedAt', 'revoked_at as revokedAt'])
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
}

/** @returns whether the person has such a token that was not revoked before. */
export async function revokeToken(
  db: Database,
  { id, personId, now }: { readonly id: string; readonly personId: string; readonly now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Who holds an API token: its owner with today's roles, and the token's scopes.
 * @returns undefined for a token that is unknown, over or revoked, or whose owner is disabled.
 */
export async function authenticateToken(
  db: Database,
  token: string,
  now: Date,
): Promise<Principal | undefined> {
  if (!token.startsWith(prefix)) return undefined;
  const row = await db
    .selectFrom('api_tokens')
    .innerJoin('people', 'people.id', 'api_tokens.person_id')
    .select([
      'api_tokens.id',
      'api_tokens.scopes',
      'api_tokens.used_at',
      'people.id as personId',
      'people.name',
    ])
    .select(grantsOfPeople.as('grants'))
    .where('token_hash', '=', sha256(token))
    .where('expires_at', '>', now)
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, personId, name, scopes, grants, used_at: usedAt } = row;
  if (usedAt === null || now.getTime() - usedAt.getTime() >= usedSeconds * 1000) {
    await db.updateTable('api_tokens').set({ used_at: now }).where('id', '=', id).execute();
  }
  return { personId, name, grants, via: 'token', scopes };
}

function tokenError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_TOKEN', message, remedy);
}
