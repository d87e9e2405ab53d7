import { z } from 'zod';
import { exitCode, parseOptions, type CommandSpec } from '../core/command.ts';
import { readSettings } from '../platform/settings/settings.ts';
import { whichOne } from './user-command.ts';

const check: CommandSpec = {
  name: 'check',
  summary: 'Follow the chain of all entries, and name the first that was changed, taken out or added',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter governance ledger check', summary: 'exit code 1 when an entry does not fit' },
    {
      line: 'tidewaiter governance ledger check --json',
      summary: 'with the hash of the last entry, to be kept elsewhere',
    },
  ],
  async run(_, __, io) {
    const settings = await readSettings(process.env, process.cwd());
    const { checkWholeLedger } = await import('../server/check-ledger.ts');
    const log = (line: string): void => void io.stderr.write(`${line}\n`);
    const { brokenAt, ...found } = await checkWholeLedger(settings, log);
    const { entries, head, waiting } = found;
    const later =
      waiting === 0
        ? ''
        : ` ${waiting === 1 ? 'One event waits for its place' : `${waiting} events wait for their places`}.`;
    if (io.json)
      await io.emit('result', {
        good: brokenAt === undefined,
        ...found,
        ...(brokenAt === undefined ? {} : { brokenAt }),
      });
    else if (brokenAt === undefined)
      await io.stdout.write(
        `The ledger is good: ${entries} entries follow from one another${head === '' ? '' : `, the last is ${head}`}.${later}\n`,
      );
    else
      await io.stdout.write(
        `The ledger is broken at entry ${brokenAt}: it, or one before it, was changed, taken out or added. The ${entries} entries before it are good.${later}\n`,
      );
    return brokenAt === undefined ? exitCode.done : exitCode.attention;
  },
};

const key: CommandSpec = {
  name: 'key',
  summary: 'Print the public key that verifies the ledger, and those it had before',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter governance ledger key > ledger.pub.pem', summary: 'to be kept by whoever oversees' },
  ],
  run: async (_, __, io) => (await import('./ledger-run.ts')).printKeys(io),
};

const write: CommandSpec = {
  name: 'export',
  summary: 'Write all entries and signed heads into a file that can be verified anywhere',
  arguments: [{ name: 'file', summary: 'made anew: JSON lines' }],
  options: [],
  examples: [
    { line: 'tidewaiter governance ledger export ledger.jsonl', summary: 'while the platform runs or not' },
  ],
  run: async ([file = ''], _, io) => (await import('./ledger-run.ts')).writeExport(file, io),
};

const verify: CommandSpec = {
  name: 'verify',
  summary: 'Verify an export with the public key alone, on any machine',
  arguments: [{ name: 'file', summary: 'what tidewaiter governance ledger export wrote' }],
  options: [
    { flags: '--key <path>', summary: 'public key (PEM); several when it changed', repeatable: true },
    { flags: '--witness <path>', summary: 'heads that a witness kept: the export must hold all of them' },
  ],
  examples: [
    {
      line: 'tidewaiter governance ledger verify ledger.jsonl --key ledger.pub.pem --witness heads.txt',
      summary: 'names the entry that was changed, taken out or added',
    },
  ],
  async run([file = ''], given, io) {
    const options = parseOptions(verifyOptions, given);
    return (await import('./ledger-run.ts')).checkExport(
      { file, keys: options.key, witness: options.witness },
      io,
    );
  },
};

const verifyOptions = z.object({
  key: z.array(z.string()).min(1, 'give the public key'),
  witness: z.string().optional(),
});

/** `tidewaiter governance ledger`. */
export const ledgerCommand: CommandSpec = {
  name: 'ledger',
  summary: 'Look at the record of what people and programs did',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter governance ledger check', summary: 'whether it is whole' }],
  subcommands: [check, write, verify, key],
  run: () => Promise.reject(whichOne('governance ledger')),
};
