import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { needs } from '../needs.ts';
import { collect, readClock } from './collect.ts';
import { canServe, startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';

const size = { width: 320, height: 240, fps: 10 };

describe('an RTSP camera', () => {
  let server: RtspServer;
  before(async () => {
    if (!canServe) return;
    server = await startRtspServer({
      mounts: {
        '/h264': { ...size, pattern: 'ball' },
        '/h265': { ...size, pattern: 'ball', codec: 'h265' },
        '/mjpeg': { ...size, pattern: 'ball', codec: 'mjpeg' },
        '/clock': { ...size, clock: true },
      },
    });
  });
  after(() => server?.stop());

  const streams = [
    ['/h264', 'tcp', /^avc1\.42/],
    ['/h264', 'udp', /^avc1\.42/],
    ['/h265', 'tcp', /^hvc1\./],
    ['/mjpeg', 'tcp', undefined],
    ['/mjpeg', 'udp', undefined],
  ] as const;
  for (const [path, transport, codecs] of streams) {
    test(`${path} over ${transport} gives frames, and a copy that plays where MP4 can hold it`, async (t) => {
      if (!needs(t, 'gstreamer', 'ffprobe')) return;
      const so = await collect({ url: server.url(path), transport }, ({ times }) => times.length >= 12);
      assert.deepEqual(
        so.states.map(({ state }) => state),
        ['connecting', 'live'],
      );
      assert.ok(so.sizes.every((one) => one === '320x240'));
      assertRising(so.times);
      if (codecs === undefined) {
        assert.deepEqual([so.heads.length, so.fragments.length], [0, 0]);
        return;
      }
      const [head] = so.heads;
      assert.match(head!.codecs, codecs);
      assert.ok(so.fragments[0]!.keyFrame);
      assert.ok(so.fragments.length >= 12, 'one fragment for each frame');
      assertPlays(
        Buffer.concat([head!.bytes, ...so.fragments.map(({ bytes }) => bytes)]),
        so.fragments.length,
      );
    });
  }

  test('a slow consumer gets new frames only, and those left out are counted', async (t) => {
    if (!needs(t, 'gstreamer')) return;
    const ages: number[] = [];
    const so = await collect(
      { url: server.url('/clock') },
      ({ times }) => times.length >= 6,
      async (frame, { times }) => {
        // The first frames may have waited while the camera was opened.
        if (times.length > 1) ages.push(Date.now() - readClock(frame));
        await sleep(450);
      },
    );
    assert.ok(
      ages.every((age) => age >= 0 && age < 1000),
      `ages in milliseconds: ${ages.join(', ')}`,
    );
    assert.ok(so.source.dropped >= 10, `${so.source.dropped} left out`);
    assertRising(so.times);
  });
});

function assertRising(times: readonly number[]): void {
  for (const [at, time] of times.entries()) assert.ok(at === 0 || time > times[at - 1]!, times.join(' '));
}

/** An oracle: ffprobe decodes every frame of it, without a complaint. */
function assertPlays(mp4: Buffer, frames: number): void {
  const { stdout, stderr } = spawnSync(
    'ffprobe',
    ['-v', 'warning', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', 'pipe:0'],
    { input: mp4, encoding: 'utf8' },
  );
  assert.deepEqual([Number(stdout), stderr], [frames, '']);
}
