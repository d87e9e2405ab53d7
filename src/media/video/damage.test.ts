import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { TidewaiterError } from '../../core/errors.ts';
import { needs } from '../../../test/needs.ts';
import { clipFolder, ffmpeg, frameTimes, pedestrians, small, tone } from '../../../test/media-clips.ts';
import { openVideo } from './reader.ts';
import { renderVideo, type RenderReport } from './render.ts';

const clips = clipFolder();
after(clips.remove);

function render(input: string, output: string, tolerate?: 'blank'): Promise<RenderReport> {
  return renderVideo({
    input,
    output,
    draw: () => undefined,
    video: { codec: 'h264', crf: 30, preset: 'ultrafast', threads: 1 },
    audio: { mode: 'keep' },
    tolerate,
  });
}

function clip(name: string, ...args: string[]): Buffer {
  ffmpeg(...pedestrians, ...tone, ...small, '-c:v', 'libx264', '-g', '10', ...args, clips.path(name));
  return readFileSync(clips.path(name));
}

describe('files that cannot be opened are named', () => {
  const refused = async (path: string, code: string): Promise<void> => {
    await assert.rejects(openVideo(path), (error: unknown) => {
      assert.ok(error instanceof TidewaiterError, String(error));
      assert.equal(error.code, code);
      assert.ok(error.message.includes(path));
      return true;
    });
  };

  test('missing, a folder, empty, text, sound only', async (t) => {
    await refused(clips.path('none.mp4'), 'E_UNREADABLE');
    mkdirSync(clips.path('folder.mp4'));
    await refused(clips.path('folder.mp4'), 'E_UNREADABLE');
    writeFileSync(clips.path('empty.mp4'), '');
    await refused(clips.path('empty.mp4'), 'E_EMPTY');
    writeFileSync(clips.path('text.mp4'), 'this is a text\n'.repeat(100));
    await refused(clips.path('text.mp4'), 'E_FORMAT');
    if (!needs(t, 'ffmpeg')) return;
    for (const name of ['sound.mp4', 'sound.mka', 'sound.ts']) {
      ffmpeg(...tone, clips.path(name));
      await refused(clips.path(name), 'E_AUDIO_ONLY');
    }
    writeFileSync(clips.path('words.srt'), '1\n00:00:00,000 --> 00:00:01,000\nword\n');
    ffmpeg('-i', clips.path('words.srt'), clips.path('words.mkv'));
    await refused(clips.path('words.mkv'), 'E_NO_VIDEO');
    ffmpeg('-f', 'lavfi', '-i', 'color=size=16640x16:duration=0.1', '-c:v', 'mjpeg', clips.path('wide.avi'));
    await refused(clips.path('wide.avi'), 'E_VIDEO_SIZE');
  });

  test('an unknown codec', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const bytes = clip('codec.mp4');
    for (let at = bytes.indexOf('avc1'); at >= 0; at = bytes.indexOf('avc1', at + 1)) bytes.write('zzz9', at);
    writeFileSync(clips.path('codec.mp4'), bytes);
    await refused(clips.path('codec.mp4'), 'E_CODEC');
  });

  test('a recording that was cut off before its index', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const bytes = clip('cut.mp4');
    writeFileSync(clips.path('cut.mp4'), bytes.subarray(0, bytes.length / 2));
    await refused(clips.path('cut.mp4'), 'E_TRUNCATED');
  });
});

describe('damage inside', () => {
  for (const [name, ...args] of [
    ['head.mp4', '-movflags', '+faststart'],
    ['cut.mkv'],
    ['cut.avi', '-bf', '0'],
  ] as const) {
    test(`${name} that breaks off says when`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const bytes = clip(name, ...args);
      writeFileSync(clips.path(name), bytes.subarray(0, bytes.length * 0.7));
      const output = clips.path(`${name}.mp4`);
      await assert.rejects(render(clips.path(name), output), {
        code: 'E_TRUNCATED',
        message: /breaks off at 0:00:01/,
      });
      assert.equal(existsSync(output), false);
      const report = await render(clips.path(name), output, 'blank');
      assert.match(report.notes.join(), /breaks off/);
      assert.ok(report.frames > 20 && report.frames < 50);
    });
  }

  for (const codec of ['libx264', 'libx265']) {
    test(`a hole in ${codec} ends the job, or is black to the next key frame`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = clips.path(`${codec}.mp4`);
      const bytes = clip(`${codec}.mp4`, '-c:v', codec);
      const times = frameTimes(input);
      bytes.fill(0, Math.floor(bytes.length * 0.5), Math.floor(bytes.length * 0.52));
      writeFileSync(input, bytes);
      const output = clips.path(`${codec}.out.mp4`);
      await assert.rejects(render(input, output), { code: 'E_VIDEO_DAMAGED' });
      assert.equal(existsSync(output), false);
      const report = await render(input, output, 'blank');
      assert.deepEqual(frameTimes(output), times);
      assert.ok(report.blanked > 0 && report.blanked <= 20, `${report.blanked} blanked`);
      assert.match(report.notes.join(), /black/);
    });
  }

  test('a picture that changes its size is refused', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const ts = (name: string, size: string): Buffer => {
      ffmpeg(...pedestrians, '-t', '1', '-vf', `scale=${size}`, '-c:v', 'libx264', clips.path(name));
      return readFileSync(clips.path(name));
    };
    writeFileSync(clips.path('sizes.ts'), Buffer.concat([ts('a.ts', '320:180'), ts('b.ts', '640:360')]));
    await assert.rejects(render(clips.path('sizes.ts'), clips.path('sizes.mp4'), 'blank'), {
      code: 'E_VIDEO_SIZE',
    });
  });

  test('mutations never crash, hang, or leave a file behind', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const bytes = clip('mutated.mp4', '-movflags', '+faststart');
    let seed = 11;
    const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 12; round++) {
      const mutant = Buffer.from(bytes);
      for (let flip = 0; flip < 1 + round * 4; flip++) {
        const at = random(mutant.length);
        mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
      }
      writeFileSync(clips.path('mutated.mp4'), mutant);
      const output = clips.path('mutated.out.mp4');
      const outcome = await render(
        clips.path('mutated.mp4'),
        output,
        round % 2 === 0 ? 'blank' : undefined,
      ).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        assert.ok(outcome instanceof TidewaiterError, outcome.stack);
        assert.equal(existsSync(output), false);
      }
    }
  });
});
