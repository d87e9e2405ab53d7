import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { frameTable, keyFrameOf, type VideoIndex } from '../../../src/media/proxy/index.ts';
import { makeVideoProxy } from '../../../src/media/proxy/video.ts';
import { byteRange } from '../../../src/platform/routes/byte-range.ts';
import { clipFolder } from '../../media-clips.ts';
import { numberedClip, numberShown, numbersIn } from './numbered.ts';

const clips = clipFolder();

/** Frames at uneven times, coded in another order than they are shown in, with sound. */
function makeSource(path: string): void {
  numberedClip(
    { width: 322, height: 242, frames: 240 },
    [
      ...[
        '-vf',
        "settb=1/90000,setpts='N*3600+mod(N*N*N*7,2900)'",
        '-fps_mode',
        'passthrough',
        '-enc_time_base',
        '1/90000',
      ],
      ...[
        '-video_track_timescale',
        '90000',
        '-pix_fmt',
        'yuv420p',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-bf',
        '3',
        '-g',
        '90',
      ],
      ...['-c:a', 'aac', '-shortest', path],
    ],
    ['-f', 'lavfi', '-i', 'sine=frequency=300:duration=10'],
  );
}

/** What the page is given: the functions of the index as they are, so that it decodes with nothing else. */
const script = `
${frameTable.toString()}
${keyFrameOf.toString()}
${numberShown.toString()}
const across = 4, down = 3;
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d', { willReadFrequently: true });
function numberOn(image, { width, height }) {
  canvas.width = width;
  canvas.height = height;
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return numberShown(Uint8Array.from({ length: width * height }, (_, at) => data[at * 4 + 1]), width, height);
}
/** Steps forward go on with the decoder as it is; all others begin at the key frame before. */
class Player {
  constructor(index) {
    this.index = index;
    this.table = frameTable(index);
    this.at = -1;
    this.got = new Map();
    this.decoder = new VideoDecoder({
      output: (frame) => { this.got.get(frame.timestamp)?.(frame); this.got.delete(frame.timestamp); },
      error: (error) => { this.failed = error; },
    });
    this.configure();
  }
  configure() {
    const { codec, description, size } = this.index;
    this.decoder.configure({ codec, codedWidth: size.width, codedHeight: size.height, optimizeForLatency: true,
      description: Uint8Array.from(atob(description), (c) => c.charCodeAt(0)) });
  }
  async show(wanted) {
    const key = keyFrameOf(this.index, wanted);
    let first = this.at + 1;
    if (wanted <= this.at || key > this.at + 1) {
      this.decoder.reset();
      this.configure();
      first = key;
    }
    const { offset, bytes } = this.table;
    const from = offset[first], to = offset[wanted] + bytes[wanted];
    const answer = await fetch('/video.mp4', { headers: { range: 'bytes=' + from + '-' + (to - 1) } });
    if (answer.status !== 206) throw new Error('no range: ' + answer.status);
    const data = await answer.arrayBuffer();
    let last;
    for (let frame = first; frame <= wanted; frame++) {
      const shown = new Promise((resolve) => this.got.set(frame, resolve));
      this.decoder.decode(new EncodedVideoChunk({
        type: frame % this.index.keyEvery === 0 ? 'key' : 'delta', timestamp: frame,
        data: new Uint8Array(data, offset[frame] - from, bytes[frame]),
      }));
      last?.then((image) => image.close());
      last = shown;
    }
    const image = await last;
    if (this.failed) throw this.failed;
    this.at = wanted;
    const number = numberOn(image, this.index.shown);
    image.close();
    return number;
  }
}`;

describe('a browser', () => {
  let browser: Browser | undefined;
  let page: Page;
  let index: VideoIndex;
  let numbers: number[];
  let file: Buffer;
  const server = createServer((request, response) => {
    if (request.url !== '/video.mp4') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Player</title>');
      return;
    }
    const range = byteRange(request.headers.range, file.length) ?? { start: 0, end: file.length };
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': range.end - range.start,
      'content-range': `bytes ${range.start}-${range.end - 1}/${file.length}`,
    });
    response.end(file.subarray(range.start, range.end));
  });

  before(async () => {
    const source = clips.path('source.mp4');
    makeSource(source);
    const output = clips.path('proxy.mp4');
    ({ video: index } = await makeVideoProxy({ input: source, output }));
    numbers = numbersIn(source);
    file = readFileSync(output);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.addScriptTag({ content: script });
  });

  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
    clips.remove();
  });

  test('decodes any frame by the index, forwards, backwards and by leaps', async () => {
    let at = 0;
    const steps = Array.from({ length: 100 }, (_, step) => {
      const leap = [1, 1, -1, -1, 1, -1, 7, -13, (step * 7919) % 240][step % 9] ?? 0;
      at = (at + leap + 240) % 240;
      return at;
    });
    const shown = await page.evaluate(`(async () => {
      const player = new Player(${JSON.stringify(index)});
      const shown = [];
      for (const frame of ${JSON.stringify(steps)}) shown.push(await player.show(frame));
      return shown;
    })()`);
    assert.deepEqual(
      shown,
      steps.map((frame) => numbers[frame]),
    );
  });

  test('plays it as a video, and finds each frame at its time', async () => {
    const { pts } = frameTable(index);
    const wanted = [0, 200, 13, 14, 239, 100];
    const { num, den } = index.timeBase;
    // The middle of the time that a frame is shown for.
    const times = wanted.map((frame) => {
      const begin = pts[frame] ?? 0;
      const end = pts[frame + 1] ?? begin + index.lastTicks;
      return (((begin + end) / 2) * num) / den;
    });
    const shown = await page.evaluate(`(async () => {
      const video = document.createElement('video');
      video.muted = true;
      video.src = '/video.mp4';
      document.body.append(video);
      await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => reject(new Error(video.error.message));
      });
      const shown = [];
      for (const time of ${JSON.stringify(times)}) {
        const sought = new Promise((resolve) => (video.onseeked = resolve));
        video.currentTime = time;
        await sought;
        // It is said to be there a moment before it is drawn.
        const wanted = ${JSON.stringify(wanted.map((frame) => numbers[frame]))}[shown.length];
        const number = () => numberOn(video, ${JSON.stringify(index.shown)});
        for (const until = performance.now() + 5000; number() !== wanted && performance.now() < until;)
          await new Promise((resolve) => requestAnimationFrame(resolve));
        shown.push(number());
      }
      return shown;
    })()`);
    assert.deepEqual(
      shown,
      wanted.map((frame) => numbers[frame]),
    );
  });
});
