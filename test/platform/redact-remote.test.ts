import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { assertFailed, jsonLines, listing, start, type Answer } from '../redaction/program.ts';
import { ask } from './attack/house.ts';
import { photograph } from './attack/redactions.ts';
import { signedIn } from './attack/writers.ts';
import { freePort } from './free-port.ts';
import { tidewaiter } from './ops/cli.ts';
import { newDataFolder, removeDataFolder, startServing, type Serving } from './serving.ts';

const data = newDataFolder();
const place = mkdtempSync(join(tmpdir(), 'tidewaiter-remote-'));
const port = await freePort();
let serving: Serving | undefined;
let headers: Record<string, string> = {};
after(async () => {
  await serving?.stop();
  removeDataFolder(data);
  rmSync(place, { recursive: true, force: true });
});

/** Runs `tidewaiter redact` with variables. */
async function redact(variables: Record<string, string>, ...words: string[]): Promise<Answer> {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return start(['redact', ...words], ['env', ...set]).ended;
}

const withToken = (token = headers['authorization']?.split(' ')[1] ?? ''): Record<string, string> => ({
  TIDEWAITER_URL: serving?.url ?? '',
  TIDEWAITER_TOKEN: token,
});
/** What finds the platform by its data folder. */
const besideIt = { TIDEWAITER_DATA: data, TIDEWAITER_PORT: String(port) };

async function read(path: string): Promise<Record<string, unknown>[]> {
  const reply = await ask({ url: serving?.url ?? '' }, { path: `/api/v1${path}`, headers });
  assert.equal(reply.status, 200, reply.text);
  return (JSON.parse(reply.text) as { items: Record<string, unknown>[] }).items;
}

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('tidewaiter redact with a platform', () => {
  before(async () => {
    serving = await startServing(data, { TIDEWAITER_PORT: String(port) });
    headers = await signedIn(serving);
    copyFileSync(photograph, join(place, 'yard.jpg'));
  });

  test('has job and case there and the outputs here, under the names and with the bytes they would have had', async () => {
    const out = join(place, 'out');
    const words = [join(place, 'yard.jpg'), '-o', `${out}/`, '--profile', 'fast', '--reasons', 'foia-us'];
    const answer = await redact(withToken(), ...words, '--json');
    assert.equal(answer.code, 0, answer.stdout + answer.stderr);
    const lines = jsonLines(answer);
    const [at, of, result] = ['platform', 'case', 'result'].map((event) =>
      lines.find((line) => line.event === event),
    );
    assert.equal(at?.['url'], serving?.url);
    assert.equal(of?.['title'], 'Redaction of yard.jpg');
    assert.equal(result?.['output'], join(out, 'yard.redacted.jpg'));
    const names = ['exemptions.csv', 'plan.json', 'record.json', 'record.pdf', 'redacted.jpg'];
    assert.deepEqual(
      listing(out),
      names.map((name) => `yard.${name}`),
    );
    const assets = await read(`/cases/${String(of['case'])}/assets`);
    const stored = new Map(assets.map(({ name, sha256: digest }) => [name, digest]));
    for (const name of listing(out)) assert.equal(stored.get(name), sha256(join(out, name)), name);
    assert.equal(stored.get('yard.jpg'), sha256(photograph));
    const again = await redact(withToken(), ...words);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /^At the platform \S+\nE_OUTPUT_EXISTS: /);
    assert.equal((await read('/cases')).length, 1);
  });

  test('takes a folder into a case that has a name, and what is done there is kept', async () => {
    const [from, to] = [join(place, 'evidence'), join(place, 'release')];
    mkdirSync(from);
    copyFileSync(photograph, join(from, 'one.jpg'));
    const body = { site: 'pier', use: 'redaction', title: 'Request 17' };
    await ask(serving!, { method: 'POST', path: '/api/v1/cases', body, headers });
    const words = [from, '-o', to, '--profile', 'fast', '--case', 'Request 17'];
    const first = await redact(withToken(), ...words);
    assert.equal(first.code, 0, first.stdout + first.stderr);
    assert.match(first.stderr, /^At the platform http:\S+\nIn case \S+ \(Request 17\)\n/);
    const second = await redact(withToken(), ...words);
    assert.match(second.stdout, /already done/);
    const cases = await read('/cases');
    const { id } = cases.find(({ title }) => title === 'Request 17') ?? {};
    const originals = (await read(`/cases/${String(id)}/assets`)).filter(({ role }) => role === 'original');
    assert.equal(originals.length, 1);
  });

  test('finds the platform of its own data folder, as somebody, and leaves no token behind', async () => {
    const [input, out] = [join(place, 'yard.jpg'), join(place, 'near')];
    const words = [input, '-o', `${out}/`, '--profile', 'fast'];
    assertFailed(await redact(besideIt, ...words, '--as', 'nobody-here'), 'E_PLATFORM_ACCESS');
    const answer = await redact(besideIt, ...words, '--as', 'first-admin');
    assert.equal(answer.code, 0, answer.stdout + answer.stderr);
    assert.match(answer.stderr, /^At the platform /);
    assert.equal(listing(out).length, 5);
    const tokens = await read('/tokens');
    const used = tokens.filter(({ name }) => name === 'tidewaiter redact');
    assert.equal(used.length, 1);
    assert.notEqual(used[0]?.['revokedAt'], null);
  });

  test('works alone when it is told to', async () => {
    const cases = (await read('/cases')).length;
    const out = join(place, 'alone');
    const words = [join(place, 'yard.jpg'), '-o', `${out}/`, '--profile', 'fast', '--alone'];
    const answer = await redact(besideIt, ...words);
    assert.equal(answer.code, 0, answer.stdout + answer.stderr);
    assert.doesNotMatch(answer.stderr, /platform/);
    assert.equal((await read('/cases')).length, cases);
    assertFailed(await redact(besideIt, ...words, '--case', 'Request 17'), 'E_OPTION');
  });

  test('says what it cannot do, and does nothing then', async () => {
    const out = join(place, 'nothing');
    const words = [join(place, 'yard.jpg'), '-o', `${out}/`, '--profile', 'fast'];
    const wrong: [code: string, variables: Record<string, string>, ...more: string[]][] = [
      ['E_PLATFORM_OPTION', withToken(), '--classes', 'face'],
      ['E_PLATFORM_OPTION', withToken(), '--no-check'],
      ['E_PLATFORM_CASE', withToken(), '--case', 'Request 18'],
      ['E_PLATFORM_CASE', withToken(), '--site', 'quay'],
      ['E_NOT_SIGNED_IN', withToken('tw_nothing')],
      ['E_PLATFORM_ACCESS', { TIDEWAITER_URL: 'https://tidewaiter.example' }],
      ['E_PLATFORM_ACCESS', { TIDEWAITER_URL: 'http://tidewaiter.example', TIDEWAITER_TOKEN: 'tw_x' }],
      [
        'E_PLATFORM_GONE',
        { TIDEWAITER_URL: `http://127.0.0.1:${await freePort()}`, TIDEWAITER_TOKEN: 'tw_x' },
      ],
    ];
    const answers = await Promise.all(
      wrong.map(([, variables, ...more]) => redact(variables, ...words, ...more)),
    );
    for (const [index, [code]] of wrong.entries()) assertFailed(answers[index]!, code);
    assert.deepEqual(listing(out), []);
  });

  test('is told when a token lacks a scope', async () => {
    const scopes = ['read', 'write', 'upload'].flatMap((scope) => ['--scope', scope]);
    const made = await tidewaiter(data, [
      ...['token', 'create', '--login', 'first-admin', '--name', 'a reader'],
      ...scopes,
    ]);
    const token = made.stdout.trim();
    const out = join(place, 'unscoped');
    const words = [join(place, 'yard.jpg'), '-o', `${out}/`, '--profile', 'fast', '--case', 'Request 17'];
    const answer = await redact(withToken(token), ...words);
    assert.equal(answer.code, 2, answer.stdout + answer.stderr);
    assert.match(answer.stderr, /\nE_FORBIDDEN: /);
    assert.deepEqual(listing(out), []);
  });
});
