import type { CommandSpec } from '../core/command.ts';
import { whichOne } from './user-command.ts';

const list: CommandSpec = {
  name: 'list',
  summary: 'Permits of this installation, newest first, and whether each still holds',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter governance permit list', summary: 'what may run, where, until when' }],
  run: async (_, __, io) => (await import('./permit-run.ts')).listAllPermits(io),
};

const exportOne: CommandSpec = {
  name: 'export',
  summary: 'Write a permit and the key to verify it, to carry to a machine without a store',
  arguments: [{ name: 'permit', summary: 'its id' }],
  options: [
    { flags: '-o, --output <file>', summary: 'file for the permit; it must not be there yet' },
    { flags: '--key <file>', summary: 'file for the public key; it must not be there yet' },
  ],
  examples: [
    {
      line: 'tidewaiter governance permit export 0b0c… -o permit.json --key permit.pem',
      summary: 'for tidewaiter redact --permit permit.json --permit-key permit.pem',
    },
  ],
  run: async (words, given, io) => (await import('./permit-run.ts')).exportOnePermit(words, given, io),
};

/** `tidewaiter governance permit`. */
export const permitCommand: CommandSpec = {
  name: 'permit',
  summary: 'Look at permits to run models, and carry them to other machines',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter governance permit list', summary: 'what may run, where, until when' }],
  subcommands: [list, exportOne],
  run: () => Promise.reject(whichOne('governance permit')),
};
