import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';

const refusal = z
  .object({
    id: z.int(),
    at: z.iso.datetime(),
    kind: z.string().describe('What was refused.'),
    address: z.string().describe('Network address of the caller.'),
    person: z.uuid().nullable().describe('Whose account it was about, where there is one.'),
    count: z.int().describe('How many it stands for.'),
  })
  .meta({ id: 'Refusal' });

/** What was refused to whom. */
export function oversightRoutes({ db }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/refusals',
      id: 'listRefusals',
      tag: 'Operations',
      summary: 'Sign-ins and requests that were refused, newest first',
      access: { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' },
      query: z.object({
        kind: z.string().max(40).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        before: z.coerce.number().int().min(1).optional().describe('`next` of the answer before.'),
      }),
      answer: z.object({ items: z.array(refusal), next: z.int().optional() }),
      handle: async ({ query: { kind, limit, before } }) => {
        let wanted = db
          .selectFrom('refusals')
          .selectAll()
          .orderBy('id', 'desc')
          .limit(limit + 1);
        if (before !== undefined) wanted = wanted.where('id', '<', before);
        if (kind !== undefined) wanted = wanted.where('kind', '=', kind as never);
        const rows = await wanted.execute();
        const shown = rows.slice(0, limit);
        const items = shown.map(({ id, at, kind: what, address, person_id: person, count }) => ({
          ...{ id, kind: what, address, person, count },
          at: at.toISOString(),
        }));
        const last = rows.length > limit ? shown.at(-1) : undefined;
        return { body: { items, ...(last === undefined ? {} : { next: last.id }) } };
      },
    }),
  ];
}
