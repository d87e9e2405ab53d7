import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams } from '../../../../platform/routes/access.ts';
import { atSite } from '../access.ts';
import { watchedCamera } from '../cameras.ts';
import { committed, tell } from '../events.ts';
import type { WatchOverridesTable } from '../tables.ts';
import { siteParams } from './sites.ts';

const overrideView = z.object({
  ...{ id: z.uuid(), site: z.string(), camera: z.uuid().nullable(), zone: z.string().nullable() },
  state: z.enum(['armed', 'disarmed']),
  reason: z.string(),
  ...{ from: z.iso.datetime(), until: z.iso.datetime() },
  ...{ by: z.uuid(), endedBy: z.uuid().nullable(), endedAt: z.iso.datetime().nullable() },
});

const newOverride = z.strictObject({
  camera: z.uuid().optional().describe('The whole site when it is left out.'),
  zone: z.string().max(63).optional().describe('A zone or line of the camera; it can only be disarmed.'),
  state: z.enum(['armed', 'disarmed']),
  reason: z.string().trim().min(3).max(500),
  until: z.iso.datetime().describe('Nothing is armed or disarmed without an end: 31 days at most.'),
});

const LONGEST_MS = 31 * 86_400_000;

/** Arming and disarming by hand: with a reason, and an end. */
export function overrideRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      method: 'GET',
      path: '/watch/sites/:site/overrides',
      id: 'listOverrides',
      tag: 'Watch',
      summary: 'What was armed and disarmed by hand, newest first',
      access: atSite(db, everybody, 'read'),
      params: siteParams,
      query: pageQuery.extend({
        now: z.enum(['yes']).optional().describe('Only what holds at this moment.'),
      }),
      answer: pageOf(overrideView),
      handle: async ({ params, query }) => {
        let wanted = db
          .selectFrom('watch_overrides')
          .selectAll('watch_overrides')
          .where('site_id', '=', params.site);
        if (query.now === 'yes') wanted = wanted.where('until_at', '>', now());
        const { items, next } = await page(wanted, 'watch_overrides', query);
        return { body: { items: items.map(toOverride), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/sites/:site/overrides',
      id: 'setOverride',
      tag: 'Watch',
      summary: 'Arm or disarm by hand until a time; what would have been shown is kept, marked',
      access: atSite(db, ['operator', 'supervisor'], 'write'),
      params: siteParams,
      body: newOverride,
      answer: overrideView,
      status: 201,
      handle: async ({ params, body, principal }) => {
        const from = now();
        const until = new Date(body.until);
        const length = until.getTime() - from.getTime();
        if (length <= 0 || length > LONGEST_MS)
          throw wrongOverride('It must end in the future, within 31 days');
        const site = await db
          .selectFrom('watch_sites')
          .select('site_id')
          .where('site_id', '=', params.site)
          .executeTakeFirst();
        if (site === undefined) throw wrongOverride('Nothing is watched at this site yet');
        if (body.camera !== undefined) await checkPlace(platform, params.site, body.camera, body);
        else if (body.zone !== undefined) throw wrongOverride('A zone needs its camera');
        const by = principal.personId;
        const row = await db.transaction().execute(async (tx) => {
          const made = await tx
            .insertInto('watch_overrides')
            .values({
              ...{ id: randomUUID(), site_id: params.site },
              ...{ camera_id: body.camera ?? null, zone: body.zone ?? null },
              ...{ state: body.state, reason: body.reason, from_at: from, until_at: until, made_by: by },
            })
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            ...{ kind: `watch.${body.state}`, at: from, actor: by, siteId: params.site },
            subjects: {
              override: made.id,
              ...(body.camera === undefined ? {} : { camera: body.camera }),
            },
            facts: { until: until.toISOString() },
          });
          await tell(tx, params.site, 'override', made.id);
          return made;
        });
        committed(params.site);
        return { body: toOverride(row) };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/overrides/:id/end',
      id: 'endOverride',
      tag: 'Watch',
      summary: 'End now what was armed or disarmed by hand',
      access: atRow(db, 'watch_overrides', ['operator', 'supervisor'], 'write'),
      params: idParams,
      answer: overrideView,
      handle: async ({ params, principal }) => {
        const at = now();
        const by = principal.personId;
        const row = await db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('watch_overrides')
            .selectAll()
            .where('id', '=', params.id)
            .forUpdate()
            .executeTakeFirst();
          if (before === undefined) throw notFound();
          if (before.until_at <= at) return before;
          // One that ends in the moment in which it began holds for a millisecond.
          const until = new Date(Math.max(at.getTime(), before.from_at.getTime() + 1));
          const ended = await tx
            .updateTable('watch_overrides')
            .set({ until_at: until, ended_by: by, ended_at: at })
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          await append(tx, {
            ...{ kind: 'watch.override-ended', at, actor: by, siteId: ended.site_id },
            subjects: { override: ended.id },
          });
          await tell(tx, ended.site_id, 'override', ended.id);
          return ended;
        });
        committed(row.site_id);
        return { body: toOverride(row) };
      },
    }),
  ];
}

export function toOverride(row: Selectable<WatchOverridesTable>): z.input<typeof overrideView> {
  return {
    ...{ id: row.id, site: row.site_id, camera: row.camera_id, zone: row.zone, state: row.state },
    ...{ reason: row.reason, from: row.from_at.toISOString(), until: row.until_at.toISOString() },
    ...{ by: row.made_by, endedBy: row.ended_by, endedAt: row.ended_at?.toISOString() ?? null },
  };
}

/** The camera is of the site, and has the zone. @throws TidewaiterError `E_WATCH_OVERRIDE`. */
async function checkPlace(
  platform: Platform,
  site: string,
  camera: string,
  { zone, state }: z.output<typeof newOverride>,
): Promise<void> {
  const row = await platform.db
    .selectFrom('watch_cameras')
    .select('site_id')
    .where('id', '=', camera)
    .executeTakeFirst();
  if (row?.site_id !== site) throw wrongOverride('The site has no such camera');
  if (zone === undefined) return;
  if (state === 'armed') throw wrongOverride('A zone can only be disarmed; arm its camera');
  const { slot } = await watchedCamera(platform, camera);
  if (![...slot.zones, ...slot.lines].some(({ id }) => id === zone))
    throw wrongOverride(`The camera has no zone or line ${zone}`);
}

function wrongOverride(why: string): TidewaiterError {
  return new TidewaiterError('E_WATCH_OVERRIDE', why, 'Correct what the message names.');
}
