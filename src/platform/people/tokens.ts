import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import { ReadTogether } from '../store/together.ts';
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

/** Who holds an API token: its owner with today's roles, and the token's scopes. Undefined as {@link tokenReader} says. */
export type TokenReader = (token: string, now: Date) => Promise<Principal | undefined>;

/**
 * Reads who holds API tokens. Programs come many at a time, and each request asks: those that come together are one read.
 * @returns what answers undefined for a token that is unknown, over or revoked, or whose owner is disabled.
 */
export function tokenReader(db: Database): TokenReader {
  let latest = new Date(0);
  const rows = new ReadTogether((hashes: readonly string[]) => heldTokens(db, hashes, latest));
  return async (token, now) => {
    if (!token.startsWith(prefix)) return undefined;
    latest = now;
    const row = await rows.of(sha256(token));
    if (row === undefined || row.expires_at <= now) return undefined;
    const { personId, name, scopes, grants } = row;
    return { personId, name, grants, via: 'token', scopes };
  };
}

/** Tokens that are not revoked, of people who are not disabled, by hash; their use is noted. */
async function heldTokens(db: Database, hashes: readonly string[], now: Date) {
  const rows = await db
    .selectFrom('api_tokens')
    .innerJoin('people', 'people.id', 'api_tokens.person_id')
    .select(['api_tokens.id', 'token_hash', 'scopes', 'used_at', 'expires_at'])
    .select(['people.id as personId', 'people.name'])
    .select(grantsOfPeople.as('grants'))
    .where(sql<boolean>`token_hash = any(${hashes}::text[])`)
    .where('revoked_at', 'is', null)
    .where('disabled_at', 'is', null)
    .execute();
  const before = new Date(now.getTime() - usedSeconds * 1000);
  const unnoted = rows.filter(
    ({ used_at: used, expires_at: end }) => (used === null || used <= before) && end > now,
  );
  if (unnoted.length > 0)
    await db
      .updateTable('api_tokens')
      .set({ used_at: now })
      // What another process notes at the same moment is noted.
      .where(
        sql<boolean>`id in (select id from api_tokens where id = any(${unnoted.map(({ id }) => id)}::uuid[]) for update skip locked)`,
      )
      .execute();
  return new Map(rows.map((row) => [row.token_hash, row]));
}

function tokenError(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_TOKEN', message, remedy);
}
