import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import type { Access } from '../../platform/http/route.ts';
import { roles, type Principal, type Role } from '../../platform/people/roles.ts';

/** Everybody who works here may see what is approved and what is stopped. */
export const seeing: Access = { kind: 'role', roles, scope: 'read', at: 'everywhere' };

/** People who decide for the whole installation. */
export function deciding(allowed: readonly Role[]): Access {
  return { kind: 'role', roles: allowed, scope: 'write', at: 'everywhere' };
}

/** What is signed is signed by people. @throws TidewaiterError `E_FORBIDDEN`. */
export function personOf({ via, personId }: Principal): string {
  if (via === 'session') return personId;
  throw new TidewaiterError(
    'E_FORBIDDEN',
    'Programs do not decide this',
    'Let a person who is signed in do it.',
  );
}

export const moment = z.iso.datetime();
export const useName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
export const reason = z.string().trim().min(3).max(4000);
export const lower = z.uuid().toLowerCase();
export const created = z.object({ id: z.uuid() });
export const tag = 'Governance';
