import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { calendar, calendarKinds } from '../oversight/calendar.ts';
import { disparityWatch, recordGroupTable } from '../oversight/disparity.ts';
import { closeIncident, reportIncident, suspendForIncident } from '../oversight/incidents.ts';
import { usesToReview } from '../oversight/review.ts';
import { severities } from '../oversight/tables.ts';
import { officeMembers, officeRoles, type Office } from '../permits/offices.ts';
import { oversightReadingRoutes } from './oversight-reading.ts';
import {
  checkUse,
  deciding,
  digest,
  moment,
  overseeing,
  overseers,
  personOf,
  reason,
  tag,
  useName,
} from './shared.ts';

/** Whoever works with a use may meet an incident. */
const reporters: readonly Role[] = [...overseers, 'officer', 'analyst', 'operator', 'investigator'];
const DAY_MS = 86_400_000;

const interval = { low: z.number(), high: z.number() };
const rate = z
  .object({ count: z.int(), trials: z.int(), rate: z.number().nullable(), ...interval })
  .describe('With its 95 % interval.');
const fourFifths = z
  .object({ ratio: z.number().nullable(), verdict: z.enum(['kept', 'below', 'not-estimable']) })
  .describe('Lowest over highest share of a good outcome. Below 0.8 it deserves a look; it is no verdict.');

const incidentView = z
  .object({
    ...{ id: z.uuid(), use: z.string(), severity: z.enum(severities), what: z.string() },
    ...{ happenedAt: moment, reportedBy: z.uuid(), reportedAt: moment },
    told: z.array(z.uuid()).describe('People of the offices.'),
    toldOutside: z.array(z.string()),
    suspension: z.uuid().nullable(),
    ...{ closedAt: moment.nullable(), resolution: z.string().nullable() },
  })
  .meta({ id: 'AiIncident' });

const entryView = z
  .object({
    kind: z.enum(calendarKinds),
    ...{ id: z.string(), use: z.string(), what: z.string(), at: moment },
    daysLeft: z.int().describe('Negative when it is past.'),
  })
  .meta({ id: 'CalendarEntry' });

const reviewView = z
  .object({
    ...{ registration: z.uuid(), use: z.string(), version: z.int(), title: z.string(), impact: z.string() },
    ...{ author: z.uuid(), registeredAt: moment },
    offices: z.array(
      z.object({
        office: z.enum(Object.keys(officeRoles) as Office[]),
        state: z.enum(['waiting', 'signed', 'returned']),
        ...{ person: z.uuid().nullable(), reason: z.string().nullable(), at: moment.nullable() },
      }),
    ),
    questions: z.array(z.object({ question: z.string(), answer: z.string() })),
    evidence: z.array(
      z.object({ kind: z.string(), what: z.string(), where: z.string(), expires: z.string().nullable() }),
    ),
    lacks: z.array(z.string()).describe('What stands between it and a permit for every site.'),
  })
  .meta({ id: 'UseToReview' });

/**
 * What the offices watch: what ends, what went wrong, whom it hits, and what waits for them.
 * @param builtIn names of the uses that come along.
 */
export function oversightRoutes(platform: Platform, builtIn: readonly string[]): Route[] {
  const { db, now } = platform;
  return [
    ...oversightReadingRoutes(platform, overseeing),
    route({
      ...{ method: 'GET', path: '/governance/oversight/calendar', id: 'getCalendar', tag },
      summary: 'Permits, tests, waivers, training, notices and requests that end soon or ended lately',
      access: overseeing,
      query: z.object({ days: z.coerce.number().int().min(0).max(1100).default(90) }),
      answer: z.object({ items: z.array(entryView) }),
      handle: async ({ query }) => ({ body: { items: await calendar(platform, query.days, now()) } }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/oversight/reviews', id: 'listUsesToReview', tag },
      summary: 'Uses that an office has not signed, or that lack something, with questions and evidence',
      access: overseeing,
      answer: z.object({ items: z.array(reviewView) }),
      handle: async () => ({ body: { items: await usesToReview(platform, now()) } }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/oversight/disparity', id: 'watchDisparity', tag },
      summary:
        'Of a use: the newest test tables by group, and outcomes of those captured and those who opted out',
      access: overseeing,
      query: z.object({ use: useName, days: z.coerce.number().int().min(1).max(400).default(90) }),
      answer: z.object({
        tests: z.array(
          z.object({
            ...{ test: z.uuid(), kind: z.string(), modelDigest: digest, testedAt: moment },
            simulated: z.boolean(),
            groups: z.array(z.object({ name: z.string(), fmr: rate, fnmr: rate })),
            fourFifths,
          }),
        ),
        outcomes: z.object({
          groups: z.array(z.object({ name: z.enum(['captured', 'opted-out']), passed: rate })),
          fourFifths,
        }),
      }),
      handle: async ({ query: { use, days } }) => {
        const from = new Date(now().getTime() - days * DAY_MS);
        return { body: await disparityWatch(platform, { use, from }) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/oversight/tests/:id/groups', id: 'recordGroupTable', tag },
      summary: 'Take the tables by group out of the report that a test was recorded with',
      access: deciding(['ai-governance', 'civil-rights']),
      params: idParams,
      body: z.strictObject({ report: z.string().min(2).max(900_000).describe('The file, unchanged.') }),
      answer: z.object({ groups: z.int() }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        const by = personOf(principal);
        return {
          body: { groups: await recordGroupTable(platform, { test: params.id, ...body, by, now: now() }) },
        };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/oversight/incidents', id: 'reportIncident', tag },
      summary:
        'Report an incident with a use of AI; unless it is low, the use stops everywhere. The offices are told',
      access: deciding(reporters),
      body: z.strictObject({
        use: useName,
        severity: z
          .enum(severities)
          .describe(
            'A remark or near miss that hit nobody is low; in doubt it is moderate, which stops the use.',
          ),
        what: z.string().trim().min(10).max(8000).describe('What happened. No names.'),
        happenedAt: moment.transform((text) => new Date(text)),
        toldOutside: z
          .array(z.string().trim().min(1).max(200))
          .max(50)
          .default([])
          .describe('Offices outside this installation that were told.'),
      }),
      answer: z.object({
        id: z.uuid(),
        suspension: z.uuid().nullable().describe('That stopped the use; null for one that is low.'),
        told: z.array(z.uuid()),
      }),
      status: 201,
      handle: async ({ body, principal }) => {
        const by = personOf(principal);
        await checkUse(platform, builtIn, body.use);
        const { told, ...done } = await reportIncident(db, { ...body, by, now: now() });
        return { body: { ...done, told: [...told] } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/oversight/incidents', id: 'listAiIncidents', tag },
      summary: 'Incidents, open ones first',
      access: overseeing,
      answer: z.object({ items: z.array(incidentView) }),
      handle: async () => {
        const rows = await db
          .selectFrom('oversight_incidents')
          .selectAll()
          .orderBy((eb) => eb('closed_at', 'is not', null))
          .orderBy('reported_at', 'desc')
          .limit(200)
          .execute();
        const items = rows.map((row) => ({
          ...{ id: row.id, use: row.use, severity: row.severity, what: row.what, told: [...row.told] },
          ...{ happenedAt: row.happened_at.toISOString(), reportedBy: row.reported_by },
          ...{ reportedAt: row.reported_at.toISOString(), toldOutside: [...row.told_outside] },
          ...{ suspension: row.suspension_id, closedAt: row.closed_at?.toISOString() ?? null },
          resolution: row.resolution,
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/oversight/incidents/:id/suspend',
        id: 'suspendForIncident',
        tag,
      },
      summary: 'Stop the use of an incident that did not stop it when it was reported',
      access: deciding(overseers),
      params: idParams,
      body: z.strictObject({ reason }),
      answer: z.object({ id: z.uuid(), told: z.array(z.uuid()) }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        const by = personOf(principal);
        const { id, told } = await suspendForIncident(db, { id: params.id, ...body, by, now: now() });
        return { body: { id, told: [...told] } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/oversight/incidents/:id/close', id: 'closeIncident', tag },
      summary: 'End the work on an incident, saying what came of it',
      access: deciding(officeMembers),
      params: idParams,
      body: z.strictObject({ resolution: z.string().trim().min(10).max(8000) }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await closeIncident(db, { id: params.id, ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
