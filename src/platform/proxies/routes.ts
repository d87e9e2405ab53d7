import type { Readable } from 'node:stream';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { proxyKinds } from '../../media/proxy/index.ts';
import { notFound } from '../http/problem.ts';
import { route, type Answer, type Route } from '../http/route.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { atRow, everybody, idParams, workers } from '../routes/access.ts';
import { byteRange } from '../routes/byte-range.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { enqueueProxy } from './job.ts';
import { RecentViews } from './recent-views.ts';
import { madeProxies, newestProxyJob, proxyState } from './records.ts';

const kind = z.enum(proxyKinds);

const proxyView = z
  .object({
    state: z.enum(['none', 'queued', 'running', 'ready', 'failed']),
    job: z.uuid().nullable(),
    progress: z
      .object({ stage: z.string(), done: z.number(), total: z.number().optional(), unit: z.string() })
      .nullable(),
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
    made: z.array(
      z.object({ kind, mediaType: z.string(), bytes: z.int(), sha256: z.string(), madeAt: z.iso.datetime() }),
    ),
  })
  .meta({ id: 'Proxy' });

/** What a browser is shown in place of an asset. Who may read the asset may read them, and that they did is recorded alike. */
export function proxyRoutes(platform: Platform): Route[] {
  const { db, vault, now } = platform;
  const readers = [...workers, 'privacy'] as const;
  const recent = new RecentViews();
  const find = async (id: string) => {
    const row = await db
      .selectFrom('assets')
      .select(['id', 'site_id as siteId', 'case_id as caseId'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound();
    return row;
  };
  return [
    route({
      method: 'GET',
      path: '/assets/:id/proxy',
      id: 'getProxy',
      tag: 'Assets',
      summary: 'What there is to show an asset in a browser, or how far it is',
      access: atRow(db, 'assets', everybody, 'read'),
      params: idParams,
      answer: proxyView,
      handle: async ({ params }) => ({ body: await view(db, params.id) }),
    }),
    route({
      method: 'POST',
      path: '/assets/:id/proxy',
      id: 'requestProxy',
      tag: 'Assets',
      summary: 'Have it made, unless it is there or on its way',
      access: atRow(db, 'assets', readers, 'write'),
      params: idParams,
      answer: proxyView,
      status: 202,
      handle: async ({ params, principal }) => {
        const body = await db.transaction().execute(async (tx) => {
          await lockSource(tx, params.id);
          const { state } = await view(tx, params.id);
          if (state === 'none' || state === 'failed')
            await enqueueProxy(platform, tx, await find(params.id), principal.personId);
          return view(tx, params.id);
        });
        return { body, status: body.state === 'ready' ? 200 : 202 };
      },
    }),
    route({
      method: 'GET',
      path: '/assets/:id/proxy/:kind',
      id: 'readProxy',
      tag: 'Assets',
      summary: 'One of them, all or a range of its bytes; that the asset was looked at is recorded',
      access: atRow(db, 'assets', readers, 'read'),
      params: idParams.extend({ kind }),
      handle: async ({ params, headers, principal }): Promise<Answer<Readable | undefined>> => {
        const asset = await find(params.id);
        const made = (await madeProxies(db, asset.id)).find((one) => one.kind === params.kind);
        if (made === undefined) throw missing(params.kind);
        const etag = `"${made.sha256}"`;
        const same = headers['if-range'] === undefined || headers['if-range'] === etag;
        const range = same ? byteRange(headers['range'], made.bytes) : undefined;
        const known = headers['if-none-match'] === etag;
        const body = known ? undefined : await vault.open(made.viewId, range);
        await recent
          .note(principal.personId, asset.id, now(), () =>
            db.transaction().execute((tx) =>
              append(tx, {
                kind: 'asset.viewed',
                at: now(),
                actor: principal.personId,
                siteId: asset.siteId,
                subjects: { case: asset.caseId, asset: asset.id, view: made.viewId },
                facts: { as: params.kind },
              }),
            ),
          )
          .catch((error: unknown) => {
            body?.destroy();
            throw error;
          });
        const caching = { etag, 'cache-control': 'private, no-cache' };
        if (body === undefined) return { status: 304, body, headers: caching };
        const { start, end } = range ?? { start: 0, end: made.bytes };
        return {
          status: range === undefined ? 200 : 206,
          body,
          headers: {
            ...caching,
            ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${made.bytes}` }),
            'content-type': made.mediaType,
            'content-length': String(end - start),
            'accept-ranges': 'bytes',
            'content-security-policy': "default-src 'none'; sandbox",
          },
        };
      },
    }),
  ];
}

async function view(db: Database | DatabaseTransaction, assetId: string): Promise<z.input<typeof proxyView>> {
  const [made, job] = [await madeProxies(db, assetId), await newestProxyJob(db, assetId)];
  const state = proxyState(made, job);
  return {
    state,
    job: job?.id ?? null,
    progress: state === 'running' ? (job?.progress ?? null) : null,
    error: state === 'failed' ? (job?.error ?? null) : null,
    made: made.map(({ kind: what, mediaType, bytes, sha256, madeAt }) => ({
      ...{ kind: kind.parse(what), mediaType, bytes, sha256, madeAt: madeAt.toISOString() },
    })),
  };
}

function missing(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_PROXY_MISSING',
    `There is no ${what} of this asset to show`,
    'Look at its proxy for what there is; ask for it there and wait until it is ready.',
  );
}

/** Of two who ask at once, the second finds what the first asked for. */
async function lockSource(tx: DatabaseTransaction, assetId: string): Promise<void> {
  const row = await tx
    .selectFrom('assets')
    .select(['role', 'erased_at'])
    .where('id', '=', assetId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.erased_at !== null)
    throw new TidewaiterError(
      'E_VAULT_ERASED',
      `The asset ${assetId} was erased`,
      'It cannot be shown any more.',
    );
  if (['original', 'output'].includes(row.role)) return;
  throw new TidewaiterError(
    'E_PROXY_SOURCE',
    'Proxies are made of originals and outputs, not of records or other proxies',
    'Ask for the asset that this was made from.',
  );
}
