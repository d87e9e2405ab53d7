import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import { clipFolder, ffmpeg, ffprobe, pedestrians, small } from '../../../test/media-clips.ts';
import { openVideo } from './reader.ts';
import { renderVideo } from './render.ts';

const clips = clipFolder();
after(clips.remove);

const title = 'Interview of a witness';

function chapteredClip(name: string, ...options: string[]): string {
  const list = clips.path('chapters.txt');
  writeFileSync(
    list,
    `;FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=300\ntitle=${title}\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=300\nEND=400\ntitle=End\n`,
  );
  const path = clips.path(name);
  ffmpeg(
    ...pedestrians,
    '-i',
    list,
    '-map',
    '0:v',
    '-map_chapters',
    '1',
    ...small,
    '-t',
    '0.4',
    ...options,
    path,
  );
  assert.ok(readFileSync(path).includes(title));
  return path;
}

describe('chapters are left behind, and the report says so', () => {
  for (const [name, ...options] of [
    ['nero.mp4'],
    ['index-first.mp4', '-movflags', '+faststart'],
    ['track.mov'],
    ['segment.mkv'],
    ['segment.webm', '-c:v', 'libvpx', '-deadline', 'realtime'],
  ] as const) {
    test(name, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = chapteredClip(name, ...options);
      const output = `${input}.out.mp4`;
      const { removed } = await renderVideo({
        input,
        output,
        draw: () => undefined,
        video: { codec: 'h264', crf: 30, preset: 'ultrafast', threads: 1 },
        audio: { mode: 'drop' },
      });
      assert.equal(removed.filter(({ kind }) => kind === 'chapters').length, 1);
      assert.deepEqual(ffprobe(output, '-show_chapters')['chapters'], []);
      assert.ok(!readFileSync(output).includes(title));
    });
  }

  test('a file without them has none, whatever its container', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    for (const name of ['plain.mp4', 'plain.mov', 'plain.mkv', 'plain.avi', 'plain.ts']) {
      ffmpeg(...pedestrians, ...small, '-t', '0.2', clips.path(name));
      const { info } = await openVideo(clips.path(name));
      assert.equal(info.chapters, false, name);
    }
  });
});
