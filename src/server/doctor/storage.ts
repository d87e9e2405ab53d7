import { constants } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../core/errors.ts';
import { masterKeyFile } from '../../platform/secrets/file-master-key.ts';
import { readKeyFile } from '../../platform/secrets/key-file.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { openBucket } from '../../platform/vault/open-store.ts';
import { probeS3 } from '../../platform/vault/s3/probe.ts';
import { fail, failed, ok, warn, type Finding } from './check.ts';

const GIB = 2 ** 30;
const LEAST_FREE_BYTES = 5 * GIB;

/** The data folder, the space around it, the master keys in it, and the bucket of the vault if there is one. */
export async function checkStorage(settings: Settings): Promise<Finding[]> {
  const { data } = settings;
  const found = [await checkFolder(data), await checkSpace(data), await checkKeys(data)];
  return settings.objects.s3 === undefined ? found : [...found, ...(await checkBucket(settings))];
}

/** Writes, reads and deletes a small object. */
async function checkBucket(settings: Settings): Promise<Finding[]> {
  const what = 'vault';
  const found: Finding[] = [];
  try {
    const s3 = await openBucket(settings);
    if (s3 === undefined) return found;
    const { refusesOverwriting, listsUnfinished } = await probeS3(s3);
    const overwriting = refusesOverwriting
      ? 'refuses to write over objects'
      : 'is looked at before and after each write';
    found.push(ok(what, `the bucket ${s3.bucket} takes, gives and deletes objects, and ${overwriting}`));
    if (!listsUnfinished) {
      const remedy = 'Give the bucket a rule that removes incomplete multipart uploads after a few days.';
      found.push(warn(what, 'the store does not tell of unfinished uploads, so they stay', remedy));
    }
  } catch (error) {
    found.push(failed(what, error));
  }
  const folder = join(settings.data, 'vault');
  if ((await readdir(folder).catch(() => [])).length > 0) {
    const remedy = 'Take a backup with the settings as they were, and restore it with these.';
    found.push(warn(what, `files of before lie in ${folder}, where nobody looks now`, remedy));
  }
  return found;
}

async function checkFolder(data: string): Promise<Finding> {
  const what = 'data folder';
  try {
    const found = await stat(data);
    await access(data, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!found.isDirectory())
      return fail(what, `${data} is no folder`, 'Name another one in TIDEWAITER_DATA.');
    // As root, the database's own user has to get through.
    const open = found.mode & (process.getuid?.() === 0 ? 0o066 : 0o077);
    if (open === 0) return ok(what, data);
    const mode = (found.mode & 0o777).toString(8);
    return warn(what, `others may look into ${data} (mode ${mode})`, `Close it: chmod go-rw ${data}`);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return ok(what, `${data} is made at the first start`);
    return fail(
      what,
      `${data} cannot be used (${code ?? 'unknown reason'})`,
      'Run this as the user of the server, or name another folder in TIDEWAITER_DATA.',
    );
  }
}

async function checkSpace(data: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearest(data));
  return spaceLeft(bavail * bsize);
}

/** @param free bytes that the server may still write. */
export function spaceLeft(free: number): Finding {
  const found = `${(free / GIB).toFixed(1)} GiB free`;
  if (free >= LEAST_FREE_BYTES) return ok('disk', found);
  return warn('disk', found, 'Free some space, or move the data folder to a larger disk.');
}

/** The folder itself, or the first one above it that exists. */
async function nearest(folder: string): Promise<string> {
  const there = await stat(folder).catch(() => undefined);
  return there === undefined && folder !== dirname(folder) ? nearest(dirname(folder)) : folder;
}

async function checkKeys(data: string): Promise<Finding> {
  const what = 'master key';
  try {
    const keys = await readKeyFile(masterKeyFile(data));
    if (keys !== undefined) return ok(what, `${keys.length}, closed to others`);
    const there = ['vault', 'database'].map((name) => stat(join(data, name)).catch(() => undefined));
    const used = (await Promise.all(there)).some((found) => found !== undefined);
    if (!used) return ok(what, 'made at the first start');
    return fail(
      what,
      `${masterKeyFile(data)} is missing`,
      'Put it back from a backup before you start the server.',
    );
  } catch (error) {
    return failed(what, error);
  }
}
