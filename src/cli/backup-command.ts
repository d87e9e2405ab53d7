import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import {
  exitCode,
  parseOptions,
  type CommandIo,
  type CommandOptions,
  type CommandSpec,
} from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { readSettings } from '../platform/settings/settings.ts';

const passphraseOption = {
  flags: '--passphrase-file <path>',
  summary: 'file whose first line is the passphrase of the master keys, at least 15 characters',
};

/** `tidewaiter backup`. */
export const backupCommand: CommandSpec = {
  name: 'backup',
  summary: 'Write database, vault and keys into one file, while the platform runs or not',
  arguments: [
    { name: 'file', summary: 'the backup to be made; it must not exist (not with --base)', optional: true },
  ],
  options: [
    passphraseOption,
    {
      flags: '--base',
      summary:
        'copy only the files of our own database, into a folder below the data folder, as is done every night',
    },
    {
      flags: '--leave-objects',
      summary:
        'leave the files of the vault in their bucket: keep that one safe too, nothing can be restored without it',
    },
  ],
  examples: [
    {
      line: 'tidewaiter backup /mnt/backup/2026-03-01.tar --passphrase-file /root/passphrase',
      summary: 'keep the passphrase apart from the backup: without it nothing can be restored',
    },
  ],
  async run([file], given, io) {
    if (isBase(given)) return runBase(file, given, io);
    if (file === undefined) throw usage('The backup needs a file to be written to', 'tidewaiter backup FILE');
    const passphrase = await readPassphrase(given);
    const settings = await readSettings(process.env, process.cwd());
    const { backUp } = await import('../server/backup/back-up.ts');
    const log = (line: string): void => void io.stderr.write(`${line}\n`);
    const { leaveObjects } = parseOptions(z.object({ leaveObjects: z.boolean().default(false) }), given);
    const { signal } = io;
    const done = await backUp({ settings, file, passphrase, leaveObjects, now: new Date(), signal, log });
    const { rows, objects, lost, left, bytes } = done;
    if (io.json) await io.emit('result', { file, ...done });
    else await io.stdout.write(`${file}: ${rows} rows, ${objects} files of the vault, ${bytes} bytes\n`);
    if (left > 0) await io.stderr.write(`${left} files of the vault stay in their bucket.\n`);
    if (lost === 0) return exitCode.done;
    await io.stderr.write(`${lost} files were lost from the vault before, so the backup lacks them.\n`);
    return exitCode.attention;
  },
};

/** `tidewaiter restore`. */
export const restoreCommand: CommandSpec = {
  name: 'restore',
  summary: 'Put a backup into an empty data folder, or an empty database of yours',
  arguments: [{ name: 'file', summary: 'a file that tidewaiter backup wrote, or with --base a folder' }],
  options: [
    passphraseOption,
    { flags: '--base', summary: 'put the database of a base backup into a data folder that has none' },
    {
      flags: '--beside',
      summary: 'the installation that the backup is of still runs: switch cameras, webhooks and channels off',
    },
  ],
  examples: [
    {
      line: 'TIDEWAITER_DATA=/srv/restored tidewaiter restore 2026-03-01.tar --passphrase-file /root/passphrase',
      summary: 'beside what there is',
    },
  ],
  async run([file = ''], given, io) {
    if (isBase(given)) return runRestoreBase(file, given, io);
    const passphrase = await readPassphrase(given);
    const settings = await readSettings(process.env, process.cwd());
    const { restore } = await import('../server/backup/restore.ts');
    const log = (line: string): void => void io.stderr.write(`${line}\n`);
    const { beside } = parseOptions(z.object({ beside: z.boolean().default(false) }), given);
    const { madeAt, tables, objects, lost, left, reaching } = await restore({
      settings,
      file,
      passphrase,
      beside,
      signal: io.signal,
      log,
    });
    const rows = tables.reduce((sum, table) => sum + table.rows, 0);
    if (io.json)
      await io.emit('result', { data: settings.data, madeAt, rows, objects, lost, reaching, beside });
    else
      await io.stdout.write(
        `${settings.data}: as of ${madeAt}, ${rows} rows, ${objects} files of the vault. Start it with tidewaiter serve.\n`,
      );
    if (Object.values(reaching).some((count) => count > 0)) {
      const what = `${reaching.cameras} cameras, ${reaching.webhooks} webhooks, ${reaching.channels} channels`;
      await io.stderr.write(
        beside
          ? `Switched off: ${what}. Switch them on when the installation that the backup is of is gone.\n`
          : `On when it is started: ${what}. Where the installation that the backup is of still runs, restore with --beside, or all is watched and sent twice.\n`,
      );
    }
    if (left > 0)
      await io.stderr.write(
        'The files of the vault are where the backup left them. Never run two installations on one bucket: each removes what it does not know.\n',
      );
    return lost === 0 ? exitCode.done : exitCode.attention;
  },
};

function isBase(given: CommandOptions): boolean {
  return given['base'] === true;
}

async function runBase(file: string | undefined, given: CommandOptions, io: CommandIo): Promise<number> {
  if (file !== undefined || given['leaveObjects'] !== undefined || given['passphraseFile'] !== undefined)
    throw usage(
      'With --base nothing else is said: the folder is named by the time',
      'tidewaiter backup --base',
    );
  const settings = await readSettings(process.env, process.cwd());
  const { backUpBase } = await import('../server/backup/base.ts');
  const log = (line: string): void => void io.stderr.write(`${line}\n`);
  const { folder, bytes, removed } = await backUpBase({ settings, signal: io.signal, log, now: new Date() });
  if (io.json) await io.emit('result', { folder, bytes, removed });
  else await io.stdout.write(`${folder}: ${bytes} bytes, read back and whole; ${removed} older removed\n`);
  return exitCode.done;
}

async function runRestoreBase(from: string, given: CommandOptions, io: CommandIo): Promise<number> {
  if (given['beside'] !== undefined || given['passphraseFile'] !== undefined)
    throw usage(
      'With --base nothing else is said: all goes on where it was',
      'tidewaiter restore --base FOLDER',
    );
  const settings = await readSettings(process.env, process.cwd());
  const { restoreBase } = await import('../server/backup/base.ts');
  const log = (line: string): void => void io.stderr.write(`${line}\n`);
  const { keys } = await restoreBase({ settings, from, signal: io.signal, log });
  if (io.json) await io.emit('result', { data: settings.data, keys });
  else await io.stdout.write(`${settings.data}: the database of ${from}\n`);
  if (keys) return exitCode.done;
  await io.stderr.write(
    'Before you start it, put master-keys.json and vault of its installation in there.\n',
  );
  return exitCode.attention;
}

function usage(message: string, right: string): TidewaiterError {
  return new TidewaiterError('E_USAGE', message, `Write: ${right}`);
}

/** @throws TidewaiterError `E_OPTION_FILE`. */
async function readPassphrase(given: CommandOptions): Promise<string> {
  const { passphraseFile: path } = parseOptions(
    z.object({ passphraseFile: z.string('it has to be given') }),
    given,
  );
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OPTION_FILE',
      `The file ${path} of --passphrase-file cannot be read (${systemCode(error) ?? 'unknown reason'})`,
      'Check its name and permissions.',
    );
  });
  return text.split(/\r?\n/)[0] ?? '';
}
