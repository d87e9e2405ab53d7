import { commandCost, type Cost } from './cpu.ts';

/** Processor seconds per frame of {@link transcode} on the machine where the goals were set. */
const referenceWhereSet = 0.012;

/** ffmpeg decodes and encodes a clip as a redaction must, and does nothing else. */
export async function transcode(input: string, output: string): Promise<Cost> {
  const video = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-threads', '2'];
  return commandCost('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    input,
    ...video,
    '-c:a',
    'copy',
    output,
  ]);
}

/** ffmpeg only decodes the video of a clip, with one thread. */
export async function decodeOnly(input: string): Promise<Cost> {
  return commandCost('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-threads',
    '1',
    '-i',
    input,
    '-an',
    '-f',
    'null',
    '-',
  ]);
}

/** Brings goals from the machine where they were set to this one. */
export interface Scale {
  cpu(goal: number): number;
  fps(goal: number): number;
}

/** @param reference processor seconds per frame of {@link transcode} in this run. */
export function scaleBy(reference: number): Scale {
  const factor = reference / referenceWhereSet;
  return { cpu: (goal) => goal * factor, fps: (goal) => goal / factor };
}
