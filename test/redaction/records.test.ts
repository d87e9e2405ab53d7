import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { generateSigningKeyPem, parseSigningKey, publicKeyPem } from '../../src/core/signing-key.ts';
import { needs, projectRoot } from '../needs.ts';
import { sealedFolder } from '../sealed-folder.ts';
import { assertFailed, jsonLines, succeeds, tidewaiter } from './program.ts';

let folder = '';
let release = '';
const pem = generateSigningKeyPem();
const key = parseSigningKey(pem, 'test');

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-records-'));
  release = join(folder, 'release');
  await sealedFolder(release, ['first', 'clip'], key);
  writeFileSync(join(folder, 'clerk.pem'), publicKeyPem(key.publicKey));
  writeFileSync(join(folder, 'clerk-key.pem'), pem, { mode: 0o600 });
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('tidewaiter verify', () => {
  test('answers 0 for a sealed folder, and says that without --key it does not know who signed', async () => {
    const known = await succeeds('verify', release, '--key', join(folder, 'clerk.pem'));
    assert.match(known.stdout, /2 intact, 0 altered, 0 unsealed\n$/);
    const unknown = await succeeds('verify', join(release, 'clip.redacted.mp4'));
    assert.match(unknown.stdout, /1 intact.*\nNo --key was given: .* not who signed it\.\n$/s);
  });

  test('answers 1 and names the file for a change of one byte', async () => {
    const altered = join(folder, 'altered');
    await sealedFolder(altered, ['clip'], key);
    appendFileSync(join(altered, 'clip.redacted.mp4'), '!');
    const answer = await tidewaiter('verify', altered, '--json', '--key', join(folder, 'clerk.pem'));
    assert.equal(answer.code, 1);
    const [chain, file, result] = jsonLines(answer);
    assert.equal(chain?.['sound'], true);
    assert.equal(file?.['state'], 'altered');
    assert.deepEqual(file?.['problems'], ['clip.redacted.mp4 (output) is not the file that was sealed']);
    assert.deepEqual(result, {
      event: 'result',
      intact: 0,
      altered: 1,
      unsealed: 0,
      chainsSound: true,
      signerKnown: true,
    });
  });

  test('answers 2 when there is nothing to verify or no key', async () => {
    assertFailed(await tidewaiter('verify', join(folder, 'nothing')), 'E_NOT_FOUND');
    assertFailed(await tidewaiter('verify', release, '--key', join(folder, 'clerk-key.pem')), 'E_VERIFY_KEY');
    assertFailed(await tidewaiter('verify', release, '--key', join(folder, 'no.pem')), 'E_VERIFY_KEY');
  });
});

describe('tidewaiter keys', () => {
  test('prints the public key that openssl sees in the same file', async (t) => {
    if (!needs(t, 'openssl')) return;
    const file = join(folder, 'made-by-openssl.pem');
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', file]);
    const expected = execFileSync('openssl', ['pkey', '-in', file, '-pubout'], { encoding: 'utf8' });
    assert.equal((await succeeds('keys', '--public', '--sign-key', file)).stdout, expected);
    assertFailed(await tidewaiter('keys', '--sign-key', join(folder, 'clerk.pem')), 'E_SIGN_KEY');
  });
});

describe('docs/records.md', () => {
  test('gives commands with which openssl verifies a line and its files', (t) => {
    if (!needs(t, 'openssl')) return;
    const text = readFileSync(join(projectRoot, 'docs/records.md'), 'utf8');
    const [verify = '', digests = ''] = [...text.matchAll(/```sh by hand\n(.*?)```/gs)].map(
      ([, body]) => body ?? '',
    );
    writeFileSync(join(release, 'clerk.pem'), publicKeyPem(key.publicKey));
    const shell = (commands: string): string =>
      execFileSync('sh', ['-e', '-c', commands], { cwd: release, encoding: 'utf8' });
    const lines = readFileSync(join(release, 'tidewaiter-chain.jsonl'), 'utf8').trimEnd().split('\n');
    const last = JSON.parse(lines.at(-1)!);
    const said = shell(verify);
    assert.match(said, /Signature Verified Successfully/);
    assert.ok(said.includes(last.fingerprint));
    const printed = shell(digests);
    assert.ok(printed.includes(last.previous) && printed.includes(last.files.output.sha256));
    writeFileSync(
      join(release, 'tidewaiter-chain.jsonl'),
      `${lines[0]}\n${lines[1]!.replace('clip.plan', 'clap.plan')}\n`,
    );
    assert.throws(() => shell(verify));
  });
});
