import { rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseOptions, type CommandIo, type CommandOptions } from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { enforcedPolicies } from '../governance/charters/enforced.ts';
import { exportPermit, listPermits } from '../governance/permits/list.ts';
import { append } from '../platform/ledger/ledger.ts';
import { byCommand, tell, withPlatform } from './user-run.ts';

const WIDEST_STATE = 'lacking'.length;

/** `tidewaiter governance permit list`. */
export async function listAllPermits(io: CommandIo): Promise<number> {
  const permits = await withPlatform(io, async (platform) =>
    listPermits(
      { ...platform, policies: await enforcedPolicies(platform.settings.policies) },
      platform.now(),
    ),
  );
  const lines = permits.map(
    ({ id, use, purpose, site, expires, state, lacks }) =>
      `${id}  ${state.padEnd(WIDEST_STATE)}  ${use} for ${purpose} at ${site}, until ${expires.slice(0, 10)}${lacks.length === 0 ? '' : ` (lacks ${lacks.join(', ')})`}`,
  );
  return tell(io, { permits }, lines.length === 0 ? 'No permit was issued here.' : lines.join('\n'));
}

const files = z.object({ output: z.string('it has to be given'), key: z.string('it has to be given') });

/** `tidewaiter governance permit export`. */
export async function exportOnePermit(
  [id = '']: readonly string[],
  given: CommandOptions,
  io: CommandIo,
): Promise<number> {
  const { output, key } = parseOptions(files, given);
  const wanted = z.uuid().safeParse(id);
  if (!wanted.success)
    throw new TidewaiterError(
      'E_GOVERNANCE_UNKNOWN',
      `${id} is not the id of a permit`,
      'Take one from tidewaiter governance permit list.',
    );
  const { permit, publicKey } = await withPlatform(io, async (platform) => {
    const policies = await enforcedPolicies(platform.settings.policies);
    const carried = await exportPermit({ ...platform, policies }, wanted.data);
    await platform.db.transaction().execute((tx) =>
      append(tx, {
        ...{ kind: 'governance.permit-exported', at: platform.now(), actor: byCommand.actor },
        ...{ subjects: { permit: wanted.data }, facts: byCommand.facts },
      }),
    );
    return carried;
  });
  await write(output, `${JSON.stringify(permit, undefined, 2)}\n`);
  // A permit that its key does not follow is of no use, and would be in the way of the next try.
  await write(key, publicKey).catch(async (error: unknown) => {
    await rm(output);
    throw error;
  });
  return tell(
    io,
    { permit: wanted.data, output, key },
    `${output} holds until ${permit.claims.expires.slice(0, 10)}. A suspension does not reach a machine that is not connected: take the file back there.`,
  );
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode: 0o644 }).catch((error: unknown) => {
    throw new TidewaiterError(
      'E_OPTION_FILE',
      `${path} cannot be written (${systemCode(error) ?? 'unknown reason'})`,
      'Name a file that is not there yet, in a folder that you may write to.',
      { cause: error },
    );
  });
}
