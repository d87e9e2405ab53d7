import { z } from 'zod';
import { parseOptions, type CommandIo, type CommandOptions } from '../core/command.ts';
import { append } from '../platform/ledger/ledger.ts';
import { scopes } from '../platform/people/roles.ts';
import { createToken } from '../platform/people/tokens.ts';
import { idOf, tell, withPlatform } from './user-run.ts';

const DAY_MS = 86_400_000;

const schema = z.object({
  login: z.string('it has to be given'),
  name: z.string('it has to be given'),
  scope: z.array(z.enum(scopes), 'it has to be given').min(1),
  days: z.coerce.number().positive().max(366),
});

/** `tidewaiter token create`. */
export async function createUserToken(given: CommandOptions, io: CommandIo): Promise<number> {
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
}
