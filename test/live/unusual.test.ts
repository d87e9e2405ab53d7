import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { canServe, startRtspServer, type RtspServer, type RtspSettings } from '../../material/rtsp/server.ts';
import { needs } from '../needs.ts';
import { collect, type Collected } from './collect.ts';

const small = { width: 320, height: 240, pattern: 'ball' };
const gate: RtspSettings = { mounts: { '/gate': { ...small, fps: 10 } } };
const lastOf = ({ states }: Collected): string | undefined =>
  states.at(-1)?.report?.code ?? states.at(-1)?.state;

describe('an unusual camera', { concurrency: true }, () => {
  let server: RtspServer;
  before(async () => {
    if (!canServe) return;
    server = await startRtspServer({
      mounts: {
        '/slow': { ...small, fps: 1, keyEvery: 2 },
        '/fast': { ...small, fps: 60, keyEvery: 60 },
        '/large': { width: 3840, height: 2160, fps: 3, pattern: 'black', keyEvery: 3 },
        '/rarely': { ...small, fps: 10, keyEvery: 120 },
      },
    });
  });
  after(() => server?.stop());

  test('with one picture a second is slow, and not lost', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = await collect({ url: server.url('/slow') }, ({ times }) => times.length >= 7);
    assert.deepEqual(
      so.states.map(({ state }) => state),
      ['connecting', 'live'],
    );
    const lasted = so.times.at(-1)! - so.times[0]!;
    assert.ok(lasted > 5 && lasted < 8, so.times.join(' '));
  });

  test('with sixty a second is copied whole, and what is not looked at is counted', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = await collect(
      { url: server.url('/fast') },
      ({ fragments }) => fragments.length >= 180,
      () => sleep(100),
    );
    assert.ok(so.source.dropped > 50, `${so.source.dropped} left out`);
    assert.ok(so.times.every((time, at) => at === 0 || time > so.times[at - 1]!));
    const lasted = so.fragments[179]!.time - so.fragments[0]!.time;
    assert.ok(lasted > 2.5 && lasted < 3.5, `180 of 60 a second took ${lasted} s`);
  });

  test('with a picture of 4K is read as it is', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const so = await collect({ url: server.url('/large') }, ({ times }) => times.length >= 3);
    assert.ok(so.sizes.every((one) => one === '3840x2160'));
    assert.deepEqual(so.states.map(({ state }) => state).at(-1), 'live');
    assert.ok(so.fragments.length >= 3 && so.fragments[0]!.keyFrame);
  });

  test('that sends key frames rarely shows nothing until one comes, says so, and keeps its connection', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    // Who comes first begins with a key frame; who comes second waits for the next.
    const first = new AbortController();
    const other = collect({ url: server.url('/rarely') }, () => first.signal.aborted);
    await sleep(1500);
    const so = await collect(
      { url: server.url('/rarely') },
      ({ times, states }) => times.length >= 5 || states.length > 6,
    );
    first.abort();
    await other;
    const told = so.states.map(({ state, report }) => report?.code ?? state);
    assert.deepEqual(told, ['connecting', 'E_LIVE_NO_PICTURE', 'live']);
    assert.ok(so.fragments[0]!.keyFrame);
    assert.equal(so.heads.length, 1);
  });
});

describe('a camera that changes', { concurrency: true }, () => {
  test('its password: that is said, and it is not tried again at once', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    let server = await startRtspServer(gate);
    const so = await collect(
      { url: server.url('/gate') },
      (now) => lastOf(now) === 'E_LIVE_PASSWORD',
      async (_, { times }) => {
        if (times.length !== 5) return;
        await server.stop();
        server = await startRtspServer({ ...gate, port: server.port, user: 'guard', password: 'new tide' });
      },
    );
    await server.stop();
    assert.equal(lastOf(so), 'E_LIVE_PASSWORD');
    assert.equal(so.states[1]!.state, 'live');
  });

  test('into garbage on its port, and back: it is live again within seconds', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    let server = await startRtspServer(gate);
    let back = 0;
    const so = await collect(
      { url: server.url('/gate') },
      (now) => back > 0 && lastOf(now) === 'live',
      (_, { times }) => {
        if (times.length !== 5) return;
        void server.stop().then(async () => {
          const noise = createServer((socket) => {
            socket.on('error', () => undefined);
            socket.end(Buffer.alloc(4096, 0xa7));
          }).listen(server.port, '127.0.0.1');
          await once(noise, 'listening');
          await sleep(2500);
          noise.close();
          server = await startRtspServer({ ...gate, port: server.port });
          back = Date.now();
        });
      },
    );
    await server.stop();
    assert.ok(
      so.states.some(({ report }) => report?.code === 'E_LIVE_FORMAT'),
      JSON.stringify(so.states),
    );
    // The wait after garbage may have doubled a few times.
    assert.ok(so.states.at(-1)!.since - back < 10_000);
  });
});
