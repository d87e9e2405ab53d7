import type { CommandSpec } from '../core/command.ts';
import { TidewaiterError } from '../core/errors.ts';
import { roles } from '../platform/people/roles.ts';

const loginArgument = { name: 'login', summary: 'the name the person signs in with' };
const siteOption = { flags: '--site <id>', summary: 'id of a site, or * for all there are and will be' };
const roleOption = { flags: '--role <role>', summary: 'what the person may do there', choices: [...roles] };

const add: CommandSpec = {
  name: 'add',
  summary: 'Make an account; its password is read from standard input',
  arguments: [loginArgument],
  options: [{ flags: '--name <name>', summary: 'as others see it' }, siteOption, roleOption],
  examples: [
    { line: 'tidewaiter user add clerk --name "FOIA clerk"', summary: 'without a role so far' },
    {
      line: 'tidewaiter user add clerk --name "FOIA clerk" --site "*" --role admin < password.txt',
      summary: 'an administrator of every site',
    },
  ],
  run: async (args, given, io) => (await import('./user-run.ts')).addUser(args, given, io),
};

const resetPasswordCommand: CommandSpec = {
  name: 'reset-password',
  summary: 'Set a new password, read from standard input, and end all sessions of the person',
  arguments: [loginArgument],
  options: [],
  examples: [{ line: 'tidewaiter user reset-password clerk', summary: 'asks for it without showing it' }],
  run: async (args, given, io) => (await import('./user-run.ts')).resetUserPassword(args, given, io),
};

const resetSecondFactor: CommandSpec = {
  name: 'reset-second-factor',
  summary: 'For who lost keys, phone and recovery codes: all are removed, and the next sign-in enrols anew',
  arguments: [loginArgument],
  options: [],
  examples: [
    {
      line: 'tidewaiter user reset-second-factor clerk',
      summary: 'make sure first that it is this person who asks',
    },
  ],
  run: async (args, given, io) => (await import('./user-run.ts')).resetUserSecondFactor(args, given, io),
};

const grant: CommandSpec = {
  name: 'grant',
  summary: 'Give somebody a role at a site',
  arguments: [loginArgument],
  options: [siteOption, roleOption],
  examples: [
    { line: 'tidewaiter user grant clerk --site pier --role supervisor', summary: 'at one site' },
    { line: 'tidewaiter user grant clerk --site "*" --role admin', summary: 'at every site' },
  ],
  run: async (args, given, io) => (await import('./user-run.ts')).grantUserRole(args, given, io),
};

/** `tidewaiter user`. */
export const userCommand: CommandSpec = {
  name: 'user',
  summary: 'Make accounts, give roles, and help people who cannot sign in',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter user add clerk --name "FOIA clerk"', summary: 'make an account' }],
  subcommands: [add, resetPasswordCommand, resetSecondFactor, grant],
  run: () => Promise.reject(whichOne('user')),
};

/** For a command that only has commands below it. */
export function whichOne(name: string): TidewaiterError {
  return new TidewaiterError(
    'E_USAGE',
    `tidewaiter ${name} needs to know what to do`,
    `See tidewaiter ${name} --help.`,
  );
}
