import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import { clipFolder, ffmpeg, ffprobe, pedestrians } from '../../../test/media-clips.ts';
import type { VideoEncoding } from './encoder.ts';
import { renderVideo } from './render.ts';

const clips = clipFolder();
after(clips.remove);

/** Interlaced MPEG-2, as tape recorders and old cameras give it. */
function fieldsClip(name: string, height: number, first: 'tff' | 'bff'): string {
  const path = clips.path(name);
  const filter = `scale=320:${height},interlace=scan=${first}`;
  const encoding = ['-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-top', first === 'tff' ? '1' : '0'];
  ffmpeg(...pedestrians, '-t', '0.8', '-vf', filter, ...encoding, path);
  return path;
}

interface Written {
  readonly notes: string;
  /** Field order of the container; ffprobe guesses it for H.264, so that the frames have to say. */
  readonly order: unknown;
  /** What every frame is flagged as. */
  readonly frames: string;
}

async function write(input: string, codec: VideoEncoding['codec'], container: string): Promise<Written> {
  const output = `${input}.${codec}.${container}`;
  const video = { codec, crf: 30, preset: 'ultrafast', threads: 1 } as const;
  const { notes } = await renderVideo({
    input,
    output,
    draw: () => undefined,
    video,
    audio: { mode: 'drop' },
  });
  const shown = 'stream=field_order:frame=interlaced_frame,top_field_first';
  const { streams = [], frames = [] } = ffprobe(output, '-show_entries', shown);
  const flags = new Set(
    frames.map((frame) => {
      if (frame['interlaced_frame'] !== 1) return 'progressive';
      return frame['top_field_first'] === 1 ? 'tff' : 'bff';
    }),
  );
  return { notes: notes.join(' '), order: streams[0]?.['field_order'], frames: [...flags].join() };
}

describe('interlaced video', () => {
  for (const [first, order] of [
    ['tff', 'tt'],
    ['bff', 'bb'],
  ] as const) {
    test(`H.264 flags each frame, ${first}`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const written = await write(fieldsClip(`${first}.mkv`, 192, first), 'h264', 'mp4');
      assert.equal(written.frames, first);
      assert.match(written.notes, /kept interlaced/);
    });

    test(`H.265 is flagged in the container only, and says so, ${first}`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = fieldsClip(`${first}.mkv`, 192, first);
      for (const container of ['mp4', 'mov', 'mkv']) {
        const written = await write(input, 'h265', container);
        assert.equal(written.order, order, container);
        assert.equal(written.frames, 'progressive');
        assert.match(written.notes, /only the container says/);
        assert.doesNotMatch(written.notes, /kept interlaced/);
      }
    });
  }

  test('H.264 of a height that fields cannot halve evenly says so too', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const written = await write(fieldsClip('odd.mkv', 190, 'tff'), 'h264', 'mp4');
    assert.equal(written.frames, 'progressive');
    assert.match(written.notes, /only the container says/);
  });
});
