import type { PixelBox, Size } from '../../src/core/box.ts';
import { ffmpeg, ffprobe } from '../media-clips.ts';

/** Every frame of a video, or a picture, as ffmpeg decodes it: 8-bit grey, black is 0. */
export interface GreyFrames extends Size {
  readonly count: number;
  readonly data: Uint8Array;
}

export function greyFrames(path: string): GreyFrames {
  const [stream] = ffprobe(path, '-select_streams', 'v:0', '-show_entries', 'stream=width,height')[
    'streams'
  ]!;
  const { width, height } = stream as unknown as Size;
  const passed = ['-fps_mode', 'passthrough', '-pix_fmt', 'gray', '-f', 'rawvideo', '-'];
  const data = ffmpeg('-i', path, '-map', '0:v:0', ...passed);
  return { width, height, count: data.length / (width * height), data };
}

/** What the pixels of a box are like. */
export interface Tone {
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The pixels of a frame inside a box, less `margin` pixels on each side, which compression may smear. */
export function toneOf(frames: GreyFrames, index: number, box: PixelBox, margin = 3): Tone {
  let [sum, count, lowest, highest] = [0, 0, 255, 0];
  for (const at of offsets(frames, index, box, margin)) {
    const value = frames.data[at]!;
    sum += value;
    count++;
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return { mean: sum / count, lowest, highest };
}

/** Mean absolute difference of two videos inside a box of a frame. */
export function difference(
  one: GreyFrames,
  other: GreyFrames,
  index: number,
  box: PixelBox,
  margin = 3,
): number {
  const places = [...offsets(one, index, box, margin)];
  return places.reduce((sum, at) => sum + Math.abs(one.data[at]! - other.data[at]!), 0) / places.length;
}

function* offsets(
  { width, height, count }: GreyFrames,
  index: number,
  box: PixelBox,
  margin: number,
): Generator<number> {
  if (index >= count) throw new RangeError(`there are ${count} frames, so none is number ${index}`);
  const left = Math.max(0, Math.ceil(box.x + margin));
  const right = Math.min(width, Math.floor(box.x + box.width - margin));
  const top = Math.max(0, Math.ceil(box.y + margin));
  const bottom = Math.min(height, Math.floor(box.y + box.height - margin));
  if (left >= right || top >= bottom) throw new RangeError('there is nothing inside the box');
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) yield index * width * height + y * width + x;
}
