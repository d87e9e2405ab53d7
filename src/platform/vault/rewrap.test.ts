import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { collect, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { openMasterKey } from '../secrets/file-master-key.ts';
import { rotateMasterKey } from '../secrets/rotate.ts';
import { CHUNK_BYTES } from './chunks.ts';
import { wrappedObjectKeys } from './rewrap.ts';
import { createVault } from './vault.ts';

const server = await startTestServer();
const { db } = await server.database([store, vaultStep]);
const room = await testVault(db);

test('the master key is rotated while assets are read and stored, here and in another process', async () => {
  const bytes = randomBytes(2 * CHUNK_BYTES);
  const ids = await Promise.all(Array.from({ length: 20 }, () => room.put(bytes)));
  const other = createVault({
    ...room,
    masterKey: await openMasterKey(join(dirname(room.folder), 'data')),
  });
  const begun = await room.vault.open(ids[0] ?? '');
  let rotating = true;
  let reads = 0;
  const reader = async (): Promise<void> => {
    while (rotating) {
      for (const vault of [room.vault, other]) {
        const id = ids[reads % ids.length] ?? '';
        assert.ok((await collect(await vault.open(id))).equals(bytes));
        reads += 1;
      }
    }
  };
  const writer = async (): Promise<void> => {
    while (rotating) ids.push(await room.put(bytes));
  };
  const rotations = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      const counts = await rotateMasterKey(db, room.masterKey, [wrappedObjectKeys]);
      assert.ok((counts.get('vault') ?? 0) >= 20);
    }
    rotating = false;
  };
  await Promise.all([reader(), writer(), rotations().finally(() => (rotating = false))]);
  assert.ok(reads > 0);
  assert.ok((await collect(begun)).equals(bytes), 'what was opened before goes on');
  for (const id of ids) await other.verify(id);

  await rotateMasterKey(db, room.masterKey, [wrappedObjectKeys]);
  const rows = await db.selectFrom('vault_objects').select('wrapped_key').execute();
  assert.equal(rows.length, ids.length);
  assert.ok(rows.every(({ wrapped_key: wrapped }) => room.masterKey.isCurrent(wrapped)));
});

test('more keys than a batch are all wrapped again', async () => {
  const { db: many } = await server.database([store, vaultStep]);
  const crowd = await testVault(many);
  const id = await crowd.put(randomBytes(10));
  const { exhibit: _, ...row } = await many
    .selectFrom('vault_objects')
    .innerJoin('assets', 'assets.id', 'asset_id')
    .selectAll('assets')
    .executeTakeFirstOrThrow();
  const ids = Array.from({ length: 2100 }, () => crypto.randomUUID());
  await many
    .insertInto('assets')
    .values(ids.map((copy) => ({ ...row, id: copy })))
    .execute();
  await many
    .insertInto('vault_objects')
    .values(
      await Promise.all(
        ids.map(async (copy) => ({
          asset_id: copy,
          object: copy,
          sha256: row.sha256,
          bytes: row.bytes,
          wrapped_key: await crowd.masterKey.wrap(randomBytes(32), `vault:${copy}`),
        })),
      ),
    )
    .execute();
  const counts = await rotateMasterKey(many, crowd.masterKey, [wrappedObjectKeys]);
  assert.equal(counts.get('vault'), 2101);
  await crowd.vault.verify(id);
});
