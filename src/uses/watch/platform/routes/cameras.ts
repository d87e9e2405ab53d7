import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Selectable, SelectQueryBuilder } from 'kysely';
import { z } from 'zod';
import { TidewaiterError, type ErrorReport } from '../../../../core/errors.ts';
import { holdsSecret, withoutSecrets } from '../../../../media/live/address.ts';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams, visibleSites } from '../../../../platform/routes/access.ts';
import { changedSince, etag, seenVersion } from '../../../../platform/routes/case-checks.ts';
import { resumeService, startService, stopService } from '../../../../platform/services/services.ts';
import type { Database, DatabaseTransaction } from '../../../../platform/store/database.ts';
import type { Tables } from '../../../../platform/store/tables.ts';
import { parseSite } from '../../site/read.ts';
import { atSiteOfBody, keepers } from '../access.ts';
import { credentialContext, restartCameras, slotOf } from '../cameras.ts';
import { committed, tell } from '../events.ts';
import type { WatchServices } from '../services.ts';
import type { WatchCamerasTable } from '../tables.ts';

const address = z
  .strictObject({
    url: z
      .url({ protocol: /^(rtsps?|https?)$/ })
      .max(2000)
      .refine(
        (text) => !holdsSecret(text),
        'give user and password apart; a camera that wants them in the query of its address gets {user} and {password} there',
      ),
    transport: z.enum(['tcp', 'udp']).optional().describe('How RTSP carries its packets; `tcp` by default.'),
  })
  .describe(
    'rtsp, rtsps, http or https, without credentials; `{user}` and `{password}` in its query are filled in when it is opened.',
  );
const recording = z
  .strictObject({
    preRoll: z.number().min(0).max(60).default(5).describe('Seconds of a clip before its alert.'),
    postRoll: z.number().min(0).max(120).default(10).describe('Seconds of a clip after its alert.'),
    continuousDays: z.int().min(0).max(365).default(0).describe('0 keeps clips of alerts only.'),
    continuousGigabytes: z
      .number()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Above this, the oldest of what is kept goes; 100 when not given.'),
  })
  .prefault({});
const credentials = z
  .strictObject({ user: z.string().min(1).max(200), password: z.string().max(500) })
  .nullable()
  .describe('Kept wrapped and never shown again; null for none.');
const name = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u, '1 to 100 characters on one line');

const cameraView = z.object({
  id: z.uuid(),
  site: z.string(),
  slot: z.string().describe('Id of the camera in the site file.'),
  name: z.string(),
  source: address,
  detect: address.nullable(),
  hasCredentials: z.boolean(),
  recording,
  enabled: z.boolean(),
  service: z.uuid(),
  state: z.enum(['off', 'connecting', 'seeing', 'blind']),
  why: z.string().nullable().describe('What it suffers from: `frozen`, `black`, or a code of the errors.'),
  since: z.iso.datetime(),
  problem: z
    .object({ code: z.string(), message: z.string(), remedy: z.string() })
    .nullable()
    .describe('Why watching it broke off, until it has gone well for minutes.'),
  removedAt: z.iso.datetime().nullable(),
  version: z.int(),
});

const newCamera = z.strictObject({
  ...{ site: z.string().min(1).max(63), slot: z.string().min(1).max(63), name },
  ...{ source: address, detect: address.nullable().default(null), credentials: credentials.default(null) },
  ...{ recording, enabled: z.boolean().default(true) },
});
const changes = z
  .strictObject({
    ...{ name, source: address, detect: address.nullable(), credentials },
    ...{ recording, enabled: z.boolean() },
  })
  .partial();

/** Cameras that are watched: where they are, and how they do. */
export function cameraRoutes(platform: Platform, services: WatchServices): Route[] {
  const { db, secrets, now } = platform;
  const found = async (id: string): Promise<CameraRow> =>
    camerasOf(db).where('watch_cameras.id', '=', id).executeTakeFirstOrThrow(notFound);
  const wrapped = (id: string, given: z.output<typeof credentials>): Buffer | null =>
    given === null ? null : secrets.wrap(Buffer.from(JSON.stringify(given)), credentialContext(id));
  return [
    route({
      method: 'GET',
      path: '/watch/cameras',
      id: 'listCameras',
      tag: 'Watch',
      summary: 'Cameras at the sites you work at, and whether they see',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        site: z.string().max(63).optional(),
        removed: z.literal('yes').optional().describe('Those that were removed too.'),
      }),
      answer: pageOf(cameraView),
      handle: async ({ query, principal }) => {
        let wanted = camerasOf(db);
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        if (query.removed === undefined) wanted = wanted.where('removed_at', 'is', null);
        const { items, next } = await page(wanted, 'watch_cameras', query);
        return { body: { items: items.map(toCamera), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/cameras',
      id: 'addCamera',
      tag: 'Watch',
      summary: 'Watch a camera',
      access: atSiteOfBody(db, keepers, 'settings'),
      body: newCamera,
      answer: cameraView,
      status: 201,
      handle: async ({ body, principal }) => {
        const id = randomUUID();
        const by = principal.personId;
        await db.transaction().execute(async (tx) => {
          await checkSlot(tx, body.site, body.slot);
          const act = { by, at: now() };
          const settings = { camera: id, revision: 1 };
          const { camera: kind } = services;
          const serviceId = await startService(tx, { kind, siteId: body.site, settings, ...act });
          if (!body.enabled) await stopService(tx, { id: serviceId, ...act });
          await tx
            .insertInto('watch_cameras')
            .values({
              ...{ id, site_id: body.site, slot: body.slot, name: body.name },
              source: JSON.stringify(body.source),
              detect: body.detect === null ? null : JSON.stringify(body.detect),
              credentials: wrapped(id, body.credentials),
              recording: JSON.stringify(body.recording),
              ...{ enabled: body.enabled, service_id: serviceId, changed_by: by },
            })
            .execute();
          await append(tx, {
            ...{ kind: 'watch.camera-added', at: now(), actor: by, siteId: body.site },
            ...{ subjects: { camera: id }, facts: { enabled: body.enabled } },
          });
          await tell(tx, body.site, 'camera', id);
        });
        committed(body.site);
        const row = await found(id);
        return { body: toCamera(row), headers: { etag: etag(row.version) } };
      },
    }),
    route({
      method: 'GET',
      path: '/watch/cameras/:id',
      id: 'getCamera',
      tag: 'Watch',
      summary: 'One camera',
      access: atRow(db, 'watch_cameras', everybody, 'read'),
      params: idParams,
      answer: cameraView,
      handle: async ({ params }) => {
        const row = await found(params.id);
        return { body: toCamera(row), headers: { etag: etag(row.version) } };
      },
    }),
    route({
      method: 'PATCH',
      path: '/watch/cameras/:id',
      id: 'changeCamera',
      tag: 'Watch',
      summary:
        'Change a camera that nobody changed since you saw it; it begins anew, unless only its name was',
      access: atRow(db, 'watch_cameras', keepers, 'settings'),
      params: idParams,
      body: changes,
      answer: cameraView,
      handle: async ({ params, body, headers, principal }) => {
        const seen = seenVersion(headers['if-match']);
        const by = principal.personId;
        const site = await db.transaction().execute(async (tx) => {
          const before = await tx
            .selectFrom('watch_cameras')
            .selectAll()
            .where('id', '=', params.id)
            .where('removed_at', 'is', null)
            .forNoKeyUpdate()
            .executeTakeFirstOrThrow(notFound);
          if (before.version !== seen) throw changedSince();
          if (body.enabled === true) await checkSlot(tx, before.site_id, before.slot);
          const changed = await tx
            .updateTable('watch_cameras')
            .set((eb) => ({
              ...(body.name === undefined ? {} : { name: body.name }),
              ...(body.source === undefined ? {} : { source: JSON.stringify(body.source) }),
              ...(body.detect === undefined
                ? {}
                : { detect: body.detect === null ? null : JSON.stringify(body.detect) }),
              ...(body.credentials === undefined
                ? {}
                : { credentials: wrapped(params.id, body.credentials) }),
              ...(body.recording === undefined ? {} : { recording: JSON.stringify(body.recording) }),
              ...(body.enabled === undefined ? {} : { enabled: body.enabled }),
              ...{ version: eb('version', '+', 1), changed_by: by },
            }))
            .where('id', '=', params.id)
            .returningAll()
            .executeTakeFirstOrThrow();
          const act = { by, at: now() };
          if (body.enabled === true) await resumeService(tx, { id: changed.service_id, ...act });
          if (body.enabled === false) await stopService(tx, { id: changed.service_id, ...act });
          if (!isDeepStrictEqual(watchedOf(before), watchedOf(changed)))
            await restartCameras(tx, services.camera, changed.site_id, { ...act, cameraId: changed.id });
          await append(tx, {
            ...{ kind: 'watch.camera-changed', at: now(), actor: by, siteId: changed.site_id },
            subjects: { camera: changed.id },
            facts: { version: changed.version, enabled: changed.enabled },
          });
          await tell(tx, changed.site_id, 'camera', changed.id);
          return changed.site_id;
        });
        committed(site);
        const row = await found(params.id);
        return { body: toCamera(row), headers: { etag: etag(row.version) } };
      },
    }),
    removeRoute(platform),
  ];
}

/** Ends watching a camera; what it told and recorded stays as long as it would have. */
function removeRoute({ db, now }: Platform): Route {
  return route({
    method: 'POST',
    path: '/watch/cameras/:id/remove',
    id: 'removeCamera',
    tag: 'Watch',
    summary: 'Watch a camera no more; its incidents and recordings stay, its user and password are forgotten',
    access: atRow(db, 'watch_cameras', keepers, 'settings'),
    params: idParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    status: 204,
    handle: async ({ params, body, principal }) => {
      const act = { by: principal.personId, at: now() };
      const site = await db.transaction().execute(async (tx) => {
        const gone = await tx
          .updateTable('watch_cameras')
          .set((eb) => ({
            ...{ removed_at: act.at, removed_why: body.reason, changed_by: act.by },
            ...{ enabled: false, credentials: null, version: eb('version', '+', 1) },
          }))
          .where('id', '=', params.id)
          .where('removed_at', 'is', null)
          .returning(['id', 'site_id', 'service_id'])
          .executeTakeFirstOrThrow(notFound);
        await stopService(tx, { id: gone.service_id, ...act });
        await append(tx, {
          ...{ kind: 'watch.camera-removed', at: act.at, actor: act.by, siteId: gone.site_id },
          ...{ subjects: { camera: gone.id }, facts: {} },
        });
        await tell(tx, gone.site_id, 'camera', gone.id);
        return gone.site_id;
      });
      committed(site);
      return { body: undefined };
    },
  });
}

type CameraRow = Selectable<WatchCamerasTable> & { readonly problem: ErrorReport | null };

/** Cameras, each with what last went wrong with its service. */
export function camerasOf(db: Database): SelectQueryBuilder<Tables, 'watch_cameras', CameraRow> {
  return db
    .selectFrom('watch_cameras')
    .selectAll('watch_cameras')
    .select((eb) =>
      eb
        .selectFrom('services')
        .select('last_error')
        .whereRef('services.id', '=', 'watch_cameras.service_id')
        .as('problem'),
    );
}

export function toCamera(row: CameraRow): z.input<typeof cameraView> {
  return {
    ...{ id: row.id, site: row.site_id, slot: row.slot, name: row.name },
    ...{ source: shownSource(row.source), detect: row.detect && shownSource(row.detect) },
    hasCredentials: row.credentials !== null,
    ...{ recording: row.recording, enabled: row.enabled, service: row.service_id },
    ...{ state: row.state, why: row.why, since: row.since.toISOString(), version: row.version },
    ...{ problem: row.problem, removedAt: row.removed_at?.toISOString() ?? null },
  };
}

/** What watching a camera takes. A password that was given counts as another one: it is wrapped otherwise each time. */
function watchedOf({ source, detect, credentials, recording }: Selectable<WatchCamerasTable>): object {
  return { source, detect, credentials, recording };
}

async function checkSlot(tx: DatabaseTransaction, siteId: string, slot: string): Promise<void> {
  const file = await tx
    .selectFrom('watch_site_files')
    .select('text')
    .where('site_id', '=', siteId)
    .orderBy('version', 'desc')
    .executeTakeFirst();
  if (file === undefined)
    throw new TidewaiterError(
      'E_WATCH_SLOT',
      'The site has no site file yet',
      'Set the site file first; it says what the camera looks at.',
    );
  slotOf(parseSite(file.text, `the site file of ${siteId}`), slot);
}

/** Addresses that an earlier version took may hold a password in their query. */
function shownSource<T extends { readonly url: string }>(source: T): T {
  return { ...source, url: withoutSecrets(source.url) };
}
