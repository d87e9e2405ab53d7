import type { Access } from '../../../platform/http/route.ts';
import type { Principal, Role, Scope } from '../../../platform/people/roles.ts';
import { onlyPeople } from '../../../platform/routes/access.ts';
import type { Database } from '../../../platform/store/database.ts';
import '../injection/tables.ts';
import './tracks-tables.ts';

/** Kind of the finding that an incident is. */
export const incidentFinding = 'watch-incident';
/** Findings that only watch decides: an incident has states besides. */
export const ownWatchFindings: ReadonlyMap<string, string> = new Map([
  [incidentFinding, 'Confirm or dismiss the incident at its desk.'],
]);

/** Who answers alerts. */
export const desk: readonly Role[] = ['operator', 'officer', 'investigator', 'supervisor'];
/** Who sets up sites and cameras. */
export const keepers: readonly Role[] = ['supervisor', 'admin'];
/** Who may see people as the camera saw them; each time they say why. */
export const unmasked: readonly Role[] = ['investigator', 'supervisor', 'privacy'];
/** To whom an incident may be escalated. */
export const escalationRoles = ['officer', 'investigator', 'supervisor', 'privacy'] as const;

/** Access at the site that the address names. */
export function atSite(db: Database, roles: readonly Role[], scope: Scope): Access {
  return { kind: 'role', roles, scope, at: ({ params }) => siteId(db, params['site']) };
}

/** Access at the site that the body names. */
export function atSiteOfBody(db: Database, roles: readonly Role[], scope: Scope): Access {
  return {
    kind: 'role',
    roles,
    scope,
    at: ({ body }) => siteId(db, (body as { readonly site: string }).site),
  };
}

async function siteId(db: Database, site: string | undefined): Promise<string | undefined> {
  const row = await db
    .selectFrom('sites')
    .select('id')
    .where('id', '=', site ?? '')
    .executeTakeFirst();
  return row?.id;
}

/** Incidents are answered, and people looked at, by people. @throws TidewaiterError `E_FORBIDDEN`. */
export function checkPerson(principal: Principal): void {
  onlyPeople(principal, 'Programs neither answer incidents nor look at people');
}
