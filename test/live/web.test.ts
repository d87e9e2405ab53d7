import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ffmpeg } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { collect } from './collect.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-web-'));

async function serve(listener: RequestListener): Promise<{ url: string; close: () => void }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a camera on the web', { concurrency: true }, () => {
  before(() => {
    const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10:duration=8'];
    ffmpeg(...source, '-frames:v', '20', '-q:v', '4', join(folder, '%02d.jpg'));
    ffmpeg(
      ...source,
      ...['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '10', '-bf', '2', '-hls_time', '1'],
      ...['-hls_list_size', '0', join(folder, 'live.m3u8')],
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('multipart JPEG, with a password, and again after the camera hung up', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const expected = `Basic ${Buffer.from('guard:p@ss:word/1').toString('base64')}`;
    let served = 0;
    const camera = await serve((request, response) => {
      if (request.headers.authorization !== expected) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
      let sent = 0;
      const timer = setInterval(() => {
        const jpeg = readFileSync(join(folder, `${String((served++ % 20) + 1).padStart(2, '0')}.jpg`));
        response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
        response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
        if (++sent === 12) response.destroy();
      }, 100);
      response.on('close', () => clearInterval(timer));
    });
    const address = { url: `${camera.url}/video`, user: 'guard', password: 'p@ss:word/1' };
    const so = await collect(
      address,
      ({ states }) => states.filter(({ state }) => state === 'live').length >= 2,
    );
    assert.deepEqual(
      so.states.slice(0, 3).map(({ state, report }) => report?.code ?? state),
      ['connecting', 'live', 'E_LIVE_ENDED'],
    );
    assert.ok(so.times.length > 5 && so.sizes.every((size) => size === '320x240'));
    assert.ok(so.times.every((time, at) => at === 0 || time > so.times[at - 1]!));
    const wrong = await collect({ ...address, password: 'old' }, ({ states }) => states.length >= 2);
    assert.equal(wrong.states[1]!.report!.code, 'E_LIVE_PASSWORD');
    camera.close();
  });

  test('a playlist (HLS) is played at its own pace, and copied', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const began = Date.now();
    const camera = await serve((request, response) => {
      if (request.url === '/live.m3u8') {
        // As a camera has it: the pieces of the last seconds, and no end.
        const past = Math.min(5, Math.floor((Date.now() - began) / 1000));
        const pieces = Array.from({ length: 3 }, (_, at) => `#EXTINF:1.0,\nlive${past + at}.ts`);
        response.end(
          [
            '#EXTM3U',
            '#EXT-X-VERSION:3',
            '#EXT-X-TARGETDURATION:1',
            `#EXT-X-MEDIA-SEQUENCE:${past}`,
            ...pieces,
            '',
          ].join('\n'),
        );
      } else response.end(readFileSync(join(folder, request.url!.slice(1))));
    });
    const so = await collect({ url: `${camera.url}/live.m3u8` }, ({ times }) => times.length >= 25);
    camera.close();
    const lasted = so.times.at(-1)! - so.times[0]!;
    assert.ok(lasted > 1.8 && lasted < 4, `25 frames of 10 a second took ${lasted} s`);
    assert.match(so.heads[0]!.codecs, /^avc1\./);
    assert.ok(so.fragments.length >= 20 && so.fragments[0]!.keyFrame);
    assert.deepEqual(
      so.states.map(({ state }) => state),
      ['connecting', 'live'],
    );
  });
});
