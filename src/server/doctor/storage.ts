import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../core/errors.ts';
import { masterKeyFile } from '../../platform/secrets/file-master-key.ts';
import { readKeyFile } from '../../platform/secrets/key-file.ts';
import { fail, failed, ok, warn, type Finding } from './check.ts';

const GIB = 2 ** 30;
const LEAST_FREE_BYTES = 5 * GIB;

/** The data folder, the space around it, and the master keys in it. */
export async function checkStorage(data: string): Promise<Finding[]> {
  return [await checkFolder(data), await checkSpace(data), await checkKeys(data)];
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
  const free = bavail * bsize;
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
    const used = await stat(join(data, 'vault')).catch(() => undefined);
    if (used === undefined) return ok(what, 'made at the first start');
    return fail(
      what,
      `${masterKeyFile(data)} is missing`,
      'Put it back from a backup before you start the server.',
    );
  } catch (error) {
    return failed(what, error);
  }
}
