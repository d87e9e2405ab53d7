import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import {
  clipFolder,
  ffmpeg,
  ffprobe,
  loudness,
  pedestrians,
  samples,
  small,
  soundTimes,
  tone,
} from '../../../test/media-clips.ts';
import { renderVideo, type RenderReport } from '../video/render.ts';
import type { AudioPlan } from './plan.ts';

const clips = clipFolder();
after(clips.remove);

const video = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const span = { start: 0.7, end: 1.1 };

function make(name: string, ...audio: string[]): string {
  const path = clips.path(name);
  ffmpeg(...pedestrians, ...tone, ...small, ...video, ...audio, path);
  return path;
}

function render(input: string, output: string, audio: AudioPlan): Promise<RenderReport> {
  return renderVideo({
    input,
    output: clips.path(output),
    draw: () => undefined,
    video: { codec: 'h264', crf: 40, preset: 'ultrafast', threads: 1 },
    audio,
  });
}

/** Not `deepEqual`, whose report on two long arrays that differ takes gigabytes. */
function same(a: Float32Array, b: Float32Array, tolerance: number): boolean {
  return a.length === b.length && a.every((value, index) => Math.abs(value - (b[index] ?? 0)) < tolerance);
}

/** Digest of each packet's bytes by its time in milliseconds. */
function packetDigests(path: string): Map<number, string> {
  const { packets = [] } = ffprobe(path, '-select_streams', 'a:0', '-show_packets', '-show_data_hash', 'md5');
  return new Map(
    packets.map((packet) => [Math.round(Number(packet['pts_time']) * 1000), String(packet['data_hash'])]),
  );
}

describe('spans', () => {
  for (const [name, ...audio] of [
    ['aac.mp4', '-c:a', 'aac'],
    ['aac51.mp4', '-c:a', 'aac', '-ac', '6'],
    ['pcm.mov', '-c:a', 'pcm_s24le'],
  ] as const) {
    test(`${name} is spliced`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = make(name, ...audio);
      const output = `spliced.${name}`;
      const report = await render(input, output, { mode: 'spans', spans: [span], style: 'mute' });
      assert.equal(report.audio[0]?.mode, 'spliced');
      const [before, afterwards] = [samples(input), samples(clips.path(output))];
      assert.ok(loudness(afterwards, span.start, span.end) < 1e-6);
      const margin = 0.07;
      // Decoders draw AAC's substituted noise from a generator that the replaced packets leave in another state.
      const tolerance = name.endsWith('.mov') ? 1e-9 : 0.01;
      for (const [from, to] of [
        [0.05, span.start - margin],
        [span.end + margin, 1.9],
      ] as const) {
        const [a, b] = [before, afterwards].map((sound) => sound.subarray(from * 48000, to * 48000));
        assert.ok(
          a !== undefined && b !== undefined && same(a, b, tolerance),
          `samples from ${from} to ${to} s differ`,
        );
      }
      assert.deepEqual(soundTimes(clips.path(output)), soundTimes(input));
      const [packetsBefore, packetsAfter] = [packetDigests(input), packetDigests(clips.path(output))];
      for (const [time, digest] of packetsBefore) {
        const away = time / 1000 < span.start - 0.07 || time / 1000 > span.end + 0.03;
        if (away) assert.equal(packetsAfter.get(time), digest, `packet at ${time} ms`);
      }
    });
  }

  test("AAC from a transport stream is spliced on the stream's own clock", async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const input = make('adts.ts', '-c:a', 'aac');
    const late = { start: 2, end: 2.4 };
    const report = await render(input, 'adts.mp4', { mode: 'spans', spans: [late], style: 'mute' });
    assert.equal(report.audio[0]?.mode, 'spliced');
    const sound = samples(clips.path('adts.mp4'));
    assert.ok(loudness(sound, late.start, late.end) < 1e-6);
    assert.ok(loudness(sound, late.end + 0.1, late.end + 0.3) > 0.05);
  });

  for (const [name, ...audio] of [
    ['mp3.mp4', '-c:a', 'libmp3lame'],
    ['opus.mkv', '-c:a', 'libopus'],
    ['pcm.avi', '-c:a', 'pcm_s16le'],
    ['ac3.ts', '-c:a', 'ac3'],
    ['vorbis.mkv', '-c:a', 'libvorbis'],
  ] as const) {
    test(`${name} is encoded again, and says so`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = make(name, ...audio);
      const shift = name.endsWith('.ts') ? 1.4 : 0;
      const moved = { start: span.start + shift, end: span.end + shift };
      const report = await render(input, `again.${name}.mp4`, {
        mode: 'spans',
        spans: [moved],
        style: 'mute',
      });
      assert.equal(report.audio[0]?.mode, 're-encoded');
      assert.match(report.audio[0].note, /encoded again/);
      const output = clips.path(`again.${name}.mp4`);
      const sound = samples(output);
      assert.ok(loudness(sound, moved.start + 0.03, moved.end - 0.03) < 1e-3);
      assert.ok(loudness(sound, shift + 0.2, shift + 0.6) > 0.05);
      const first = soundTimes(input)[0] ?? 0;
      assert.ok(Math.abs((soundTimes(output)[0] ?? 0) - first) < 0.05);
    });
  }

  test('a bleep is a 1 kHz tone and nothing else', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const input = make('bleep.mp4', '-c:a', 'aac');
    await render(input, 'bleep.out.mp4', { mode: 'spans', spans: [span], style: 'bleep' });
    const sound = samples(clips.path('bleep.out.mp4')).subarray(0.75 * 48000, 1.05 * 48000);
    const power = (hertz: number): number => {
      let [re, im] = [0, 0];
      sound.forEach((sample, index) => {
        re += sample * Math.cos((2 * Math.PI * hertz * index) / 48000);
        im += sample * Math.sin((2 * Math.PI * hertz * index) / 48000);
      });
      return (2 * Math.hypot(re, im)) / sound.length;
    };
    assert.ok(power(1000) > 0.08 && power(1000) < 0.12, `1 kHz at ${power(1000)}`);
    assert.ok(power(440) < 0.001, `the source's tone at ${power(440)}`);
  });
});

describe('whole tracks', () => {
  test('mute keeps every track, silent, with its times; drop leaves them out', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const second = ['-f', 'lavfi', '-i', 'sine=frequency=880:sample_rate=44100:duration=2'];
    const input = clips.path('two.mp4');
    const maps = ['-map', '0:v', '-map', '1:a', '-map', '2:a'];
    ffmpeg(...pedestrians, ...tone, ...second, ...maps, ...small, ...video, '-c:a', 'aac', input);
    const muted = await render(input, 'muted.mp4', { mode: 'mute' });
    assert.deepEqual(
      muted.audio.map(({ index }) => index),
      [1, 2],
    );
    for (const track of [0, 1]) {
      assert.deepEqual(soundTimes(clips.path('muted.mp4'), track), soundTimes(input, track));
      assert.ok(loudness(samples(clips.path('muted.mp4'), 48000, track), 0, 1.9) < 1e-6);
    }
    const dropped = await render(input, 'dropped.mp4', { mode: 'drop' });
    assert.deepEqual(
      dropped.audio.map(({ mode }) => mode),
      ['dropped', 'dropped'],
    );
    assert.deepEqual(soundTimes(clips.path('dropped.mp4')), []);
  });

  test('kept sound that is encoded again stays in time within a millisecond', async (t) => {
    if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
    const input = clips.path('clicks.mkv');
    const clicks = ['-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,0.25),0.002),0.9,0)':s=48000:d=2"];
    ffmpeg(...pedestrians, ...clicks, ...small, ...video, '-c:a', 'pcm_s16le', input);
    await render(input, 'clicks.mp4', { mode: 'keep' });
    const [before, afterwards] = [samples(input), samples(clips.path('clicks.mp4'))];
    const onset = (sound: Float32Array, from: number): number => {
      const at = sound.findIndex((sample, index) => index >= from && Math.abs(sample) > 0.3);
      return at / 48;
    };
    for (const from of [0.2, 0.7, 1.2, 1.7].map((time) => time * 48000)) {
      assert.ok(Math.abs(onset(before, from) - onset(afterwards, from)) <= 1);
    }
  });

  test("kept sound is bit for bit the source's", async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const input = make('keep.mp4', '-c:a', 'aac');
    const report = await render(input, 'kept.mp4', { mode: 'keep' });
    assert.equal(report.audio[0]?.mode, 'copied');
    const digest = (path: string): string =>
      createHash('md5')
        .update([...packetDigests(path).values()].join())
        .digest('hex');
    assert.equal(digest(clips.path('kept.mp4')), digest(input));
  });
});
