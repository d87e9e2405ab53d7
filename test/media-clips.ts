import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pedestrianClip } from './needs.ts';

/** Runs Debian's ffmpeg; throws with what it said when it fails. */
export function ffmpeg(...args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** ffprobe's answer as JSON. */
export function ffprobe(path: string, ...args: string[]): Record<string, Record<string, unknown>[]> {
  const text = execFileSync('ffprobe', ['-v', 'error', '-of', 'json', ...args, path], { maxBuffer: 1 << 28 });
  return JSON.parse(text.toString()) as Record<string, Record<string, unknown>[]>;
}

/** Two seconds of pedestrians at 25 frames per second, 320x180, and two seconds of a 440 Hz tone, as ffmpeg inputs. */
export const pedestrians = ['-r', '25', '-i', pedestrianClip];
export const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=2'];
export const small = ['-t', '2', '-vf', 'scale=320:180', '-threads', '1'];

/** A folder for one test file's clips; call `remove` when done. */
export function clipFolder(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-clips-'));
  return {
    path: (name) => join(folder, name),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Presentation times of every displayed frame of the video, in seconds as ffprobe prints them. */
export function frameTimes(path: string): string[] {
  const { frames = [] } = ffprobe(
    path,
    '-select_streams',
    'v:0',
    '-show_entries',
    'frame=best_effort_timestamp_time',
  );
  return frames.map((frame) => String(frame['best_effort_timestamp_time']));
}

/** Presentation times of every packet of the n-th sound track, in seconds. */
export function soundTimes(path: string, track = 0): number[] {
  const { packets = [] } = ffprobe(path, '-select_streams', `a:${track}`, '-show_entries', 'packet=pts_time');
  return packets.map((packet) => Number(packet['pts_time']));
}

/** A sound track as mono samples, -1..1, with sample 0 at time 0. */
export function samples(path: string, rate = 48000, track = 0): Float32Array {
  const filter = 'aresample=async=1:min_hard_comp=0.001:first_pts=0';
  const args = ['-i', path, '-map', `0:a:${track}`, '-af', filter, '-ac', '1', '-ar', String(rate)];
  const raw = ffmpeg('-copyts', ...args, '-f', 'f32le', '-');
  return new Float32Array(new Uint8Array(raw).buffer, 0, raw.length >> 2);
}

/** Root mean square of a stretch of samples, given in seconds. */
export function loudness(sound: Float32Array, from: number, to: number, rate = 48000): number {
  const part = sound.subarray(Math.round(from * rate), Math.round(to * rate));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}
