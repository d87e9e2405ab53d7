import { z } from 'zod';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { CaseAssignee } from '../store/tables.ts';

/** A number that an office gives; those that begin with TW- are made here. */
export const caseNumber = z
  .string()
  .trim()
  .regex(
    /^(?!TW-)[\p{L}\p{N}][\p{L}\p{N} ./_()-]{0,62}$/iu,
    'up to 63 letters, digits and ./_()-; TW- is ours',
  );

export function etag(version: number): string {
  return `"${version}"`;
}

/** @throws TidewaiterError `E_MATCH_REQUIRED`, `E_REQUEST`. */
export function seenVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined)
    throw new TidewaiterError(
      'E_MATCH_REQUIRED',
      'The change does not say what it is based on',
      'Send the ETag of what you saw as If-Match.',
    );
  const [, version] = /^"(\d{1,9})"$/.exec(ifMatch) ?? [];
  if (version === undefined)
    throw new TidewaiterError('E_REQUEST', 'If-Match is none of our ETags', 'Send the ETag as it came.');
  return Number(version);
}

/**
 * Nobody else at the site takes the number until the transaction ends.
 * @throws TidewaiterError `E_CASE_NUMBER`.
 */
export async function numberIsFree(
  tx: DatabaseTransaction,
  site: string,
  number: string,
  except?: string,
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${site} ${number.toLowerCase()}`}, 1840))`.execute(
    tx,
  );
  const taken = await tx
    .selectFrom('cases')
    .select('id')
    .where('site_id', '=', site)
    .where((eb) => eb(eb.fn('lower', ['number']), '=', number.toLowerCase()))
    .executeTakeFirst();
  if (taken === undefined || taken.id === except) return;
  throw new TidewaiterError(
    'E_CASE_NUMBER',
    `Another case at this site has the number ${number}`,
    'Look that case up, or give another number.',
  );
}

/** Each is given once in a role, and can see the case. @throws TidewaiterError `E_CASE_OWNER`. */
export async function checkAssignees(
  tx: DatabaseTransaction,
  assignees: readonly CaseAssignee[],
  site: string,
): Promise<void> {
  for (const person of new Set(assignees.map((one) => one.person))) await checkWorksAt(tx, person, site);
}

/** A case belongs to somebody who can see it. @throws TidewaiterError `E_CASE_OWNER`. */
export async function checkWorksAt(tx: DatabaseTransaction, person: string, site: string): Promise<void> {
  const there = await tx
    .selectFrom('people')
    .innerJoin('grants', 'grants.person_id', 'people.id')
    .select('people.id')
    .where('people.id', '=', person)
    .where('people.disabled_at', 'is', null)
    .where('grants.site', 'in', [site, '*'])
    .executeTakeFirst();
  if (there !== undefined) return;
  throw new TidewaiterError(
    'E_CASE_OWNER',
    'Who this is assigned to has no role at its site, or no account that is enabled',
    'Choose somebody who works at that site, or give them a role there first.',
  );
}

/** @returns the error for whoever was not the first to change something. */
export function changedSince(): TidewaiterError {
  return new TidewaiterError(
    'E_CHANGED',
    'Somebody changed this since you saw it',
    'Read it again and decide whether your change still holds.',
  );
}
