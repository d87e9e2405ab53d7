import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Size } from '../../src/core/box.ts';

/** Luma of every `step`-th frame as ffmpeg decodes it, for 8-bit 4:2:0. */
export async function lumaFrames(path: string, { width, height }: Size, step: number): Promise<Uint8Array[]> {
  const args = [
    ...['-v', 'error', '-nostdin', '-noautorotate', '-i', path],
    ...['-vf', `select=not(mod(n\\,${step}))`, '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'],
  ];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const bytes = Buffer.concat(chunks);
  const frameBytes = width * height * 1.5;
  return Array.from({ length: Math.floor(bytes.length / frameBytes) }, (_, index) =>
    bytes.subarray(index * frameBytes, index * frameBytes + width * height),
  );
}
