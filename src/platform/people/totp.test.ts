import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toBase32 } from './base32.ts';
import { acceptedStep, otpauthUri, totpCode, totpStep } from './totp.ts';

const seconds = (value: number): Date => new Date(value * 1000);

test('base32 is that of RFC 4648, section 10', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [plain, text] of Object.entries(vectors)) assert.equal(toBase32(Buffer.from(plain)), text);
});

describe('codes', () => {
  test('are those of RFC 4226, appendix D', () => {
    const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    const secret = Buffer.from('12345678901234567890');
    codes.forEach((code, counter) => assert.equal(totpCode(secret, counter, 'sha1'), code));
  });

  // The table gives eight digits; six digits are the last six of them (RFC 4226, 5.3).
  const table = [
    [59, '94287082', '46119246'],
    [1111111109, '07081804', '68084774'],
    [1111111111, '14050471', '67062674'],
    [1234567890, '89005924', '91819424'],
    [2000000000, '69279037', '90698825'],
    [20000000000, '65353130', '77737706'],
  ] as const;
  test('are those of RFC 6238, appendix B', () => {
    const secret = {
      sha1: Buffer.from('12345678901234567890'),
      sha256: Buffer.from('12345678901234567890123456789012'),
    };
    for (const [time, sha1, sha256] of table) {
      const step = totpStep(seconds(time));
      assert.equal(totpCode(secret.sha1, step, 'sha1'), sha1.slice(-6));
      assert.equal(totpCode(secret.sha256, step, 'sha256'), sha256.slice(-6));
    }
  });
});

describe('a code', () => {
  const secret = Buffer.from('12345678901234567890');
  const now = seconds(1111111111);
  const step = totpStep(now);
  const accepts = (codeStep: number, lastStep = 0): number | undefined =>
    acceptedStep(secret, 'sha1', totpCode(secret, codeStep, 'sha1'), now, lastStep);

  test('is good one step either side', () => {
    assert.deepEqual(
      [-2, -1, 0, 1, 2].map((off) => accepts(step + off)),
      [undefined, step - 1, step, step + 1, undefined],
    );
  });

  test('is good once, and none before it is after', () => {
    assert.equal(accepts(step, step - 1), step);
    assert.equal(accepts(step, step), undefined);
    assert.equal(accepts(step - 1, step), undefined);
    assert.equal(accepts(step + 1, step), step + 1);
  });

  test('is six digits and nothing else; apps show a space', () => {
    const code = totpCode(secret, step, 'sha1');
    const given = (text: string): number | undefined => acceptedStep(secret, 'sha1', text, now, 0);
    assert.equal(given(`${code.slice(0, 3)} ${code.slice(3)}`), step);
    for (const wrong of ['', code.slice(1), `${code}0`, '１２３４５６', 'abcdef'])
      assert.equal(given(wrong), undefined);
  });
});

test('the URI says all that an authenticator app needs', () => {
  const uri = new URL(otpauthUri(Buffer.from('12345678901234567890'), 'sha1', 'maria lopez@agency.example'));
  assert.equal(uri.protocol + uri.host, 'otpauth:totp');
  assert.equal(decodeURIComponent(uri.pathname), '/Tidewaiter:maria lopez@agency.example');
  assert.deepEqual(Object.fromEntries(uri.searchParams), {
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'Tidewaiter',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
