import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';
import { everybody, visibleSites, workers } from './access.ts';
import { hoursReturned, measured, middle, nothing, poisson, share } from './measures.ts';

const count = z.int();
const todayView = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    received: z.object({ cases: count, assets: count, bytes: z.number() }),
    waiting: z.object({
      findings: count,
      unassigned: count.describe('Findings that nobody has taken.'),
      oldestFinding: z.iso.datetime().nullable(),
      openCases: count,
      overdue: count,
      dueSoon: count.describe('Due within three days.'),
    }),
    decided: z.object({ findings: count, closedCases: count, releases: count }),
    uses: z.array(
      z.object({
        use: z.string(),
        proposed: count,
        dismissed: measured.describe('Share of decided findings that a person dismissed: false positives.'),
        secondsToDecide: measured.describe('Median from finding to first decision.'),
        secondsInHand: measured.describe('Median from taking a finding to deciding it, by who took it.'),
        hoursReturned: measured.describe(
          'Hours that the same decisions would have taken by hand, less those they took; null without a baseline.',
        ),
        minutesByHand: z.number().nullable().describe('The baseline: minutes of one item by hand.'),
        machineSeconds: z.number().describe('Run time of jobs that ended well.'),
      }),
    ),
    load: z
      .array(
        z.object({
          person: z.uuid(),
          name: z.string(),
          decisions: count,
          perHour: measured.describe('Decisions per hour in which there was one; `n` counts the hours.'),
        }),
      )
      .describe('For training and staffing, not for judging anybody.'),
    jobs: z.object({ queued: count, running: count, done: count, failed: measured }),
    services: z.object({ running: count, waiting: count, failed: count }).describe('At the moment.'),
  })
  .meta({ id: 'Today' });

const DUE_SOON_DAYS = 3;
/** The one disposition that says that there was nothing to it. */
const DISMISSED = 'dismissed';

/** What came in, what waits, what was decided: the figures of the first page. */
export function todayRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/today',
      id: 'getToday',
      tag: 'Today',
      summary: 'What came in, what waits, what was decided and how fast, at the sites you work at',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: z.object({
        days: z.coerce.number().int().min(1).max(90).default(7),
        site: z.string().max(63).optional(),
      }),
      answer: todayView,
      handle: async ({ query, principal }) => {
        const to = now();
        const from = new Date(to.getTime() - query.days * 86_400_000);
        const soon = new Date(to.getTime() + DUE_SOON_DAYS * 86_400_000);
        const visible = visibleSites(principal);
        const here = (table: 'cases' | 'assets' | 'findings' | 'jobs' | 'services') => {
          const site = sql.ref(`${table}.site_id`);
          const own = visible === undefined ? sql`true` : sql`${site} = any(${[...visible]}::text[])`;
          return sql<boolean>`${own} and ${query.site === undefined ? sql`true` : sql`${site} = ${query.site}`}`;
        };
        const total = (condition: RawBuilder<unknown>) =>
          sql<number>`count(*) filter (where ${condition})::int`;
        const cases = await db
          .selectFrom('cases')
          .select([
            total(sql`created_at >= ${from}`).as('received'),
            total(sql`state = 'open'`).as('open'),
            total(sql`state = 'open' and due_at < ${to}`).as('overdue'),
            total(sql`state = 'open' and due_at >= ${to} and due_at < ${soon}`).as('soon'),
            total(sql`closed_at >= ${from}`).as('closed'),
          ])
          .where(here('cases'))
          .executeTakeFirstOrThrow();
        const assets = await db
          .selectFrom('assets')
          .select([
            sql<number>`count(*)::int`.as('count'),
            sql<number>`coalesce(sum(bytes), 0)::float8`.as('bytes'),
          ])
          .where('role', '=', 'original')
          .where('created_at', '>=', from)
          .where(here('assets'))
          .executeTakeFirstOrThrow();
        const releases = await db
          .selectFrom('releases')
          .innerJoin('cases', 'cases.id', 'releases.case_id')
          .select(sql<number>`count(*)::int`.as('count'))
          .where('releases.created_at', '>=', from)
          .where(here('cases'))
          .executeTakeFirstOrThrow();
        // Who decides must not be able to tell a seeded finding by its absence here; everybody else is told without them.
        const queue = principal.grants.some(({ role }) => workers.includes(role))
          ? 'findings_queue'
          : 'findings';
        const waiting = await db
          .selectFrom(`${queue} as findings`)
          .select([
            sql<number>`count(*)::int`.as('count'),
            total(sql`assigned_to is null`).as('unassigned'),
            sql<Date | null>`min(created_at)`.as('oldest'),
          ])
          .where(({ not, exists, selectFrom }) =>
            not(exists(selectFrom('decisions').select('id').whereRef('finding_id', '=', 'findings.id'))),
          )
          .where(here('findings'))
          .executeTakeFirstOrThrow();
        // A later decision stands in for an earlier one; how long it took is the first one's matter.
        const decided = await db
          .selectFrom('findings')
          .innerJoin('decisions', 'decisions.finding_id', 'findings.id')
          .select(['findings.id', 'findings.use'])
          .select([
            sql<string>`(array_agg(disposition order by decisions.created_at desc, decisions.id desc))[1]`.as(
              'disposition',
            ),
            sql<number>`extract(epoch from min(decisions.created_at) - findings.created_at)::float8`.as(
              'seconds',
            ),
            // Null when whoever decided first had not taken it.
            sql<
              number | null
            >`(array_agg(extract(epoch from decisions.created_at - taken_at)::float8 order by decisions.created_at, decisions.id))[1]`.as(
              'inHand',
            ),
          ])
          .where(here('findings'))
          .groupBy(['findings.id', 'findings.use', 'findings.created_at'])
          .having(sql`min(decisions.created_at)`, '>=', from)
          .execute();
        const proposed = await db
          .selectFrom(`${queue} as findings`)
          .select(['use', sql<number>`count(*)::int`.as('count')])
          .where('created_at', '>=', from)
          .where(here('findings'))
          .groupBy('use')
          .execute();
        const jobs = await db
          .selectFrom('jobs')
          .select('use')
          .select([
            total(sql`state = 'queued'`).as('queued'),
            total(sql`state = 'running'`).as('running'),
            total(sql`state = 'done' and finished_at >= ${from}`).as('done'),
            total(sql`state = 'failed' and finished_at >= ${from}`).as('failed'),
            sql<number>`coalesce(sum(extract(epoch from finished_at - started_at)) filter (where state = 'done' and finished_at >= ${from}), 0)::float8`.as(
              'seconds',
            ),
          ])
          .where(here('jobs'))
          .groupBy('use')
          .execute();
        const people = await db
          .selectFrom('decisions')
          .innerJoin('findings', 'findings.id', 'decisions.finding_id')
          .innerJoin('people', 'people.id', 'decisions.decided_by')
          .select(['people.id', 'people.name'])
          .select([
            sql<number>`count(*)::int`.as('decisions'),
            sql<number>`count(distinct date_trunc('hour', decisions.created_at))::int`.as('hours'),
          ])
          .where('decisions.created_at', '>=', from)
          .where(here('findings'))
          .groupBy(['people.id', 'people.name'])
          .orderBy('decisions', 'desc')
          .execute();
        const services = await db
          .selectFrom('services')
          .select([
            total(sql`state = 'running'`).as('running'),
            total(sql`state = 'waiting'`).as('waiting'),
            total(sql`state = 'failed'`).as('failed'),
          ])
          .where(here('services'))
          .executeTakeFirstOrThrow();
        const baselines = await db.selectFrom('baselines').select(['use', 'minutes']).execute();
        const sum = (key: 'queued' | 'running' | 'done' | 'failed'): number =>
          jobs.reduce((all, row) => all + row[key], 0);
        const names = new Set([...decided, ...proposed, ...jobs].map(({ use }) => use));
        return {
          body: {
            from: from.toISOString(),
            to: to.toISOString(),
            received: { cases: cases.received, assets: assets.count, bytes: assets.bytes },
            waiting: {
              findings: waiting.count,
              unassigned: waiting.unassigned,
              oldestFinding: waiting.oldest?.toISOString() ?? null,
              openCases: cases.open,
              overdue: cases.overdue,
              dueSoon: cases.soon,
            },
            decided: { findings: decided.length, closedCases: cases.closed, releases: releases.count },
            uses: [...names].sort().map((use) => {
              const own = decided.filter((row) => row.use === use);
              const inHand = own.flatMap(({ inHand: seconds }) => (seconds === null ? [] : [seconds]));
              const byHand = baselines.find((row) => row.use === use)?.minutes;
              return {
                use,
                proposed: proposed.find((row) => row.use === use)?.count ?? 0,
                dismissed: share(
                  own.filter(({ disposition }) => disposition === DISMISSED).length,
                  own.length,
                ),
                secondsToDecide: middle(own.map(({ seconds }) => seconds)),
                secondsInHand: middle(inHand),
                hoursReturned: byHand === undefined ? nothing : hoursReturned(inHand, byHand),
                minutesByHand: byHand ?? null,
                machineSeconds: jobs.find((row) => row.use === use)?.seconds ?? 0,
              };
            }),
            load: people.map(({ id, name, decisions, hours }) => ({
              person: id,
              name,
              decisions,
              perHour: { value: decisions / hours, ...poisson(decisions, hours), n: hours },
            })),
            jobs: {
              queued: sum('queued'),
              running: sum('running'),
              done: sum('done'),
              failed: share(sum('failed'), sum('done') + sum('failed')),
            },
            services,
          },
        };
      },
    }),
  ];
}
