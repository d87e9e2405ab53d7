import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Random } from '../src/core/random.ts';
import { ffmpeg, pedestrians, tone } from '../test/media-clips.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { mutate } from './lib/mutate.ts';
import { printTable, verdict } from './lib/table.ts';
import { timedCommand, type CommandEnd } from './lib/timed-command.ts';
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
/** A file that takes longer than this hangs. */
const seconds = 60;
/** After so many files a worker has loaded all that it needs. */
const warmFiles = 10;

/** What damaged files do to one worker that has to redact them all, beside what they do to ffmpeg. */
export const bench: Bench = { title: 'Damage: random mutations in one worker', run: measure };

/** Counts of what became of the files. */
class Tally {
  readonly own = new Map<MutantOutcome, number>();
  readonly peer = new Map<CommandEnd, number>();
  /** By error code. */
  readonly answers = new Map<string, number>();
  /** What should never be said, with the file that made the worker say it. */
  readonly failures: string[] = [];
  /** Memory of the worker after each file, bytes. */
  readonly sizes: number[] = [];
  halfFiles = 0;
}

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const count = short ? pairs.length : 200;
  const sources = pairs.map(([name, ...encoding]) => makeSource(join(folder, name), encoding));
  const random = new Random('mutations');
  const tally = new Tally();
  await using worker = new MutantWorker(seconds);
  for (let number = 0; number < count; number += 1) {
    const { path, bytes } = sources[number % sources.length]!;
    const input = join(folder, `mutant-${basename(path)}`);
    const output = join(folder, 'mutant.out.mp4');
    writeFileSync(input, mutate(bytes, random));
    const allowDamage = Math.floor(number / sources.length) % 2 === 1;
    const { outcome, said, rss } = await worker.redact({ input, output, allowDamage });
    add(tally.own, outcome);
    add(tally.answers, said);
    if (outcome !== 'redacted' && outcome !== 'refused')
      tally.failures.push(`file ${number}, ${basename(path)}: ${outcome}, ${said}`);
    if (outcome !== 'redacted' && existsSync(output)) tally.halfFiles += 1;
    if (rss !== undefined) tally.sizes.push(rss);
    rmSync(output, { force: true });
    const args = ['-v', 'error', '-nostdin', '-i', input, '-f', 'null', '-'];
    add(tally.peer, await timedCommand('ffmpeg', args, seconds));
  }
  report(count, tally, print);
}

function report(count: number, tally: Tally, print: (line: string) => void): void {
  const { own, peer, answers, failures, sizes, halfFiles } = tally;
  const good = failures.length + halfFiles === 0;
  const counts = <K>(map: ReadonlyMap<K, number>, ...keys: K[]): number[] =>
    keys.map((key) => map.get(key) ?? 0);
  printTable(
    print,
    [
      `${count} mutations of ${pairs.length} files`,
      'done',
      'clean error',
      'crash',
      'hang',
      'error without a code',
      'half files',
      'kept',
    ],
    [
      [
        'tidewaiter, profile fast, every second round with --allow-damage',
        ...counts(own, 'redacted', 'refused', 'crash', 'hang', 'internal error'),
        halfFiles,
        verdict(good),
      ],
      [
        'ffmpeg, decoding only (same files)',
        ...counts(peer, 'done', 'error', 'crash', 'hang'),
        '-',
        '-',
        '-',
      ],
    ],
  );
  const megabytes = (at: number): string => ((sizes.at(at) ?? Number.NaN) / 1e6).toFixed(0);
  const early = Math.min(warmFiles, sizes.length) - 1;
  print(
    `Memory of the worker: ${megabytes(early)} MB after ${early + 1} files, ${megabytes(-1)} MB at the end.`,
  );
  print(`Answers: ${[...answers].map(([code, times]) => `${code} ${times}`).join(', ')}.`);
  for (const failure of failures) print(`- ${failure}`);
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
