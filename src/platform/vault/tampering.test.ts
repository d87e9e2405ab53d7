import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { collect, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { CHUNK_BYTES, SEALED_CHUNK_BYTES } from './chunks.ts';

const server = await startTestServer();
const { db } = await server.database([store, vaultStep]);
const { vault, pathOf, put } = await testVault(db);

async function fileOf(id: string): Promise<string> {
  const { object } = await db
    .selectFrom('vault_objects')
    .select('object')
    .where('asset_id', '=', id)
    .executeTakeFirstOrThrow();
  return pathOf(object);
}

/** Asserts that both reading and checking an asset name it as damaged. */
async function isDamaged(id: string, how?: string): Promise<void> {
  const named = { code: 'E_VAULT_DAMAGED', message: new RegExp(id) };
  await assert.rejects(async () => collect(await vault.open(id)), named, how);
  await assert.rejects(vault.verify(id), named, how);
}

describe('an object of the vault', () => {
  test('is damaged when any byte of it was changed', async () => {
    const id = await put(randomBytes(40));
    const path = await fileOf(id);
    const sealed = readFileSync(path);
    assert.equal(sealed.length, 56);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(path, changed);
      await isDamaged(id, `byte ${at}`);
    }
    writeFileSync(path, sealed);
    await vault.verify(id);
  });

  test('is damaged when it was cut anywhere, or has something behind it', async () => {
    for (const size of [3 * CHUNK_BYTES + 7, 2 * CHUNK_BYTES]) {
      const id = await put(randomBytes(size));
      const path = await fileOf(id);
      const sealed = readFileSync(path);
      const borders = [0, 1, 2, 3].map((count) => count * SEALED_CHUNK_BYTES);
      const cuts = [...borders, ...borders.map((at) => at + 1), sealed.length - 1, sealed.length - 16];
      for (const length of cuts.filter((at) => at < sealed.length)) {
        truncateSync(path, length);
        await isDamaged(id, `cut at ${length}`);
        writeFileSync(path, sealed);
      }
      for (const more of [Buffer.alloc(1), sealed.subarray(0, SEALED_CHUNK_BYTES)]) {
        appendFileSync(path, more);
        await isDamaged(id, `${more.length} bytes more`);
        writeFileSync(path, sealed);
      }
      await vault.verify(id);
    }
  });

  test('is damaged when its chunks were exchanged, repeated or left out', async () => {
    const id = await put(randomBytes(3 * CHUNK_BYTES + 7));
    const path = await fileOf(id);
    const sealed = readFileSync(path);
    const [a, b, c] = [0, 1, 2].map((index) =>
      sealed.subarray(index * SEALED_CHUNK_BYTES, (index + 1) * SEALED_CHUNK_BYTES),
    );
    const end = sealed.subarray(3 * SEALED_CHUNK_BYTES);
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    for (const order of [
      [b, a, c, end],
      [a, c, b, end],
      [a, a, c, end],
      [a, b, end],
      [a, b, c, c, end],
      [end],
    ]) {
      writeFileSync(path, Buffer.concat(order));
      await isDamaged(id);
    }
  });

  test('gives out no byte of a chunk that does not verify, but those before it', async () => {
    const bytes = randomBytes(3 * CHUNK_BYTES);
    const id = await put(bytes);
    const path = await fileOf(id);
    const sealed = readFileSync(path);
    const at = SEALED_CHUNK_BYTES + 100;
    sealed[at] = (sealed[at] ?? 0) ^ 1;
    writeFileSync(path, sealed);
    const seen: Buffer[] = [];
    await assert.rejects(async () => {
      for await (const piece of (await vault.open(id)) as AsyncIterable<Buffer>) seen.push(piece);
    });
    assert.ok(Buffer.concat(seen).length <= CHUNK_BYTES);
    assert.ok(Buffer.concat(seen).equals(bytes.subarray(0, Buffer.concat(seen).length)));
    const range = await collect(await vault.open(id, { start: 2 * CHUNK_BYTES + 5 }));
    assert.ok(range.equals(bytes.subarray(2 * CHUNK_BYTES + 5)), 'what lies beyond can be read');
    await assert.rejects(async () =>
      collect(await vault.open(id, { start: CHUNK_BYTES, end: CHUNK_BYTES + 1 })),
    );
  });

  test('is damaged when it was exchanged with that of another asset, or is gone', async () => {
    const bytes = randomBytes(500);
    const [one, other] = [await put(bytes), await put(bytes)];
    const [first, second] = [await fileOf(one), await fileOf(other)];
    renameSync(first, `${first}.kept`);
    renameSync(second, first);
    renameSync(`${first}.kept`, second);
    await isDamaged(one);
    await isDamaged(other);
    rmSync(first);
    await isDamaged(one);
  });
});

describe('a row of the vault', () => {
  test('is found out when the key, the size, the hash or the file of another was put into it', async () => {
    const [id, other] = [await put(randomBytes(CHUNK_BYTES)), await put(randomBytes(2 * CHUNK_BYTES))];
    const row = (assetId: string) =>
      db.selectFrom('vault_objects').selectAll().where('asset_id', '=', assetId).executeTakeFirstOrThrow();
    const [mine, theirs] = [await row(id), await row(other)];
    const set = (values: Partial<Pick<typeof mine, 'wrapped_key'>>): Promise<unknown> =>
      db.updateTable('vault_objects').set(values).where('asset_id', '=', id).execute();
    await set({ wrapped_key: theirs.wrapped_key });
    await assert.rejects(vault.open(id), { code: 'E_SECRET_DAMAGED' });
    await set({ wrapped_key: mine.wrapped_key });

    const replace = async (values: Partial<typeof mine>): Promise<void> => {
      await db.deleteFrom('vault_objects').where('asset_id', 'in', [id, other]).execute();
      await db
        .insertInto('vault_objects')
        .values({ ...mine, ...values })
        .execute();
    };
    await replace({ bytes: CHUNK_BYTES - 1 });
    await isDamaged(id);
    await replace({ bytes: 2 * CHUNK_BYTES });
    await isDamaged(id);
    await replace({ object: theirs.object });
    await isDamaged(id);
    await replace({ sha256: theirs.sha256 });
    await assert.rejects(vault.verify(id), { code: 'E_VAULT_DAMAGED' });
    await replace({});
    await vault.verify(id);
  });
});
