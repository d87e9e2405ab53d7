import type { CommandSpec } from '../core/command.ts';
import { scopes } from '../platform/people/roles.ts';
import { whichOne } from './user-command.ts';

const create: CommandSpec = {
  name: 'create',
  summary: 'Make an API token for a program of somebody; it is printed once',
  arguments: [],
  options: [
    { flags: '--login <login>', summary: 'whose rights it has' },
    { flags: '--name <name>', summary: 'what it is for' },
    { flags: '--scope <scope>', summary: 'what it may do', choices: [...scopes], repeatable: true },
    { flags: '--days <number>', summary: 'how long it lasts, 366 at most', default: '90' },
  ],
  examples: [
    {
      line: 'tidewaiter token create --login clerk --name "night import" --scope read --scope upload',
      summary: 'for three months',
    },
  ],
  run: async (_, given, io) => (await import('./token-run.ts')).createUserToken(given, io),
};

/** `tidewaiter token`. */
export const tokenCommand: CommandSpec = {
  name: 'token',
  summary: 'Make API tokens for programs',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter token create --login clerk --name import --scope read', summary: 'for three months' },
  ],
  subcommands: [create],
  run: () => Promise.reject(whichOne('token')),
};
