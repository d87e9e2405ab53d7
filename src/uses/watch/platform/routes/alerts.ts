import type { Readable } from 'node:stream';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../../../../platform/http/paging.ts';
import { notFound } from '../../../../platform/http/problem.ts';
import { route, type Answer, type Route } from '../../../../platform/http/route.ts';
import { append } from '../../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../../platform/platform.ts';
import { atRow, everybody, idParams, visibleSites } from '../../../../platform/routes/access.ts';
import { checkPerson, unmasked } from '../access.ts';
import { openPicture } from '../pictures.ts';
import type { WatchAlertsTable } from '../tables.ts';

const suppressions = ['site open', 'disarmed by hand', 'cool-down', 'same event'] as const;

export const alertView = z.object({
  ...{ id: z.uuid(), site: z.string(), camera: z.uuid(), incident: z.uuid().nullable() },
  at: z.iso.datetime(),
  ...{ rule: z.string(), severity: z.enum(['low', 'medium', 'high']) },
  suppressed: z
    .string()
    .nullable()
    .describe('Why it was shown to nobody; `learned: ID` names the suppression that was learned.'),
  override: z.uuid().nullable().describe('Who disarmed the place, and why.'),
  class: z.string().nullable(),
  box: z.record(z.string(), z.number()).describe('Pixels.'),
  picture: z
    .object({ width: z.number(), height: z.number() })
    .nullable()
    .describe('Size of the picture that the box and the path are in; null where it was not kept.'),
  reason: z.record(z.string(), z.unknown()).describe('The reason card: rule, schedule, path, dwell, scores.'),
  latency: z
    .record(z.string(), z.number())
    .describe('Milliseconds since the frame was captured; inertia in seconds.'),
  ...{ hasSnapshot: z.boolean(), hasClip: z.boolean() },
});

/** Alerts, the suppressed ones too, and what the camera saw. */
export function alertRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      method: 'GET',
      path: '/watch/alerts',
      id: 'listAlerts',
      tag: 'Watch',
      summary: 'Alerts at the sites you work at, suppressed ones too, newest first',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: pageQuery.extend({
        ...{ site: z.string().max(63).optional(), camera: z.uuid().optional() },
        rule: z.string().max(63).optional(),
        suppressed: z.enum(['yes', 'no', 'learned', ...suppressions]).optional(),
        ...{ from: z.iso.datetime().optional(), to: z.iso.datetime().optional() },
      }),
      answer: pageOf(alertView),
      handle: async ({ query, principal }) => {
        let wanted = db.selectFrom('watch_alerts').selectAll('watch_alerts');
        const sites = visibleSites(principal);
        if (sites !== undefined) wanted = wanted.where('site_id', 'in', [...sites]);
        if (query.site !== undefined) wanted = wanted.where('site_id', '=', query.site);
        if (query.camera !== undefined) wanted = wanted.where('camera_id', '=', query.camera);
        if (query.rule !== undefined) wanted = wanted.where('rule', '=', query.rule);
        if (query.suppressed === 'yes') wanted = wanted.where('suppressed', 'is not', null);
        else if (query.suppressed === 'no') wanted = wanted.where('suppressed', 'is', null);
        else if (query.suppressed === 'learned') wanted = wanted.where('suppressed', 'like', 'learned: %');
        else if (query.suppressed !== undefined) wanted = wanted.where('suppressed', '=', query.suppressed);
        if (query.from !== undefined) wanted = wanted.where('at', '>=', new Date(query.from));
        if (query.to !== undefined) wanted = wanted.where('at', '<', new Date(query.to));
        const { items, next } = await page(wanted, 'watch_alerts', query);
        return { body: { items: items.map(toAlert), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/watch/alerts/:id/reveal',
      id: 'revealAlert',
      tag: 'Watch',
      summary: 'The snapshot or clip of an alert as the camera saw it; who asked, and why, is recorded',
      access: atRow(db, 'watch_alerts', unmasked, 'read'),
      params: idParams,
      body: z.strictObject({
        what: z.enum(['snapshot', 'clip']),
        reason: z.string().trim().min(3).max(1000),
      }),
      handle: async ({ params, body, principal }): Promise<Answer<Readable>> => {
        checkPerson(principal);
        const row = await db
          .selectFrom('watch_alerts')
          .select(['site_id', 'incident_id', 'snapshot', 'clip'])
          .where('id', '=', params.id)
          .executeTakeFirst();
        const asset = row?.[body.what] ?? null;
        if (row === undefined || asset === null) throw notFound();
        const picture = await openPicture(platform, asset);
        // Recorded before a byte is sent: when that fails, nothing is shown.
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('watch_reveals')
            .values({
              ...{ alert_id: params.id, asset_id: asset, what: body.what, reason: body.reason },
              ...{ made_by: principal.personId, at: now() },
            })
            .execute();
          await append(tx, {
            ...{ kind: 'watch.revealed', at: now(), actor: principal.personId, siteId: row.site_id },
            subjects: { alert: params.id, asset },
            facts: { what: body.what },
          });
        });
        return {
          body: picture.body,
          headers: {
            'content-type': picture.mediaType,
            'x-content-type-options': 'nosniff',
            etag: `"${picture.sha256}"`,
            'content-security-policy': "default-src 'none'; sandbox",
            'cache-control': 'private, no-store',
          },
        };
      },
    }),
  ];
}

export function toAlert(row: Selectable<WatchAlertsTable>): z.input<typeof alertView> {
  const { box, picture, reason, latency } = row.alert;
  return {
    ...{ id: row.id, site: row.site_id, camera: row.camera_id, incident: row.incident_id },
    ...{ at: row.at.toISOString(), rule: row.rule, severity: row.severity, suppressed: row.suppressed },
    ...{ override: row.override_id, class: row.alert.class ?? null, box: { ...box } },
    picture: picture === undefined ? null : { width: picture.width, height: picture.height },
    ...{ reason: { ...reason }, latency: { ...latency } },
    ...{ hasSnapshot: row.snapshot !== null, hasClip: row.clip !== null },
  };
}
