import { exitCode, type CommandSpec } from '../core/command.ts';
import { readSettings } from '../platform/settings/settings.ts';
import { whichOne } from './user-command.ts';

const check: CommandSpec = {
  name: 'check',
  summary: 'Follow the chain of all entries, and name the first that was changed, taken out or added',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter ledger check', summary: 'exit code 1 when an entry does not fit' },
    {
      line: 'tidewaiter ledger check --json',
      summary: 'with the hash of the last entry, to be kept elsewhere',
    },
  ],
  async run(_, __, io) {
    const settings = await readSettings(process.env, process.cwd());
    const { checkWholeLedger } = await import('../server/check-ledger.ts');
    const log = (line: string): void => void io.stderr.write(`${line}\n`);
    const { brokenAt, ...found } = await checkWholeLedger(settings, log);
    const { entries, head, waiting } = found;
    const later = waiting === 0 ? '' : ` ${waiting} events wait for their place.`;
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

/** `tidewaiter ledger`. */
export const ledgerCommand: CommandSpec = {
  name: 'ledger',
  summary: 'Look at the record of what people and programs did',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter ledger check', summary: 'whether it is whole' }],
  subcommands: [check],
  run: () => Promise.reject(whichOne('ledger')),
};
