import { z } from 'zod';
import { exitCode, parseOptions, type CommandIo, type CommandOptions } from '../core/command.ts';
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
/** Who may use the command may change the database by hand too, so it is nobody with an account who did it. */
export const byCommand = { actor: 'system', facts: { through: 'command' } } as const;

export async function addUser(
  [login = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { name, ...where } = parseOptions(newUser, given);
  const grant = grantOf(where);
  const password = await readPassword(io, `Password for ${login}: `);
  const id = await withPlatform(
    io,
    ({ db, people, now }) =>
      db.transaction().execute(async (tx) => {
        const at = now();
        const personId = await createPerson(tx, people, { person: { login, name, password }, now: at });
        await append(tx, { kind: 'person.created', at, ...byCommand, subjects: { person: personId } });
        if (grant !== undefined) await give(tx, personId, grant, at);
        return personId;
      }),
    { creates: true },
  );
  const next = [
    `${login} has an account. At the first sign-in a passkey or an authenticator app is enrolled: have a security key or a phone at hand.`,
    ...(grant === undefined
      ? [`It has no role yet: tidewaiter user grant ${login} --site ID --role ROLE`]
      : []),
  ];
  return tell(io, { person: id }, next.join('\n'));
}

export async function resetUserPassword(
  [login = '']: readonly string[],
  _: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const next = await readPassword(io, `New password for ${login}: `);
  const id = await changePerson(io, login, 'person.password-reset', (tx, personId, { people }) =>
    resetPassword(tx, people, { personId, next }),
  );
  return tell(io, { person: id }, `${login} signs in with the new password from now on.`);
}

export async function resetUserSecondFactor(
  [login = '']: readonly string[],
  _: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const id = await changePerson(io, login, 'person.second-factor-reset', (tx, personId) =>
    removeSecondFactor(tx, personId),
  );
  return tell(io, { person: id }, `${login} enrols a passkey or an authenticator app at the next sign-in.`);
}

export async function grantUserRole(
  [login = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
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
}

/**
 * Works on the platform that runs, or opens it for the moment when none does.
 * @param creates makes a platform where none was: only what a new one needs first.
 * @throws TidewaiterError `E_PLATFORM_NONE`: an answer from a platform made this moment would say that nothing is there.
 */
export async function withPlatform<T>(
  io: CommandIo,
  work: (platform: OpenPlatform) => Promise<T>,
  { creates = false }: { readonly creates?: boolean } = {},
): Promise<T> {
  const settings = await readSettings(process.env, process.cwd());
  const { platformExists } = await import('../server/find-database.ts');
  if (!creates) platformExists(settings);
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
