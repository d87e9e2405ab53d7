import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { everybody, visibleSites } from '../../../../platform/routes/access.ts';
import { changedSince, etag, seenVersion } from '../../../../platform/routes/case-checks.ts';
import { startService } from '../../../../platform/services/services.ts';
import type { Database, DatabaseTransaction } from '../../../../platform/store/database.ts';
import { parseSite, type Site } from '../../site/read.ts';
import { atSite, keepers } from '../access.ts';
import { changedSlots, restartCameras, slotOf } from '../cameras.ts';
import type { WatchServices } from '../services.ts';
import type { Clocks } from '../tables.ts';

const seconds = z.int().min(5).max(86_400);
const clocks = z
  .strictObject({ high: seconds, medium: seconds, low: seconds })
  .describe('Seconds in which somebody must have acknowledged an incident of that severity.');
/** A person at a screen notices a high one within a minute; nobody should be chased for a low one. */
const usualClocks: Clocks = { high: 60, medium: 180, low: 600 };

const siteLine = z.object({
  ...{ id: z.string(), name: z.string(), timeZone: z.string() },
  version: z.int().nullable().describe('Of its site file; null while it has none.'),
});

const siteView = z.object({
  site: z.string(),
  version: z.int(),
  text: z.string().describe('The site file, YAML.'),
  clocks,
  case: z.uuid().describe('Holds the sealed pictures of the site.'),
  changedBy: z.uuid(),
  changedAt: z.iso.datetime(),
});

export const siteParams = z.object({ site: z.string().min(1).max(63) });

/** What a site looks like to its cameras, and when it should be quiet. */
export function watchSiteRoutes({ db, now }: Platform, services: WatchServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/watch/sites',
      id: 'listWatchSites',
      tag: 'Watch',
      summary: 'The sites you work at, and which of them have a site file',
      access: { kind: 'signed-in', scope: 'read' },
      answer: z.object({ items: z.array(siteLine) }),
      handle: async ({ principal }) => {
        const visible = visibleSites(principal);
        const rows = await db
          .selectFrom('sites')
          .leftJoin('watch_sites', 'site_id', 'id')
          .select(['id', 'name', 'time_zone', 'version'])
          .orderBy('name')
          .execute();
        const items = rows
          .filter(({ id }) => visible?.includes(id) ?? true)
          .map(({ id, name, time_zone: timeZone, version }) => ({ id, name, timeZone, version }));
        return { body: { items } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/sites/:site',
      id: 'getWatchSite',
      tag: 'Watch',
      summary: 'The site file, its newest version unless another is asked for',
      access: atSite(db, everybody, 'read'),
      params: siteParams,
      query: z.object({
        version: z.coerce
          .number()
          .int()
          .min(1)
          .max(2 ** 31 - 1)
          .optional(),
      }),
      answer: siteView,
      handle: async ({ params, query }) => {
        const view = await findSite(db, params.site, query.version);
        return { body: view, headers: { etag: etag(view.version) } };
      },
    }),
    route({
      method: 'PUT',
      path: '/watch/sites/:site',
      id: 'putWatchSite',
      tag: 'Watch',
      summary:
        'Set the site file; cameras for which it changed begin anew, the others go on. A mistake is named with its line and key',
      access: atSite(db, keepers, 'settings'),
      params: siteParams,
      body: z.strictObject({ text: z.string().min(1).max(200_000), clocks: clocks.optional() }),
      answer: siteView,
      handle: async ({ params, body, headers, principal }) => {
        const site = parseSite(body.text, 'the site file');
        const by = principal.personId;
        await db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('watch_sites')
            .selectAll()
            .where('site_id', '=', params.site)
            .forNoKeyUpdate()
            .executeTakeFirst();
          if (before !== undefined && seenVersion(headers['if-match']) !== before.version)
            throw changedSince();
          await checkSlots(tx, params.site, site);
          const version = (before?.version ?? 0) + 1;
          if (before === undefined) {
            const case_id = await openCase(tx, params.site, by);
            await tx
              .insertInto('watch_sites')
              .values({
                ...{ site_id: params.site, case_id, version },
                clocks: JSON.stringify(body.clocks ?? usualClocks),
              })
              .execute();
            const { clock } = services;
            await startService(tx, { kind: clock, siteId: params.site, settings: {}, by, at: now() });
          } else {
            await tx
              .updateTable('watch_sites')
              .set({ version, clocks: JSON.stringify(body.clocks ?? before.clocks) })
              .where('site_id', '=', params.site)
              .execute();
            const { text } = await tx
              .selectFrom('watch_site_files')
              .select('text')
              .where('site_id', '=', params.site)
              .where('version', '=', before.version)
              .executeTakeFirstOrThrow();
            const slots = changedSlots(text, site);
            await restartCameras(tx, services.camera, params.site, { by, at: now(), slots });
          }
          await tx
            .insertInto('watch_site_files')
            .values({ site_id: params.site, version, text: body.text, made_by: by, made_at: now() })
            .execute();
          await append(tx, {
            ...{ kind: 'watch.site-changed', at: now(), actor: by, siteId: params.site },
            ...{ subjects: {}, facts: { version } },
          });
        });
        const view = await findSite(db, params.site, undefined);
        return { body: view, headers: { etag: etag(view.version) } };
      },
    }),
  ];
}

async function findSite(
  db: Database,
  site: string,
  version: number | undefined,
): Promise<z.input<typeof siteView>> {
  const row = await db
    .selectFrom('watch_sites')
    .innerJoin('watch_site_files', 'watch_site_files.site_id', 'watch_sites.site_id')
    .select(['watch_sites.case_id', 'watch_sites.clocks'])
    .select(['watch_site_files.version', 'text', 'made_by', 'made_at'])
    .where('watch_sites.site_id', '=', site)
    .where((eb) => eb('watch_site_files.version', '=', version ?? eb.ref('watch_sites.version')))
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return {
    ...{ site, version: row.version, text: row.text, clocks: row.clocks, case: row.case_id },
    ...{ changedBy: row.made_by, changedAt: row.made_at.toISOString() },
  };
}

/** A camera that is watched keeps its place in the file. @throws TidewaiterError `E_WATCH_SLOT`. */
async function checkSlots(tx: DatabaseTransaction, siteId: string, site: Site): Promise<void> {
  const used = await tx
    .selectFrom('watch_cameras')
    .select('slot')
    .where('site_id', '=', siteId)
    .where('enabled', '=', true)
    .execute();
  for (const { slot } of used) slotOf(site, slot);
}

/** The case that pictures and clips of a site belong to. */
async function openCase(tx: DatabaseTransaction, siteId: string, by: string): Promise<string> {
  const id = randomUUID();
  await tx
    .insertInto('cases')
    .values({ id, site_id: siteId, use: 'watch', title: `Watch at ${siteId}`, owner_id: by, state: 'open' })
    .execute();
  return id;
}
