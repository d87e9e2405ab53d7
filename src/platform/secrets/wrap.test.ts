import assert from 'node:assert/strict';
import { createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { keyIdOf, unwrapWith, wrappingKey, wrapWith } from './wrap.ts';

const bytes = randomBytes(32);
const key = wrappingKey(bytes);
const plain = Buffer.from('the key of something');

/** RFC 5869 by its definition, for up to 32 bytes. */
function hkdf(input: Buffer, info: string, length: number): Buffer {
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(input).digest();
  const block = createHmac('sha256', extracted)
    .update(Buffer.from(`${info}\x01`, 'latin1'))
    .digest();
  return block.subarray(0, length);
}

describe('what is wrapped', () => {
  test('unwraps to what it was, also when that is nothing', () => {
    for (const value of [plain, Buffer.alloc(0), randomBytes(5000)]) {
      assert.deepEqual(unwrapWith(key, wrapWith(key, value, 'a'), 'a'), value);
    }
  });

  test('is AES-256-GCM under a key derived by HKDF, as an independent reading of the layout finds', () => {
    const wrapped = wrapWith(key, plain, 'vault:1');
    assert.equal(wrapped[0], 1);
    assert.deepEqual(wrapped.subarray(1, 9), hkdf(bytes, 'tidewaiter master key id', 8));
    const contextKey = hkdf(bytes, 'tidewaiter wrap 1 vault:1', 32);
    const decipher = createDecipheriv('aes-256-gcm', contextKey, wrapped.subarray(9, 21));
    decipher.setAAD(wrapped.subarray(0, 9)).setAuthTag(wrapped.subarray(-16));
    const opened = Buffer.concat([decipher.update(wrapped.subarray(21, -16)), decipher.final()]);
    assert.deepEqual(opened, plain);
  });

  test('is different each time', () => {
    assert.notDeepEqual(wrapWith(key, plain, 'a'), wrapWith(key, plain, 'a'));
  });

  test('names its key', () => {
    assert.equal(keyIdOf(wrapWith(key, plain, 'a')), key.id);
    assert.equal(keyIdOf(Buffer.alloc(36, 1)), undefined);
    assert.equal(keyIdOf(Buffer.alloc(100, 2)), undefined);
  });

  test('does not unwrap under another context or key', () => {
    const wrapped = wrapWith(key, plain, 'vault:1');
    assert.throws(() => unwrapWith(key, wrapped, 'vault:2'), { code: 'E_SECRET_DAMAGED' });
    assert.throws(() => unwrapWith(wrappingKey(randomBytes(32)), wrapped, 'vault:1'), {
      code: 'E_SECRET_DAMAGED',
    });
    assert.throws(() => wrapWith(key, plain, ''), RangeError);
  });

  test('does not unwrap when any byte of it was changed, or when it was cut', () => {
    const wrapped = wrapWith(key, plain, 'a');
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Buffer.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      assert.throws(() => unwrapWith(key, changed, 'a'), { code: 'E_SECRET_DAMAGED' }, `byte ${at}`);
      if (at >= 37) {
        assert.throws(() => unwrapWith(key, wrapped.subarray(0, at), 'a'), { code: 'E_SECRET_DAMAGED' });
      }
    }
  });
});
