import { after, describe, test } from 'node:test';
import { clipFolder } from '../../media-clips.ts';
import { exactProxy, h264, tone, uneven, withB } from './exact.ts';
import { numberedClip } from './numbered.ts';

const clips = clipFolder();
after(() => clips.remove());

const even = { width: 320, height: 240, frames: 75 };

/** Each makes a clip at a path, and says what is special about it. */
const sources: Record<string, (path: string) => void> = {
  'frames that come at any time, coded in another order.mp4': (path) =>
    numberedClip(even, [...uneven, '-pix_fmt', 'yuv420p', ...h264, ...withB, path]),
  'times in whole milliseconds, 10 bits.mkv': (path) =>
    numberedClip(even, [
      ...['-vf', 'settb=1/90000,setpts=N*3003', '-fps_mode', 'passthrough', '-enc_time_base', '1/90000'],
      ...['-pix_fmt', 'yuv420p10le', ...h264, ...withB, path],
    ]),
  'a recorder that began an hour before, two kinds of sound.ts': (path) =>
    numberedClip(
      even,
      [
        ...['-map', '0:v', '-map', '1:a', '-map', '2:a', '-pix_fmt', 'yuv420p', ...h264, ...withB],
        ...['-c:a:0', 'mp2', '-c:a:1', 'ac3', '-output_ts_offset', '3600', path],
      ],
      [...tone(300), ...tone(600)],
    ),
  'a beginning that an edit list hides.mp4': (path) =>
    numberedClip(even, ['-pix_fmt', 'yuv420p', ...h264, ...withB, '-output_ts_offset', '-0.5', path]),
};

describe('a proxy shows every frame of its source at its time', () => {
  for (const [name, make] of Object.entries(sources))
    test(name, async () => {
      make(clips.path(name));
      await exactProxy(clips.path(name));
    });
});
