import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import {
  clipFolder,
  ffmpeg,
  ffprobe,
  frameTimes,
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

function render(input: string, output: string, audio: AudioPlan, tolerate?: 'blank'): Promise<RenderReport> {
  return renderVideo({
    input,
    output,
    draw: () => undefined,
    video: { codec: 'h264', crf: 40, preset: 'ultrafast', threads: 1 },
    audio,
    tolerate,
  });
}

/** The identifier that ffmpeg gives to the second track of a transport stream. */
const soundIdentifier = 0x101;

/** Empties the payload of the n-th packet (ISO/IEC 13818-1, 2.4.3.2: 188 bytes each) that carries sound. */
function damageSound(path: string, nth: number): void {
  const bytes = readFileSync(path);
  let seen = 0;
  for (let at = 0; at + 188 <= bytes.length; at += 188) {
    if ((bytes.readUInt16BE(at + 1) & 0x1fff) !== soundIdentifier || ++seen !== nth) continue;
    const adaptation = (bytes[at + 3]! & 0x20) === 0 ? 0 : 1 + bytes[at + 4]!;
    bytes.fill(0, at + 4 + adaptation, at + 188);
  }
  assert.ok(seen > nth);
  writeFileSync(path, bytes);
}

function damagedClip(name: string): string {
  const path = clips.path(name);
  ffmpeg(...pedestrians, ...tone, ...small, '-c:v', 'libx264', '-g', '10', '-c:a', 'aac', path);
  damageSound(path, 60);
  return path;
}

const span: AudioPlan = { mode: 'spans', spans: [{ start: 0.2, end: 0.3 }], style: 'mute' };

describe('a hole in the AAC of a transport stream', () => {
  for (const [name, audio] of [
    ['kept', { mode: 'keep' }],
    ['spliced', span],
  ] as const) {
    test(`${name}: ends the job by its name, or becomes silence that is told`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = damagedClip(`${name}.ts`);
      const output = clips.path(`${name}.mp4`);
      await assert.rejects(render(input, output, audio), {
        code: 'E_AUDIO_DAMAGED',
        message: /sound track 1 is damaged at 0:00:0\d/,
      });
      assert.equal(existsSync(output), false);
      const report = await render(input, output, audio, 'blank');
      assert.match(report.audio[0]?.note ?? '', /[12] damaged packet\(s\), the first at 0:00:0\d.*silent/);
      assert.equal(frameTimes(output).length, 50);
      const times = soundTimes(output);
      const gaps = times.slice(1).map((time, index) => time - times[index]!);
      const longest = Math.max(...gaps);
      const hole = times[gaps.indexOf(longest)]!;
      assert.ok(longest > 0.04 && longest < 0.07, `the hole lasts ${longest}`);
      const sound = samples(output);
      assert.ok(loudness(sound, hole + 0.03, hole + longest - 0.005) < 0.02);
      // What follows is heard, and in its time.
      assert.ok(loudness(sound, hole + 0.15, hole + 0.3) > 0.05);
      assert.ok(Math.abs((times.at(-1) ?? 0) - (soundTimes(input).at(-1) ?? 0)) < 0.1);
    });
  }
});

test('sound that is encoded again says how much of it is silent', async (t) => {
  if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
  const input = clips.path('again.mkv');
  ffmpeg(...pedestrians, ...tone, ...small, '-c:v', 'libx264', '-c:a', 'flac', input);
  const { packets = [] } = ffprobe(input, '-select_streams', 'a:0', '-show_entries', 'packet=pos,size');
  const bytes = readFileSync(input);
  const [at, size] = [Number(packets[5]?.['pos']), Number(packets[5]?.['size'])];
  bytes.fill(0, at + 16, at + size);
  writeFileSync(input, bytes);
  const report = await render(input, clips.path('again.mp4'), span);
  assert.equal(report.audio[0]?.mode, 're-encoded');
  assert.match(report.audio[0]?.note ?? '', /; 1 packet\(s\) could not be decoded and are silent/);
});
