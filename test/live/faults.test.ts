import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { needs } from '../needs.ts';
import { collect, type Collected } from './collect.ts';
import { startRtspServer, type RtspSettings } from '../../material/rtsp/server.ts';

const settings: RtspSettings = {
  mounts: { '/gate': { width: 320, height: 240, fps: 10, pattern: 'ball' } },
};

/** The states, in words: `lost E_LIVE_SILENT`. */
function told({ states }: Collected): string[] {
  return states.map(({ state, report }) => (report === undefined ? state : `${state} ${report.code}`));
}

/** Stream time goes on, and states follow each other. */
function assertInOrder({ times, states }: Collected): void {
  assert.ok(times.every((time, at) => at === 0 || time > times[at - 1]!));
  assert.ok(states.every(({ since }, at) => at === 0 || since >= states[at - 1]!.since));
}

describe('a camera that fails', { concurrency: true }, () => {
  test('killed and started again, it is live again within seconds; the gap is known to the second', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    let server = await startRtspServer(settings);
    const when = { killed: 0, back: 0 };
    const so = await collect(
      { url: server.url('/gate') },
      ({ states }) => states.at(-1)?.state === 'live' && states.length >= 4,
      (_, { times }) => {
        if (times.length !== 10) return;
        when.killed = Date.now();
        void server
          .stop()
          .then(() => sleep(1500))
          .then(async () => {
            server = await startRtspServer({ ...settings, port: server.port });
            when.back = Date.now();
          });
      },
    );
    await server.stop();
    assert.deepEqual([told(so)[0], told(so)[1], told(so)[2]], ['connecting', 'live', 'lost E_LIVE_ENDED']);
    const [lost, live] = [so.states[2]!, so.states.at(-1)!];
    assert.ok(Math.abs(lost.since - when.killed) < 1000);
    assert.ok(live.since - when.back < 5000, `live ${live.since - when.back} ms after it was back`);
    assertInOrder(so);
  });

  test('frozen, it is lost since its last picture, and live again when it goes on', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const server = await startRtspServer(settings);
    const when = { frozen: 0, back: 0 };
    const so = await collect(
      { url: server.url('/gate') },
      ({ states }) => states.at(-1)?.state === 'live' && states.length >= 4,
      (_, { times }) => {
        if (times.length !== 10) return;
        server.freeze();
        when.frozen = Date.now();
        setTimeout(() => {
          server.thaw();
          when.back = Date.now();
        }, 4000);
      },
    );
    await server.stop();
    assert.equal(told(so)[2], 'lost E_LIVE_SILENT');
    assert.ok(Math.abs(so.states[2]!.since - when.frozen) < 1000);
    assert.ok(so.states.at(-1)!.since - when.back < 5000);
    assertInOrder(so);
  });

  test('a picture that changes its size is opened again, with a new head, and said', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const server = await startRtspServer(settings);
    const so = await collect(
      { url: server.url('/gate') },
      ({ states }) => states.at(-1)?.state === 'live' && states.length >= 4,
      (_, { times }) => {
        if (times.length === 10) server.resize('/gate', 640, 480);
      },
    );
    await server.stop();
    assert.equal(told(so)[2], 'lost E_LIVE_CHANGED');
    assert.match(so.states[2]!.report!.message, /320x240 to 640x480/);
    assert.equal(so.heads.length, 2);
    assertInOrder(so);
  });

  test('a camera that comes back with another codec and size says so', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    let server = await startRtspServer(settings);
    const other: RtspSettings = {
      mounts: { '/gate': { width: 640, height: 360, fps: 10, pattern: 'ball', codec: 'mjpeg' } },
    };
    const so = await collect(
      { url: server.url('/gate') },
      ({ states }) => states.at(-1)?.state === 'live' && states.length >= 4,
      (_, { times }) => {
        if (times.length !== 5) return;
        void server.stop().then(async () => {
          server = await startRtspServer({ ...other, port: server.port });
        });
      },
    );
    await server.stop();
    assert.equal(so.states.at(-1)!.note, 'the stream changed from h264 320x240 to mjpeg 640x360');
    assert.equal(so.sizes.at(-1), '640x360');
  });

  test('what is wrong is said, and no message holds the password', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const server = await startRtspServer({ ...settings, user: 'guard', password: 'p@ss:word/1' });
    const garbage = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2 and no video at all\r\n'.repeat(50));
    }).listen(0, '127.0.0.1');
    await once(garbage, 'listening');
    const port = (garbage.address() as AddressInfo).port;
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const unused = (closed.address() as AddressInfo).port;
    closed.close();
    const key = { user: 'guard', password: 'wrong-secret' };
    const cases = [
      [{ url: server.url('/gate'), ...key }, 'E_LIVE_PASSWORD'],
      [{ url: server.url('/gate') }, 'E_LIVE_PASSWORD', /none were given/],
      [{ url: server.url('/other'), user: 'guard', password: 'p@ss:word/1' }, 'E_LIVE_NOT_FOUND'],
      [{ url: `rtsp://127.0.0.1:${port}/gate?pwd=wrong-secret`, ...key }, 'E_LIVE_FORMAT'],
      [{ url: `http://127.0.0.1:${port}/gate`, ...key }, 'E_LIVE_FORMAT'],
      [{ url: `rtsp://127.0.0.1:${unused}/gate`, ...key }, 'E_LIVE_UNREACHABLE', /refused/],
      [{ url: 'rtsp://gate.invalid/x', ...key }, 'E_LIVE_UNREACHABLE', /nobody knows its name/],
      [{ url: 'http://gate.invalid/x', ...key }, 'E_LIVE_UNREACHABLE', /nobody knows its name/],
    ] as const;
    await Promise.all(
      cases.map(async ([address, code, words = /./]) => {
        const so = await collect(address, ({ states }) => states.at(-1)?.state === 'lost');
        assert.equal(so.states.at(-1)!.report!.code, code, JSON.stringify(so.states.at(-1)));
        assert.match(so.states.at(-1)!.report!.message, words);
        assert.ok(!JSON.stringify(so.states).includes('secret'));
      }),
    );
    const right = { url: server.url('/gate'), user: 'guard', password: 'p@ss:word/1' };
    const so = await collect(right, ({ states }) => states.length >= 2);
    assert.deepEqual(told(so), ['connecting', 'live'], 'special characters of a password arrive as they are');
    garbage.close();
    await server.stop();
  });
});
