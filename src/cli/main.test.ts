import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { needs } from '../../test/needs.ts';
import { version } from '../core/version.ts';

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the real program; presses Ctrl-C, or stops reading, once standard output holds a text.
 */
async function tidewaiter(
  words: readonly string[],
  options: { env?: NodeJS.ProcessEnv; interruptAfter?: RegExp; leaveAfter?: RegExp } = {},
): Promise<Answer> {
  const child = spawn(process.execPath, [bin, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let [stdout, stderr, interrupted] = ['', '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (!interrupted && options.interruptAfter?.test(stdout) === true) {
      interrupted = true;
      // Whatever passes Ctrl-C on makes two of it.
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGINT'), 20);
    }
    if (options.leaveAfter?.test(stdout) === true) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('the command line', () => {
  test('prints version and help', async () => {
    assert.deepEqual(await tidewaiter(['--version']), { code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await tidewaiter(['--help']);
    assert.equal(help.code, 0);
    for (const command of ['redact', 'detect', 'models'])
      assert.match(help.stdout, new RegExp(`^  ${command} `, 'm'));
    const own = await tidewaiter(['models', '--help']);
    assert.match(own.stdout, /--speed[\s\S]*--json[\s\S]*Examples:\n {2}tidewaiter models /);
  });

  test('shows its help when nothing was asked', async () => {
    const answer = await tidewaiter([]);
    assert.equal(answer.code, 2);
    assert.match(answer.stdout, /^Usage: tidewaiter/);
  });

  test('answers a mistake in one line, with the way out', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['modles'],
        /^E_USAGE: Unknown command 'modles' \(Did you mean models\?\)\. See tidewaiter --help\.\n$/,
      ],
      [['models', '--sped'], /^E_USAGE: Unknown option '--sped'.*See tidewaiter models --help\.\n$/],
      [['detect'], /^E_USAGE: Missing required argument 'input'\. See tidewaiter detect --help\.\n$/],
      [['detect', 'a.mp4', '--threads', 'many'], /^E_OPTION: --threads does not fit: .*\n$/],
    ];
    for (const [words, line] of cases) {
      const answer = await tidewaiter(words);
      assert.equal(answer.code, 2, words.join(' '));
      assert.equal(answer.stdout, '');
      assert.match(answer.stderr, line);
    }
  });

  test('tells a mistake as JSON too', async () => {
    const answer = await tidewaiter(['models', '--json', '--nonsense']);
    assert.equal(answer.code, 2);
    const told = JSON.parse(answer.stdout) as Record<string, unknown>;
    assert.equal(told['event'], 'error');
    assert.equal(told['code'], 'E_USAGE');
    assert.match(answer.stderr, /^E_USAGE: [^\n]*\n$/);
  });

  test('shows a stack only to who debugs', async () => {
    const answer = await tidewaiter(['modles'], { env: { TIDEWAITER_DEBUG: '1' } });
    assert.match(answer.stderr, /^E_USAGE: .*\nTidewaiterError: .*\n\s+at /);
  });
});

describe('tidewaiter models', () => {
  test('lists every model within 100 columns', async () => {
    const answer = await tidewaiter(['models']);
    assert.equal(answer.stderr, '');
    assert.equal(answer.code, 0);
    assert.match(answer.stdout, /^MODEL +VERSION +FAMILY +INPUT +DIGEST +STATE\n/);
    assert.match(answer.stdout, /^coco-ssdlite .* ssd-anchors +300x300 +[0-9a-f]{12} +installed$/m);
    assert.match(answer.stdout, /Licence: Apache-2\.0\./);
    assert.ok(answer.stdout.split('\n').every((line) => line.length <= 100));
  });

  test('gives one JSON line for each', async () => {
    const answer = await tidewaiter(['models', '--json']);
    const events = answer.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(events.at(-1)?.['event'], 'result');
    const first = events.find((event) => event['id'] === 'coco-ssdlite');
    assert.equal(first?.['event'], 'model');
    assert.match(String(first?.['digest']), /^[0-9a-f]{64}$/);
  });

  test('measures on this machine, stops on Ctrl-C and says so', async () => {
    const answer = await tidewaiter(['models', '--speed', '--json'], { interruptAfter: /"medianWallMs":/ });
    assert.equal(answer.code, 130);
    assert.match(answer.stderr, /^E_CANCELLED: /);
  });

  test('survives a reader that leaves', async () => {
    const answer = await tidewaiter(['models', '--speed'], { leaveAfter: /coco-ssdlite/ });
    assert.equal(answer.stderr.match(/E_\w+/)?.[0], undefined, answer.stderr);
    assert.equal(answer.code, 141);
  });

  test('gives a terminal no commands that stand in the name of a file', (t) => {
    if (!needs(t, 'script')) return;
    const command = `'${process.execPath}' '${bin}' verify "$NAME"`;
    const env = { ...process.env, NAME: 'a\u001b]0;b\u0007\u009b2Jc' };
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', env });
    assert.match(stdout, /^E_NOT_FOUND: a\ufffd\]0;b\ufffd\ufffd2Jc does not exist/);
  });

  test('says in one line that its output cannot be written', async (t) => {
    if (!existsSync('/dev/full')) return t.skip('only Linux has a disk that is always full');
    const full = openSync('/dev/full', 'w');
    for (const words of [['models'], ['models', '--json'], ['--help']]) {
      const { status, stderr } = spawnSync(process.execPath, [bin, ...words], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      assert.equal(status, 141);
      assert.match(stderr, /^E_STANDARD_OUTPUT: .*ENOSPC.*\n$/);
    }
    // Complaints that nobody can read are no reason to stop.
    const { status, stdout } = spawnSync(process.execPath, [bin, '--version'], {
      stdio: ['ignore', 'pipe', full],
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout], [0, `${version}\n`]);
    closeSync(full);
  });
});

test('compiled code is kept with the other caches', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'tidewaiter-cli-'));
  try {
    await tidewaiter(['--version'], { env: { TIDEWAITER_CACHE: cache, NODE_COMPILE_CACHE: '' } });
    assert.notEqual(readdirSync(join(cache, 'compiled')).length, 0);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});

test('the parent loads neither codecs nor models', { skip: process.platform !== 'linux' }, async () => {
  const main = new URL('./main.ts', import.meta.url).href;
  const script = `await import(${JSON.stringify(main)});
    const { sharedObjects } = process.report.getReport();
    process.stdout.write(sharedObjects.filter((path) => path.includes('node_modules/') && !path.endsWith('bin/node')).join('\\n'));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let loaded = '';
  child.stdout.on('data', (chunk: Buffer) => (loaded += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0);
  assert.equal(loaded, '');
});
