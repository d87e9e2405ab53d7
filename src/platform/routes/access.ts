import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import type { Access, PlaceCall } from '../http/route.ts';
import { roles, sitesOf, type Principal, type Role, type Scope } from '../people/roles.ts';
import type { Database } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

/** Who works on cases. */
export const workers: readonly Role[] = ['officer', 'analyst', 'investigator', 'supervisor', 'admin'];
/** Who oversees: sees what others do, changes nothing of it. */
export const everybody: readonly Role[] = roles;

/** An id may be written either way; it is kept, and sealed into assets, in lower case. */
export const idParams = z.object({ id: z.uuid().toLowerCase() });

/** Tables whose rows have an id and lie at a site, those of the uses among them. */
type TableOfSites = {
  [Name in keyof Tables]: Tables[Name] extends { id: unknown; site_id: unknown } ? Name : never;
}[keyof Tables];

/** Access where a row is; the row's site is looked up by the `id` of the address. */
export function atRow(db: Database, table: TableOfSites, allowed: readonly Role[], scope: Scope): Access {
  return {
    kind: 'role',
    roles: allowed,
    scope,
    at: async ({ params }: PlaceCall) => {
      const row = await db
        .selectFrom(table)
        .select('site_id')
        .where('id', '=', params['id'] ?? '')
        .executeTakeFirst();
      return row?.site_id;
    },
  };
}

/** Sites of which somebody may see lists; undefined stands for all. */
export function visibleSites(principal: Principal): readonly string[] | undefined {
  const sites = sitesOf(principal, everybody);
  return sites === '*' ? undefined : sites;
}

/**
 * What only people do.
 * @param what programs do not do, as a sentence without its stop.
 * @throws TidewaiterError `E_FORBIDDEN`.
 */
export function onlyPeople({ via }: Principal, what: string): void {
  if (via === 'session') return;
  throw new TidewaiterError('E_FORBIDDEN', what, 'Let a person who is signed in do it.');
}
