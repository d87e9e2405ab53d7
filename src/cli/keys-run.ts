import type { CommandIo } from '../core/command.ts';
import { append } from '../platform/ledger/ledger.ts';
import { openMasterKey } from '../platform/secrets/file-master-key.ts';
import { rotateMasterKey } from '../platform/secrets/rotate.ts';
import { wrappedSecrets } from '../platform/secrets/secrets.ts';
import { wrappedObjectKeys } from '../platform/vault/rewrap.ts';
import { byCommand, tell, withPlatform } from './user-run.ts';

/** @throws TidewaiterError `E_MASTER_KEY`, `E_SECRET_DAMAGED`, and what opening the platform throws. */
export async function rotateKeys(io: CommandIo): Promise<number> {
  const done = await withPlatform(io, async ({ db, settings, now }) => {
    const masterKey = await openMasterKey(settings.data);
    const counts = await rotateMasterKey(db, masterKey, [wrappedSecrets, wrappedObjectKeys]);
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
