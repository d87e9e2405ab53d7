import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openMasterKey } from '../../src/platform/secrets/file-master-key.ts';
import { openDatabase, type ConnectionSettings } from '../../src/platform/store/database.ts';
import { fileStore } from '../../src/platform/vault/file-store.ts';
import { createVault } from '../../src/platform/vault/vault.ts';
import { recordAsset } from './vault-parts.ts';

/** A process that stores an asset and stops for ever in the middle: of the bytes, or of what is recorded. */
interface Task {
  readonly connection: ConnectionSettings;
  readonly data: string;
  readonly objects: string;
  readonly assetId: string;
  readonly caseId: string;
  readonly stopIn: 'bytes' | 'record';
}
const task = JSON.parse(process.argv[2] ?? '') as Task;

async function stop(): Promise<void> {
  process.stdout.write('stopped\n');
  await sleep(120_000);
}

async function* bytes(): AsyncGenerator<Buffer> {
  yield randomBytes(3 << 20);
  if (task.stopIn === 'bytes') await stop();
}

const vault = createVault({
  db: openDatabase(task.connection, () => undefined),
  masterKey: await openMasterKey(task.data),
  objects: fileStore(task.objects),
});
await vault.put(task.assetId, bytes(), { maxBytes: Infinity }, async (tx, stored) => {
  await recordAsset(tx, task.assetId, stored, { caseId: task.caseId });
  await stop();
});
