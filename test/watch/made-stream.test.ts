import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Fragment, StreamHead } from '../../src/media/live/fragment.ts';
import { BlankedRecorder, SegmentRecorder, type Segment } from '../../src/media/live/record/index.ts';
import { openVideo } from '../../src/media/video/index.ts';
import { MadeStream } from '../../src/uses/watch/camera/made-stream.ts';
import { clipFolder, ffmpeg } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { packetsOf } from './record-clips.ts';

const clips = clipFolder();
after(clips.remove);
const zones = [
  [
    [0, 0],
    [0.3, 0],
    [0.3, 1],
    [0, 1],
  ],
] as const;
const began = Date.UTC(2026, 10, 22, 23, 59, 30);

interface Recorded {
  readonly heads: readonly StreamHead[];
  readonly fragments: readonly Fragment[];
  readonly segments: readonly Segment[];
  /** Frames in each file. */
  readonly frames: readonly number[];
}

/**
 * Records a camera with a privacy zone whose frames come at the times that FFmpeg's `setpts` says, in seconds, as a
 * machine that is too busy, or a slow camera, gives them.
 */
async function record(name: string, count: number, times: string): Promise<Recorded> {
  const clip = clips.path(`${name}.mkv`);
  ffmpeg(
    ...['-f', 'lavfi', '-i', `testsrc2=size=160x120:rate=15`, '-frames:v', String(count)],
    ...['-vf', `settb=1/1000,setpts='1000*(${times})'`, '-fps_mode', 'passthrough', '-c:v', 'mjpeg', clip],
  );
  const heads: StreamHead[] = [];
  const fragments: Fragment[] = [];
  const segments: Segment[] = [];
  const files = new SegmentRecorder({
    ...{ camera: 'gate', folder: clips.path(name) },
    onSegment: (segment) => void segments.push(segment),
    onError: ({ message }) => assert.fail(message),
  });
  const waiting: (() => Promise<void>)[] = [];
  const stream = new MadeStream({
    start: () => new BlankedRecorder({ zones, now: Date.now }),
    onHead: (head) => {
      heads.push(head);
      waiting.push(() => files.start(head));
    },
    onFragment: (fragment) => {
      fragments.push(fragment);
      waiting.push(() => files.push(fragment));
    },
  });
  for await (const frame of (await openVideo(clip)).frames())
    await stream.push(frame, frame.time, began + frame.time * 1000, (recorder) => recorder.push(frame));
  await stream.end();
  for (const next of waiting) await next();
  await files.end();
  return { heads, fragments, segments, frames: segments.map(({ file }) => packetsOf(file).length) };
}

describe('what is recorded of a camera with privacy zones', () => {
  test('is all that was looked at, also when a busy machine takes a few frames and then none for seconds', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const { segments, frames } = await record('busy', 30, 'floor(N/3)*4+mod(N,3)*0.2');
    assert.deepEqual(
      frames,
      Array.from({ length: 10 }, () => 3),
    );
    for (const [index, { from, to }] of segments.entries()) {
      assert.ok(Math.abs(from - began - 4000 * index) < 150, `${index}: ${from - began}`);
      assert.ok(to - from >= 400 && to - from < 700, 'the time without pictures is not in it');
    }
  });

  test('is that of a slow camera too, as one file a minute', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const { segments, frames, heads } = await record('slow', 20, '4*N');
    assert.equal(
      frames.reduce((sum, one) => sum + one, 0),
      20,
    );
    // That it is slow is known once two frames came. From then on it goes on, over the minute.
    assert.deepEqual([frames[0], heads.length], [1, 2]);
    assert.ok(segments.length <= 4, `${segments.length}`);
  });

  test('comes a second at a time, whether many frames are looked at in it or few', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    const { fragments } = await record('changing', 120, 'if(lt(N,90),N/15,6+(N-90)*0.5)');
    const lengths = fragments.map(({ duration }) => duration);
    assert.ok(
      lengths.every((length) => length > 0.05 && length < 1.6),
      lengths.map((length) => length.toFixed(2)).join(' '),
    );
    assert.ok(fragments.every(({ keyFrame }) => keyFrame));
  });
});
