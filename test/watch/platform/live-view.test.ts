import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import WebSocket from 'ws';
import type { Fragment } from '../../../src/media/live/fragment.ts';
import { verifyEvidence } from '../../../src/uses/watch/evidence/index.ts';
import { keepInTree, signHead } from '../../../src/governance/log/log.ts';
import { sequence } from '../../../src/platform/ledger/ledger.ts';
import { clipFolder, ffprobe } from '../../media-clips.ts';
import { openHouse } from '../../platform/attack/house.ts';
import { until } from '../../platform/attack/redactions.ts';
import { cameraClip, streamOf } from '../record-clips.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera } from './desk.ts';

const clips = clipFolder();
after(clips.remove);
const stream = await streamOf(cameraClip(clips.path('camera.mp4'), 20));
const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();
const snapshot = { jpeg: picture, width: 64, height: 48 };

describe('what a camera saw', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const [supervisor, viewer] = [await person(house, 'supervisor'), await person(house, 'viewer')];
  const camera = new ScriptedCamera();
  const { runner } = runServices(house, camera.run);
  const id = await addGate(supervisor);
  const { handlers } = await camera.begun();
  const began = Date.now() - 20_000;
  const fragments = stream.fragments.map((one) => ({ ...one, at: began + (one.time + one.duration) * 1000 }));
  await handlers.onHead?.(stream.head);
  const socket = (path: string, headers: Record<string, string>): WebSocket =>
    new WebSocket(`${house.url.replace('http', 'ws')}/api/v1${path}`, { headers });
  const refusal = async (path: string, headers: Record<string, string>): Promise<number | undefined> => {
    const opened = socket(path, headers);
    opened.on('error', () => undefined);
    const [, response] = (await once(opened, 'unexpected-response')) as [unknown, { statusCode?: number }];
    opened.terminate();
    return response.statusCode;
  };

  test('live pictures are refused before the handshake', async () => {
    const path = `/watch/cameras/${id}/live?reason=case+17`;
    assert.equal(await refusal(path, {}), 401);
    assert.equal(await refusal(path, viewer.headers), 403);
    assert.equal(await refusal(`/watch/cameras/${id}/live`, supervisor.headers), 400);
    assert.equal(await refusal(path, { ...supervisor.headers, origin: 'https://elsewhere.example' }), 403);
    assert.deepEqual(await db.selectFrom('watch_views').selectAll().execute(), []);
  });

  test('whoever gives a reason sees the stream from a key frame on, and that is recorded', async () => {
    for (const fragment of fragments.slice(0, 33)) await handlers.onFragment?.(fragment);
    const opened = socket(`/watch/cameras/${id}/live?reason=case+17`, supervisor.headers);
    const [texts, bytes]: [object[], Buffer[]] = [[], []];
    opened.on('message', (data: Buffer, isBinary) => {
      if (isBinary) bytes.push(data);
      else texts.push(JSON.parse(data.toString()) as object);
    });
    await until(() => bytes.length > 1, 'it shows what there was');
    for (const fragment of fragments.slice(33, 60)) await handlers.onFragment?.(fragment);
    const group = fragments.slice(0, 33).findLastIndex(({ keyFrame }) => keyFrame);
    await until(() => bytes.length === 1 + 60 - group, 'all of it');
    opened.terminate();
    assert.equal(texts.length, 1);
    assert.deepEqual({ ...texts[0], at: 0 }, { codecs: stream.head.codecs, width: 320, height: 180, at: 0 });
    const seen = clips.path('live.mp4');
    writeFileSync(seen, Buffer.concat(bytes));
    const packets = ffprobe(seen, '-show_entries', 'packet=dts_time,flags')['packets']!;
    assert.ok(String(packets[0]!['flags']).startsWith('K'));
    assert.ok(Number(packets[0]!['dts_time']) < 0.1);
    const [view] = await db.selectFrom('watch_views').selectAll().execute();
    assert.deepEqual([view?.what, view?.reason, view?.made_by], ['live', 'case 17', supervisor.id]);
  });

  test('everybody sees the masked picture', async () => {
    await handlers.onMasked?.({ ...snapshot, at: Date.now() });
    const reply = await fetch(`${house.url}/api/v1/watch/cameras/${id}/masked?follow=no`, {
      headers: viewer.headers,
    });
    assert.match(String(reply.headers.get('content-type')), /^multipart\/x-mixed-replace/);
    assert.ok(Buffer.from(await reply.arrayBuffer()).includes(picture));
  });

  let incident = '';
  test('an alert has a clip of what was before and after it, and the same masked', async () => {
    await handlers.onMaskedHead?.(stream.head);
    for (const fragment of fragments.slice(0, 60)) await handlers.onMaskedFragment?.(fragment);
    const alert = alertOf(1, { at: began + 11_000 });
    await handlers.onAlert?.(alert, snapshot, snapshot);
    for (const fragment of fragments.slice(60)) {
      await handlers.onFragment?.(fragment);
      await handlers.onMaskedFragment?.(fragment);
    }
    await handlers.onState?.({ state: 'lost', since: Date.now() });
    const alerts = await alertRows();
    const kept = alerts[0]!;
    incident = String(kept.incident_id);
    const { body } = await viewer.call('GET', `/watch/alerts/${kept.id}/recordings`);
    const items = body['items'] as unknown as Record<string, never>[];
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['clip', 'masked-clip', 'masked-still'],
    );
    assert.ok(Math.abs(Number(items[0]!['askedFrom']) + 5) < 0.01);
    assert.ok(Number(items[0]!['begins']) <= -5 && Number(items[0]!['begins']) > -6.3);
    const reveal = { what: 'clip', reason: 'case 17' };
    assert.equal((await viewer.call('POST', `/watch/alerts/${kept.id}/reveal`, reveal)).status, 403);
    const shown = await fetch(`${house.url}/api/v1/watch/alerts/${kept.id}/reveal`, {
      method: 'POST',
      headers: { ...supervisor.headers, 'content-type': 'application/json' },
      body: JSON.stringify(reveal),
    });
    const { streams } = probed('clip.mp4', await shown.arrayBuffer());
    assert.equal(streams?.[0]?.['width'], 320);
    for (const name of ['masked.jpg', 'masked.mp4']) {
      const masked = await fetch(`${house.url}/api/v1/watch/alerts/${kept.id}/${name}`, {
        headers: viewer.headers,
      });
      assert.equal(masked.status, 200);
      probed(name, await masked.arrayBuffer());
    }
  });

  test('an evidence package of the incident is intact, and who took it is recorded', async () => {
    while ((await sequence(db, keepInTree)) > 0);
    const key = await house.platform.keys.signing('ledger');
    await signHead(db, { origin: 'pier', key, now: new Date() });
    const path = `/watch/incidents/${incident}/evidence?reason=subpoena+4`;
    assert.equal((await viewer.call('GET', path)).status, 403);
    const reply = await fetch(`${house.url}/api/v1${path}`, { headers: supervisor.headers });
    assert.equal(reply.status, 200, reply.ok ? '' : await reply.clone().text());
    const file = clips.path('evidence.zip');
    await pipeline(Readable.fromWeb(reply.body as never), createWriteStream(file));
    const { publicKey } = await house.platform.keys.signing('evidence');
    const verified = await verifyEvidence(file, publicKey);
    assert.deepEqual(verified.problems, []);
    assert.match(execFileSync('unzip', ['-l', file]).toString(), /clip\.mp4[^]*snapshots/);
    const taken = await db.selectFrom('watch_views').selectAll().where('what', '=', 'evidence').execute();
    assert.deepEqual([taken[0]?.about, taken[0]?.reason], [incident, 'subpoena 4']);
  });

  async function alertRows(): Promise<{ id: string; incident_id: string | null }[]> {
    await until(
      async () => (await db.selectFrom('watch_recorded').select('kind').execute()).length === 3,
      'all is kept',
    );
    return db.selectFrom('watch_alerts').select(['id', 'incident_id']).execute();
  }

  test('continuous recording is played over the borders of files, with its gaps named', async () => {
    const { etag } = await supervisor.call('GET', `/watch/cameras/${id}`);
    const changed = await supervisor.call(
      'PATCH',
      `/watch/cameras/${id}`,
      { recording: { preRoll: 5, postRoll: 5, continuousDays: 2 } },
      { 'if-match': etag },
    );
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const again = (await camera.begun()).handlers;
    await again.onHead?.(stream.head);
    const from = Date.now() - 60_000;
    const send = async (part: readonly Fragment[]): Promise<void> => {
      for (const one of part)
        await again.onFragment?.({ ...one, at: from + (one.time + one.duration) * 1000 });
    };
    const [five, ten] = [5, 10].map((second) => fragments.findIndex(({ time }) => time >= second));
    await send(fragments.slice(0, five));
    await send(fragments.slice(ten));
    await again.onState?.({ state: 'lost', since: Date.now() });
    await until(
      async () => (await db.selectFrom('watch_segments').select('id').execute()).length >= 2,
      'all is kept',
    );
    const text = (second: number): string => new Date(from + second * 1000).toISOString();
    const { body } = await viewer.call(
      'GET',
      `/watch/cameras/${id}/recording/gaps?from=${text(2)}&to=${text(18)}`,
    );
    const gaps = body['gaps'] as unknown as { from: string; to: string; why: string }[];
    assert.deepEqual(
      gaps.map(({ from: begins, to, why }) => [
        Math.round((Date.parse(begins) - from) / 1000),
        Math.round((Date.parse(to) - from) / 1000),
        why,
      ]),
      [[5, 10, 'not recorded']],
    );
    const play = `/watch/cameras/${id}/recording?from=${text(2)}&to=${text(18)}&reason=case+18`;
    assert.equal((await viewer.call('GET', play)).status, 403);
    const reply = await fetch(`${house.url}/api/v1${play}`, { headers: supervisor.headers });
    assert.equal(reply.status, 200);
    const { packets } = probed('recording.mp4', await reply.arrayBuffer(), 'packet=dts_time');
    assert.ok(packets!.length > 200);
    await runner.stop(5);
  });

  function probed(name: string, bytes: ArrayBuffer, entries = 'stream=width'): ReturnType<typeof ffprobe> {
    const path = clips.path(name);
    writeFileSync(path, Buffer.from(bytes));
    return ffprobe(path, '-show_entries', entries);
  }
});
