import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams, visibleSites } from '../../../../platform/routes/access.ts';
import { etag } from '../../../../platform/routes/case-checks.ts';
import { pageBy, type SortKey } from '../../../../platform/routes/ordered.ts';
import type { Database } from '../../../../platform/store/database.ts';
import { isToldTest } from '../../injection/told.ts';
import { checkPerson, desk, escalationRoles } from '../access.ts';
import { committed } from '../events.ts';
import { incidentStep, takeStep } from '../incident-steps.ts';
import { dismissals, incidentStates, type WatchIncidentsTable } from '../tables.ts';
import { alertView, toAlert } from './alerts.ts';

export const severities = ['low', 'medium', 'high'] as const;
const moment = z.iso.datetime();

export const incidentView = z.object({
  ...{ id: z.uuid(), site: z.string(), camera: z.uuid() },
  severity: z.enum(severities),
  priority: z.int().describe('1 comes first: of the severity.'),
  state: z.enum(incidentStates),
  test: z
    .boolean()
    .describe('A known clip, played in to measure who answers; told once it is answered. In no statistics.'),
  ...{ startedAt: moment, lastAlertAt: moment },
  over: z.boolean().describe('The camera sees nothing more of it.'),
  ...{ rules: z.array(z.string()), tracks: z.array(z.string()) },
  dueAt: moment.describe('Goes to the supervisors if nobody has acknowledged it by then.'),
  ...{ acknowledgedBy: z.uuid().nullable(), acknowledgedAt: moment.nullable() },
  outcome: z.enum(['confirmed', 'dismissed']).nullable(),
  dismissal: z.enum(dismissals).nullable(),
  escalatedTo: z.enum(escalationRoles).nullable(),
  ...{ escalatedAt: moment.nullable(), closedAt: moment.nullable() },
  version: z.int(),
});

const stepView = z.object({
  step: z.string(),
  by: z.uuid().nullable().describe('Null: the clock did.'),
  note: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  at: moment,
});

const priority = sql`(case severity when 'high' then 1 when 'medium' then 2 else 3 end)::double precision`;
const byPriority: readonly SortKey[] = [
  { by: priority, type: 'float8' },
  { by: sql`watch_incidents.created_at`, type: 'timestamptz' },
  { by: sql`watch_incidents.id`, type: 'uuid' },
];

/** Incidents: what operators look at, and what they do about it. */
export function incidentRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/watch/incidents',
      id: 'listIncidents',
      tag: 'Watch',
      summary: 'Incidents at the sites you work at, newest first unless another order is asked for',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        ...{ site: z.string().max(63).optional(), camera: z.uuid().optional() },
        state: z
          .enum([...incidentStates, 'waiting'])
          .optional()
          .describe('`waiting`: undecided and not closed.'),
        severity: z.enum(severities).optional(),
        dismissal: z.enum(dismissals).optional(),
        test: z.enum(['yes', 'no']).optional(),
        ...{ from: z.iso.datetime().optional(), to: z.iso.datetime().optional() },
        order: z
          .enum(['newest', 'priority'])
          .default('newest')
          .describe('`priority`: the most severe first, and among equals what waits longest.'),
      }),
      answer: pageOf(incidentView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('watch_incidents').selectAll('watch_incidents');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        if (query.camera !== undefined) wanted = wanted.where('camera_id', '=', query.camera);
        if (query.state === 'waiting')
          wanted = wanted.where('outcome', 'is', null).where('state', '<>', 'closed');
        else if (query.state !== undefined) wanted = wanted.where('state', '=', query.state);
        if (query.severity !== undefined) wanted = wanted.where('severity', '=', query.severity);
        if (query.dismissal !== undefined) wanted = wanted.where('dismissal', '=', query.dismissal);
        if (query.test !== undefined)
          wanted = wanted.where(sql<boolean>`(test and state = 'closed')`, '=', query.test === 'yes');
        if (query.from !== undefined) wanted = wanted.where('started_at', '>=', new Date(query.from));
        if (query.to !== undefined) wanted = wanted.where('started_at', '<', new Date(query.to));
        const { items, next } =
          query.order === 'newest'
            ? await page(wanted, 'watch_incidents', query)
            : await pageBy(wanted, byPriority, query);
        return { body: { items: items.map(toIncident), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/incidents/:id',
      id: 'getIncident',
      tag: 'Watch',
      summary: 'One incident with its alerts, each with its reason card, and all that was done about it',
      access: atRow(db, 'watch_incidents', everybody, 'read'),
      params: idParams,
      answer: incidentView.extend({
        assignedTo: z.uuid().nullable(),
        alerts: z.array(alertView).describe('The first 500.'),
        steps: z.array(stepView),
      }),
      handle: async ({ params }) => {
        const row = await findIncident(db, params.id);
        const finding = await db
          .selectFrom('findings_queue')
          .select('assigned_to')
          .where('id', '=', params.id)
          .executeTakeFirst();
        const alerts = await db
          .selectFrom('watch_alerts')
          .selectAll()
          .where('incident_id', '=', params.id)
          .orderBy('at')
          .orderBy('id')
          .limit(500)
          .execute();
        const steps = await db
          .selectFrom('watch_steps')
          .selectAll()
          .where('incident_id', '=', params.id)
          .orderBy('at')
          .execute();
        return {
          body: {
            ...toIncident(row),
            assignedTo: finding?.assigned_to ?? null,
            alerts: alerts.map(toAlert),
            steps: steps.map(({ step, made_by, note, facts, at }) => ({
              ...{ step, by: made_by, note, facts: { ...facts }, at: at.toISOString() },
            })),
          },
          headers: { etag: etag(row.version) },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/incidents/:id/steps',
      id: 'stepIncident',
      tag: 'Watch',
      summary:
        'Acknowledge, confirm, dismiss, escalate, close, assign or note; send the ETag as If-Match, but for notes',
      access: atRow(db, 'watch_incidents', desk, 'write'),
      params: idParams,
      body: incidentStep,
      answer: incidentView.extend({
        tested: z
          .object({ right: z.boolean() })
          .optional()
          .describe('There when it was a test, which has ended now: whether the answer was right.'),
      }),
      handle: async ({ params, body, headers, principal }) => {
        checkPerson(principal);
        const act = { id: params.id, by: principal.personId, at: now(), ifMatch: headers['if-match'] };
        const row = await db.transaction().execute((tx) => takeStep(tx, body, act));
        committed(row.site_id);
        const told = isToldTest(row) ? { tested: { right: row.outcome !== 'dismissed' } } : {};
        return { body: { ...toIncident(row), ...told }, headers: { etag: etag(row.version) } };
      },
    }),
  ];
}

export async function findIncident(db: Database, id: string): Promise<Selectable<WatchIncidentsTable>> {
  const row = await db.selectFrom('watch_incidents').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound();
  return row;
}

export function toIncident(row: Selectable<WatchIncidentsTable>): z.input<typeof incidentView> {
  const text = (moment: Date | null): string | null => moment?.toISOString() ?? null;
  return {
    ...{ id: row.id, site: row.site_id, camera: row.camera_id, severity: row.severity },
    priority: 3 - severities.indexOf(row.severity),
    ...{ state: row.state, test: isToldTest(row), over: row.over },
    ...{ startedAt: row.started_at.toISOString(), lastAlertAt: row.last_alert_at.toISOString() },
    ...{ rules: [...row.rules], tracks: [...row.tracks], dueAt: row.due_at.toISOString() },
    ...{ acknowledgedBy: row.acknowledged_by, acknowledgedAt: text(row.acknowledged_at) },
    ...{ outcome: row.outcome, dismissal: row.dismissal },
    escalatedTo: escalationRoles.find((role) => role === row.escalated_to) ?? null,
    ...{ escalatedAt: text(row.escalated_at), closedAt: text(row.closed_at), version: row.version },
  };
}
