import assert from 'node:assert/strict';
import { createSecretKey, randomBytes, webcrypto } from 'node:crypto';
import { describe, test } from 'node:test';
import { pieces } from '../../../test/platform/vault-parts.ts';
import { chunkCount, CHUNK_BYTES, inChunks, openChunk, sealChunk } from './chunks.ts';

const secret = randomBytes(32);
const key = { key: createSecretKey(secret), assetId: 'a7f4c1b2-0000-4000-8000-000000000001' };

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a chunk', () => {
  test('is AES-256-GCM, as Web Cryptography opens and makes it', async () => {
    const plain = randomBytes(1000);
    const imported = await webcrypto.subtle.importKey('raw', secret, 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    for (const { index, last, nonce } of [
      { index: 0, last: false, nonce: '00000000000000 00000000 00' },
      { index: 0x01020304, last: true, nonce: '00000000000000 01020304 01' },
    ]) {
      const algorithm = {
        name: 'AES-GCM',
        iv: Buffer.from(nonce.replaceAll(' ', ''), 'hex'),
        additionalData: Buffer.from('tidewaiter vault 1 a7f4c1b2-0000-4000-8000-000000000001'),
      };
      const sealed = Buffer.from(await webcrypto.subtle.encrypt(algorithm, imported, plain));
      for (const pieces of [[plain], [plain.subarray(0, 1), plain.subarray(1)]])
        assert.deepEqual(Buffer.concat(sealChunk(key, { index, last }, pieces)), sealed);
      assert.deepEqual(openChunk(key, { index, last }, sealed), plain);
    }
  });

  test('opens only in its place, with its key and for its asset', () => {
    const place = { index: 3, last: false };
    const sealed = Buffer.concat(sealChunk(key, place, [Buffer.from('plain')]));
    assert.equal(openChunk(key, place, sealed)?.toString(), 'plain');
    assert.equal(openChunk(key, { index: 2, last: false }, sealed), undefined);
    assert.equal(openChunk(key, { index: 3, last: true }, sealed), undefined);
    assert.equal(openChunk({ ...key, assetId: key.assetId.replace('1', '2') }, place, sealed), undefined);
    assert.equal(openChunk({ ...key, key: createSecretKey(randomBytes(32)) }, place, sealed), undefined);
    assert.equal(openChunk(key, place, sealed.subarray(0, 15)), undefined);
  });

  test('counts one for nothing', () => {
    assert.deepEqual([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1].map(chunkCount), [1, 1, 1, 1, 2]);
  });
});

describe('a stream cut into chunks', () => {
  test('has the same bytes, in full chunks but for the last, however it comes', async () => {
    for (let bytes = 0; bytes <= 33; bytes++) {
      const whole = randomBytes(bytes);
      for (const size of [1, 3, 8, 9, 40]) {
        const chunks = await all(inChunks(pieces(whole, size), 8));
        assert.deepEqual(Buffer.concat(chunks.map((chunk) => chunk.bytes)), whole);
        assert.equal(chunks.length, Math.max(1, Math.ceil(bytes / 8)));
        chunks.forEach((chunk, index) => {
          assert.equal(chunk.index, index);
          assert.equal(chunk.last, index === chunks.length - 1);
          if (!chunk.last) assert.equal(chunk.bytes.length, 8);
        });
      }
    }
  });

  test('may come in empty pieces', async () => {
    async function* empty(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(0);
      yield Buffer.from('12345678');
      yield Buffer.alloc(0);
    }
    const chunks = await all(inChunks(empty(), 8));
    assert.deepEqual(
      chunks.map(({ bytes, last }) => [bytes.toString(), last]),
      [['12345678', true]],
    );
  });
});
