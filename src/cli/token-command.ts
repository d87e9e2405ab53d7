import { z } from 'zod';
import { parseOptions, type CommandSpec } from '../core/command.ts';
import { append } from '../platform/ledger/ledger.ts';
import { scopes } from '../platform/people/roles.ts';
import { createToken } from '../platform/people/tokens.ts';
import { idOf, tell, whichOne, withPlatform } from './user-command.ts';

const DAY_MS = 86_400_000;

const schema = z.object({
  login: z.string('it has to be given'),
  name: z.string('it has to be given'),
  scope: z.array(z.enum(scopes), 'it has to be given').min(1),
  days: z.coerce.number().positive().max(366),
});

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
      line: 'tidewaiter token create --login ana --name "night import" --scope read --scope upload',
      summary: 'for three months',
    },
  ],
  async run(_, given, io) {
    const { login, name, scope, days } = parseOptions(schema, given);
    const made = await withPlatform(io, ({ db, now }) =>
      db.transaction().execute(async (tx) => {
        const at = now();
        const personId = await idOf(tx, login);
        const expiresAt = new Date(at.getTime() + days * DAY_MS);
        const token = await createToken(tx, { personId, name, scopes: scope, expiresAt, now: at });
        await append(tx, {
          kind: 'token.created',
          at,
          actor: 'system',
          subjects: { person: personId, token: token.id },
          facts: { through: 'command' },
        });
        return { ...token, expiresAt: expiresAt.toISOString() };
      }),
    );
    const note = `It lasts until ${made.expiresAt.slice(0, 10)} and is not shown again. Send it as: Authorization: Bearer TOKEN`;
    if (!io.json) await io.stderr.write(`${note}\n`);
    return tell(io, made, made.token);
  },
};

/** `tidewaiter token`. */
export const tokenCommand: CommandSpec = {
  name: 'token',
  summary: 'Make API tokens for programs',
  arguments: [],
  options: [],
  examples: [
    { line: 'tidewaiter token create --login ana --name import --scope read', summary: 'for three months' },
  ],
  subcommands: [create],
  run: () => Promise.reject(whichOne('token')),
};
