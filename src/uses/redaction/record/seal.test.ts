import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkChain, parseLine } from '../../../core/chain.ts';
import type { KeyKind, SigningKey } from '../../../core/signing-key.ts';
import { madeAt, publish, sealedFolder } from '../../../../test/sealed-folder.ts';
import { openSigningKey } from './key-store.ts';
import { chainFileName, isSealed, sealRecord } from './seal.ts';

const run = promisify(execFile);
const sealer = fileURLToPath(new URL('../../../../test/workers/sealer.ts', import.meta.url));
const lockName = '.tidewaiter-chain.lock';
/** No process has this number: Linux ends at 4194304. */
const nobody = 2 ** 22 + 1;

let folder = '';
let key: SigningKey;
let count = 0;
const usual = (): Promise<KeyKind> => Promise.resolve('ed25519');
const fresh = (): string => join(folder, `case-${(count += 1)}`);
const chainOf = (at: string): Buffer => readFileSync(join(at, chainFileName));
const now = new Date(madeAt);

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-seal-'));
  key = await openSigningKey(join(folder, 'data'), usual);
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the key of this user', () => {
  test('is made once, and only its owner may read it', async () => {
    const dataDir = join(folder, 'data');
    const pem = readFileSync(join(dataDir, 'signing-key.pem'), 'utf8');
    await openSigningKey(dataDir, usual);
    assert.equal(readFileSync(join(dataDir, 'signing-key.pem'), 'utf8'), pem);
    assert.equal(statSync(join(dataDir, 'signing-key.pem')).mode & 0o777, 0o600);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  });

  test('is one key when several ask for it at once', async () => {
    const dataDir = fresh();
    const keys = await Promise.all(Array.from({ length: 8 }, () => openSigningKey(dataDir, usual)));
    assert.ok(keys.every(({ publicKey }) => publicKey.equals(keys[0]!.publicKey)));
  });

  test('is not made where another one was named', async () => {
    const missing = join(fresh(), 'key.pem');
    await assert.rejects(openSigningKey(folder, usual, missing), { code: 'E_SIGN_KEY' });
    assert.equal(existsSync(missing), false);
  });
});

describe('sealing', () => {
  test('adds a line for each record, and one more when a record is replaced', async () => {
    const at = fresh();
    await sealedFolder(at, ['a', 'b'], key);
    const record = await publish(at, 'a', Buffer.from('another output'));
    assert.equal(await isSealed(record), false);
    const entry = await sealRecord({ record, key, now });
    assert.equal(await isSealed(record), true);
    const { sound, lines } = checkChain(chainOf(at), [key.publicKey]);
    assert.equal(sound, true);
    assert.deepEqual(
      lines.map((line) => line.entry?.files['record']?.file),
      ['a.record.json', 'b.record.json', 'a.record.json'],
    );
    assert.deepEqual(lines[2]?.entry, entry);
    assert.deepEqual(Object.keys(entry.files).sort(), ['csv', 'output', 'pdf', 'plan', 'record']);
    assert.equal(entry.time, madeAt);
  });

  test('drops the rest of a line that was not written whole', async () => {
    const at = fresh();
    await sealedFolder(at, ['a'], key);
    const whole = chainOf(at);
    const record = await publish(at, 'b', Buffer.from('b'));
    appendFileSync(join(at, chainFileName), whole.subarray(0, 200));
    assert.equal(await isSealed(record), false);
    await sealRecord({ record, key, now });
    assert.ok(chainOf(at).subarray(0, whole.length).equals(whole));
    assert.equal(checkChain(chainOf(at)).sound, true);
    // Power can fail within the very first line, too.
    truncateSync(join(at, chainFileName), 100);
    await sealRecord({ record, key, now });
    assert.equal(checkChain(chainOf(at)).lines.length, 1);
    assert.equal(checkChain(chainOf(at)).sound, true);
  });

  test('adds nothing to a chain whose end was changed', async () => {
    const at = fresh();
    await sealedFolder(at, ['a'], key);
    const record = await publish(at, 'b', Buffer.from('b'));
    const changed = chainOf(at).toString().replace('"index":0', '"index":1 ');
    writeFileSync(join(at, chainFileName), changed);
    await assert.rejects(sealRecord({ record, key, now }), { code: 'E_CHAIN' });
    assert.equal(chainOf(at).toString(), changed);
    assert.equal(existsSync(join(at, lockName)), false);
  });

  test('is not claimed for a line with a signature that does not fit', async () => {
    const at = fresh();
    await sealedFolder(at, ['a'], key);
    const record = join(at, 'a.record.json');
    const { signature } = parseLine(chainOf(at).toString().trim())!;
    const forged = Buffer.from(signature, 'base64').fill(7).toString('base64');
    assert.equal(await isSealed(record), true);
    writeFileSync(join(at, chainFileName), chainOf(at).toString().replace(signature, forged));
    assert.equal(await isSealed(record), false);
  });

  test('refuses what is no record', async () => {
    const at = fresh();
    const record = await publish(at, 'a', Buffer.from('a'));
    writeFileSync(record, '{}');
    await assert.rejects(sealRecord({ record, key, now }), { code: 'E_RECORD' });
    assert.equal(existsSync(join(at, chainFileName)), false);
  });

  test('takes over the lock of a dead process, but not one of another machine', async () => {
    const at = fresh();
    const record = await publish(at, 'a', Buffer.from('a'));
    for (const owner of [
      { host: hostname(), pid: nobody },
      // This process runs, but began at another time: the number was used again.
      { host: hostname(), pid: process.pid, started: '1' },
    ]) {
      writeFileSync(join(at, lockName), JSON.stringify(owner));
      await sealRecord({ record, key, now });
    }
    writeFileSync(join(at, lockName), JSON.stringify({ host: 'elsewhere', pid: nobody }));
    const waiting = sealRecord({ record, key, now });
    const early = await Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    assert.equal(early, 'waits');
    rmSync(join(at, lockName));
    assert.equal((await waiting).index, 2);
  });

  test('takes turns with other processes, also after one of them died', { timeout: 60_000 }, async () => {
    const at = fresh();
    const names = Array.from({ length: 20 }, (_, index) => `clip-${index}`);
    const records = await Promise.all(names.map((name) => publish(at, name, Buffer.from(name))));
    writeFileSync(join(at, lockName), JSON.stringify({ host: hostname(), pid: nobody }));
    const dataDir = join(at, 'data');
    const parts = [0, 1, 2, 3].map((part) => records.filter((_, index) => index % 4 === part));
    await Promise.all(parts.map((part) => run(process.execPath, [sealer, dataDir, ...part])));
    const { sound, lines } = checkChain(chainOf(at), [(await openSigningKey(dataDir, usual)).publicKey]);
    assert.equal(sound, true);
    assert.deepEqual(
      lines.map(({ entry }) => entry?.files['record']?.file).sort(),
      names.map((name) => `${name}.record.json`).sort(),
    );
    assert.equal(existsSync(join(at, lockName)), false);
    assert.equal(existsSync(join(at, `${lockName}.takeover`)), false);
  });
});
