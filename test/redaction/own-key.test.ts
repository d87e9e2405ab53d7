import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { parseLine } from '../../src/core/chain.ts';
import { needs } from '../needs.ts';
import { tidewaiter } from '../platform/ops/cli.ts';
import { testCache } from './program.ts';

const data = mkdtempSync(join(tmpdir(), 'tidewaiter-own-key-'));
const out = join(data, 'out');
const fips = { TIDEWAITER_CRYPTOGRAPHY: 'fips', TIDEWAITER_CACHE: testCache };
after(() => rmSync(data, { recursive: true, force: true }));

/** Runs a command on a data folder, which must go well. */
async function command(folder: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await tidewaiter(folder, words, { env });
  assert.equal(code, 0, `${words.join(' ')}\n${stderr}`);
  return stdout;
}

async function redacts(folder: string, name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const file = join(data, `${name}.png`);
  await sharp({ create: { width: 64, height: 48, channels: 3, background: 'grey' } }).toFile(file);
  await command(folder, ['redact', file, '-o', out, '--profile', 'fast', '--alone'], env);
}

describe('the key of whoever redacts under the FIPS profile', () => {
  const [own, colleague] = [join(data, 'own'), join(data, 'colleague')];

  test('is made for ECDSA P-256, and others verify with it what it signed', async (t) => {
    if (!needs(t, 'openssl')) return;
    await redacts(own, 'still', fips);
    const file = join(data, 'own.pem');
    writeFileSync(file, await command(own, ['keys', '--public'], fips));
    const openssl = (...words: string[]): string => execFileSync('openssl', words, { encoding: 'utf8' });
    assert.match(openssl('pkey', '-pubin', '-in', file, '-noout', '-text'), /NIST CURVE: P-256/);
    assert.match(await command(own, ['keys'], fips), /^kind {9}ECDSA P-256$/m);
    assert.match(await command(data, ['verify', out, '--key', file], {}), /1 intact, 0 altered, 0 unsealed/);

    const [line = ''] = readFileSync(join(out, 'tidewaiter-chain.jsonl'), 'utf8').split('\n');
    const { signature = '' } = parseLine(line) ?? {};
    const [signed, bytes] = [join(data, 'signed.json'), join(data, 'signature.bin')];
    writeFileSync(signed, line.replace(`"signature":"${signature}",`, ''));
    writeFileSync(bytes, Buffer.from(signature, 'base64'));
    const answer = openssl('dgst', '-sha256', '-verify', file, '-signature', bytes, signed);
    assert.match(answer, /Verified OK/);
  });

  test('stays what it is where it was made before, and a chain may hold lines of both kinds', async () => {
    await redacts(colleague, 'second', { TIDEWAITER_CACHE: testCache });
    await redacts(colleague, 'third', fips);
    assert.match(await command(colleague, ['keys'], fips), /^kind {9}Ed25519$/m);
    const file = join(data, 'colleague.pem');
    writeFileSync(file, await command(colleague, ['keys', '--public'], fips));
    const keys = ['--key', join(data, 'own.pem'), '--key', file];
    assert.match(await command(data, ['verify', out, ...keys], fips), /3 intact, 0 altered, 0 unsealed/);
  });

  test('is not made while the settings cannot be read', async () => {
    const { code, stderr } = await tidewaiter(join(data, 'third'), ['keys'], {
      env: { TIDEWAITER_CRYPTOGRAPHY: 'phips' },
    });
    assert.equal(code, 2);
    assert.match(stderr, /^E_SETTINGS: .*TIDEWAITER_CRYPTOGRAPHY/);
  });
});
