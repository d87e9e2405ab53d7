import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const side = 32;
/** Luma that no pixel of a black frame reaches once it is coded and scaled; black itself is 16. */
const brightestBlack = 24;

/**
 * Decodes every file of a folder that ffmpeg can read, hidden and unfinished ones too, and counts frames that are not
 * black.
 */
export async function uncoveredFrames(folder: string): Promise<{ frames: number; uncovered: number }> {
  let [frames, uncovered] = [0, 0];
  for (const name of readdirSync(folder).filter((file) => /\.(mp4|mov|mkv)$/.test(file))) {
    for (const luma of await frameLuma(join(folder, name))) {
      frames += 1;
      if (luma.some((value) => value > brightestBlack)) uncovered += 1;
    }
  }
  return { frames, uncovered };
}

/** Luma of every frame, scaled to 32x32, of what ffmpeg can read of a file. */
async function frameLuma(path: string): Promise<Uint8Array[]> {
  const filter = ['-vf', `scale=${side}:${side}:flags=area`, '-fps_mode', 'passthrough'];
  const args = [
    '-v',
    'quiet',
    '-nostdin',
    '-i',
    path,
    ...filter,
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    '-',
  ];
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  const bytes = Buffer.concat(chunks);
  const frameBytes = (side * side * 3) / 2;
  return Array.from({ length: Math.floor(bytes.length / frameBytes) }, (_, index) =>
    bytes.subarray(index * frameBytes, index * frameBytes + side * side),
  );
}
