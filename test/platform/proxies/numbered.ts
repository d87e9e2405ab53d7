import { execFileSync } from 'node:child_process';
import { ffmpeg, ffprobe } from '../../media-clips.ts';

/** Blocks across and down, each black or white: together the number of the frame, its lowest bit first. */
const across = 4;
const down = 3;

/**
 * Makes a clip whose frames show their own number, so that a frame can be told from its neighbours exactly.
 * @param output arguments of ffmpeg for what is made of the frames, with the file last. @param sound further inputs.
 */
export function numberedClip(
  { width, height, frames }: { readonly width: number; readonly height: number; readonly frames: number },
  output: readonly string[],
  sound: readonly string[] = [],
): void {
  const raw = Buffer.alloc(width * height * frames);
  for (let frame = 0; frame < frames; frame++)
    for (let y = 0; y < height; y++)
      for (let block = 0; block < across; block++) {
        const bit = block + across * Math.floor((y * down) / height);
        const [from, to] = [0, 1].map((side) => Math.ceil(((block + side) * width) / across)) as [
          number,
          number,
        ];
        const row = (frame * height + y) * width;
        raw.fill((frame >> bit) & 1 ? 220 : 30, row + from, row + to);
      }
  const input = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-r', '25', '-i', '-'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...sound, ...output], {
    input: raw,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
}

/** The number that a frame shows. @param luma rows `stride` bytes apart; `width` and `height` are what of them is picture. */
export function numberShown(luma: Uint8Array, width: number, height: number, stride = width): number {
  let number = 0;
  for (let bit = 0; bit < across * down; bit++) {
    const x = Math.floor((((bit % across) + 0.5) * width) / across);
    const y = Math.floor(((Math.floor(bit / across) + 0.5) * height) / down);
    if ((luma[y * stride + x] ?? 0) > 125) number += 1 << bit;
  }
  return number;
}

/** What ffmpeg sees in each frame of a file, turned as it is to be seen. */
export function numbersIn(path: string): number[] {
  const [width, height] = [64, 48];
  const raw = ffmpeg(
    '-i',
    path,
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-vf',
    `scale=${width}:${height},format=gray`,
    ...['-f', 'rawvideo', '-'],
  );
  const size = width * height;
  return Array.from({ length: raw.length / size }, (_, frame) =>
    numberShown(raw.subarray(frame * size, (frame + 1) * size), width, height),
  );
}

/** What ffprobe says of the times of the frames of a file, in ticks of its time base. */
export function timesIn(path: string): { readonly timeBase: string; readonly pts: number[] } {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp:stream=time_base'];
  const { frames = [], streams = [] } = ffprobe(path, ...entries);
  return {
    timeBase: String(streams[0]?.['time_base']),
    pts: frames.map((frame) => Number(frame['best_effort_timestamp'])),
  };
}
