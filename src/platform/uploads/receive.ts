import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { notFound } from '../http/problem.ts';
import { append } from '../ledger/ledger.ts';
import type { Platform } from '../platform.ts';
import { enqueueProxy, isMedia } from '../proxies/job.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import type { Stored } from '../vault/seal.ts';
import { UNKNOWN } from './media-type.ts';

/** Nothing that could be taken for a path, a mark of direction or a line of a log. */
export const fileName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'a name without slashes or control characters')
  .refine((name) => name !== '.' && name !== '..', 'a name');

/** A file that somebody sends. */
export interface Received {
  /** The asset that it becomes. */
  readonly assetId: string;
  readonly caseId: string;
  readonly name: string;
  /** Id of the person. */
  readonly by: string;
}

/** Says early what {@link recordReceived} would say at the end. @throws TidewaiterError `E_NOT_FOUND`, `E_CASE_CLOSED`. */
export async function checkTaking(db: Database, caseId: string): Promise<void> {
  taking(
    await db.selectFrom('cases').select(['site_id', 'state']).where('id', '=', caseId).executeTakeFirst(),
  );
}

/**
 * Writes the row of an original and its event, as the vault stores it, and has made what a browser needs to show it.
 * @throws TidewaiterError `E_NOT_FOUND` when its case went, `E_CASE_CLOSED`.
 */
export async function recordReceived(
  platform: Platform,
  tx: DatabaseTransaction,
  { assetId, caseId, name, by }: Received,
  { bytes, sha256, mediaType = UNKNOWN }: Stored,
): Promise<void> {
  const siteId = taking(
    await tx
      .selectFrom('cases')
      .select(['site_id', 'state'])
      .where('id', '=', caseId)
      .forUpdate()
      .executeTakeFirst(),
  );
  await tx
    .insertInto('assets')
    .values({
      id: assetId,
      site_id: siteId,
      case_id: caseId,
      name,
      media_type: mediaType,
      bytes,
      sha256,
      derived_from: null,
      role: 'original',
      retention: 'case',
      legal_hold: false,
      created_by: by,
    })
    .execute();
  await append(tx, {
    kind: 'asset.received',
    at: platform.now(),
    actor: by,
    siteId,
    subjects: { case: caseId, asset: assetId },
    facts: { bytes },
  });
  if (isMedia(name, mediaType)) await enqueueProxy(platform, tx, { id: assetId, siteId, caseId }, by);
}

/** @returns the site of a case that takes files. */
function taking(row: { readonly site_id: string; readonly state: string } | undefined): string {
  if (row === undefined) throw notFound();
  if (row.state === 'closed')
    throw new TidewaiterError('E_CASE_CLOSED', 'The case is closed', 'Open it again first.');
  return row.site_id;
}
