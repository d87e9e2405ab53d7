import type { CommandSpec } from '../core/command.ts';
import { keys } from '../uses/redaction/keys-command.ts';

const rotate: CommandSpec = {
  name: 'rotate',
  summary:
    'Make a new master key and wrap all keys and secrets of the platform again with it, or a new signing key',
  arguments: [],
  options: [
    {
      flags: '--signing <purpose>',
      summary:
        'make a new key that signs for this (ledger, permits, ...) or for all; older ones stay to verify',
    },
  ],
  examples: [
    { line: 'tidewaiter keys rotate', summary: 'while the platform runs or not; make a backup afterwards' },
    { line: 'tidewaiter keys rotate --signing all', summary: 'after switching to the FIPS profile' },
  ],
  run: async (_, given, io) => (await import('./keys-run.ts')).rotate(given, io),
};

/** `tidewaiter keys`. */
export const keysCommand: CommandSpec = { ...keys, subcommands: [rotate] };
