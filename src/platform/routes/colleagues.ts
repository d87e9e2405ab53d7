import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { everybody, visibleSites } from './access.ts';

const colleague = z
  .object({ id: z.uuid(), name: z.string(), disabled: z.boolean() })
  .meta({ id: 'Colleague' });

/** Names beside ids: who owns, decides and asks. Logins and roles are for administrators. */
export function colleagueRoutes({ db }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/colleagues',
      id: 'listColleagues',
      tag: 'People',
      summary: 'Who works at the sites you work at, by name',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(colleague) }),
      handle: async ({ principal }) => {
        const sites = visibleSites(principal);
        let wanted = db
          .selectFrom('people')
          .select(['id', 'name', 'disabled_at'])
          .orderBy('name')
          .orderBy('id');
        if (sites !== undefined)
          wanted = wanted.where('id', 'in', (held) =>
            held
              .selectFrom('grants')
              .select('person_id')
              .where('site', 'in', [...sites, '*']),
          );
        const rows = await wanted.execute();
        return {
          body: { items: rows.map(({ id, name, disabled_at: at }) => ({ id, name, disabled: at !== null })) },
        };
      },
    }),
  ];
}
