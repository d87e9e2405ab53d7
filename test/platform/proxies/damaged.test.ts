import assert from 'node:assert/strict';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { TidewaiterError } from '../../../src/core/errors.ts';
import { frameTable } from '../../../src/media/proxy/index.ts';
import { makeVideoProxy } from '../../../src/media/proxy/video.ts';
import { clipFolder } from '../../media-clips.ts';
import { numberedClip, numbersIn, timesIn } from './numbered.ts';

const clips = clipFolder();
after(() => clips.remove());

const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18'];
const even = { width: 320, height: 240, frames: 75 };

describe('damage', () => {
  test('frames that cannot be decoded are black and marked, the others are as they were', async () => {
    const whole = clips.path('whole.ts');
    numberedClip(even, ['-pix_fmt', 'yuv420p', ...h264, '-g', '25', whole]);
    const bytes = readFileSync(whole);
    const cut = clips.path('cut.ts');
    writeFileSync(cut, bytes.subarray(Math.floor(bytes.length / 3 / 188) * 188));
    const proxy = clips.path('cut.proxy.mp4');
    const { video } = await makeVideoProxy({ input: cut, output: proxy });
    const wholeTimes = timesIn(whole).pts;
    const numbers = numbersIn(proxy);
    const { pts } = frameTable(video);
    assert.equal(numbers.length, pts.length);
    const [first, last] = video.damaged[0] ?? [-1, -1];
    assert.equal(first, 0);
    assert.ok(last >= 0 && last < 25);
    for (let index = 0; index < numbers.length; index++) {
      const wanted = index <= last ? 0 : wholeTimes.indexOf(pts[index] ?? -1);
      assert.equal(numbers[index], wanted, `frame ${index}`);
    }
  });

  test('a file that breaks off has the frames that are there', async () => {
    const cut = clips.path('broken.avi');
    numberedClip(even, ['-c:v', 'mjpeg', cut]);
    truncateSync(cut, Math.floor(readFileSync(cut).length * 0.6));
    const { video, notes } = await makeVideoProxy({ input: cut, output: clips.path('broken.mp4') });
    assert.ok(video.bytes.length > 30 && video.bytes.length < 60);
    assert.match(notes.join(' '), /breaks off/);
  });

  test('of rubbish nothing is made, and nothing is left', async () => {
    const rubbish = clips.path('rubbish.mp4');
    writeFileSync(rubbish, Buffer.alloc(100_000, 'not a video at all '));
    const output = clips.path('rubbish.proxy.mp4');
    await assert.rejects(
      makeVideoProxy({ input: rubbish, output }),
      (error) => error instanceof TidewaiterError && error.code === 'E_FORMAT',
    );
    assert.equal(existsSync(output), false);
  });
});
