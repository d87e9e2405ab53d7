import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { writeClip } from '../../scenes/clip/clip.ts';
import { composeScene } from '../../../material/scene.ts';
import { needs } from '../../../test/needs.ts';
import {
  clipFolder,
  ffmpeg,
  ffprobe,
  frameTimes,
  pedestrians,
  small,
  soundTimes,
  tone,
} from '../../../test/media-clips.ts';
import { openVideo } from './reader.ts';
import { renderVideo, type RenderJob, type RenderReport } from './render.ts';

const clips = clipFolder();
after(clips.remove);

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast'];
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'];

function render(input: string, output: string, more: Partial<RenderJob> = {}): Promise<RenderReport> {
  return renderVideo({
    input,
    output,
    draw: () => undefined,
    video: { codec: 'h264', crf: 28, preset: 'ultrafast', threads: 1 },
    audio: { mode: 'keep' },
    ...more,
  });
}

function streamOf(path: string, type: string): Record<string, unknown> {
  const { streams = [] } = ffprobe(path, '-show_streams');
  return streams.find((stream) => stream['codec_type'] === type) ?? {};
}

describe('every presentation time equals its original', () => {
  const made: [name: string, args: string[]][] = [
    ['bframes.mp4', [...pedestrians, ...tone, ...small, ...x264, '-bf', '3', '-g', '20', '-c:a', 'aac']],
    ['hevc.mp4', [...pedestrians, ...tone, ...small, ...x265, '-c:a', 'aac']],
    ['pcm.mov', [...pedestrians, ...tone, ...small, ...x264, '-c:a', 'pcm_s16le']],
    ['opus.mkv', [...pedestrians, ...tone, ...small, ...x264, '-c:a', 'libopus']],
    ['vp9.webm', [...pedestrians, ...tone, ...small, ...vp9, '-c:a', 'libopus']],
    ['av1.mp4', [...pedestrians, ...small, '-c:v', 'libaom-av1', '-cpu-used', '8', '-usage', 'realtime']],
    ['mjpeg.avi', [...pedestrians, ...small, '-c:v', 'mjpeg']],
    ['mpeg4.avi', [...pedestrians, ...tone, ...small, '-c:v', 'mpeg4', '-c:a', 'libmp3lame']],
    ['broadcast.ts', [...pedestrians, ...tone, ...small, ...x264, '-c:a', 'aac']],
    ['offset.mp4', [...pedestrians, ...tone, ...small, ...x264, '-c:a', 'aac', '-output_ts_offset', '1.234']],
    [
      'vfr.mp4',
      [
        ...pedestrians,
        ...[
          '-t',
          '3',
          '-vf',
          "scale=320:180,select='not(mod(n,3))+not(mod(n,7))',setpts='PTS+0.013*mod(N,3)/TB'",
        ],
        ...['-vsync', 'vfr', ...x264],
      ],
    ],
  ];
  for (const [name, args] of made) {
    test(name, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = clips.path(name);
      const output = clips.path(`${name}.out.${name.endsWith('.mov') ? 'mov' : 'mp4'}`);
      ffmpeg(...args, input);
      const report = await render(input, output);
      const expected = frameTimes(input);
      assert.deepEqual(frameTimes(output), expected);
      assert.equal(report.frames, expected.length);
      assert.equal(report.blanked, 0);
      const sound = soundTimes(input);
      const kept = soundTimes(output);
      assert.equal(kept.length, sound.length);
      sound.forEach((time, index) => assert.ok(Math.abs(time - (kept[index] ?? 0)) <= 0.001));
    });
  }

  test('a source that states no durations keeps its last frame', async (t) => {
    if (!needs(t, 'ffprobe')) return;
    const cast = { person: 0, vehicle: 1, post: 0 };
    const shape = { seed: 5, width: 192, height: 108, fps: 10, seconds: 2, vfr: true, cast };
    const scene = await composeScene({ ...shape, settings: ['lane'] });
    await writeClip(scene, clips.path('matroska.mkv'), { audio: false });
    await render(clips.path('matroska.mkv'), clips.path('matroska.mp4'));
    const times = (path: string): number[] => frameTimes(path).map(Number);
    const [expected, actual] = [times(clips.path('matroska.mkv')), times(clips.path('matroska.mp4'))];
    assert.equal(expected.length, scene.ticks.length);
    assert.deepEqual(actual, expected);
  });

  test('frames that an edit list hides are not shown', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    ffmpeg(...pedestrians, ...tone, ...small, ...x264, '-g', '50', '-c:a', 'aac', clips.path('whole.mp4'));
    ffmpeg('-ss', '0.5', '-i', clips.path('whole.mp4'), '-c', 'copy', clips.path('cut.mp4'));
    const report = await render(clips.path('cut.mp4'), clips.path('cut.out.mp4'));
    assert.deepEqual(frameTimes(clips.path('cut.out.mp4')), frameTimes(clips.path('cut.mp4')));
    assert.equal(report.blanked, 0);
    assert.ok(Math.min(...soundTimes(clips.path('cut.out.mp4'))) > -0.11);
  });

  test('frames before the first key frame are black, at their times', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    ffmpeg(...pedestrians, ...small, ...x264, '-bf', '0', '-g', '20', clips.path('full.ts'));
    const bytes = readFileSync(clips.path('full.ts'));
    const { packets = [] } = ffprobe(clips.path('full.ts'), '-show_entries', 'packet=pts_time,pos');
    const cutAt = Number(packets[5]?.['pos']);
    // The tables that say what the stream is come first; then frame 5 follows, in the middle of a group.
    writeFileSync(clips.path('lead.ts'), Buffer.concat([bytes.subarray(0, 3 * 188), bytes.subarray(cutAt)]));
    const damaged: number[] = [];
    const report = await render(clips.path('lead.ts'), clips.path('lead.mp4'), {
      draw: (surface, frame) => {
        if (!frame.damaged) return;
        damaged.push(frame.time);
        assert.ok(surface.planes[0].data.subarray(0, surface.width).every((sample) => sample === 16));
      },
    });
    assert.equal(report.blanked, damaged.length);
    assert.ok(damaged.length > 0 && damaged.every((time) => time < Number(packets[20]?.['pts_time'])));
  });
});

describe('pictures of every kind', () => {
  test('odd sizes grow by a repeated row and column', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    ffmpeg(...pedestrians, '-t', '0.4', '-vf', 'scale=321:181', ...vp9, clips.path('odd.webm'));
    const report = await render(clips.path('odd.webm'), clips.path('odd.mp4'), {
      draw: (surface) => {
        assert.deepEqual([surface.width, surface.height], [321, 181]);
        const [luma] = surface.planes;
        for (let row = 0; row < luma.height; row++)
          luma.data.fill(235, row * luma.stride, row * luma.stride + luma.width);
      },
    });
    assert.match(report.notes.join(), /odd/);
    const { width, height } = streamOf(clips.path('odd.mp4'), 'video');
    assert.deepEqual([width, height], [322, 182]);
    const luma = ffmpeg('-i', clips.path('odd.mp4'), '-frames:v', '1', '-f', 'rawvideo', '-').subarray(
      0,
      322 * 182,
    );
    assert.ok(luma.every((sample) => sample > 225));
  });

  for (const codec of ['h264', 'h265'] as const) {
    test(`10 bits stay 10 bits in ${codec}`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      ffmpeg(
        ...pedestrians,
        '-t',
        '0.4',
        '-vf',
        'scale=320:180',
        '-pix_fmt',
        'yuv420p10le',
        ...x265,
        clips.path('10.mp4'),
      );
      const output = clips.path(`10.${codec}.mp4`);
      await render(clips.path('10.mp4'), output, {
        video: { codec, crf: 28, preset: 'ultrafast', threads: 1 },
      });
      assert.equal(streamOf(output, 'video')['pix_fmt'], 'yuv420p10le');
    });
  }

  for (const format of ['yuv422p', 'yuv444p', 'gray', 'yuvj420p']) {
    test(`${format} becomes 4:2:0 and looks the same`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const [input, output] = [clips.path(`${format}.mp4`), clips.path(`${format}.out.mp4`)];
      ffmpeg(
        ...pedestrians,
        '-t',
        '0.4',
        '-vf',
        'scale=320:180',
        '-pix_fmt',
        format,
        ...x264,
        '-crf',
        '10',
        input,
      );
      const report = await render(input, output, {
        video: { codec: 'h264', crf: 10, preset: 'ultrafast', threads: 1 },
      });
      // Debian's x264 writes grey as full-range 4:2:0.
      assert.equal(report.notes.length, format === 'yuvj420p' || format === 'gray' ? 0 : 1);
      const picture = (path: string): Buffer =>
        ffmpeg('-i', path, '-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-');
      const [before, afterwards] = [picture(input), picture(output)];
      const error = before.reduce((sum, value, index) => sum + Math.abs(value - (afterwards[index] ?? 0)), 0);
      assert.ok(error / before.length < 4, `mean difference ${error / before.length}`);
      assert.equal(
        streamOf(output, 'video')['color_range'] === 'pc',
        format === 'yuvj420p' || format === 'gray',
      );
    });
  }

  test('interlacing, rotation, pixel shape and colours stay', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const look = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
    ffmpeg(
      ...pedestrians,
      '-t',
      '1',
      '-vf',
      'scale=320:192,interlace,setsar=4/3',
      '-flags',
      '+ildct+ilme',
      ...look,
      ...x264,
      clips.path('i.mp4'),
    );
    ffmpeg('-i', clips.path('i.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', clips.path('ir.mp4'));
    const { info } = await openVideo(clips.path('ir.mp4'));
    assert.equal(info.interlaced, true);
    assert.notEqual(info.orientation.rotation, 0);
    assert.deepEqual(info.size, { width: 192, height: 320 });
    const report = await render(clips.path('ir.mp4'), clips.path('ir.out.mp4'));
    assert.match(report.notes.join(), /interlaced/);
    const [before, afterwards] = [clips.path('ir.mp4'), clips.path('ir.out.mp4')].map((path) =>
      streamOf(path, 'video'),
    );
    for (const key of [
      'sample_aspect_ratio',
      'color_space',
      'color_primaries',
      'color_transfer',
      'side_data_list',
    ]) {
      assert.deepEqual(afterwards?.[key], before?.[key], key);
    }
    const { frames = [] } = ffprobe(clips.path('ir.out.mp4'), '-show_entries', 'frame=interlaced_frame');
    assert.ok(frames.every((frame) => frame['interlaced_frame'] === 1));
  });
});

describe('what is in the file', () => {
  test('tags, other tracks and captions are left behind; named tags and the stamp stay', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'exiftool', 'opencv-doc')) return;
    const secrets = [
      '-metadata',
      'title=SECRETTITLE',
      '-metadata',
      'location=+40.7-074.0/',
      '-metadata',
      'creation_time=2024-05-06T07:08:09Z',
    ];
    writeFileSync(clips.path('s.srt'), '1\n00:00:00,000 --> 00:00:01,000\nSECRETWORDS\n');
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '2:s', '-c:s', 'mov_text'];
    ffmpeg(
      ...pedestrians,
      ...tone,
      '-i',
      clips.path('s.srt'),
      ...maps,
      ...small,
      ...x264,
      '-c:a',
      'aac',
      ...secrets,
      clips.path('tags.mp4'),
    );
    const report = await render(clips.path('tags.mp4'), clips.path('clean.mp4'), { stamp: 'EVALUATION' });
    assert.ok(report.removed.some(({ kind, what }) => kind === 'subtitle' && what === 'mov_text'));
    assert.ok(report.removed.some(({ kind, what }) => kind === 'tag' && what === 'title'));
    const bytes = readFileSync(clips.path('clean.mp4')).toString('latin1');
    const seen = execFileSync('exiftool', ['-a', '-G1', '-s', '-ee', clips.path('clean.mp4')]).toString();
    for (const secret of ['SECRET', '40.7', '2024', 'Lavf']) {
      assert.ok(!bytes.includes(secret), `bytes hold ${secret}`);
      assert.ok(!seen.includes(secret), `exiftool sees ${secret}`);
    }
    assert.match(seen, /Comment\s+: EVALUATION/);
    const keep = { metadata: ['title', 'creation_time'] };
    const named = await render(clips.path('tags.mp4'), clips.path('named.mp4'), { keep });
    assert.ok(!named.removed.some(({ what }) => what === 'title'));
    const tags = (
      ffprobe(clips.path('named.mp4'), '-show_format')['format'] as unknown as {
        tags: Record<string, string>;
      }
    ).tags;
    assert.equal(tags['title'], 'SECRETTITLE');
    assert.equal(tags['creation_time'], '2024-05-06T07:08:09.000000Z');
    assert.equal(tags['location'], undefined);
  });

  test('the same job gives the same bytes', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    ffmpeg(...pedestrians, ...tone, ...small, ...x264, '-c:a', 'aac', clips.path('same.mp4'));
    const video = { codec: 'h264', crf: 23, preset: 'veryfast', threads: 2 } as const;
    const audio = { mode: 'spans', spans: [{ start: 0.5, end: 1 }], style: 'bleep' } as const;
    for (const name of ['same1.mp4', 'same2.mp4'])
      await render(clips.path('same.mp4'), clips.path(name), { video, audio });
    assert.ok(readFileSync(clips.path('same1.mp4')).equals(readFileSync(clips.path('same2.mp4'))));
  });

  test('the quick preset is an encoding of its own, and of the same size as veryfast to a tenth', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    ffmpeg(...pedestrians, ...tone, ...small, ...x264, '-c:a', 'aac', clips.path('presets.mp4'));
    const written = async (preset: string): Promise<Buffer> => {
      const output = clips.path(`${preset}.mp4`);
      await render(clips.path('presets.mp4'), output, {
        video: { codec: 'h264', crf: 21, preset, threads: 2 },
      });
      return readFileSync(output);
    };
    const [quick, veryfast] = [await written('quick'), await written('veryfast')];
    assert.ok(!quick.equals(veryfast));
    assert.ok(Math.abs(quick.length / veryfast.length - 1) < 0.1, `${quick.length} and ${veryfast.length}`);
  });
});

describe('a render that fails leaves nothing', () => {
  const source = (): string => {
    if (!existsSync(clips.path('f.mp4')))
      ffmpeg(...pedestrians, ...tone, ...small, ...x264, '-c:a', 'aac', clips.path('f.mp4'));
    return clips.path('f.mp4');
  };

  test('when drawing throws', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const output = clips.path('throws.mp4');
    const draw: RenderJob['draw'] = (_surface, { index }) => {
      if (index === 20) throw new Error('mask lost');
    };
    await assert.rejects(render(source(), output, { draw }), /mask lost/);
    assert.equal(existsSync(output), false);
  });

  test('when it is cancelled', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const output = clips.path('cancelled.mp4');
    const stop = new AbortController();
    const job = { signal: stop.signal, onProgress: () => stop.abort() };
    await assert.rejects(render(source(), output, job), { code: 'E_CANCELLED' });
    assert.equal(existsSync(output), false);
  });

  test('when the disk is full', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const output = clips.path('full.mp4');
    symlinkSync('/dev/full', output);
    await assert.rejects(render(source(), output), { code: 'E_NO_SPACE' });
    assert.equal(existsSync(output), false);
  });

  test('when the extension names no container', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    await assert.rejects(render(source(), clips.path('out.gif')), { code: 'E_FORMAT' });
  });
});
