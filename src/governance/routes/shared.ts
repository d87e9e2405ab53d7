import { z } from 'zod';
import type { Access } from '../../platform/http/route.ts';
import { roles, type Principal, type Role } from '../../platform/people/roles.ts';
import { onlyPeople } from '../../platform/routes/access.ts';
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
