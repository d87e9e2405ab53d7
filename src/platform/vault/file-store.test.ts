import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { onSmallDisk } from '../../../test/platform/small-disk.ts';
import { collect, pieces, testFolder } from '../../../test/platform/vault-parts.ts';
import { fileStore } from './file-store.ts';
import { newObjectName } from './object-store.ts';

describe('the store of files', () => {
  test('gives back what it was given, whole and in ranges', async () => {
    const store = fileStore(join(testFolder(), 'not', 'there', 'yet'));
    const name = newObjectName();
    const bytes = randomBytes(3 << 20);
    await store.put(name, pieces(bytes));
    const read = async (start: number, end?: number): Promise<Buffer | undefined> => {
      const stream = await store.open(name, { start, ...(end === undefined ? {} : { end }) });
      return stream === undefined ? undefined : collect(stream);
    };
    assert.ok((await read(0))?.equals(bytes));
    assert.ok((await read(100, 1 << 21))?.equals(bytes.subarray(100, 1 << 21)));
    assert.equal((await read(bytes.length))?.length, 0);
    await store.delete(name);
    await store.delete(name);
    assert.equal(await read(0), undefined);
  });

  test('is closed to others', async () => {
    const root = join(testFolder(), 'vault');
    const name = newObjectName();
    await fileStore(root).put(name, pieces(randomBytes(10)));
    const path = join(root, name.slice(0, 2), name.slice(2, 4), name);
    assert.deepEqual([statSync(path).mode & 0o777, statSync(root).mode & 0o777], [0o600, 0o700]);
  });

  test('lists what is whole and nothing else that lies about', async () => {
    const root = testFolder();
    const store = fileStore(root);
    const listed = async (): Promise<string[]> => {
      const names: string[] = [];
      for await (const { name } of store.list()) names.push(name);
      return names.sort();
    };
    assert.deepEqual(await fileStore(join(root, 'none')).list()[Symbol.asyncIterator]().next(), {
      done: true,
      value: undefined,
    });
    const names = Array.from({ length: 20 }, newObjectName).sort();
    await Promise.all(names.map((name) => store.put(name, pieces(Buffer.from(name)))));
    writeFileSync(join(root, 'README'), '');
    writeFileSync(join(root, 'unfinished', 'x'), '');
    mkdirSync(join(root, 'aa'), { recursive: true });
    writeFileSync(join(root, 'aa', 'file'), '');
    assert.deepEqual(await listed(), names);
  });

  test('removes unfinished files by their age', async () => {
    const root = testFolder();
    const store = fileStore(root);
    assert.equal(await store.removeUnfinished(new Date()), 0);
    mkdirSync(join(root, 'unfinished'));
    const path = (name: string): string => join(root, 'unfinished', name);
    writeFileSync(path('old'), 'x');
    writeFileSync(path('young'), 'x');
    utimesSync(path('old'), 1000, 1000);
    assert.equal(await store.removeUnfinished(new Date(2_000_000)), 1);
    assert.deepEqual([existsSync(path('old')), existsSync(path('young'))], [false, true]);
  });

  test('takes no name but its own', async () => {
    const store = fileStore(testFolder());
    for (const name of ['../x', 'A'.repeat(32), '', `${'a'.repeat(32)}/x`]) {
      await assert.rejects(store.put(name, pieces(Buffer.alloc(1))), RangeError);
      await assert.rejects(store.delete(name), RangeError);
      await assert.rejects(store.open(name, { start: 0 }), RangeError);
    }
  });

  test('says so when the disk is full, and leaves nothing', async (t) => {
    const folder = testFolder();
    const entry = new URL('./file-store.ts', import.meta.url).href;
    const code = `
      const { readdirSync } = await import('node:fs');
      const { fileStore } = await import(${JSON.stringify(entry)});
      async function* bytes() { for (let i = 0; i < 64; i++) yield Buffer.alloc(1 << 16); }
      const root = ${JSON.stringify(folder)};
      await fileStore(root).put('a'.repeat(32), bytes()).catch((error) => console.log(error.code));
      console.log(readdirSync(root, { recursive: true }).join());`;
    const printed = await onSmallDisk(t, folder, '1m', code);
    if (printed === undefined) return;
    assert.equal(printed, 'E_NO_SPACE\nunfinished\n');
    assert.deepEqual(readdirSync(folder), []);
  });
});
