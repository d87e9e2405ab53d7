import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { choreStates } from './chore-rows.ts';

const moment = z.iso.datetime();

const choreView = z
  .object({
    name: z.string(),
    everySeconds: z.int(),
    state: z.enum(['waiting', 'running', 'failing']),
    dueAt: moment,
    startedAt: moment.nullable().describe('Of the last run, whatever came of it.'),
    finishedAt: moment.nullable().describe('Of the last run that ended well.'),
    result: z
      .record(z.string(), z.number())
      .nullable()
      .describe('What the last run that ended well did: how many of what.'),
    error: z
      .object({ code: z.string(), message: z.string(), remedy: z.string() })
      .nullable()
      .describe('Why the last run failed, if it did. It is tried again by itself.'),
    failures: z.int().describe('In a row.'),
  })
  .meta({ id: 'Chore' });

/** What the platform does by itself, and how that went. */
export function housekeepingRoutes({ db }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/housekeeping',
      id: 'listChores',
      tag: 'Operations',
      summary: 'What the platform does by itself, when it last did, and what came of it',
      access: { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' },
      answer: z.object({ items: z.array(choreView) }),
      handle: async () => {
        const items = (await choreStates(db)).map(({ dueAt, startedAt, finishedAt, result, ...chore }) => ({
          ...chore,
          dueAt: dueAt.toISOString(),
          startedAt: startedAt?.toISOString() ?? null,
          finishedAt: finishedAt?.toISOString() ?? null,
          result: result === null ? null : { ...result },
        }));
        return { body: { items } };
      },
    }),
  ];
}
