import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import { clipFolder, ffmpeg, pedestrians } from '../../../test/media-clips.ts';
import type { VideoFrame } from './frame.ts';
import { openVideo } from './reader.ts';

const clips = clipFolder();
after(clips.remove);

async function first(path: string): Promise<VideoFrame> {
  const reader = await openVideo(path);
  for await (const frame of reader.frames()) return frame.retain();
  throw new Error('no frame');
}

/** ffmpeg's own picture of the first frame, turned as it is meant to be seen, cut out and scaled. */
function expected(path: string, filter: string): Buffer {
  const look = [
    '-frames:v',
    '1',
    '-sws_flags',
    'area+accurate_rnd',
    '-vf',
    filter,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-',
  ];
  return ffmpeg('-i', path, ...look);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}

describe('a frame reads like the picture ffmpeg shows', () => {
  const base = clips.path('base.mp4');
  const make = (): void => {
    ffmpeg(...pedestrians, '-t', '0.2', '-vf', 'scale=320:180', '-c:v', 'libx264', '-crf', '10', base);
  };

  for (const rotate of ['0', '90', '180', '270']) {
    test(`turned by ${rotate} degrees`, async (t) => {
      if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
      make();
      const path = clips.path(`r${rotate}.mp4`);
      ffmpeg('-i', base, '-c', 'copy', '-metadata:s:v', `rotate=${rotate}`, path);
      const frame = await first(path);
      assert.equal(frame.width, Number(rotate) % 180 === 0 ? 320 : 180);
      const whole = new Uint8Array(80 * 60 * 3);
      frame.readRgb({ x: 0, y: 0, width: frame.width, height: frame.height }, 80, 60, whole);
      assert.ok(meanDifference(whole, expected(path, 'scale=80:60')) < 3);
      const cut = new Uint8Array(60 * 50 * 3);
      frame.readRgb({ x: 40, y: 60, width: 120, height: 100 }, 60, 50, cut);
      assert.ok(meanDifference(cut, expected(path, 'crop=120:100:40:60,scale=60:50')) < 3);
      frame.release();
    });
  }

  for (const format of ['yuv422p', 'yuv444p', 'yuv420p10le', 'yuvj420p', 'gray', 'rgb24']) {
    test(format, async (t) => {
      if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
      const path = clips.path(`${format}.mov`);
      const codec = format === 'rgb24' ? ['-c:v', 'png'] : ['-c:v', 'libx264', '-crf', '10'];
      ffmpeg(...pedestrians, '-t', '0.2', '-vf', 'scale=320:180', '-pix_fmt', format, ...codec, path);
      const frame = await first(path);
      const cut = new Uint8Array(60 * 50 * 3);
      frame.readRgb({ x: 100, y: 40, width: 120, height: 100 }, 60, 50, cut);
      const difference = meanDifference(cut, expected(path, 'crop=120:100:100:40,scale=60:50'));
      assert.ok(difference < 3, `mean difference ${difference}`);
      const luma = frame.readLuma(32, 18);
      const grey = expected(path, 'scale=32:18,format=gray').filter((_value, index) => index % 3 === 0);
      assert.ok(meanDifference(luma, grey) < 3);
      frame.release();
    });
  }
});

describe('the memory of a frame', () => {
  const path = clips.path('memory.mp4');

  test('a crop may lie in a larger picture and touches nothing else', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    ffmpeg(...pedestrians, '-t', '1', '-vf', 'scale=320:180', '-c:v', 'libx264', path);
    const frame = await first(path);
    const mosaic = new Uint8Array(64 * 64 * 3).fill(7);
    frame.readRgb({ x: -20, y: -20, width: 90, height: 90 }, 21, 17, mosaic, (10 * 64 + 30) * 3, 64 * 3);
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++) {
        if (x >= 30 && x < 51 && y >= 10 && y < 27) continue;
        assert.equal(mosaic[(y * 64 + x) * 3], 7, `${x},${y}`);
      }
    }
    assert.throws(
      () => frame.readRgb({ x: 0, y: 0, width: 9, height: 9 }, 21, 17, new Uint8Array(100)),
      RangeError,
    );
    frame.release();
  });

  test('frames live as long as they are held, and reading one later throws', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const reader = await openVideo(path);
    const held: VideoFrame[] = [];
    let last: VideoFrame | undefined;
    for await (const frame of reader.frames()) {
      if (frame.index < 3) held.push(frame.retain());
      last = frame;
    }
    assert.equal(last?.index, 24);
    assert.throws(() => last?.readLuma(8, 8), /released/);
    const lumas = held.map((frame) => Buffer.from(frame.readLuma(320, 180)));
    assert.ok(lumas[0] !== undefined && lumas[2] !== undefined && !lumas[0].equals(lumas[2]));
    for (const frame of held) frame.release();
    for (const frame of held) assert.throws(() => frame.readLuma(8, 8), /released/);
  });

  test('every k-th frame, with exact times', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const reader = await openVideo(path);
    const seen: number[] = [];
    for await (const frame of reader.frames({ every: 10 })) seen.push(frame.index, frame.time);
    assert.deepEqual(seen, [0, 0, 10, 0.4, 20, 0.8]);
  });

  test('leaving the loop early and cancelling both end cleanly', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const stop = new AbortController();
    const reader = await openVideo(path, { signal: stop.signal });
    for await (const frame of reader.frames()) if (frame.index === 2) break;
    const cancelled = async (): Promise<void> => {
      for await (const frame of reader.frames()) if (frame.index === 2) stop.abort();
    };
    await assert.rejects(cancelled(), { code: 'E_CANCELLED' });
  });
});
