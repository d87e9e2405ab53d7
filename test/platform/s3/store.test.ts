import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { newObjectName, type ObjectStore } from '../../../src/platform/vault/object-store.ts';
import { connectS3, partBytesFor } from '../../../src/platform/vault/s3/connect.ts';
import { s3Store } from '../../../src/platform/vault/s3/s3-store.ts';
import { collect, pieces } from '../vault-parts.ts';
import { startBucket, type TestBucket } from './bucket.ts';

const MIB = 1 << 20;
const storeOf = async ({ settings }: TestBucket, changed: object = {}): Promise<ObjectStore> =>
  s3Store(await connectS3({ ...settings, ...changed }, 50e9));

async function read(store: ObjectStore, name: string, start = 0, end?: number): Promise<Buffer | undefined> {
  const stream = await store.open(name, { start, ...(end === undefined ? {} : { end }) });
  return stream === undefined ? undefined : collect(stream);
}
async function names(store: ObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of store.list()) found.push(name);
  return found.sort();
}

for (const complete of [true, false]) {
  describe(complete ? 'a store that knows conditions' : 'a store that passes conditions over', async () => {
    const bucket = await startBucket({ complete });
    const store = await storeOf(bucket);

    test('gives back what it was given, whole and in ranges, in one part or several', async () => {
      for (const size of [1, 16, 3 * MIB, 10 * MIB, 25 * MIB + 5]) {
        const [name, bytes] = [newObjectName(), randomBytes(size)];
        await store.put(name, pieces(bytes));
        assert.ok((await read(store, name))?.equals(bytes), `${size} bytes`);
        assert.equal((await read(store, name, size))?.length, 0);
        if (size < 100) continue;
        assert.ok((await read(store, name, 100, 2 * MIB))?.equals(bytes.subarray(100, 2 * MIB)));
        assert.ok((await read(store, name, size - 7, size + 7))?.equals(bytes.subarray(size - 7)));
      }
      for (const name of await names(store)) {
        await store.delete(name);
        await store.delete(name);
        assert.equal(await read(store, name), undefined);
      }
      assert.deepEqual(bucket.files(), []);
    });

    test('is written once', async () => {
      const name = newObjectName();
      await store.put(name, pieces(Buffer.from('first')));
      for (const bytes of [Buffer.from('second'), randomBytes(11 * MIB)])
        await assert.rejects(store.put(name, pieces(bytes)), { code: 'E_VAULT_EXISTS' });
      assert.equal((await read(store, name))?.toString(), 'first');
    });

    test('lists what is whole and ours', async () => {
      const other = await storeOf(bucket, { prefix: 'other/' });
      for (const name of await names(store)) await store.delete(name);
      const mine = Array.from({ length: 12 }, newObjectName).sort();
      await Promise.all(mine.map((name) => store.put(name, pieces(Buffer.from(name)))));
      await other.put(newObjectName(), pieces(Buffer.from('x')));
      assert.deepEqual(await names(store), mine);
      assert.equal((await names(other)).length, 1);
    });

    test('takes no name but its own', async () => {
      for (const name of ['../x', 'A'.repeat(32), '', `${'a'.repeat(32)}/x`])
        for (const act of [
          () => store.put(name, pieces(Buffer.alloc(1))),
          () => store.delete(name),
          () => store.open(name, { start: 0 }),
        ])
          await assert.rejects(async () => act(), RangeError);
    });
  });
}

describe('a write that breaks off', async () => {
  const bucket = await startBucket();
  const store = await storeOf(bucket);
  async function* broken(bytes: number): AsyncGenerator<Buffer> {
    for (let sent = 0; sent < bytes; sent += MIB) yield randomBytes(MIB);
    throw new Error('the sender left');
  }

  test('leaves nothing', async () => {
    for (const size of [0, 3 * MIB, 35 * MIB]) {
      await assert.rejects(store.put(newObjectName(), broken(size)), /the sender left/);
      assert.deepEqual(bucket.files(), []);
    }
  });

  test('leaves parts that nobody sees when the store went too; they are removed by their age', async () => {
    const name = newObjectName();
    async function* fading(): AsyncGenerator<Buffer> {
      for (let sent = 0; sent < 25; sent++) yield randomBytes(MIB);
      await bucket.goAway();
      yield randomBytes(MIB);
    }
    await assert.rejects(store.put(name, fading()), { code: 'E_OBJECTS_UNREACHABLE' });
    await bucket.comeBack();
    assert.equal(await read(store, name), undefined);
    assert.deepEqual(await names(store), []);
    assert.equal(await store.removeUnfinished(new Date(Date.now() - 3_600_000)), 0);
    assert.ok(bucket.files().length > 0);
    const uploads = join(bucket.folder, '._S3rver_uploads');
    const [id = ''] = readdirSync(uploads);
    utimesSync(join(uploads, id, 'key'), 1000, 1000);
    assert.equal(await store.removeUnfinished(new Date(Date.now() - 3_600_000)), 0, 'a part came since');
    assert.equal(await store.removeUnfinished(new Date(Date.now() + 1000)), 1);
    assert.ok(!existsSync(join(uploads, id)));
  });
});

describe('a bad connection', async () => {
  const bucket = await startBucket();
  const store = await storeOf(bucket);

  test('costs time and nothing else: what is refused or lost on the way is asked again', async () => {
    for (const size of [100, 25 * MIB]) {
      for (const fault of [{ refused: 2 }, { lostAnswers: 2 }]) {
        const [name, bytes] = [newObjectName(), randomBytes(size)];
        bucket.tell(fault);
        await store.put(name, pieces(bytes));
        bucket.tell({ cutReads: 3, refused: 1 });
        assert.ok((await read(store, name))?.equals(bytes), JSON.stringify({ size, fault }));
      }
    }
    bucket.tell({ cutReads: 0 });
    // Two uploads whose parts were lost on the way would stay otherwise.
    assert.equal(bucket.files().length, 4);
  });

  test('is told when it lasts, and what was stored is there when it is over', async () => {
    const [name, bytes] = [newObjectName(), randomBytes(3 * MIB)];
    await store.put(name, pieces(bytes));
    const begun = await store.open(name, { start: 0 });
    await bucket.goAway();
    const gone = { code: 'E_OBJECTS_UNREACHABLE' };
    await assert.rejects(store.put(newObjectName(), pieces(bytes)), gone);
    await assert.rejects(store.open(name, { start: 0 }), gone);
    await assert.rejects(names(store), gone);
    await assert.rejects(store.delete(name), gone);
    const back = sleep(300).then(() => bucket.comeBack());
    assert.ok(begun !== undefined && (await collect(begun)).equals(bytes), 'what was being read goes on');
    await back;
    assert.ok((await read(store, name))?.equals(bytes));
  });

  test('is told apart from wrong keys and a wrong bucket', async () => {
    const [name, one] = [newObjectName(), pieces(Buffer.alloc(1))];
    const missing = await storeOf(bucket, { bucket: 'nowhere' });
    await assert.rejects(missing.put(name, one), { code: 'E_OBJECTS_BUCKET' });
    await assert.rejects(names(missing), { code: 'E_OBJECTS_BUCKET' });
    process.env['AWS_ACCESS_KEY_ID'] = 'WRONG';
    const locked = await storeOf(bucket);
    await assert.rejects(names(locked), { code: 'E_OBJECTS_DENIED' });
    process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
  });
});

test('parts are as large as the number of them asks', () => {
  for (const bytes of [1, 50e9, 100e9, 2000e9]) {
    const part = partBytesFor(bytes);
    assert.ok(part * 10_000 >= bytes && part >= 8 * MIB && part <= Math.max(8 * MIB, bytes / 10_000 + MIB));
  }
});
