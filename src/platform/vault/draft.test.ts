import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { onSmallDisk } from '../../../test/platform/small-disk.ts';
import { collect, recordAsset, testFolder, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES } from './chunks.ts';
import type { Draft, DraftOrder } from './draft.ts';

const server = await startTestServer();
const { db } = await server.database([store, vaultStep]);
const { vault, caseId } = await testVault(db);
const folder = testFolder();

function order(length: number): DraftOrder {
  const mediaTypeOf = (head: Uint8Array): string => `test/${head.length}`;
  return { folder, assetId: randomUUID(), length, mediaTypeOf };
}

async function open(wanted: DraftOrder): Promise<Draft> {
  const draft = await vault.draft(wanted);
  assert.ok(draft);
  return draft;
}

const complete = (draft: Draft): ReturnType<typeof vault.complete> =>
  vault.complete(draft, (tx, stored) => recordAsset(tx, draft.assetId, stored, { caseId }));

describe('a draft', () => {
  for (const length of [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7])
    test(`in one visit, or opened anew after every piece, is the asset (${length} bytes)`, async () => {
      const bytes = randomBytes(length);
      for (const step of [Math.max(1, length), Math.max(1, Math.ceil(length / 5))]) {
        const wanted = order(length);
        let draft = await open(wanted);
        for (let offset = 0; offset < length; offset += step) {
          assert.equal(draft.offset, offset);
          await draft.append(bytes.subarray(offset, offset + step));
          const state = await draft.checkpoint();
          assert.equal(state.offset, Math.min(length, offset + step));
          await draft.close();
          draft = await open({ ...wanted, state });
        }
        assert.ok(draft.whole);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const mediaType = `test/${Math.min(length, CHUNK_BYTES)}`;
        assert.deepEqual(await complete(draft), { sha256, bytes: length, mediaType });
        assert.deepEqual(await collect(await vault.open(draft.assetId)), bytes);
        assert.equal((await vault.verify(draft.assetId)).sha256, sha256);
        assert.deepEqual(readdirSync(folder), []);
      }
    });

  test('has what was written after its state was kept, but for a chunk that is torn', async () => {
    const bytes = randomBytes(4 * CHUNK_BYTES + 100);
    const wanted = order(bytes.length);
    const first = await open(wanted);
    const state = await first.checkpoint();
    await first.append(bytes.subarray(0, 3 * CHUNK_BYTES + 50));
    await first.close();
    const path = join(folder, state.object);
    // A write that a crash cut short.
    appendFileSync(path, randomBytes(5000));
    const second = await open({ ...wanted, state });
    assert.equal(second.offset, 3 * CHUNK_BYTES);
    assert.equal(statSync(path).size, 3 * SEALED_CHUNK_BYTES);
    await second.append(bytes.subarray(3 * CHUNK_BYTES));
    await complete(second);
    assert.deepEqual(await collect(await vault.open(second.assetId)), bytes);
  });

  test('never seals twice with one key at one place', async () => {
    const length = 3 * CHUNK_BYTES;
    const bytes = Buffer.alloc(length, 7);
    const wanted = order(length);
    const first = await open(wanted);
    const state = await first.checkpoint();
    await first.append(bytes.subarray(0, 2 * CHUNK_BYTES));
    await first.close();
    const path = join(folder, state.object);
    const before = readFileSync(path);
    // The second chunk did not reach the disk whole.
    const torn = Buffer.from(before);
    torn.fill(0, SEALED_CHUNK_BYTES + 1000);
    writeFileSync(path, torn);
    const second = await open({ ...wanted, state });
    assert.equal(second.offset, CHUNK_BYTES);
    await second.append(bytes.subarray(CHUNK_BYTES, 2 * CHUNK_BYTES));
    await second.checkpoint();
    const after = readFileSync(path);
    const chunk = (file: Buffer, index: number): Buffer =>
      file.subarray(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES);
    assert.deepEqual(chunk(after, 0), chunk(before, 0));
    // The same bytes under the same nonce are other bytes, so the key is another.
    assert.notDeepEqual(chunk(after, 1).subarray(0, 1000), chunk(before, 1).subarray(0, 1000));
    const tails = [await second.checkpoint(), await second.checkpoint()].map(({ tail }) => tail);
    assert.deepEqual(tails, [null, null]);
    await second.append(bytes.subarray(0, 100));
    const [one, other] = [await second.checkpoint(), await second.checkpoint()];
    assert.notDeepEqual(one.tail, other.tail);
    // Nothing of it lies there as it came.
    assert.equal(after.indexOf(Buffer.alloc(16, 7)), -1);
    assert.equal(one.tail?.indexOf(Buffer.alloc(16, 7)), -1);
    await second.remove();
    assert.ok(!existsSync(path));
  });

  test('takes no tail of another draft, of another offset, or that was changed', async () => {
    const wanted = order(1000);
    const first = await open(wanted);
    const short = await first.checkpoint();
    await first.append(Buffer.alloc(10, 1));
    const state = await first.checkpoint();
    await first.close();
    const changed = Buffer.from(state.tail ?? '');
    changed.writeUInt8(changed.readUInt8(15) ^ 1, 15);
    for (const wrong of [
      { ...state, offset: 9 },
      { ...state, tail: changed },
      { ...state, tail: null },
    ])
      await assert.rejects(vault.draft({ ...wanted, state: wrong }), { code: 'E_VAULT_DAMAGED' });
    await assert.rejects(vault.draft({ ...wanted, assetId: randomUUID(), state }), {
      code: 'E_SECRET_DAMAGED',
    });
    assert.equal(await vault.draft({ ...wanted, state: { ...short, object: 'f'.repeat(32) } }), undefined);
    await (await open({ ...wanted, state })).remove();
  });

  test('that found the disk full says so, and goes on when there is room', async (t) => {
    const bytes = Buffer.alloc(20 * CHUNK_BYTES + 5, 'what came before is kept; ');
    const disk = testFolder();
    const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const code = `
      const { rmSync, writeFileSync } = await import('node:fs');
      const { Draft } = await import(${module('draft.ts')});
      const { openMasterKey } = await import(${module('../secrets/file-master-key.ts')});
      const disk = ${JSON.stringify(disk)};
      const key = await openMasterKey(disk + '/data');
      const bytes = Buffer.alloc(${bytes.length}, 'what came before is kept; ');
      const order = { folder: disk + '/drafts', assetId: ${JSON.stringify(randomUUID())}, length: bytes.length };
      order.mediaTypeOf = () => 'text/plain';
      writeFileSync(disk + '/other', Buffer.alloc(${4 * 2 ** 20}));
      let draft = await Draft.open(key, order);
      let state = await draft.checkpoint();
      const pieceBytes = 100_000;
      const add = async () => {
        while (draft.offset < bytes.length) {
          await draft.append(bytes.subarray(draft.offset, draft.offset + pieceBytes));
          state = await draft.checkpoint();
        }
      };
      await add().catch((error) => console.log(error.code, state.offset > pieceBytes, state.offset < bytes.length));
      await draft.close();
      rmSync(disk + '/other');
      draft = await Draft.open(key, { ...order, state });
      console.log(draft.offset >= state.offset);
      await add();
      console.log((await draft.stored()).sha256);
      await draft.remove();`;
    const printed = await onSmallDisk(t, disk, '8m', code);
    if (printed === undefined) return;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.equal(printed, `E_NO_SPACE true true\ntrue\n${sha256}\n`);
  });

  test('that was taken in by a process that died then is taken in again', async () => {
    const bytes = randomBytes(CHUNK_BYTES + 5);
    const wanted = order(bytes.length);
    const first = await open(wanted);
    await first.append(bytes);
    const state = await first.checkpoint();
    await assert.rejects(
      vault.complete(first, () => Promise.reject(new Error('the database is gone'))),
      /gone/,
    );
    await first.close();
    const second = await open({ ...wanted, state });
    await complete(second);
    assert.deepEqual(await collect(await vault.open(second.assetId)), bytes);
    const again = await open(wanted);
    await again.append(bytes);
    await assert.rejects(complete(again), { code: 'E_VAULT_EXISTS' });
    assert.deepEqual(await collect(await vault.open(second.assetId)), bytes);
    await again.remove();
  });
});
