import { z } from 'zod';
import type { Access, PlaceCall } from '../http/route.ts';
import { roles, sitesOf, type Principal, type Role, type Scope } from '../people/roles.ts';
import type { Database } from '../store/database.ts';

/** Who works on cases. */
export const workers: readonly Role[] = ['officer', 'analyst', 'investigator', 'supervisor', 'admin'];
/** Who oversees: sees what others do, changes nothing of it. */
export const everybody: readonly Role[] = roles;

/** An id may be written either way; it is kept, and sealed into assets, in lower case. */
export const idParams = z.object({ id: z.uuid().toLowerCase() });

/** Access where a row is; the row's site is looked up by the `id` of the address. */
export function atRow(
  db: Database,
  table: 'cases' | 'assets' | 'jobs' | 'findings' | 'findings_queue' | 'services',
  allowed: readonly Role[],
  scope: Scope,
): Access {
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
