import type { CommandSpec } from '../core/command.ts';
import { keys } from '../uses/redaction/keys-command.ts';

const rotate: CommandSpec = {
  name: 'rotate',
  summary: 'Make a new master key and wrap all keys and secrets of the platform again with it',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter keys rotate', summary: 'while the platform runs or not; make a backup afterwards' },
  ],
  run: async (_, __, io) => (await import('./keys-run.ts')).rotateKeys(io),
};

/** `tidewaiter keys`. */
export const keysCommand: CommandSpec = { ...keys, subcommands: [rotate] };
