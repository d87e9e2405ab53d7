import { sql, type RawBuilder } from 'kysely';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { scopes, type Grant, type Principal } from './roles.ts';
import type { PeopleSettings } from './settings.ts';
import { lockPerson } from './transaction.ts';

interface AnySession {
  readonly id: string;
  readonly personId: string;
  readonly login: string;
  readonly name: string;
  /** When the password was last given. */
  readonly provedAt: Date;
  /** When it ends, whatever happens. */
  readonly expiresAt: Date;
}

/** The password was right; the second factor is awaited. */
export interface SecondFactorSession extends AnySession {
  readonly state: 'second-factor';
}
/** The password was right and there is no second factor: nothing is allowed but to enrol one. */
export interface EnrolSession extends AnySession {
  readonly state: 'enrol';
}
/** Nothing was done for too long: the password is asked for again. */
export interface LockedSession extends AnySession {
  readonly state: 'locked';
}
/** The text waits to be accepted. */
export interface BannerSession extends AnySession {
  readonly state: 'banner';
  readonly banner: string;
}
/** Somebody is signed in. Only here is there a principal, so that no other state can be taken for it. */
export interface OpenSession extends AnySession {
  readonly state: 'open';
  readonly principal: Principal;
}

/** How far somebody got with signing in. */
export type Session = SecondFactorSession | EnrolSession | LockedSession | BannerSession | OpenSession;

/**
 * Who holds a session token and how far they got. Only reads: call `touchSession` for what a person did, and not for what a
 * page asks by itself.
 * @returns undefined for a token that is unknown or over, and for a person who was disabled.
 */
export async function authenticate(
  db: Database,
  settings: PeopleSettings,
  token: string,
  now: Date,
): Promise<Session | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person_id')
    .select(['sessions.id', 'people.login', 'people.name'])
    .select(['sessions.person_id', 'proved_at', 'expires_at', 'seen_at', 'second_factor_at', 'banner_at'])
    .select(grantsOfPeople.as('grants'))
    .select(awaitsFactor.as('enrolled'))
    .where('sessions.token_hash', '=', sha256(token))
    .where('sessions.expires_at', '>', now)
    .where('people.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { id, person_id: personId, login, name, proved_at: provedAt, expires_at: expiresAt } = row;
  const session: AnySession = { id, personId, login, name, provedAt, expiresAt };
  if (row.second_factor_at === null) {
    return { ...session, state: row.enrolled ? 'second-factor' : 'enrol' };
  }
  if (row.seen_at < idleSince(settings, now)) return { ...session, state: 'locked' };
  if (settings.banner !== undefined && row.banner_at === null) {
    return { ...session, state: 'banner', banner: settings.banner };
  }
  const { grants } = row;
  return { ...session, state: 'open', principal: { personId, name, grants, via: 'session', scopes } };
}

/**
 * Whether the person of a session has a second factor that was not given so far. One that is suspended counts: else its
 * theft would open the way to enrol another with the password alone.
 */
const awaitsFactor: RawBuilder<boolean> = sql`sessions.second_factor_at is null and (
  exists (select from second_factors where second_factors.person_id = people.id)
  or exists (select from passkeys where passkeys.person_id = people.id))`;

/**
 * The roles of each person of a query over `people`, in the order of sites and roles. Part of the query that finds who calls:
 * every request asks this, and a query of its own costs as much as most answers.
 */
export const grantsOfPeople: RawBuilder<Grant[]> = sql`coalesce((
  select json_agg(json_build_object('site', grants.site, 'role', grants.role) order by grants.site, grants.role)
  from grants where grants.person_id = people.id), '[]')`;

/** The roles of one person, in the same order. */
export async function grantsOf(db: Database, personId: string): Promise<Grant[]> {
  return db
    .selectFrom('grants')
    .select(['site', 'role'])
    .where('person_id', '=', personId)
    .orderBy('site')
    .orderBy('role')
    .execute();
}

/** Reads a session while holding its person, so that it stays as it was read until the transaction ends. */
export async function holdSession(
  tx: DatabaseTransaction,
  settings: PeopleSettings,
  token: string,
  now: Date,
): Promise<Session | undefined> {
  const session = await authenticate(tx, settings, token, now);
  if (session === undefined) return undefined;
  await lockPerson(tx, session.personId);
  return authenticate(tx, settings, token, now);
}

/** A session with no activity since this time is locked. */
export function idleSince({ idleMinutes }: PeopleSettings, now: Date): Date {
  return new Date(now.getTime() - idleMinutes * 60_000);
}

/** For a session that is over, or not in the state that a step takes. */
export function sessionError(): TidewaiterError {
  return new TidewaiterError(
    'E_SESSION',
    'The session has ended, or this is not its next step',
    'Sign in again.',
  );
}
