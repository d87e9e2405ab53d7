import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { version } from '../../../src/core/version.ts';
import { needs, projectRoot } from '../../needs.ts';

const run = promisify(execFile);
const bin = join(projectRoot, 'bin/tidewaiter.js');

describe('a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-bundle-'));
  const [file, key, publicKey] = ['b.tar', 'key.pem', 'key.pub.pem'].map((name) => join(folder, name));
  const name = `tidewaiter-${version}-${process.platform}-${process.arch}`;
  const unpacked = join(folder, 'unpacked', name);
  const prefix = join(folder, 'opt');

  before(async () => {
    chmodSync(folder, 0o711);
    execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', key ?? '']);
    execFileSync('openssl', ['pkey', '-in', key ?? '', '-pubout', '-out', publicKey ?? '']);
    await run(process.execPath, [bin, 'bundle', file ?? '', '--key', key ?? '', '--json']);
    mkdirSync(join(folder, 'unpacked'));
    await run('tar', ['-xf', file ?? '', '-C', join(folder, 'unpacked')]);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const install = (from: string, to: string): { status: number | null; stderr: string } =>
    spawnSync('sh', [join(from, 'install.sh'), '--key', publicKey ?? '', '--prefix', to], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });
  const verify = async (archive: string): Promise<string> =>
    run(process.execPath, [bin, 'bundle', archive, '--verify', '--key', publicKey ?? '']).then(
      ({ stdout }) => stdout,
      (error: { stderr: string }) => error.stderr,
    );

  test('is found sound, and any byte that was changed in it is named', async () => {
    assert.match(await verify(file ?? ''), /all as they were signed/);
    const handle = openSync(file ?? '', 'r+');
    const text = readFileSync(join(unpacked, 'NOTICE'));
    const whole = execFileSync('grep', [
      '-abo',
      '-m1',
      text.toString('utf8').split('\n')[3] ?? '',
      file ?? '',
    ]);
    const at = Number(whole.toString().split(':')[0]);
    for (const [offset, named] of [
      [at, /NOTICE was changed/],
      [statSync(file ?? '').size - 600, /SHA256SUMS|end/],
    ] as const) {
      const old = Buffer.alloc(1);
      readSync(handle, old, 0, 1, offset);
      writeSync(handle, Buffer.from([(old[0] ?? 0) ^ 1]), 0, 1, offset);
      assert.match(await verify(file ?? ''), named);
      writeSync(handle, old, 0, 1, offset);
    }
    closeSync(handle);
    const short = join(folder, 'short.tar');
    await run('sh', ['-c', 'head -c 5000000 "$0" >"$1"', file ?? '', short]);
    assert.match(await verify(short), /E_BUNDLE_DAMAGED.*breaks off in /);
    rmSync(short);
  });

  test('is refused by its installer when a file was changed, added or exchanged, or another key signed it', (t) => {
    if (!needs(t, 'openssl')) return;
    const notice = join(unpacked, 'NOTICE');
    const [sound, sums] = [readFileSync(notice), readFileSync(join(unpacked, 'SHA256SUMS'))];
    const refused = (what: RegExp): void => {
      const { status, stderr } = install(unpacked, prefix);
      assert.notEqual(status, 0);
      assert.match(stderr, what);
      assert.equal(existsSync(prefix), false);
    };
    writeFileSync(notice, sound.toString().replace('Tidewaiter', 'tidewaiter'));
    refused(/NOTICE: FAILED/);
    writeFileSync(notice, sound);
    writeFileSync(join(unpacked, 'extra'), '');
    refused(/not signed/);
    rmSync(join(unpacked, 'extra'));
    writeFileSync(
      join(unpacked, 'SHA256SUMS'),
      sums.toString().replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    refused(/the list of files was changed/);
    writeFileSync(join(unpacked, 'SHA256SUMS'), sums);
  });

  test('installs and works without a network, and without anything else on the path', async (t) => {
    if (!needs(t, 'openssl')) return;
    const { status, stderr } = install(unpacked, prefix);
    assert.equal(status, 0, stderr);
    const home = join(folder, 'home');
    mkdirSync(home);
    const env = { PATH: '/usr/bin:/bin', HOME: home, TIDEWAITER_DATA: join(home, 'data') };
    const offline = spawnSync('unshare', ['-n', 'true']).status === 0 ? ['unshare', '-n'] : [];
    const program = async (...words: string[]): Promise<string> => {
      const [first = '', ...rest] = [...offline, join(prefix, 'bin/tidewaiter'), ...words];
      return (await run(first, rest, { env, cwd: home })).stdout;
    };
    assert.equal((await program('--version')).trim(), version);
    const report = await program('doctor', '--json');
    assert.ok(!report.includes('"state":"fail"'), report);
    const picture = join(home, 'faces.jpg');
    cpSync(join(projectRoot, 'node_modules/@vladmandic/face-api/demo/sample1.jpg'), picture);
    await program('redact', picture, '--output', join(home, 'out.jpg'));
    assert.ok(statSync(join(home, 'out.jpg')).size > 1000);
    // The weights that came along were used: none was converted anew.
    assert.deepEqual(
      readdirSync(join(home, '.cache/tidewaiter')).filter((one) => one !== 'compiled'),
      [],
    );
    assert.match(install(unpacked, prefix).stderr, /is there already/);
  });

  test('lists in its bill of materials the packages that npm says are no tools, and models, FFmpeg, PostgreSQL and Node', () => {
    const ours = JSON.parse(readFileSync(join(unpacked, 'sbom.cdx.json'), 'utf8')) as Bill;
    const lock = JSON.parse(
      readFileSync(join(projectRoot, 'node_modules/.package-lock.json'), 'utf8'),
    ) as Lock;
    const theirs = Object.entries(lock.packages)
      // `devOptional` is what a tool needs and an optional part of ours too.
      .filter(([, { dev, extraneous }]) => !(dev ?? extraneous ?? false))
      .map(([path, { name, version: found }]) => `${name ?? path.split('node_modules/').at(-1)}@${found}`);
    const listed = ours.components.filter(({ purl }) => purl !== undefined);
    assert.deepEqual(
      [...new Set(listed.map((one) => `${one.name}@${one.version}`))].sort(),
      [...new Set(theirs)].sort(),
    );
    const rest = ours.components.filter(({ purl }) => purl === undefined);
    for (const part of rest) assert.match(part.hashes?.[0]?.content ?? '', /^[0-9a-f]{64}$/);
    for (const wanted of ['node', 'ffmpeg', 'postgresql', 'ultraface'])
      assert.ok(
        rest.some((part) => part.name.includes(wanted)),
        wanted,
      );
    const digests = readFileSync(join(unpacked, 'SHA256SUMS'), 'utf8');
    const node = rest.find((part) => part.name === 'node')?.hashes?.[0]?.content ?? '-';
    assert.ok(digests.includes(`${node}  node/bin/node`));
  });
});

interface Lock {
  readonly packages: Readonly<
    Record<string, { name?: string; version: string; dev?: boolean; extraneous?: boolean }>
  >;
}

interface Bill {
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl?: string;
    readonly hashes?: readonly { readonly content: string }[];
  }[];
}
