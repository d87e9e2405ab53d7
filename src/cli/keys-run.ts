import { z } from 'zod';
import { parseOptions, type CommandIo, type CommandOptions } from '../core/command.ts';
import { TidewaiterError } from '../core/errors.ts';
import { append } from '../platform/ledger/ledger.ts';
import { openMasterKey } from '../platform/secrets/file-master-key.ts';
import { rotateMasterKey } from '../platform/secrets/rotate.ts';
import { wrappedSecrets } from '../platform/secrets/secrets.ts';
import { kindUnder, rotateSigningKey, signingPurposes } from '../platform/secrets/signing-keys.ts';
import { wrappedDraftKeys } from '../platform/uploads/rows.ts';
import { wrappedObjectKeys } from '../platform/vault/rewrap.ts';
import { byCommand, tell, withPlatform } from './user-run.ts';

const options = z.object({ signing: z.string().min(1).optional() });

/** @throws TidewaiterError `E_MASTER_KEY`, `E_SECRET_DAMAGED`, `E_OPTION`, and what opening the platform throws. */
export async function rotate(given: CommandOptions, io: CommandIo): Promise<number> {
  const { signing } = parseOptions(options, given);
  return signing === undefined ? rotateMaster(io) : rotateSigning(signing, io);
}

async function rotateSigning(wanted: string, io: CommandIo): Promise<number> {
  const keys = await withPlatform(io, async ({ db, settings, now }) => {
    const masterKey = await openMasterKey(settings.data);
    const kind = kindUnder(settings.cryptography);
    return db.transaction().execute(async (tx) => {
      const known = await signingPurposes(tx);
      if (wanted !== 'all' && !known.includes(wanted))
        throw new TidewaiterError(
          'E_OPTION',
          `Nothing was signed here for ${wanted}`,
          `Keys are made when they are needed first. There are keys for: ${known.join(', ') || 'nothing'}.`,
        );
      const made: { purpose: string; kind: string; fingerprint: string }[] = [];
      for (const purpose of wanted === 'all' ? known : [wanted]) {
        const { fingerprint } = await rotateSigningKey(tx, masterKey, purpose, kind);
        made.push({ purpose, kind, fingerprint });
        await append(tx, {
          kind: 'signing-key.rotated',
          at: now(),
          actor: byCommand.actor,
          subjects: {},
          facts: { ...byCommand.facts, purpose, key: fingerprint },
        });
      }
      return made;
    });
  });
  const lines = keys.map(({ purpose, fingerprint }) => `${purpose}: ${fingerprint}`);
  return tell(
    io,
    { keys },
    [
      ...lines,
      'These keys sign from now on; older ones stay to verify what they signed. Give the new public keys to who verifies elsewhere, and make a backup.',
    ].join('\n'),
  );
}

async function rotateMaster(io: CommandIo): Promise<number> {
  const done = await withPlatform(io, async ({ db, settings, now }) => {
    const masterKey = await openMasterKey(settings.data);
    const counts = await rotateMasterKey(db, masterKey, [
      wrappedSecrets,
      wrappedObjectKeys,
      wrappedDraftKeys,
    ]);
    const wrapped = Object.fromEntries(counts);
    await db.transaction().execute((tx) =>
      append(tx, {
        kind: 'master-key.rotated',
        at: now(),
        actor: byCommand.actor,
        subjects: {},
        facts: { ...byCommand.facts, ...wrapped },
      }),
    );
    return wrapped;
  });
  const { secrets = 0, vault = 0 } = done;
  return tell(
    io,
    done,
    `There is a new master key. ${secrets} secrets and the keys of ${vault} files were wrapped again. Make a backup: older ones do not hold it.`,
  );
}
