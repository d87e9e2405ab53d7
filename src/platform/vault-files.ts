import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { append } from './ledger/ledger.ts';
import type { Platform } from './platform.ts';
import type { AssetRole } from './store/tables.ts';

/** Brings the plain bytes of an asset into a file, for what can read only files. Who asks for it removes it. */
export async function checkOut(
  { vault }: Platform,
  assetId: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const source = await vault.open(assetId);
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(source, file, { signal }).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOSPC' && systemCode(error) !== 'EDQUOT') throw error;
    throw new TidewaiterError(
      'E_NO_SPACE',
      'There is no space left in the folder where jobs work',
      'Free some space, and start the job again.',
      { cause: error },
    );
  });
}

/** A file that a job made. */
export interface MadeFile {
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly role: AssetRole;
}

/**
 * Brings what a job made into the vault, beside what it was made from.
 * A job that is done twice makes each asset once: its id follows from the job's and the file's name.
 * @returns the id of the asset.
 */
export async function checkIn(
  { db, vault, now }: Platform,
  job: { readonly id: string; readonly siteId: string; readonly caseId: string; readonly createdBy: string },
  file: MadeFile,
  derivedFrom: string,
): Promise<string> {
  const id = madeId(job.id, file.role, file.name);
  const there = await db.selectFrom('assets').select('id').where('id', '=', id).executeTakeFirst();
  if (there !== undefined) return id;
  try {
    await vault.put(
      id,
      createReadStream(file.path),
      { maxBytes: Number.MAX_SAFE_INTEGER },
      async (tx, { sha256, bytes }) => {
        await tx
          .insertInto('assets')
          .values({
            id,
            site_id: job.siteId,
            case_id: job.caseId,
            name: file.name,
            media_type: file.mediaType,
            bytes,
            sha256,
            derived_from: derivedFrom,
            role: file.role,
            retention: 'case',
            legal_hold: false,
            created_by: job.createdBy,
          })
          .execute();
        await append(tx, {
          kind: 'asset.made',
          at: now(),
          actor: 'system',
          siteId: job.siteId,
          subjects: { case: job.caseId, asset: id, job: job.id, source: derivedFrom },
          facts: { bytes },
        });
      },
    );
  } catch (error) {
    // Another try of the same job was faster.
    if (!(error instanceof TidewaiterError && error.code === 'E_VAULT_EXISTS')) throw error;
  }
  return id;
}

/** A UUID (version 8, RFC 9562) that follows from its parts. */
function madeId(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
