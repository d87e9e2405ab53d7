import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Random } from '../src/core/random.ts';
import { ffmpeg, pedestrians, tone } from '../test/media-clips.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { mutate } from './lib/mutate.ts';
import { printTable, verdict } from './lib/table.ts';
import { timedCommand } from './lib/timed-command.ts';
import { MutantWorker, type MutantOutcome } from './mutation/mutant-worker.ts';

/** Container and codec pairs: name, and how ffmpeg makes it. */
const pairs: readonly (readonly [string, ...string[]])[] = [
  ['h264.mp4', '-c:v', 'libx264', '-movflags', '+faststart'],
  ['h265.mp4', '-c:v', 'libx265', '-x265-params', 'log-level=none'],
  ['mjpeg.mov', '-c:v', 'mjpeg', '-q:v', '6'],
  ['h264.mkv', '-c:v', 'libx264', '-g', '10'],
  ['vp9.webm', '-c:v', 'libvpx-vp9', '-cpu-used', '8', '-deadline', 'realtime'],
  ['av1.mkv', '-c:v', 'libsvtav1', '-preset', '12'],
  ['mpeg4.avi', '-c:v', 'mpeg4', '-bf', '0'],
  ['h264.ts', '-c:v', 'libx264', '-g', '10'],
];
const seconds = 60;

/** What damaged files do to one worker that has to redact them all, beside what they do to ffmpeg. */
export const bench: Bench = { title: 'Damage: random mutations in one worker', run: measure };

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const count = short ? pairs.length : 200;
  const sources = pairs.map(([name, ...encoding]) => makeSource(join(folder, name), encoding));
  const random = new Random('mutations');
  const own = new Map<MutantOutcome, number>();
  const peer = new Map<string, number>();
  const codes = new Map<string, number>();
  const internal: string[] = [];
  let leftBehind = 0;
  const sizes: number[] = [];
  await using worker = new MutantWorker(seconds);
  for (let number = 0; number < count; number += 1) {
    const source = sources[number % sources.length]!;
    const input = join(folder, `mutant${extname(source.path)}`);
    const output = join(folder, 'mutant.out.mp4');
    writeFileSync(input, mutate(source.bytes, random));
    const { outcome, said, rss } = await worker.redact({ input, output, allowDamage: number % 2 === 1 });
    add(own, outcome);
    add(codes, said);
    if (outcome === 'internal error' || outcome === 'crash')
      internal.push(`${number} ${source.path}: ${said}`);
    if (rss !== undefined) sizes.push(rss);
    if (outcome !== 'redacted' && existsSync(output)) leftBehind += 1;
    rmSync(output, { force: true });
    const args = ['-v', 'error', '-nostdin', '-i', input, '-f', 'null', '-'];
    add(peer, await timedCommand('ffmpeg', args, seconds));
  }
  const bad =
    (own.get('crash') ?? 0) + (own.get('hang') ?? 0) + (own.get('internal error') ?? 0) + leftBehind;
  const of = <K>(map: ReadonlyMap<K, number>, key: K): string => String(map.get(key) ?? 0);
  printTable(
    print,
    [
      `${count} mutations of ${pairs.length} files`,
      'done',
      'clean error',
      'error without a code',
      'crash',
      'hang',
      'half files',
      'kept',
    ],
    [
      [
        'tidewaiter, profile fast, every second with --allow-damage',
        ...(['redacted', 'refused', 'internal error', 'crash', 'hang'] as const).map((key) => of(own, key)),
        String(leftBehind),
        verdict(bad === 0),
      ],
      [
        'ffmpeg, decoding only (same files)',
        of(peer, 'done'),
        of(peer, 'error'),
        '-',
        of(peer, 'crash'),
        of(peer, 'hang'),
        '-',
        '-',
      ],
    ],
  );
  const megabytes = (at: number): string => ((sizes.at(at) ?? 0) / 1e6).toFixed(0);
  print(
    `Memory of the worker: ${megabytes(Math.min(9, sizes.length - 1))} MB after the first ten, ${megabytes(-1)} MB at the end.`,
  );
  print(`Answers: ${[...codes].map(([code, times]) => `${code} ${times}`).join(', ')}.`);
  for (const line of internal) print(`- ${line}`);
  print('');
}

function makeSource(path: string, encoding: readonly string[]): { path: string; bytes: Buffer } {
  const sound = path.endsWith('.webm')
    ? ['-c:a', 'libopus']
    : path.endsWith('.avi')
      ? ['-c:a', 'mp3']
      : ['-c:a', 'aac'];
  const picture = [
    '-t',
    '1',
    '-vf',
    'scale=320:240',
    '-pix_fmt',
    path.includes('mjpeg') ? 'yuvj420p' : 'yuv420p',
  ];
  ffmpeg(...pedestrians, ...tone, ...picture, ...encoding, ...sound, path);
  return { path, bytes: readFileSync(path) };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
