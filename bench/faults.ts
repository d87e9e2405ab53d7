import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../test/needs.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { makeClip } from './lib/clips.ts';
import { uncoveredFrames } from './lib/uncovered.ts';
import { printTable, verdict } from './lib/table.ts';

/** Parts that are broken in the middle of a job; `break.ts` says how. */
const faults = [
  ['none', 'nothing (control)'],
  ['decoder', 'the decoder returns an error'],
  ['model fails', 'a network throws'],
  ['model gives NaN', 'a network answers with NaN'],
  ['model dies', 'an inference thread ends'],
  ['tracker', 'the tracker throws'],
  ['plan look-up', 'finding the regions of a frame throws'],
  ['draw', 'drawing throws'],
  ['encoder', 'the encoder returns an error'],
  ['writer', 'writing returns an error'],
  ['kill', 'kill -9 of the worker'],
  ['kill parent', 'kill -9 of the command'],
] as const;

/** Frames that anybody can see uncovered after a fault: every frame of every file that a broken job leaves behind. */
export const bench: Bench = { title: 'Faults: frames let through unredacted', run: measure };

async function measure({ short, folder, print }: BenchContext): Promise<void> {
  const clip = join(folder, 'clip.mp4');
  makeClip(clip, 75);
  const rows: string[][] = [];
  const chosen = short ? faults.filter(([name]) => ['none', 'draw', 'kill'].includes(name)) : faults;
  for (const [name, what] of chosen) {
    const out = join(folder, name.replaceAll(' ', '-'));
    const { code, said } = await redactWithFault(clip, out, name);
    const finished = readdirSync(out).filter(
      (file) => file.endsWith('.redacted.mp4') && !file.startsWith('.'),
    );
    const { frames, uncovered } = await uncoveredFrames(out);
    const kept = uncovered === 0 && (name === 'none' ? finished.length === 1 : finished.length === 0);
    rows.push([
      what,
      said,
      String(code),
      finished.length === 0 ? 'none' : 'whole',
      `${uncovered} of ${frames}`,
      '0',
      verdict(kept),
    ]);
  }
  const source = await uncoveredFrames(folder);
  print('Every frame is to be black (`--box` over all of it), so that a frame let through is plain to see:');
  print(`counted likewise, the source has ${source.uncovered} of ${source.frames}.`);
  print('');
  print('Peer (quoted): dashcam_anonymizer goes on after each of these faults and lets all frames through.');
  print('');
  printTable(
    print,
    [
      'fault, after 30 frames',
      'error',
      'exit code',
      'output',
      'uncovered frames in any file left',
      'limit',
      'kept',
    ],
    rows,
  );
}

async function redactWithFault(
  clip: string,
  out: string,
  fault: string,
): Promise<{ code: number; said: string }> {
  mkdirSync(out);
  const hook = new URL('./faults/inject-into-worker.ts', import.meta.url).href;
  const command = [
    'bin/tidewaiter.js',
    'redact',
    clip,
    '-o',
    out,
    '--profile',
    'fast',
    '--box',
    '0,0,1280,720',
  ];
  const child = spawn(process.execPath, ['--import', hook, ...command], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TIDEWAITER_BENCH_FAULT: fault },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    if (fault === 'kill parent' && stderr.includes('render: ')) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  // A worker whose parent was killed leaves within two seconds.
  if (signal !== null) await wait(2500);
  return { code: code ?? 137, said: /^E_\w+/m.exec(stderr)?.[0] ?? signal ?? '-' };
}
