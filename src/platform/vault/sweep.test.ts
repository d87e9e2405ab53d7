import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { collect, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { createVault } from './vault.ts';

const server = await startTestServer();
const { db, connection } = await server.database([store, vaultStep]);
const room = await testVault(db);
const { vault } = room;
const writer = fileURLToPath(new URL('../../../test/platform/vault-writer.ts', import.meta.url));
const dayAfter = (): Date => new Date(Date.now() + 25 * 3600 * 1000);

/** Has another process store an asset and kills it in the middle. @returns the asset's id. */
async function killedWriter(stopIn: 'bytes' | 'record'): Promise<string> {
  const assetId = randomUUID();
  const data = join(dirname(room.folder), 'data');
  const task = { connection, data, objects: room.folder, assetId, caseId: room.caseId, stopIn };
  const child = spawn(process.execPath, [writer, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
  return assetId;
}

async function wholeObjects(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of room.objects.list()) names.push(name);
  return names;
}

describe('a sweep', () => {
  test('removes what a killed writer left, which never looked whole, after the grace time', async () => {
    const id = await room.put(randomBytes(1000));
    for (const [stopIn, whole] of [
      ['bytes', 1],
      ['record', 2],
    ] as const) {
      const killed = await killedWriter(stopIn);
      await assert.rejects(vault.open(killed), { code: 'E_VAULT_MISSING' });
      assert.equal((await wholeObjects()).length, whole);
      assert.equal(room.files().length, 2);
      assert.deepEqual(await vault.sweep(new Date()), { unfinished: 0, orphans: 0, spared: 0 });
      assert.equal(room.files().length, 2);
      const swept = await vault.sweep(dayAfter());
      assert.deepEqual(swept, { unfinished: 2 - whole, orphans: whole - 1, spared: 0 });
      assert.equal(room.files().length, 1);
    }
    assert.equal((await collect(await vault.open(id))).length, 1000);
  });

  test('removes the files of what was erased, if nobody did', async () => {
    const caseId = await room.newCase(new Date(0));
    const id = await room.put(randomBytes(10), { caseId, retention: 'working' });
    // Where nothing else is known, everything is spared.
    await room.put(randomBytes(10));
    const before = room.files().length;
    const why = { reason: 'no longer needed', by: room.caseId, now: new Date() };
    await db.transaction().execute((tx) => vault.erase(tx, id, why));
    assert.equal((await vault.sweep(dayAfter())).orphans, 1);
    assert.equal(room.files().length, before - 1);
  });

  test('spares everything when the database knows none of it', async () => {
    const { db: wrong } = await server.database([store, vaultStep]);
    const files = room.files();
    const lost = createVault({ db: wrong, masterKey: room.masterKey, objects: room.objects });
    assert.deepEqual(await lost.sweep(dayAfter()), { unfinished: 0, orphans: 0, spared: files.length });
    assert.deepEqual(room.files(), files);
  });
});
