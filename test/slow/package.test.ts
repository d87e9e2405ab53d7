import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { version } from '../../src/core/version.ts';
import { projectRoot } from '../needs.ts';

const run = promisify(execFile);

/** What an integrator writes; also proves that the declarations are whole. */
const consumer = `
import * as client from 'tidewaiter/client';
import * as media from 'tidewaiter/media';
import * as redaction from 'tidewaiter/redaction';
import * as vision from 'tidewaiter/vision';

const counts: number[] = [media, vision, redaction, client].map((room) => Object.keys(room).length);
process.stdout.write(JSON.stringify(counts));
`;

const consumerConfig = {
  compilerOptions: {
    strict: true,
    target: 'ES2024',
    lib: ['ES2024', 'ESNext.Disposable'],
    module: 'NodeNext',
    types: ['node'],
    noEmit: true,
    skipLibCheck: false,
  },
  files: ['consumer.ts'],
};

describe('the packed tarball', () => {
  let folder = '';
  let installed = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-package-'));
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: projectRoot,
    });
    // What prepack prints comes before the JSON.
    const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string }];
    await run('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
    const modules = join(folder, 'consumer', 'node_modules');
    installed = join(modules, 'tidewaiter');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(join(projectRoot, 'node_modules'))) {
      symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name));
    }
    // A real folder: Node judges by the real path whether it is below node_modules.
    await run('mv', [join(folder, 'package'), installed]);
    writeFileSync(join(folder, 'consumer', 'consumer.ts'), consumer);
    writeFileSync(join(folder, 'consumer', 'consumer.mjs'), consumer.replace(': number[]', ''));
    writeFileSync(join(folder, 'consumer', 'tsconfig.json'), JSON.stringify(consumerConfig));
    writeFileSync(join(folder, 'consumer', 'package.json'), JSON.stringify({ type: 'module' }));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const inConsumer = async (...args: string[]): Promise<string> => {
    const ran = run(process.execPath, args, { cwd: join(folder, 'consumer') });
    const { stdout } = await ran.catch((error: Error & { stdout: string }) => {
      throw new Error(`${error.message}\n${error.stdout}`);
    });
    return stdout;
  };

  test('holds programs and papers, and neither TypeScript nor tests', () => {
    for (const name of ['LICENSE', 'NOTICE', 'README.md', 'bin/tidewaiter.js', 'dist/cli/main.js']) {
      assert.ok(existsSync(join(installed, name)), name);
    }
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      files.filter((name) => (name.endsWith('.ts') && !name.endsWith('.d.ts')) || name.includes('.test.')),
      [],
    );
  });

  test('can be imported', async () => {
    const counts = JSON.parse(await inConsumer('consumer.mjs')) as number[];
    assert.equal(counts.length, 4);
    assert.ok(counts.every((count) => count > 0));
  });

  test('type-checks for an integrator', async () => {
    await inConsumer(join(projectRoot, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.json');
  });

  test('runs its program and its workers', async () => {
    const bin = join(installed, 'bin', 'tidewaiter.js');
    assert.equal(await inConsumer(bin, '--version'), `${version}\n`);
    assert.match(await inConsumer(bin, 'models', '--json'), /"event":"model","id":"coco-ssdlite"/);
  });
});
