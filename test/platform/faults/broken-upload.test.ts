import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Talk } from '../../../src/uses/redaction/remote/talk.ts';
import { upload } from '../../../src/uses/redaction/remote/upload.ts';
import { newApiToken, newPerson, newThings, openHouse } from '../attack/house.ts';
import { freePort } from '../free-port.ts';

const house = await openHouse();
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-broken-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A line to the house that breaks each time so many bytes went over it. */
async function brittleLine(bytes: number): Promise<{ readonly url: string; readonly breaks: () => number }> {
  let breaks = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(house.port, '127.0.0.1');
    let left = bytes;
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
    }
    near.on('data', (chunk) => {
      left -= chunk.length;
      if (left > 0) return;
      breaks++;
      near.resetAndDestroy();
      far.resetAndDestroy();
    });
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, breaks: () => breaks };
}

describe('what redact sends to a platform', () => {
  test('goes on where a broken connection left off, and arrives whole', async () => {
    const person = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    const { caseId } = await newThings(house, 'pier', person);
    const { authorization = '' } = await newApiToken(house, person, ['read', 'upload']);
    const line = await brittleLine(5_000_000);
    const address = { url: line.url, token: authorization.split(' ')[1] ?? '' };
    const talk = new Talk({ address, tell: () => Promise.resolve() });
    const bytes = randomBytes(30_000_000);
    const input = join(folder, 'clip.bin');
    writeFileSync(input, bytes);
    const done: number[] = [];
    const id = await upload(talk, { caseId, input, onProgress: (progress) => done.push(progress.done) });
    assert.ok(line.breaks() > 3, `${line.breaks()} breaks`);
    const asset = await talk.ask('getAsset', { params: { id } });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual([asset.name, asset.sha256], ['clip.bin', sha256]);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
      'nothing was sent from the beginning',
    );
    assert.equal(done.at(-1), bytes.length);
  });

  test('waits for who does not answer as long as it was told, and not again after that', async () => {
    const told: string[] = [];
    const talk = new Talk({
      address: { url: `http://127.0.0.1:${await freePort()}`, token: 'tw_x' },
      tell: (line) => Promise.resolve(void told.push(line)),
      patienceMs: 700,
    });
    let tries = 0;
    const asking = (): Promise<unknown> =>
      talk.persist(() => {
        tries++;
        return talk.once('listSites', {});
      });
    await assert.rejects(asking(), { code: 'E_PLATFORM_GONE' });
    assert.ok(tries > 1);
    assert.equal(told.length, 1);
    tries = 0;
    await assert.rejects(asking(), { code: 'E_PLATFORM_GONE' });
    assert.equal(tries, 1);
  });

  test('what may have been made before an answer was lost is looked for, not made twice', async () => {
    const made: { id: string }[] = [{ id: 'old' }];
    const talk = new Talk({
      address: { url: 'http://127.0.0.1', token: 'tw_x' },
      tell: () => Promise.resolve(),
    });
    const id = await talk.make(
      () => Promise.resolve([...made].reverse()),
      () => {
        made.push({ id: 'new' });
        return Promise.reject(new TypeError('fetch failed'));
      },
    );
    assert.deepEqual([id, made.length], ['new', 2]);
  });
});
