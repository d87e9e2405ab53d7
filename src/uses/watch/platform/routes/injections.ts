import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, idParams } from '../../../../platform/routes/access.ts';
import { startService } from '../../../../platform/services/services.ts';
import type { DatabaseTransaction } from '../../../../platform/store/database.ts';
import { injectionReport } from '../../injection/report.ts';
import { nextPlay } from '../../injection/schedule.ts';
import type { WatchInjectionPlansTable } from '../../injection/tables.ts';
import { atSite, checkPerson } from '../access.ts';
import { watchedCamera } from '../cameras.ts';
import type { WatchServices } from '../services.ts';
import { siteParams } from './sites.ts';

const moment = z.iso.datetime();
const hour = z.int().min(0).max(23);
const newPlan = z.strictObject({
  camera: z.uuid(),
  clip: z.uuid().describe('A film among the assets of the site.'),
  expect: z
    .strictObject({ rule: z.string().min(1).max(63), withinSeconds: z.int().min(1).max(600) })
    .describe("The clip's truth: this rule of the camera alerts within so many seconds of its first frame."),
  repeat: z
    .strictObject({
      everyHours: z.int().min(1).max(8760).describe('On average; the moment is drawn.'),
      hours: z
        .strictObject({ from: hour, to: hour })
        .refine(({ from, to }) => from !== to, { error: 'from and to must differ' })
        .optional()
        .describe("Only at these hours of the site's day."),
    })
    .optional()
    .describe('Left out: played once, now.'),
  reason: z.string().trim().min(3).max(1000),
});

const planView = z.object({
  ...{ id: z.uuid(), site: z.string(), camera: z.uuid(), clip: z.uuid(), reason: z.string() },
  expect: z.object({ rule: z.string(), withinSeconds: z.int() }),
  repeat: z
    .object({
      everyHours: z.int(),
      hours: z.object({ from: z.int(), to: z.int() }).optional(),
    })
    .nullable(),
  nextAt: moment.nullable(),
  problem: z.string().nullable().describe('Why it could not be played the last time.'),
  ...{ madeBy: z.uuid(), createdAt: moment, endedAt: moment.nullable() },
});

const shareView = z.object({
  ...{ some: z.int(), of: z.int(), share: z.number().nullable() },
  interval: z.object({ low: z.number(), high: z.number() }).nullable().describe("Wilson's 95 % interval."),
});

const figuresView = z.object({
  camera: z.uuid(),
  played: z.int().describe('To the end, while the camera was armed.'),
  notArmed: z.int().describe('The camera was disarmed when the clip came: in no other figure.'),
  failed: z.int().describe('Could not be played: in no other figure.'),
  detected: shareView,
  latencyMedian: z.number().nullable().describe('Seconds from the first frame to the alert.'),
  acknowledgedInTime: shareView.describe('Of those that somebody acknowledged or whose clock ran out.'),
  decidedRightly: shareView.describe('Confirmed or escalated, of those decided.'),
  missed: z.int().describe('Nobody acknowledged it in time.'),
  undecided: z.int().describe('Acknowledged, and not decided so far.'),
});

/** Known clips that are played beside cameras to measure who answers; see docs/test-injection.md. */
export function injectionRoutes(platform: Platform, services: WatchServices): Route[] {
  const { db, now } = platform;
  const tag = 'Watch';
  return [
    route({
      method: 'GET',
      path: '/watch/sites/:site/injection-plans',
      id: 'listInjectionPlans',
      tag,
      summary: 'Which known clips are played at the site, newest plan first',
      access: atSite(db, ['supervisor'], 'read'),
      params: siteParams,
      query: pageQuery,
      answer: pageOf(planView),
      handle: async ({ params, query }) => {
        const wanted = db
          .selectFrom('watch_injection_plans')
          .selectAll('watch_injection_plans')
          .where('site_id', '=', params.site);
        const { items, next } = await page(wanted, 'watch_injection_plans', query);
        return { body: { items: items.map(toPlan), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/sites/:site/injection-plans',
      id: 'planInjection',
      tag,
      summary: 'Play a known clip beside a camera, now or from time to time; operators cannot tell it',
      access: atSite(db, ['supervisor'], 'write'),
      params: siteParams,
      body: newPlan,
      answer: planView,
      status: 201,
      handle: async ({ params, body, principal }) => {
        checkPerson(principal);
        await checkPlan(platform, params.site, body);
        const by = principal.personId;
        const at = now();
        const { time_zone } = await db
          .selectFrom('sites')
          .select('time_zone')
          .where('id', '=', params.site)
          .executeTakeFirstOrThrow();
        const { repeat } = body;
        const next =
          repeat === undefined
            ? at
            : nextPlay({ everyHours: repeat.everyHours, hours: repeat.hours }, at, time_zone, Math.random);
        const row = await db.transaction().execute(async (tx) => {
          await openInjector(tx, params.site, by);
          const made = await tx
            .insertInto('watch_injection_plans')
            .values({
              ...{ id: randomUUID(), site_id: params.site, camera_id: body.camera, asset_id: body.clip },
              ...{ rule: body.expect.rule, within_seconds: body.expect.withinSeconds },
              every_hours: repeat?.everyHours ?? null,
              ...{ from_hour: repeat?.hours?.from ?? null, to_hour: repeat?.hours?.to ?? null },
              ...{ reason: body.reason, next_at: next, problem: null, made_by: by, created_at: at },
              ...{ ended_by: null, ended_at: null },
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            ...{ kind: 'watch.injection-planned', at, actor: by, siteId: params.site },
            subjects: { plan: made.id, camera: body.camera, asset: body.clip },
            facts: { rule: body.expect.rule, withinSeconds: body.expect.withinSeconds },
          });
          return made;
        });
        return { body: toPlan(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/injection-plans/:id/end',
      id: 'endInjectionPlan',
      tag,
      summary: 'Play the clip of a plan no more; what was measured stays',
      access: atRow(db, 'watch_injection_plans', ['supervisor'], 'write'),
      params: idParams,
      answer: planView,
      handle: async ({ params, principal }) => {
        checkPerson(principal);
        const at = now();
        const by = principal.personId;
        const row = await db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('watch_injection_plans')
            .selectAll()
            .where('id', '=', params.id)
            .forUpdate()
            .executeTakeFirstOrThrow(notFound);
          if (before.ended_at !== null) return before;
          await append(tx, {
            ...{ kind: 'watch.injection-plan-ended', at, actor: by, siteId: before.site_id },
            subjects: { plan: params.id },
          });
          return tx
            .updateTable('watch_injection_plans')
            .set({ next_at: null, ended_by: by, ended_at: at })
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
        });
        return { body: toPlan(row) };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/sites/:site/injections',
      id: 'getInjectionReport',
      tag,
      summary: 'How known clips were detected and answered, by camera; by no person',
      access: atSite(db, ['supervisor'], 'read'),
      params: siteParams,
      query: z.object({ from: moment, to: moment }),
      answer: z.object({ cameras: z.array(figuresView) }),
      handle: async ({ params, query }) => ({
        body: {
          cameras: await injectionReport(db, params.site, new Date(query.from), new Date(query.to)),
        },
      }),
    }),
  ];

  /** The service that plays clips at the site, from its first plan on. */
  async function openInjector(tx: DatabaseTransaction, site: string, by: string): Promise<void> {
    // Two first plans at once: the second waits here for the first.
    await tx
      .selectFrom('watch_sites')
      .select('site_id')
      .where('site_id', '=', site)
      .forNoKeyUpdate()
      .executeTakeFirstOrThrow(notFound);
    const known = await tx
      .selectFrom('watch_injectors')
      .select('service_id')
      .where('site_id', '=', site)
      .executeTakeFirst();
    if (known !== undefined) return;
    const kind = services.injections;
    const service_id = await startService(tx, { kind, siteId: site, settings: {}, by, at: now() });
    await tx.insertInto('watch_injectors').values({ site_id: site, service_id }).execute();
  }
}

/** @throws TidewaiterError `E_WATCH_INJECTION` naming what does not fit. */
async function checkPlan(
  platform: Platform,
  site: string,
  { camera, clip, expect }: z.output<typeof newPlan>,
): Promise<void> {
  const { db } = platform;
  const here = await db
    .selectFrom('watch_cameras')
    .select('id')
    .where('id', '=', camera)
    .where('site_id', '=', site)
    .executeTakeFirst();
  if (here === undefined) throw wrongPlan('The camera is not one of this site');
  const { slot } = await watchedCamera(platform, camera);
  if (!slot.rules.some(({ id }) => id === expect.rule))
    throw wrongPlan(`The camera has no rule ${expect.rule}`);
  const asset = await db
    .selectFrom('assets')
    .select('media_type')
    .where('id', '=', clip)
    .where('site_id', '=', site)
    .where('erased_at', 'is', null)
    .executeTakeFirst();
  if (asset?.media_type.startsWith('video/') !== true)
    throw wrongPlan('The clip is not a film among the assets of this site');
}

function wrongPlan(message: string): TidewaiterError {
  return new TidewaiterError('E_WATCH_INJECTION', message, 'Correct what the message names.');
}

function toPlan(row: Selectable<WatchInjectionPlansTable>): z.input<typeof planView> {
  const { every_hours, from_hour, to_hour } = row;
  const hours = from_hour === null || to_hour === null ? {} : { hours: { from: from_hour, to: to_hour } };
  return {
    ...{ id: row.id, site: row.site_id, camera: row.camera_id, clip: row.asset_id, reason: row.reason },
    expect: { rule: row.rule, withinSeconds: row.within_seconds },
    repeat: every_hours === null ? null : { everyHours: every_hours, ...hours },
    nextAt: row.next_at?.toISOString() ?? null,
    ...{ problem: row.problem, madeBy: row.made_by, createdAt: row.created_at.toISOString() },
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
