import { z } from 'zod';
import { addWorkingDays, type Day } from '../../core/working-days.ts';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { caseKinds, type CaseKind } from '../store/tables.ts';
import { everybody } from './access.ts';

/** Working days after receipt, and the law that says so. Other kinds have the limit that the court or the partner sets. */
const limits: Partial<Readonly<Record<CaseKind, { readonly days: number; readonly basis: string }>>> = {
  foia: { days: 20, basis: '5 U.S.C. 552(a)(6)(A)(i): 20 working days after receipt' },
};

/** When a request came in: a time for which the calendar of working days holds. */
export const receivedAt = z.iso
  .datetime()
  .refine((text) => text >= '1900' && text < '2200', 'between the years 1900 and 2200');

/** When an answer to a request is usually due: the end of that day at the site; undefined where no law says. */
export function usualDeadline(
  kind: CaseKind,
  receivedAt: Date,
  timeZone: string,
): { readonly day: Day; readonly at: Date; readonly basis: string } | undefined {
  const limit = limits[kind];
  if (limit === undefined) return undefined;
  const day = addWorkingDays(dayAt(receivedAt, timeZone), limit.days);
  return { day, at: endOfDay(day, timeZone), basis: limit.basis };
}

/** What the deadline of a case would be, so that a form can propose it. */
export function deadlineRoutes({ db }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/deadlines/proposal',
      id: 'proposeDeadline',
      tag: 'Cases',
      summary: 'When an answer to a request is usually due; a proposal, not legal advice',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: z.object({
        kind: z.enum(caseKinds),
        received: receivedAt.describe('When the request came in.'),
        site: z.string().max(63).describe('Days are counted in its time zone.'),
      }),
      answer: z.object({
        dueAt: z.iso.datetime().nullable().describe('Null where no law of ours says.'),
        day: z.iso.date().nullable(),
        basis: z.string().nullable(),
      }),
      handle: async ({ query: { kind, received, site } }) => {
        const row = await db
          .selectFrom('sites')
          .select('time_zone')
          .where('id', '=', site)
          .executeTakeFirst();
        if (row === undefined) throw notFound();
        const usual = usualDeadline(kind, new Date(received), row.time_zone);
        return {
          body: {
            dueAt: usual?.at.toISOString() ?? null,
            day: usual?.day ?? null,
            basis: usual?.basis ?? null,
          },
        };
      },
    }),
  ];
}

/** The day that a clock in a time zone shows. */
function dayAt(at: Date, timeZone: string): Day {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 10);
}

/** The last second of a day in a time zone. */
function endOfDay(day: Day, timeZone: string): Date {
  const wanted = Date.parse(`${day}T23:59:59Z`);
  // What the clock shows differs by the offset there and then; a second step settles days on which the offset changes.
  let at = wanted;
  for (let step = 0; step < 2; step++) at += wanted - wallClock(new Date(at), timeZone);
  return new Date(at);
}

/** What a clock in a time zone shows, as if it were UTC; whole seconds. */
function wallClock(at: Date, timeZone: string): number {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${shown.format(at).replace(' ', 'T')}Z`);
}
