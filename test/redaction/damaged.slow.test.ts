import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { runChild } from '../../src/host/run-child.ts';
import { ffmpeg, ffprobe } from '../media-clips.ts';
import { needs } from '../needs.ts';
import type { DamagedFile, DamagedOutcome } from '../workers/damaged.ts';
import { clipFile, emptyLane, workplace } from './clips.ts';
import { listing } from './program.ts';

const place = workplace();
after(place.remove);

/** Container and codecs, as ffmpeg is told to write them. */
const pairs: Readonly<Record<string, readonly string[]>> = {
  'h264.mp4': ['-c', 'copy'],
  'h264.mov': ['-c', 'copy', '-movflags', '+faststart'],
  'h264.mkv': ['-c', 'copy'],
  'h264.ts': ['-c', 'copy'],
  'hevc.mp4': ['-c:a', 'copy', '-c:v', 'libx265', '-x265-params', 'log-level=error'],
  'vp9.webm': ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-c:a', 'libopus'],
  'mjpeg.avi': ['-c:v', 'mjpeg', '-c:a', 'pcm_s16le'],
  'mpeg4.avi': ['-c:v', 'mpeg4', '-c:a', 'mp3'],
};

const damages: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  'cut at 90 %': (bytes) => bytes.subarray(0, bytes.length * 0.9),
  'cut at 50 %': (bytes) => bytes.subarray(0, bytes.length * 0.5),
  'cut at 5 %': (bytes) => bytes.subarray(0, bytes.length * 0.05),
  'a bit in 100 000': (bytes, random) => flipped(bytes, random, 1e-5),
  'a bit in 10 000': (bytes, random) => flipped(bytes, random, 1e-4),
  'a bit in 1000': (bytes, random) => flipped(bytes, random, 1e-3),
  'a hole of zeros': (bytes, random) => {
    const at = Math.floor(bytes.length * random.between(0.2, 0.7));
    return bytes.fill(0, at, at + Math.floor(bytes.length / 20));
  },
  'noise at the head': (bytes, random) => noisy(bytes, random, 20, Math.min(400, bytes.length / 8)),
  'noise at the tail': (bytes, random) => noisy(bytes, random, bytes.length - 600, bytes.length),
  'bytes left out': (bytes, random) => {
    const at = Math.floor(bytes.length * random.between(0.2, 0.7));
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.integer(400))]);
  },
};

/** At least one bit is flipped. */
function flipped(bytes: Buffer, random: Random, share: number): Buffer {
  const count = Math.max(1, Math.round(bytes.length * 8 * share));
  for (let flip = 0; flip < count; flip++) bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
  return bytes;
}

function noisy(bytes: Buffer, random: Random, from: number, to: number): Buffer {
  for (let at = Math.max(0, Math.floor(from)); at < to; at++) bytes[at] = random.integer(256);
  return bytes;
}

async function damagedFiles(): Promise<DamagedFile[]> {
  const source = await clipFile(await emptyLane({ seconds: 2 }), place.path('source.mp4'));
  return Object.entries(pairs).flatMap(([pair, options]) => {
    const whole = place.path(pair);
    ffmpeg('-i', source, '-map', '0', ...options, whole);
    return Object.entries(damages).flatMap(([damage, harm], number) => {
      const name = `${damage} of ${pair}`;
      const input = place.path(`${number}.${pair}`);
      writeFileSync(input, harm(readFileSync(whole), new Random(name)));
      return [false, true].map((tolerate) => ({
        name: `${name}${tolerate ? ', tolerated' : ''}`,
        input,
        output: place.path(`out-${number}-${tolerate}-${pair}.mp4`),
        tolerate,
      }));
    });
  });
}

function framesIn(path: string): number {
  const entries = ['-select_streams', 'v:0', '-count_packets', '-show_entries', 'stream=nb_read_packets'];
  return Number(ffprobe(path, ...entries)['streams']![0]!['nb_read_packets']);
}

test('eighty damaged files give a whole output or a named error, in one worker', async (t) => {
  if (!needs(t, 'ffmpeg', 'ffprobe')) return;
  const files = await damagedFiles();
  const outcomes: DamagedOutcome[] = [];
  const count = await runChild<readonly DamagedFile[], number, DamagedOutcome>({
    entry: new URL('../workers/damaged.ts', import.meta.url),
    params: files,
    onMessage: (outcome) => void outcomes.push(outcome),
    memoryLimitBytes: 2 ** 30,
    stallSeconds: 30,
  });
  assert.ok(count >= 2 * 75);
  assert.deepEqual(
    outcomes.map(({ name }) => name),
    files.map(({ name }) => name),
  );
  const faults: string[] = [];
  const tally = new Map<string, number>();
  for (const { name, output, read, rendered, drawn, left } of outcomes) {
    const key = typeof rendered === 'number' ? 'whole' : rendered;
    tally.set(key, (tally.get(key) ?? 0) + 1);
    const good =
      typeof rendered === 'number'
        ? left && rendered > 0 && rendered === drawn && rendered === read && rendered === framesIn(output)
        : !left && /^E_[A-Z_]+$/.test(rendered) && !rendered.startsWith('E_INTERNAL');
    if (!good) faults.push(`${name}: read ${read}, rendered ${rendered}, drawn ${drawn}, left ${left}`);
  }
  t.diagnostic([...tally].map(([outcome, times]) => `${times} ${outcome}`).join(', '));
  assert.deepEqual(faults, []);
  const whole = tally.get('whole') ?? 0;
  assert.ok(whole > 20 && whole < outcomes.length - 20, 'the damage is neither harmless nor hopeless');
  const expected = outcomes
    .filter(({ rendered }) => typeof rendered === 'number')
    .map(({ output }) => output);
  const outputs = listing(place.folder).filter((name) => name.startsWith('out-') || name.startsWith('.'));
  assert.deepEqual(
    outputs.map((name) => place.path(name)),
    expected.sort(),
  );
});
