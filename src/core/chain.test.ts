import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkChain, chainStart, nextLine, parseLine, type ChainTip, type LineProblem } from './chain.ts';
import { sha256 } from './digest.ts';
import { generateSigningKeyPem, parseSigningKey, type SigningKey } from './signing-key.ts';

const time = '2026-03-04T05:06:07.000Z';

function newKey(): SigningKey {
  return parseSigningKey(generateSigningKeyPem(), 'test');
}

function chainOf(count: number, key: SigningKey): string[] {
  const lines: string[] = [];
  let tip: ChainTip | undefined;
  for (let index = 0; index < count; index++) {
    const file = `clip "${index}" é.record.json`;
    const line = nextLine(tip, { record: { file, sha256: sha256(file) } }, key, time);
    lines.push(line);
    tip = { index, line };
  }
  return lines;
}

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const problemsOf = (bytes: Uint8Array, key?: SigningKey): (LineProblem | undefined)[] =>
  checkChain(bytes, key && [key.publicKey]).lines.map(({ problem }) => problem);

describe('a chain', () => {
  const key = newKey();
  const lines = chainOf(4, key);

  test('is sound as it was written, with and without the key', () => {
    for (const keys of [undefined, [key.publicKey], [newKey().publicKey, key.publicKey]]) {
      const { sound, whole, lines: checked } = checkChain(bytesOf(lines), keys);
      assert.equal(sound && whole, true);
      assert.deepEqual(
        checked.map(({ entry }) => entry?.index),
        [0, 1, 2, 3],
      );
    }
    assert.equal(parseLine(lines[0]!)?.previous, chainStart);
    assert.equal(parseLine(lines[1]!)?.previous, sha256(lines[0]!));
  });

  test('is not by another key', () => {
    assert.deepEqual(problemsOf(bytesOf(lines), newKey()), Array(4).fill('signer'));
  });

  test('shows lines that were removed, moved, doubled or put in', () => {
    const [a, b, c, d] = lines as [string, string, string, string];
    for (const changed of [
      [b, c, d],
      [a, c, d],
      [a, b, d],
      [a, c, b, d],
      [a, b, b, c, d],
      [d, c, b, a],
    ])
      assert.equal(checkChain(bytesOf(changed)).sound, false);
    const foreign = chainOf(4, newKey());
    assert.equal(checkChain(bytesOf([a, foreign[1]!, c, d])).sound, false);
    const follower = nextLine({ index: 3, line: d }, {}, newKey(), time);
    assert.deepEqual(problemsOf(bytesOf([a, b, c, d, follower]), key).at(-1), 'signer');
  });

  test('shows a cut end and bytes that are not text', () => {
    const bytes = bytesOf(lines);
    for (const changed of [
      bytes.subarray(0, -1),
      bytes.subarray(0, -20),
      Buffer.concat([bytes, Buffer.from('\n')]),
      Buffer.concat([bytes, Buffer.from(' ')]),
      Buffer.concat([Buffer.from('\uFEFF'), bytes]),
      Buffer.concat([bytes, Buffer.from([0xff])]),
      Buffer.from(bytes.toString().replaceAll('\n', '\r\n')),
    ])
      assert.equal(checkChain(changed).sound, false);
  });

  test('shows every change of one bit', () => {
    const bytes = bytesOf(lines.slice(0, 2));
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1 << (at % 8);
      assert.equal(checkChain(changed).sound, false, `offset ${at}`);
    }
  });

  test('does not take another text of the same signature', () => {
    const line = lines[3]!;
    const { signature } = parseLine(line)!;
    // The last character before the padding has four bits that decoding ignores.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const last = signature.at(-3)!;
    const twin = `${signature.slice(0, -3)}${alphabet[alphabet.indexOf(last) + 1]}==`;
    assert.ok(Buffer.from(twin, 'base64').equals(Buffer.from(signature, 'base64')));
    assert.equal(checkChain(bytesOf([...lines.slice(0, 3), line.replace(signature, twin)])).sound, false);
  });

  test('names no file outside of its folder', () => {
    for (const file of ['../a', '/etc/passwd', '..', ''])
      assert.throws(() => nextLine(undefined, { record: { file, sha256: sha256('') } }, key, time));
  });
});
