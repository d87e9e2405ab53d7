import { z } from 'zod';
import type { Access } from '../../platform/http/route.ts';
import { roles, type Principal, type Role } from '../../platform/people/roles.ts';
import { onlyPeople } from '../../platform/routes/access.ts';
import type { Platform } from '../../platform/platform.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { officeMembers } from '../permits/offices.ts';

/** Everybody who works here may see what is approved and what is stopped. */
export const seeing: Access = { kind: 'role', roles, scope: 'read', at: 'everywhere' };

/** The four offices, and supervisors. */
export const overseers: readonly Role[] = [...officeMembers, 'supervisor'];
export const overseeing: Access = { kind: 'role', roles: overseers, scope: 'read', at: 'everywhere' };

/** Who may put a version of a use before the offices. */
export const registrars: readonly Role[] = ['supervisor', 'ai-governance', 'admin'];

/** People who decide for the whole installation. */
export function deciding(allowed: readonly Role[]): Access {
  return { kind: 'role', roles: allowed, scope: 'write', at: 'everywhere' };
}

/** What is signed is signed by people. @throws TidewaiterError `E_FORBIDDEN`. */
export function personOf(principal: Principal): string {
  onlyPeople(principal, 'Programs do not decide this');
  return principal.personId;
}

export const moment = z.iso.datetime();
export const useName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
export const reason = z.string().trim().min(3).max(4000);
export const lower = z.uuid().toLowerCase();
export const created = z.object({ id: z.uuid() });
export const tag = 'Governance';

/**
 * A slip in a name must not look like a use that was stopped.
 * @param builtIn names of the uses that come along: they run for evaluation before anybody registers them.
 * @throws TidewaiterError `E_GOVERNANCE_UNKNOWN`.
 */
export async function checkUse(
  { db }: Pick<Platform, 'db'>,
  builtIn: readonly string[],
  use: string,
): Promise<void> {
  if (builtIn.includes(use)) return;
  const row = await db
    .selectFrom('governance_registrations')
    .select('id')
    .where('use', '=', use)
    .limit(1)
    .executeTakeFirst();
  if (row !== undefined) return;
  throw new TidewaiterError(
    'E_GOVERNANCE_UNKNOWN',
    `There is no use called ${use}`,
    'Look at the list of registrations for its name.',
  );
}
