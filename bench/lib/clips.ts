import { ffmpeg } from '../../test/media-clips.ts';
import { pedestrianClip } from '../../test/needs.ts';

const encoding = ['-c:v', 'libx264', '-preset', 'veryfast', '-b:v', '2500k', '-pix_fmt', 'yuv420p'];

/**
 * Writes pedestrians (OpenCV's vtest.avi, about five persons in each frame) as a surveillance camera would: 1280x720,
 * 25 frames per second, H.264 of 2.5 Mbit/s with a tone in AAC.
 */
export function makeClip(path: string, frames: number): void {
  const seconds = frames / 25;
  ffmpeg(
    ...['-stream_loop', '-1', '-r', '25', '-i', pedestrianClip],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...['-map', '0:v', '-map', '1:a', '-frames:v', String(frames), '-vf', 'scale=1280:720,setsar=1'],
    ...encoding,
    ...['-c:a', 'aac', '-b:a', '96k', '-shortest', path],
  );
}

/** Repeats a clip's packets until it lasts so many times as long. */
export function loopClip(source: string, path: string, times: number): void {
  ffmpeg('-stream_loop', String(times - 1), '-i', source, '-map', '0', '-c', 'copy', path);
}

/**
 * 72 of the 120 frames of four seconds, unevenly spread: steps of one and of three thirtieths, 4.00 s, with sound. The
 * rate is 30 in name and 18 on average.
 */
export function makeVariableClip(path: string): void {
  const dropped = [3, 4, 7, 8].map((digit) => `eq(mod(n\\,10)\\,${digit})`).join('+');
  ffmpeg(
    ...['-r', '30', '-i', pedestrianClip],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000:duration=4'],
    ...['-map', '0:v', '-map', '1:a', '-t', '4', '-vf', `scale=1280:720,setsar=1,select=not(${dropped})`],
    ...['-fps_mode', 'vfr', ...encoding, '-c:a', 'aac', '-b:a', '96k', path],
  );
}
