import { sql } from 'kysely';
import type { ProxyKind } from '../../media/proxy/index.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { JobsTable } from '../store/tables.ts';
import type {} from './tables.ts';

/** Name of the queue that proxies are made by. */
export const PROXY_QUEUE = 'platform.proxy';

/** Of the way in which proxies are made. A higher one has all of them made again when they are next asked for. */
const PROXY_VERSION = 1;

/** One thing that was made of an asset. */
export interface MadeProxy {
  readonly kind: string;
  /** The asset that holds its bytes. */
  readonly viewId: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly madeAt: Date;
}

/** What is there of an asset, unless it was erased. All of it was made together. */
export async function madeProxies(db: Database | DatabaseTransaction, assetId: string): Promise<MadeProxy[]> {
  return db
    .selectFrom('proxies')
    .innerJoin('assets as view', 'view.id', 'proxies.view_id')
    .select([
      'kind',
      'view.id as viewId',
      'view.media_type as mediaType',
      'view.bytes',
      'view.sha256',
      'made_at as madeAt',
    ])
    .where('asset_id', '=', assetId)
    .where('version', '=', PROXY_VERSION)
    .where('view.erased_at', 'is', null)
    .orderBy('kind')
    .execute();
}

/** The newest job that made or is to make them. */
export async function newestProxyJob(db: Database | DatabaseTransaction, assetId: string) {
  return db
    .selectFrom('jobs')
    .select(['id', 'state', 'progress', 'error'])
    .where('queue', '=', PROXY_QUEUE)
    .where(sql<string>`input ->> 'asset'`, '=', assetId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** How far the proxies of an asset are. */
export type ProxyState = 'none' | 'queued' | 'running' | 'ready' | 'failed';

/** @param job the newest one. */
export function proxyState(
  made: readonly MadeProxy[],
  job: { readonly state: JobsTable['state'] } | undefined,
): ProxyState {
  if (made.length > 0) return 'ready';
  switch (job?.state) {
    case 'queued':
    case 'running':
    case 'failed':
      return job.state;
    // Somebody gave it up, or what it made was erased since.
    case 'cancelled':
    case 'done':
    case undefined:
      return 'none';
  }
}

/** Keeps what a job made, in place of what an earlier one did. */
export async function recordProxies(
  tx: DatabaseTransaction,
  assetId: string,
  views: readonly { readonly kind: ProxyKind; readonly viewId: string }[],
  at: Date,
): Promise<void> {
  await tx.deleteFrom('proxies').where('asset_id', '=', assetId).execute();
  await tx
    .insertInto('proxies')
    .values(
      views.map(({ kind, viewId }) => ({
        ...{ asset_id: assetId, kind, version: PROXY_VERSION, view_id: viewId, made_at: at },
      })),
    )
    .execute();
}
