import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { exitCode, type CommandIo } from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { parseVerifyKey, publicKeyPem } from '../core/signing-key.ts';
import { exportLedger, verifyExport } from '../governance/log/export.ts';
import { witnessedNotes } from '../governance/log/witness.ts';
import { openMasterKey } from '../platform/secrets/file-master-key.ts';
import { verifyKeys } from '../platform/secrets/signing-keys.ts';
import { readSettings } from '../platform/settings/settings.ts';
import { reachDatabase } from '../server/backup/reach.ts';

/** Writes the ledger of an installation, running or not, into a file that comes to be only when it is whole. */
export async function writeExport(file: string, io: CommandIo): Promise<number> {
  const settings = await readSettings(process.env, process.cwd());
  const { db, close } = await reachDatabase(settings, (line) => void io.stderr.write(`${line}\n`));
  const partial = `${file}.partial`;
  try {
    const sink = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(exportLedger(db), sink, { signal: io.signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw systemCode(error) === 'ENOENT' ? unwritable(file, error as Error) : error;
  } finally {
    await close();
  }
  await (io.json ? io.emit('result', { file }) : io.stdout.write(`The ledger was written to ${file}\n`));
  return exitCode.done;
}

/** Checks an export without the installation that it came from. */
export async function checkExport(
  { file, keys, witness }: { file: string; keys: readonly string[]; witness: string | undefined },
  io: CommandIo,
): Promise<number> {
  const publicKeys = await Promise.all(keys.map(async (path) => parseVerifyKey(await read(path), path)));
  const witnessed = witness === undefined ? [] : witnessedNotes(await read(witness));
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  const found = await verifyExport(lines, publicKeys, witnessed).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? unreadable(file, error) : error;
  });
  const { origin, at } = found.last;
  if (io.json)
    await io.emit('result', { good: true, entries: found.entries, heads: found.heads, origin, signedAt: at });
  else
    await io.stdout.write(
      `The ledger of ${origin} is good: ${found.entries} entries, signed ${found.heads} times, last at ${at.toISOString()}${
        witness === undefined ? '' : `; it holds all ${witnessed.length} heads that the witness kept`
      }.\n`,
    );
  return exitCode.done;
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw unreadable(path, error);
  });
}

function unwritable(path: string, error: Error): TidewaiterError {
  return new TidewaiterError(
    'E_OUTPUT_FOLDER',
    `${path} cannot be written: ${error.message}`,
    'Check the folder and its rights.',
  );
}

function unreadable(path: string, error: Error): TidewaiterError {
  return new TidewaiterError(
    'E_UNREADABLE',
    `${path} cannot be read: ${error.message}`,
    'Check its name and rights.',
  );
}

/** Prints the public keys that signed the ledger, newest first, as PEM. */
export async function printKeys(io: CommandIo): Promise<number> {
  const settings = await readSettings(process.env, process.cwd());
  const { db, close } = await reachDatabase(settings, (line) => void io.stderr.write(`${line}\n`));
  try {
    const keys = await verifyKeys(db, await openMasterKey(settings.data), 'ledger');
    const pems = keys.map(({ publicKey }) => publicKeyPem(publicKey));
    await (io.json ? io.emit('result', { keys: pems }) : io.stdout.write(pems.join('')));
    return exitCode.done;
  } finally {
    await close();
  }
}
