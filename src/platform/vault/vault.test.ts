import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { collect, pieces, recordAsset, testVault } from '../../../test/platform/vault-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault as vaultStep } from '../migrations/2026-11-22-1720-vault.ts';
import { CHUNK_BYTES } from './chunks.ts';

const server = await startTestServer();
const { db } = await server.database([store, vaultStep]);
const room = await testVault(db);
const { vault } = room;
const any = { maxBytes: Infinity };
const record =
  (id: string): Parameters<typeof vault.put>[3] =>
  (tx, stored) =>
    recordAsset(tx, id, stored, room);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Asserts that something fails and leaves neither file nor row. */
async function leavesNothing(id: string, failing: Promise<unknown>, error: object): Promise<void> {
  const before = new Set(room.files());
  await assert.rejects(failing, error);
  assert.deepEqual(
    room.files().filter((name) => !before.has(name)),
    [],
  );
  await assert.rejects(vault.open(id), { code: 'E_VAULT_MISSING' });
}

const sizes = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 7];

describe('what is put into the vault', () => {
  for (const size of sizes) {
    test(`comes back as it was (${size} bytes)`, async () => {
      const bytes = randomBytes(size);
      const id = randomUUID();
      const stored = await vault.put(id, pieces(bytes), any, record(id));
      assert.deepEqual(stored, { sha256: sha256(bytes), bytes: size });
      assert.deepEqual(await collect(await vault.open(id)), bytes);
      assert.deepEqual(await vault.verify(id), stored);

      const borders = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, size - 1, size];
      const within = [...new Set(borders)].filter((at) => at >= 0 && at <= size);
      for (const start of within) {
        for (const end of within.filter((at) => at >= start)) {
          const part = await collect(await vault.open(id, { start, end }));
          assert.ok(part.equals(bytes.subarray(start, end)), `${start} to ${end}`);
        }
        assert.ok((await collect(await vault.open(id, { start }))).equals(bytes.subarray(start)));
      }
    });
  }

  test('lies on the disk sealed, under names that tell nothing', async () => {
    const bytes = Buffer.alloc(1000, 'plain text ');
    const [one, other] = [await room.put(bytes), await room.put(bytes)];
    const rows = await db
      .selectFrom('vault_objects')
      .select(['object', 'sha256', 'wrapped_key'])
      .where('asset_id', 'in', [one, other])
      .execute();
    const files = rows.map(({ object }) => room.pathOf(object));
    const [first, second] = files.map((path) => readFileSync(path));
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(!first.includes('plain') && !first.equals(second), 'equal assets have keys of their own');
    for (const { object, sha256: hash } of rows) assert.ok(!hash.includes(object));
  });

  test('may be of any size up to the limit, and leaves nothing above it', async () => {
    const bytes = randomBytes(CHUNK_BYTES + 10);
    const id = randomUUID();
    await leavesNothing(id, vault.put(id, pieces(bytes), { maxBytes: bytes.length - 1 }, record(id)), {
      code: 'E_TOO_LARGE',
    });
    const source = Readable.from(pieces(randomBytes(CHUNK_BYTES * 40)));
    await leavesNothing(id, vault.put(id, source, { maxBytes: 1000 }, record(id)), { code: 'E_TOO_LARGE' });
    assert.equal(source.destroyed, false, 'its sender can still be answered');
    source.destroy(new Error('its sender left later'));
    await vault.put(id, pieces(bytes), { maxBytes: bytes.length }, record(id));
  });

  test('is typed by its first bytes, and refused by them', async () => {
    const bytes = randomBytes(CHUNK_BYTES * 2);
    const id = randomUUID();
    const refuse = (): string => {
      throw new Error('not a video');
    };
    await leavesNothing(id, vault.put(id, pieces(bytes), { ...any, mediaTypeOf: refuse }, record(id)), {
      message: 'not a video',
    });
    const mediaTypeOf = (head: Uint8Array): string => {
      assert.deepEqual(Buffer.from(head), bytes.subarray(0, CHUNK_BYTES));
      return 'video/mp4';
    };
    const stored = await vault.put(id, pieces(bytes), { ...any, mediaTypeOf }, record(id));
    assert.equal(stored.mediaType, 'video/mp4');
  });

  test('leaves nothing when its stream breaks off', async () => {
    const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    const cases = [undefined, reset].flatMap((reason) => [0, 1, 100].map((when) => ({ reason, when })));
    for (const { reason, when } of cases) {
      const id = randomUUID();
      const source = new PassThrough();
      const storing = vault.put(id, source, any, record(id));
      source.write(randomBytes(CHUNK_BYTES * 3));
      for (let turns = 0; turns < when; turns++) await turn();
      source.destroy(reason);
      await leavesNothing(id, storing, { code: 'E_CANCELLED' });
    }
  });

  test('leaves nothing when it cannot be recorded', async () => {
    const id = randomUUID();
    const fail = async (): Promise<void> => {
      throw new Error('no such case');
    };
    await leavesNothing(id, vault.put(id, pieces(randomBytes(9)), any, fail), { message: 'no such case' });
    await assert.rejects(
      vault.put(id, pieces(randomBytes(9)), any, async () => {}),
      /foreign key/,
    );
  });

  test('is written once', async () => {
    const id = await room.put(Buffer.from('first'));
    const before = room.files();
    const again = vault.put(id, pieces(Buffer.from('second')), any, record(id));
    await assert.rejects(again, { code: 'E_VAULT_EXISTS' });
    assert.deepEqual(room.files(), before);
    assert.equal((await collect(await vault.open(id))).toString(), 'first');
    await assert.rejects(vault.put(id.toUpperCase(), pieces(randomBytes(1)), any, record(id)), RangeError);
    await assert.rejects(vault.put('../../etc/passwd', pieces(randomBytes(1)), any, record(id)), RangeError);
  });

  test('is kept from one of several who bring the same id', async () => {
    const id = randomUUID();
    const before = room.files().length;
    const texts = Array.from({ length: 6 }, (_, index) => `writer ${index}`);
    const results = await Promise.allSettled(
      texts.map((text) => vault.put(id, pieces(Buffer.from(text)), any, record(id))),
    );
    const won = texts.filter((_, index) => results[index]?.status === 'fulfilled');
    assert.equal(won.length, 1);
    for (const result of results) {
      if (result.status === 'rejected') {
        assert.equal((result.reason as { code: string }).code, 'E_VAULT_EXISTS');
      }
    }
    assert.equal((await collect(await vault.open(id))).toString(), won[0]);
    assert.equal(room.files().length, before + 1);
  });
});

describe('what is read from the vault', () => {
  test('must be there and within', async () => {
    await assert.rejects(vault.open(randomUUID()), { code: 'E_VAULT_MISSING' });
    await assert.rejects(vault.open('../x'), { code: 'E_VAULT_MISSING' });
    const id = await room.put(randomBytes(10));
    for (const range of [
      { start: 11 },
      { start: 0, end: 11 },
      { start: -1 },
      { start: 5, end: 4 },
      { start: 0.5 },
    ]) {
      await assert.rejects(vault.open(id, range), { code: 'E_VAULT_RANGE' });
    }
  });

  test('leaves no file open, also when nobody reads it to the end', async (t) => {
    if (process.platform !== 'linux') return t.skip('looks at /proc');
    const id = await room.put(randomBytes(3 * CHUNK_BYTES));
    const inVault = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(join('/proc/self/fd', fd)).startsWith(room.folder);
        } catch {
          return false;
        }
      }).length;
    (await vault.open(id)).destroy();
    const stream = await vault.open(id);
    for await (const _ of stream) break;
    await collect(await vault.open(id));
    for (let tries = 0; inVault() > 0 && tries < 100; tries++) await turn();
    assert.equal(inVault(), 0);
  });
});

describe('memory', () => {
  test('stays flat while 300 MB go in and out', async () => {
    const piece = randomBytes(1 << 20);
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 300; count++) yield piece;
    }
    const id = randomUUID();
    const before = process.memoryUsage().rss;
    let highest = before;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
    try {
      const { bytes } = await vault.put(id, large(), any, record(id));
      assert.equal(bytes, 300 << 20);
      await vault.verify(id);
    } finally {
      clearInterval(watch);
    }
    const grown = (highest - before) / 2 ** 20;
    assert.ok(grown < 150, `grew by ${Math.round(grown)} MB`);
  });
});
