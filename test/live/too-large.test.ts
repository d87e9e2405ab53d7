import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, test } from 'node:test';
import { startRtspServer } from '../../material/rtsp/server.ts';
import { clipFolder, ffmpeg, pedestrians, small } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { withPictureSize } from '../platform/faults/h264-size.ts';
import { collect, type Collected } from './collect.ts';

const clips = clipFolder();
after(() => clips.remove());

/** Decoding one of their pictures takes 400 MiB and more. */
const MOST_MIB = 300;

/** H.264 without reordering, a key frame twice a second. */
function plainStream(): Buffer {
  const path = clips.path('plain.h264');
  const coded = ['-c:v', 'libx264', '-profile:v', 'baseline', '-g', '12', '-pix_fmt', 'yuv420p'];
  ffmpeg(...pedestrians, ...small, ...coded, path);
  return readFileSync(path);
}

function muxed(stream: Buffer, name: string): string {
  const [from, to] = [clips.path(`${name}.h264`), clips.path(name)];
  writeFileSync(from, stream);
  ffmpeg('-r', '25', '-i', from, '-c', 'copy', to);
  return to;
}

/** A camera on the web that sends these pieces, twenty in a second, over and over. */
async function serve(type: string, pieces: readonly Buffer[]): Promise<{ url: string; stop: () => void }> {
  const camera = createServer((_, response) => {
    response.writeHead(200, { 'content-type': type });
    let sent = 0;
    const timer = setInterval(() => response.write(pieces[sent++ % pieces.length]), 50);
    response.on('close', () => clearInterval(timer));
  }).listen(0, '127.0.0.1');
  await once(camera, 'listening');
  return {
    url: `http://127.0.0.1:${(camera.address() as AddressInfo).port}/gate`,
    stop: () => {
      camera.closeAllConnections();
      camera.close();
    },
  };
}

const inPieces = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, n) => bytes.subarray(n * 4096, (n + 1) * 4096));

/** Reads a camera until it is lost. @returns what came of it, and how much memory this process took meanwhile. */
async function untilLost(url: string): Promise<Collected & { readonly code: string | undefined }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  const so = await collect({ url }, ({ states }) => states.at(-1)?.state === 'lost');
  clearInterval(looking);
  assert.ok((most - before) / 2 ** 20 < MOST_MIB, `${(most - before) / 2 ** 20} MiB`);
  return { ...so, code: so.states.at(-1)?.report?.code };
}

describe('a camera whose pictures are too large', () => {
  test('over RTSP is refused before one is decoded', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc', 'gstreamer')) return;
    const file = muxed(withPictureSize(plainStream(), 16_128, 16_128), 'huge.mp4');
    const server = await startRtspServer({ mounts: { '/gate': { file } } });
    const so = await untilLost(server.url('/gate'));
    await server.stop();
    assert.deepEqual([so.code, so.times], ['E_LIVE_SIZE', []]);
    assert.match(so.states.at(-1)?.report?.message ?? '', /16128x\d+/);
  });

  test('and become so while it sends is seen until then', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const plain = plainStream();
    const path = muxed(Buffer.concat([plain, withPictureSize(plain, 16_128, 16_128)]), 'later.ts');
    const camera = await serve('video/mp2t', inPieces(readFileSync(path)));
    const so = await untilLost(camera.url);
    camera.stop();
    assert.equal(so.code, 'E_LIVE_SIZE');
    assert.ok(so.sizes.length > 0 && so.sizes.every((size) => size === '320x180'));
  });

  test('and JPEG shows nothing', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const path = clips.path('huge.jpg');
    ffmpeg('-f', 'lavfi', '-i', 'testsrc=size=320x240', '-frames:v', '1', path);
    const jpeg = readFileSync(path);
    // Height and width in the frame header (ITU-T T.81, B.2.2).
    const header = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    for (const at of [5, 7]) jpeg.writeUInt16BE(16_128, header + at);
    const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
    const part = Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
    const camera = await serve('multipart/x-mixed-replace; boundary=frame', [part]);
    const so = await untilLost(camera.url);
    camera.stop();
    assert.deepEqual([so.code, so.times], ['E_LIVE_NO_PICTURE', []]);
  });
});
