import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { page, pageOf, pageQuery } from '../http/paging.ts';
import { notFound } from '../http/problem.ts';
import { route, type Answer, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { mediaTypeOf, servedType } from '../uploads/media-type.ts';
import { fileName, recordReceived } from '../uploads/receive.ts';
import { eraseRecorded } from '../vault/erase-recorded.ts';
import { atRow, everybody, idParams, workers } from './access.ts';
import { byteRange } from './byte-range.ts';
import { assetView, toAsset } from './views.ts';

/** Assets: sources and what was made from them, in the vault. */
export function assetRoutes(platform: Platform): Route[] {
  const { db, vault, settings, now } = platform;
  const find = async (id: string) => {
    const row = await db.selectFrom('assets').selectAll().where('id', '=', id).executeTakeFirst();
    if (row === undefined) throw notFound();
    return row;
  };
  const maxBytes = settings.uploads.largestGigabytes * 1e9;
  return [
    route({
      method: 'GET',
      path: '/cases/:id/assets',
      id: 'listAssets',
      tag: 'Assets',
      summary: 'What a case holds, newest first',
      access: atRow(db, 'cases', everybody, 'read'),
      params: idParams,
      query: pageQuery.extend({
        role: z
          .enum(['original', 'output', 'record', 'proxy', 'thumbnail', 'waveform'])
          .optional()
          .describe('Without it, what was only made to show an asset is left out.'),
      }),
      answer: pageOf(assetView),
      handle: async ({ params, query }) => {
        const wanted = db
          .selectFrom('assets')
          .selectAll('assets')
          .where('case_id', '=', params.id)
          .where('role', 'in', query.role === undefined ? ['original', 'output', 'record'] : [query.role]);
        const { items, next } = await page(wanted, 'assets', query);
        return { body: { items: items.map(toAsset), ...(next === undefined ? {} : { next }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/cases/:id/assets',
      id: 'uploadAsset',
      tag: 'Assets',
      summary: 'Put a file into a case, in one go; its bytes are the body',
      access: atRow(db, 'cases', workers, 'upload'),
      params: idParams,
      query: z.object({ name: fileName }),
      stream: true,
      answer: assetView,
      status: 201,
      handle: async ({ params, query, principal, stream }) => {
        if (stream === undefined) throw new TypeError('a route that streams was given no stream');
        const id = randomUUID();
        await vault.put(id, stream, { maxBytes, mediaTypeOf }, (tx, stored) =>
          recordReceived(
            platform,
            tx,
            { assetId: id, caseId: params.id, name: query.name, by: principal.personId },
            stored,
          ),
        );
        return { body: toAsset(await find(id)), headers: { location: `/api/v1/assets/${id}` } };
      },
    }),
    route({
      method: 'GET',
      path: '/assets/:id',
      id: 'getAsset',
      tag: 'Assets',
      summary: 'What is known about an asset',
      access: atRow(db, 'assets', everybody, 'read'),
      params: idParams,
      answer: assetView,
      handle: async ({ params }) => ({ body: toAsset(await find(params.id)) }),
    }),
    route({
      method: 'GET',
      path: '/assets/:id/content',
      id: 'readAsset',
      tag: 'Assets',
      summary: 'Its bytes, all or a range of them; that it was read is recorded',
      access: atRow(db, 'assets', [...workers, 'privacy'], 'read'),
      params: idParams,
      handle: async ({ params, headers, principal }): Promise<Answer<Readable>> => {
        const asset = await find(params.id);
        const range = byteRange(headers['range'], asset.bytes);
        const body = await vault.open(params.id, range);
        // A player asks for many ranges of what it shows; the first one says that it was looked at.
        if (range === undefined || range.start === 0)
          await db.transaction().execute((tx) =>
            append(tx, {
              kind: 'asset.viewed',
              at: now(),
              actor: principal.personId,
              siteId: asset.site_id,
              subjects: { case: asset.case_id, asset: asset.id },
            }),
          );
        const { start, end } = range ?? { start: 0, end: asset.bytes };
        return {
          status: range === undefined ? 200 : 206,
          body,
          headers: {
            ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${asset.bytes}` }),
            'content-type': servedType(asset.media_type),
            'x-content-type-options': 'nosniff',
            'content-length': String(end - start),
            'accept-ranges': 'bytes',
            etag: `"${asset.sha256}"`,
            // Whatever it says it is, it is never run.
            'content-disposition': `attachment; filename*=UTF-8''${attributeText(asset.name)}`,
            'content-security-policy': "default-src 'none'; sandbox",
            'cache-control': 'private, no-store',
          },
        };
      },
    }),
    route({
      method: 'PUT',
      path: '/assets/:id/hold',
      id: 'holdAsset',
      tag: 'Assets',
      summary: 'Put under legal hold, or lift it',
      access: atRow(db, 'assets', ['supervisor', 'privacy', 'admin'], 'write'),
      params: idParams,
      body: z.strictObject({ hold: z.boolean(), reason: z.string().trim().min(3).max(2000) }),
      answer: assetView,
      handle: async ({ params, body, principal }) => {
        await db.transaction().execute(async (tx) => {
          const row = await tx
            .updateTable('assets')
            .set({ legal_hold: body.hold })
            .where('id', '=', params.id)
            .returning(['site_id', 'case_id'])
            .executeTakeFirstOrThrow();
          await append(tx, {
            kind: body.hold ? 'asset.held' : 'asset.released-from-hold',
            at: now(),
            actor: principal.personId,
            siteId: row.site_id,
            subjects: { case: row.case_id, asset: params.id },
          });
        });
        return { body: toAsset(await find(params.id)) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/assets/:id',
      id: 'eraseAsset',
      tag: 'Assets',
      summary: 'Erase an asset and all that was made from it, once its retention allows it',
      access: atRow(db, 'assets', ['supervisor', 'privacy', 'admin'], 'write'),
      params: idParams,
      query: z.object({ reason: z.string().trim().min(3).max(2000) }),
      answer: z.object({ erased: z.array(z.uuid()) }),
      handle: async ({ params, query, principal }) => {
        const erasure = await db.transaction().execute(async (tx) => {
          const why = { reason: query.reason, by: principal.personId, now: now() };
          return eraseRecorded(tx, vault, params.id, why);
        });
        await erasure.removeObjects();
        return { body: { erased: [...erasure.assets] } };
      },
    }),
  ];
}

/** Text as RFC 8187 wants it in a header: nothing in it can end the value or begin another. */
function attributeText(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
