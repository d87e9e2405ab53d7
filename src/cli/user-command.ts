import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandSpec } from '../core/command.ts';
import { TidewaiterError } from '../core/errors.ts';
import { append } from '../platform/ledger/ledger.ts';
import { createPerson, findPerson, resetPassword } from '../platform/people/accounts.ts';
import { grantRole } from '../platform/people/grants.ts';
import { roles, type Grant } from '../platform/people/roles.ts';
import { removeSecondFactor } from '../platform/people/second-factor.ts';
import { readSettings } from '../platform/settings/settings.ts';
import type { Database, DatabaseTransaction } from '../platform/store/database.ts';
import type { OpenPlatform } from '../server/open-platform.ts';
import { readPassword } from './read-password.ts';

const role = z.enum(roles);
const newUser = z.object({
  name: z.string('it has to be given'),
  site: z.string().optional(),
  role: role.optional(),
});
const loginArgument = { name: 'login', summary: 'the name the person signs in with' };
const siteOption = { flags: '--site <id>', summary: 'id of a site, or * for all there are and will be' };
const roleOption = { flags: '--role <role>', summary: 'what the person may do there', choices: [...roles] };

/** Who may use the command may change the database by hand too, so it is nobody with an account who did it. */
const byCommand = { actor: 'system', facts: { through: 'command' } } as const;

const add: CommandSpec = {
  name: 'add',
  summary: 'Make an account; its password is read from standard input',
  arguments: [loginArgument],
  options: [{ flags: '--name <name>', summary: 'as others see it' }, siteOption, roleOption],
  examples: [
    { line: 'tidewaiter user add ana --name "Ana Lima"', summary: 'without a role so far' },
    {
      line: 'tidewaiter user add ana --name "Ana Lima" --site "*" --role admin < password.txt',
      summary: 'an administrator of every site',
    },
  ],
  async run([login = ''], given, io) {
    const { name, ...where } = parseOptions(newUser, given);
    const grant = grantOf(where);
    const password = await readPassword(io, `Password for ${login}: `);
    const id = await withPlatform(io, ({ db, people, now }) =>
      db.transaction().execute(async (tx) => {
        const at = now();
        const personId = await createPerson(tx, people, { person: { login, name, password }, now: at });
        await append(tx, { kind: 'person.created', at, ...byCommand, subjects: { person: personId } });
        if (grant !== undefined) await give(tx, personId, grant, at);
        return personId;
      }),
    );
    const next = [
      `${login} has an account. At the first sign-in an authenticator app is enrolled, which takes a phone.`,
      ...(grant === undefined
        ? [`It has no role yet: tidewaiter user grant ${login} --site ID --role ROLE`]
        : []),
    ];
    return tell(io, { person: id }, next.join('\n'));
  },
};

const resetPasswordCommand: CommandSpec = {
  name: 'reset-password',
  summary: 'Set a new password, read from standard input, and end all sessions of the person',
  arguments: [loginArgument],
  options: [],
  examples: [{ line: 'tidewaiter user reset-password ana', summary: 'asks for it without showing it' }],
  async run([login = ''], _, io) {
    const next = await readPassword(io, `New password for ${login}: `);
    const id = await changePerson(io, login, 'person.password-reset', (tx, personId, { people }) =>
      resetPassword(tx, people, { personId, next }),
    );
    return tell(io, { person: id }, `${login} signs in with the new password from now on.`);
  },
};

const resetSecondFactor: CommandSpec = {
  name: 'reset-second-factor',
  summary: 'For who lost phone and recovery codes: the next sign-in enrols a new authenticator app',
  arguments: [loginArgument],
  options: [],
  examples: [
    { line: 'tidewaiter user reset-second-factor ana', summary: 'make sure first that it is Ana who asks' },
  ],
  async run([login = ''], _, io) {
    const id = await changePerson(io, login, 'person.second-factor-reset', (tx, personId) =>
      removeSecondFactor(tx, personId),
    );
    return tell(io, { person: id }, `${login} enrols an authenticator app at the next sign-in.`);
  },
};

const grant: CommandSpec = {
  name: 'grant',
  summary: 'Give somebody a role at a site',
  arguments: [loginArgument],
  options: [siteOption, roleOption],
  examples: [
    { line: 'tidewaiter user grant ana --site pier --role supervisor', summary: 'at one site' },
    { line: 'tidewaiter user grant ana --site "*" --role admin', summary: 'at every site' },
  ],
  async run([login = ''], given, io) {
    const wanted = parseOptions(
      z.object({ site: z.string('it has to be given'), role: z.enum(roles, 'it has to be given') }),
      given,
    );
    const id = await withPlatform(io, ({ db, now }) =>
      db.transaction().execute(async (tx) => {
        const personId = await idOf(tx, login);
        await give(tx, personId, wanted, now());
        return personId;
      }),
    );
    const where = wanted.site === '*' ? 'every site' : wanted.site;
    return tell(io, { person: id }, `${login} is ${wanted.role} at ${where}.`);
  },
};

/** `tidewaiter user`. */
export const userCommand: CommandSpec = {
  name: 'user',
  summary: 'Make accounts, give roles, and help people who cannot sign in',
  arguments: [],
  options: [],
  examples: [{ line: 'tidewaiter user add ana --name "Ana Lima"', summary: 'make an account' }],
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

/** Works on the platform that runs, or opens it for the moment when none does. */
export async function withPlatform<T>(
  io: CommandIo,
  work: (platform: OpenPlatform) => Promise<T>,
): Promise<T> {
  const settings = await readSettings(process.env, process.cwd());
  const { openPlatform } = await import('../server/open-platform.ts');
  const open = (database: 'join' | 'run'): Promise<OpenPlatform> =>
    openPlatform({
      settings,
      database,
      log: () => undefined,
      // Each query then fails and says so.
      onFailed: () => undefined,
    });
  const platform = await open('join').catch((error: unknown) => {
    if (error instanceof TidewaiterError && error.code === 'E_DATABASE_STOPPED') return open('run');
    throw error;
  });
  try {
    io.signal.throwIfAborted();
    return await work(platform);
  } finally {
    await platform.close();
  }
}

/** @throws TidewaiterError `E_PERSON_UNKNOWN`. */
export async function idOf(db: Database, login: string): Promise<string> {
  const person = await findPerson(db, login);
  if (person !== undefined) return person.id;
  throw new TidewaiterError(
    'E_PERSON_UNKNOWN',
    `Nobody has the login ${login}`,
    'Check how it is written, or make the account with tidewaiter user add.',
  );
}

/** Prints what was done: as text, or with `--json` as the event `result`. */
export async function tell(io: CommandIo, result: object, text: string): Promise<number> {
  await (io.json ? io.emit('result', result) : io.stdout.write(`${text}\n`));
  return exitCode.done;
}

async function changePerson(
  io: CommandIo,
  login: string,
  kind: string,
  change: (tx: DatabaseTransaction, personId: string, platform: OpenPlatform) => Promise<void>,
): Promise<string> {
  return withPlatform(io, (platform) =>
    platform.db.transaction().execute(async (tx) => {
      const personId = await idOf(tx, login);
      await change(tx, personId, platform);
      await append(tx, { kind, at: platform.now(), ...byCommand, subjects: { person: personId } });
      return personId;
    }),
  );
}

async function give(tx: DatabaseTransaction, personId: string, given: Grant, at: Date): Promise<void> {
  await grantRole(tx, { personId, grant: given, now: at });
  await append(tx, {
    kind: 'person.role-given',
    at,
    actor: byCommand.actor,
    subjects: { person: personId },
    facts: { ...byCommand.facts, ...given },
  });
}

function grantOf(where: {
  readonly site?: string | undefined;
  readonly role?: Grant['role'] | undefined;
}): Grant | undefined {
  const { site, role: wanted } = where;
  if (site === undefined && wanted === undefined) return undefined;
  if (site !== undefined && wanted !== undefined) return { site, role: wanted };
  throw new TidewaiterError(
    'E_OPTION',
    'A role is held at a site: --site and --role go together',
    'Give both or neither.',
  );
}
