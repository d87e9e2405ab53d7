import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  decodePublicKey,
  encodePublicKey,
  generateSigningKeyPem,
  keyFingerprint,
  parseSigningKey,
  parseVerifyKey,
  publicKeyPem,
  signBytes,
  verifyText,
} from './signing-key.ts';

describe('signing keys', () => {
  const pem = generateSigningKeyPem();
  const key = parseSigningKey(pem, 'key.pem');

  test('survive PEM and DER', () => {
    const fingerprint = keyFingerprint(key.publicKey);
    assert.match(fingerprint, /^[0-9a-f]{64}$/);
    assert.equal(keyFingerprint(parseVerifyKey(publicKeyPem(key.publicKey), 'pub.pem')), fingerprint);
    assert.equal(keyFingerprint(decodePublicKey(encodePublicKey(key.publicKey))!), fingerprint);
  });

  test('are Ed25519 or P-256 and nothing else', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const text = other.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const bad of ['', 'no key', text, publicKeyPem(key.publicKey)])
      assert.throws(() => parseSigningKey(bad, 'key.pem'), { code: 'E_SIGN_KEY' });
    const otherPublic = other.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const bad of ['', otherPublic, pem])
      assert.throws(() => parseVerifyKey(bad, 'pub.pem'), { code: 'E_VERIFY_KEY' });
    assert.equal(decodePublicKey('AAAA'), undefined);
  });

  test('know a signature by one text only', () => {
    const bytes = Buffer.from('a claim');
    for (const kind of ['ed25519', 'p256'] as const) {
      const { privateKey, publicKey } = parseSigningKey(generateSigningKeyPem(kind), 'key.pem');
      const signature = signBytes(bytes, privateKey);
      for (const encoding of ['base64', 'base64url'] as const) {
        const text = signature.toString(encoding);
        assert.ok(verifyText(bytes, publicKey, text, encoding));
        for (const other of [`${text}=`, ` ${text}`, `${text}\n`, text.slice(0, -1)])
          assert.ok(!verifyText(bytes, publicKey, other, encoding), other);
      }
    }
  });

  test('with a passphrase are refused', () => {
    const locked = key.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
      .toString();
    assert.throws(() => parseSigningKey(locked, 'key.pem'), { code: 'E_SIGN_KEY' });
  });
});
