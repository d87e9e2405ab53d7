import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { systemCode, TidewaiterError } from '../../../core/errors.ts';
import { makeFolder, syncFolder } from '../../secrets/durable.ts';
import type { ConnectionSettings } from '../../store/database.ts';
import { ARCHIVE_NAME, baseName, listBases, MANIFEST_NAME, type BaseFolder } from './folders.ts';
import { readBase } from './read.ts';
import { BaseStream } from './stream.ts';

const UNFINISHED = /^unfinished-/;
/** One on which nothing was written for so long is that of a process that died. */
const ABANDONED_MS = 6 * 3_600_000;

export interface BaseOptions {
  /** A cluster of ours that runs. */
  readonly connection: ConnectionSettings;
  /** Folder that holds the base backups; its parent exists. */
  readonly bases: string;
  /** How many of the newest are kept, at least 1. */
  readonly keep: number;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** A base backup that was made. */
export interface MadeBase extends BaseFolder {
  /** Of the packed archive. */
  readonly bytes: number;
  /** Older ones that were removed. */
  readonly removed: number;
}

/**
 * Takes a base backup of a cluster while it runs, reads it back against PostgreSQL's own checksums, and then gives it its name
 * and removes the oldest. What fails or is broken off leaves none.
 * @throws TidewaiterError `E_BACKUP`, `E_BACKUP_DAMAGED`, `E_NO_SPACE`, `E_CANCELLED`.
 */
export async function makeBase(options: BaseOptions): Promise<MadeBase> {
  const { bases, keep, now, signal } = options;
  const folder = join(bases, baseName(now));
  const unfinished = join(bases, `unfinished-${randomBytes(6).toString('hex')}`);
  try {
    await makeFolder(bases);
    await sweep(bases, now);
    if ((await listBases(bases)).some((base) => base.folder === folder))
      throw new TidewaiterError(
        'E_BACKUP',
        `${folder} is there already`,
        'There is one for each minute: wait for the next.',
      );
    await mkdir(unfinished, { mode: 0o700 });
    await stream(options, unfinished);
    await readBase(unfinished, signal);
    const { size: bytes } = await stat(join(unfinished, ARCHIVE_NAME));
    await syncFolder(unfinished);
    await rename(unfinished, folder);
    await syncFolder(bases);
    const old = (await listBases(bases)).slice(keep);
    for (const base of old) await rm(base.folder, { recursive: true, force: true });
    return { folder, at: now, bytes, removed: old.length };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw describe(error, folder, signal);
  }
}

async function stream({ connection, signal }: BaseOptions, folder: string): Promise<void> {
  const { host, port, user, password = '', database } = connection;
  const replication = { replication: 'true' };
  const client = new pg.Client({ host, port, user, password, database, ...replication });
  // A server that dies meanwhile would otherwise end the process; the stream reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Until the connection ends, the server keeps the log that it has to add at the end, however much is written meanwhile.
    const slot = `base_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE_REPLICATION_SLOT ${slot} TEMPORARY PHYSICAL RESERVE_WAL`);
    const base = new BaseStream(
      "BASE_BACKUP (LABEL 'tidewaiter', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')",
    );
    client.query(base);
    const file = createWriteStream(join(folder, ARCHIVE_NAME), { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(base, createGzip({ level: 1 }), file, { signal });
    await writeFile(join(folder, MANIFEST_NAME), base.manifest(), { flag: 'wx', mode: 0o600, flush: true });
  } finally {
    // One that is in the middle of something hears no farewell.
    if (signal.aborted)
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    else await client.end().catch(() => undefined);
  }
}

/** Removes what processes that died have left. */
async function sweep(bases: string, now: Date): Promise<void> {
  for (const name of (await readdir(bases)).filter((one) => UNFINISHED.test(one))) {
    const path = join(bases, name);
    const archive = await stat(join(path, ARCHIVE_NAME)).catch(() => stat(path));
    if (now.getTime() - archive.mtimeMs > ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

function describe(error: unknown, folder: string, signal: AbortSignal): unknown {
  if (error instanceof TidewaiterError) return error;
  if (signal.aborted)
    return new TidewaiterError('E_CANCELLED', 'The base backup was broken off', 'Start it again.');
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new TidewaiterError(
      'E_NO_SPACE',
      `There is no space left for ${folder}`,
      `Free some space in ${dirname(folder)}, or keep fewer (backups.keep), and run again.`,
      { cause: error },
    );
  return new TidewaiterError(
    'E_BACKUP',
    `The base backup ${folder} cannot be made (${error instanceof Error ? error.message : String(error)})`,
    'Look at what it says, above all for rights to the folder, and run again; nothing half made was left.',
    { cause: error },
  );
}
