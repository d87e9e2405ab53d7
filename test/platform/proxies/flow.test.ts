import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ProxyIndex } from '../../../src/media/proxy/index.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { frameTable } from '../../../src/media/proxy/index.ts';
import { clipFolder, ffmpeg } from '../../media-clips.ts';
import { codeOf, newPerson, newSession } from '../attack/house.ts';
import { numberedClip } from './numbered.ts';
import { openOffice, type Office } from './office.ts';

const clips = clipFolder();
after(() => clips.remove());

const office = await openOffice();

describe('proxies of an asset', () => {
  let assetId: string;

  before(async () => {
    const clip = clips.path('gate.avi');
    numberedClip({ width: 320, height: 240, frames: 50 }, ['-c:v', 'mjpeg', clip]);
    assetId = await office.upload('gate camera.avi', readFileSync(clip));
  });

  test('are asked for with the upload itself, once', async () => {
    const { job } = await office.until(assetId, 'queued');
    const again = await office.post(`/assets/${assetId}/proxy`);
    assert.equal(again.status, 202);
    assert.equal((JSON.parse(again.text) as { job: string }).job, job);
    const early = await office.get(`/assets/${assetId}/proxy/video`);
    assert.deepEqual([early.status, codeOf(early)], [422, 'E_PROXY_MISSING']);
    const letter = await office.upload('letter.txt', Buffer.from('Dear officer'));
    assert.equal((await office.until(letter, 'none')).job, null);
    await office.house.platform.jobs.work();
    const { made } = await office.until(assetId, 'ready');
    assert.deepEqual(
      made.map(({ kind }) => kind),
      ['index', 'poster', 'strip', 'thumbnail', 'video'],
    );
    const done = JSON.parse((await office.get(`/jobs/${job}`)).text) as { result: Record<string, number> };
    assert.equal(done.result['frames'], 50);
    assert.ok((done.result['framesPerSecond'] ?? 0) > 0);
    const again2 = await office.post(`/assets/${assetId}/proxy`);
    assert.equal(again2.status, 200);
  });

  test('are read whole or in ranges, and not again by who has them', async () => {
    const { made } = await office.until(assetId, 'ready');
    const whole = await fetchBytes(office, assetId, 'video');
    assert.equal(sha256(whole.bytes), made.find(({ kind }) => kind === 'video')?.sha256);
    assert.equal(whole.headers.get('content-type'), 'video/mp4');
    assert.equal(whole.headers.get('cache-control'), 'private, no-cache');
    const { video } = JSON.parse((await fetchBytes(office, assetId, 'index')).bytes.toString()) as ProxyIndex;
    assert.ok(video !== undefined);
    const table = frameTable(video);
    const [start, length] = [table.offset[30] ?? 0, table.bytes[30] ?? 0];
    const range = { range: `bytes=${start}-${start + length - 1}` };
    const piece = await fetchBytes(office, assetId, 'video', range);
    assert.equal(piece.status, 206);
    assert.deepEqual(piece.bytes, whole.bytes.subarray(start, start + length));
    const etag = whole.headers.get('etag') ?? '';
    assert.equal((await fetchBytes(office, assetId, 'video', { 'if-none-match': etag })).status, 304);
    const stale = await fetchBytes(office, assetId, 'video', { ...range, 'if-range': '"other"' });
    assert.deepEqual([stale.status, stale.bytes.length], [200, whole.bytes.length]);
  });

  test('that they were looked at is recorded once in a while, wherever the reading began', async () => {
    const { house } = office;
    const personId = await newPerson(house, [{ site: 'pier', role: 'analyst' }]);
    const session = await newSession(house, personId);
    for (let at = 1000; at < 6000; at += 1000)
      await fetchBytes(office, assetId, 'video', { ...session, range: `bytes=${at}-${at + 9}` });
    const views = async (): Promise<number> => {
      const rows = await house.platform.db.selectFrom('ledger_outbox').select('event').execute();
      const events = rows.map(
        ({ event }) => event as { kind: string; actor: string; subjects: { asset?: string } },
      );
      return events.filter(
        (one) => one.kind === 'asset.viewed' && one.actor === personId && one.subjects.asset === assetId,
      ).length;
    };
    const ledger = await house.platform.db.selectFrom('ledger').select('event').execute();
    const placed = ledger.filter(({ event }) => JSON.stringify(event).includes(personId)).length;
    assert.equal((await views()) + placed, 1);
  });

  test('are for who may read the asset, and nobody else', async () => {
    const { house } = office;
    const viewer = await newSession(house, await newPerson(house, [{ site: 'pier', role: 'viewer' }]));
    const other = await newSession(house, await newPerson(house, [{ site: 'quay', role: 'officer' }]));
    assert.equal((await fetchBytes(office, assetId, 'poster', viewer)).status, 403);
    assert.equal((await fetchBytes(office, assetId, 'poster', other)).status, 404);
    assert.equal((await fetchBytes(office, assetId, 'poster', { cookie: '' })).status, 401);
  });

  test('of rubbish fail with a reason, and can be asked for again; the server goes on', async () => {
    const rubbish = await office.upload('broken.mp4', Buffer.alloc(50_000, 'no video '));
    const failed = await office.until(rubbish, 'failed', 'ready');
    assert.deepEqual([failed.state, failed.error?.code], ['failed', 'E_FORMAT']);
    const again = await office.post(`/assets/${rubbish}/proxy`);
    assert.equal(again.status, 202);
    assert.notEqual((JSON.parse(again.text) as { job: string }).job, failed.job);
    assert.equal((await office.until(rubbish, 'failed')).error?.code, 'E_FORMAT');
    const [photo, letter] = [await office.upload('scan.jpg', Buffer.from('x')), assetId];
    assert.equal((await office.until(photo, 'failed', 'ready')).state, 'failed');
    assert.equal((await office.until(letter, 'ready')).state, 'ready');
  });

  test('are given up when their job is cancelled, and nothing of the work is left', async () => {
    const long = clips.path('long.mp4');
    const short = clips.path('short.mp4');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=1280x720:r=30:d=2', '-c:v', 'mpeg4', '-q:v', '8', short);
    ffmpeg('-stream_loop', '30', '-i', short, '-c', 'copy', long);
    const id = await office.upload('long.mp4', readFileSync(long));
    const { job } = await office.until(id, 'running');
    assert.equal((await office.post(`/jobs/${job}/cancel`)).status, 200);
    assert.equal((await office.until(id, 'none', 'ready')).state, 'none');
    const { data } = office.house.platform.settings;
    while (readdirSync(join(data, 'work')).length > 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test('go with their source: keys, bytes and state', async () => {
    const { db, vault, settings } = office.house.platform;
    const rows = await db
      .selectFrom('proxies')
      .innerJoin('vault_objects', 'vault_objects.asset_id', 'proxies.view_id')
      .select(['view_id', 'object'])
      .where('proxies.asset_id', '=', assetId)
      .execute();
    assert.equal(rows.length, 5);
    const stored = (): string[] => readdirSync(join(settings.data, 'vault'), { recursive: true }).map(String);
    const objects = rows.map(({ object }) => object);
    assert.ok(objects.every((object) => stored().some((path) => path.endsWith(object))));
    const closedAt = new Date(Date.now() - 1000);
    await db
      .updateTable('cases')
      .set({ state: 'closed', closed_at: closedAt })
      .where('id', '=', office.caseId)
      .execute();

    const held = { reason: 'a test', by: '00000000-0000-4000-8000-000000000001', now: new Date() };
    const erase = (now: Date) => db.transaction().execute((tx) => vault.erase(tx, assetId, { ...held, now }));
    await assert.rejects(erase(new Date()), { code: 'E_RETENTION' });
    const late = new Date(Date.now() + 7 * 366 * 86_400_000);
    await db
      .updateTable('assets')
      .set({ legal_hold: true })
      .where('id', '=', rows[0]?.view_id ?? '')
      .execute();
    await assert.rejects(erase(late), { code: 'E_LEGAL_HOLD' });
    await db
      .updateTable('assets')
      .set({ legal_hold: false })
      .where('id', '=', rows[0]?.view_id ?? '')
      .execute();
    const erasure = await erase(late);
    assert.deepEqual(new Set(erasure.assets), new Set([assetId, ...rows.map(({ view_id: id }) => id)]));
    for (const { view_id: id } of rows) await assert.rejects(vault.open(id), { code: 'E_VAULT_ERASED' });
    await erasure.removeObjects();
    assert.ok(objects.every((object) => !stored().some((path) => path.endsWith(object))));
    assert.equal((await office.until(assetId, 'none')).made.length, 0);
    const after = await office.post(`/assets/${assetId}/proxy`);
    assert.equal(codeOf(after), 'E_VAULT_ERASED');
  });
});

async function fetchBytes(
  { house, officer }: Office,
  assetId: string,
  kind: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const address = `${house.url}/api/v1/assets/${assetId}/proxy/${kind}`;
  const answer = await fetch(address, { headers: { ...officer, ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}
