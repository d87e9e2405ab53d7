import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, codeOf, newPerson, newSession, newThings, openHouse, type Things } from './house.ts';

const idleMs = 1_500;
const largest = 3_000_000;
const house = await openHouse({
  idleMs,
  settings: (usual) => ({ ...usual, uploads: { ...usual.uploads, largestGigabytes: largest / 1e9 } }),
});

describe('clients that are slow, many, or leave', () => {
  let things: Things;
  let headers: Record<string, string>;

  before(async () => {
    const personId = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    headers = await newSession(house, personId);
    things = await newThings(house, 'pier', personId);
  });

  const uploadPath = (): string => `/api/v1/cases/${things.caseId}/assets?name=a.bin`;

  /** What the vault and its table hold. */
  async function kept(): Promise<{ objects: number; rows: number; keys: number }> {
    const { db, settings } = house.platform;
    const files = readdirSync(join(settings.data, 'vault'), { recursive: true, withFileTypes: true });
    const count = async (table: 'assets' | 'vault_objects'): Promise<number> =>
      Number(
        (
          await db
            .selectFrom(table)
            .select((eb) => eb.fn.countAll<number>().as('n'))
            .executeTakeFirstOrThrow()
        ).n,
      );
    return {
      objects: files.filter((file) => file.isFile()).length,
      rows: await count('assets'),
      keys: await count('vault_objects'),
    };
  }

  test('who sends headers or a body bit by bit, or stops, is let go; others are served meanwhile', async () => {
    const cookie = `Cookie: ${headers['cookie'] ?? ''}\r\n`;
    const post = (path: string, type: string): string =>
      `POST ${path} HTTP/1.1\r\nHost: x\r\n${cookie}Content-Type: ${type}\r\nContent-Length: 500\r\n\r\n`;
    const slow: [name: string, begin: string, drip: string][] = [
      ['nothing', '', ''],
      ['half a line', 'GET /api', ''],
      ['headers bit by bit', 'GET /api HTTP/1.1\r\nHost: x\r\n', 'a'],
      ['half of its JSON', `${post('/api/v1/session', 'application/json')}{`, ''],
      ['JSON bit by bit', `${post('/api/v1/session', 'application/json')}{`, ' '],
      ['JSON in capitals', `${post('/api/v1/session', 'Application/JSON')}{`, ' '],
      [
        'a body that nobody asked for',
        'GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n',
        'a',
      ],
      ['a body for an address that nobody can read', post('/%zz', 'application/octet-stream'), 'a'],
      ['a body for nothing', post('/nowhere', 'application/octet-stream'), 'a'],
      ['half of a file', `${post(uploadPath(), 'application/octet-stream')}abc`, ''],
    ];
    const before = await kept();
    const began = performance.now();
    let over = false;
    const ends = slow.flatMap((one) => Array.from({ length: 20 }, () => dripping(one, () => over)));
    while (performance.now() - began < idleMs) {
      const asked = performance.now();
      assert.equal((await ask(house, { path: '/api/v1/cases', headers })).status, 200);
      assert.ok(performance.now() - asked < 2000, 'others are not held up');
    }
    for (const [name, seconds] of await Promise.all(ends))
      assert.ok(seconds < (3 * idleMs) / 1000, `${name} was held for ${seconds.toFixed(1)} s`);
    over = true;
    assert.deepEqual(await kept(), before);
  });

  test('two hundred at once are answered', async () => {
    const paths = [
      '/api/v1/cases',
      `/api/v1/cases/${things.caseId}/assets`,
      `/api/v1/assets/${things.assetId}/content`,
    ];
    const replies = await Promise.all(
      Array.from({ length: 600 }, (_, index) => ask(house, { path: paths[index % 3] ?? '', headers })),
    );
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
  });

  test('an upload that breaks off leaves nothing', async () => {
    const before = await kept();
    for (const announced of [{ 'content-length': '2000000' }, {}]) {
      const sending = request(`${house.url}${uploadPath()}`, {
        method: 'POST',
        headers: { ...headers, ...announced, 'content-type': 'application/octet-stream' },
      });
      const failed = once(sending, 'error').catch(() => undefined);
      sending.write(Buffer.alloc(1_500_000));
      await sleep(200);
      sending.destroy();
      await failed;
    }
    await sleep(300);
    assert.deepEqual(await kept(), before);
  });

  test('one that is too large is told so, and leaves nothing', async () => {
    const before = await kept();
    const octets = { ...headers, 'content-type': 'application/octet-stream' };
    for (const size of [largest + 1, 12_000_000]) {
      const [status, code] = await sent(size, octets, true);
      assert.deepEqual([status, code], [413, 'E_TOO_LARGE'], `${size} announced`);
      assert.deepEqual(await sent(size, octets, false), [413, 'E_TOO_LARGE'], `${size} in chunks`);
    }
    assert.deepEqual(await kept(), before);
    const [whole] = await sent(largest, octets, true);
    assert.equal(whole, 201, 'one that just fits is taken');
  });

  /** Sends zeros, and takes the answer whenever it comes. */
  async function sent(
    size: number,
    given: Record<string, string>,
    announced: boolean,
  ): Promise<[number, string | undefined]> {
    const length = announced ? { 'content-length': String(size) } : {};
    const sending = request(`${house.url}${uploadPath()}`, {
      method: 'POST',
      headers: { ...given, ...length },
    });
    // The other side may close while bytes are still on their way.
    sending.on('error', () => undefined);
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    for (let left = size; left > 0 && !sending.destroyed; left -= 1_000_000) {
      if (!sending.write(Buffer.alloc(Math.min(left, 1_000_000))))
        await Promise.race([once(sending, 'drain'), answered]).catch(() => undefined);
    }
    sending.end();
    const [answer] = await answered;
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    const type = answer.headers['content-type'] ?? '';
    return [
      answer.statusCode ?? 0,
      codeOf({ status: 0, headers: new Headers({ 'content-type': type }), text }),
    ];
  }

  test('an answer that goes on and on ends when the server stops', async () => {
    const { db } = house.platform;
    await db
      .updateTable('jobs')
      .set({ state: 'queued', finished_at: null })
      .where('id', '=', things.jobId)
      .execute();
    const watching = ask(house, { path: `/api/v1/jobs/${things.jobId}/events`, headers });
    await sleep(300);
    const began = performance.now();
    await house.app.close();
    assert.ok(performance.now() - began < 4000, 'whoever watches does not hold it up');
    assert.match((await watching).text, /"state":"queued"/);
  });
});

/** Sends something, then one byte after another or nothing. @returns how long it was held. */
async function dripping(
  [name, begin, drip]: [string, string, string],
  over: () => boolean,
): Promise<[name: string, seconds: number]> {
  const began = performance.now();
  const socket: Socket = connect(house.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.resume();
  const gone = once(socket, 'close');
  socket.write(begin);
  const timer = setInterval(() => {
    if (drip !== '' && socket.writable && !over()) socket.write(drip);
  }, 200);
  const giveUp = setTimeout(() => socket.destroy(), 8 * idleMs);
  await gone;
  clearInterval(timer);
  clearTimeout(giveUp);
  return [name, (performance.now() - began) / 1000];
}
