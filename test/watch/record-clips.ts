import { createReadStream, readFileSync } from 'node:fs';
import type { Fragment } from '../../src/media/live/fragment.ts';
import { splitFragments, type TrackHead } from '../../src/media/live/record/index.ts';
import { ffmpeg, ffprobe } from '../media-clips.ts';

/** Wall time at which the streams of these tests begin. */
export const began = Date.UTC(2026, 10, 22, 23, 59, 30);

/** As a camera sends: 25 frames per second, a key frame each second, a fragment about each 0.2 s. */
export function cameraClip(path: string, seconds: number, ...options: string[]): string {
  const pattern = `testsrc2=size=320x180:rate=25:duration=${seconds}`;
  const coding =
    options.length > 0
      ? options
      : ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-pix_fmt', 'yuv420p'];
  const flags = 'frag_keyframe+empty_moov+default_base_moof';
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    pattern,
    ...coding,
    '-g',
    '25',
    '-threads',
    '1',
    '-movflags',
    flags,
    '-frag_duration',
    '200000',
    path,
  );
  return path;
}

/** A file as the stream that a camera would have sent, arriving as it is seen. */
export async function streamOf(path: string): Promise<{ head: TrackHead; fragments: Fragment[] }> {
  const { head, fragments } = await splitFragments(createReadStream(path, { highWaterMark: 777 }), () => 0);
  const all: Fragment[] = [];
  for await (const one of fragments) all.push({ ...one, at: began + (one.time + one.duration) * 1000 });
  return { head, fragments: all };
}

export interface Packets {
  readonly dts: number;
  readonly pts: number;
  readonly key: boolean;
  readonly size: number;
}

/** What ffprobe finds. */
export function packetsOf(path: string): Packets[] {
  const { packets = [] } = ffprobe(
    path,
    '-select_streams',
    'v:0',
    '-show_entries',
    'packet=pts_time,dts_time,flags,size',
  );
  return packets.map((packet) => ({
    dts: Number(packet['dts_time']),
    pts: Number(packet['pts_time']),
    key: String(packet['flags']).startsWith('K'),
    size: Number(packet['size']),
  }));
}

/** Digests of the decoded pictures, in their order. */
export function pictures(path: string): string[] {
  const lines = ffmpeg('-i', path, '-fps_mode', 'passthrough', '-f', 'framemd5', '-').toString().split('\n');
  return lines.filter((line) => /^\d/.test(line)).map((line) => line.split(',').at(-1)!.trim());
}

export const bytesOf = (path: string): Buffer => readFileSync(path);
