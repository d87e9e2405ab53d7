import { AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { TidewaiterError } from '../../core/errors.ts';
import type { Seconds } from '../../core/time.ts';
import { decodePictures } from './decoder.ts';
import { toTimeBase } from './ffmpeg.ts';
import { VideoFrame } from './frame.ts';
import { openInput } from './input.ts';
import type { VideoReader } from './reader.ts';
import { Scaler } from './scaler.ts';

/**
 * Frames from one moment to another, both included, decoded from the key frame before the first of them where the
 * container can be entered there, from the start of the file otherwise. Frames that cannot be decoded are left out. Their
 * `index` counts from where decoding began. Each is released when the next one is asked for, unless it was retained.
 * @throws TidewaiterError as {@link VideoReader.frames}.
 */
export async function* framesBetween(
  path: string,
  { info }: Pick<VideoReader, 'info'>,
  { from, to, signal }: { readonly from: Seconds; readonly to: Seconds; readonly signal?: AbortSignal },
): AsyncGenerator<VideoFrame> {
  // Where a container was entered too late, something before the first wanted frame was never decoded.
  let entered = false;
  try {
    for await (const frame of decodedFrom(path, info, from, signal)) {
      if (!entered && frame.time > from) break;
      entered = true;
      if (frame.time > to) break;
      if (frame.time >= from && !frame.damaged) yield frame;
    }
  } catch (error) {
    // After the last key frame nothing can be shown; that is said in the same words as damage.
    if (entered || !(error instanceof TidewaiterError && error.code === 'E_VIDEO_DAMAGED')) throw error;
  }
  if (entered) return;
  for await (const frame of decodedFrom(path, info, undefined, signal)) {
    if (frame.time > to) break;
    if (frame.time >= from && !frame.damaged) yield frame;
  }
}

async function* decodedFrom(
  path: string,
  info: VideoReader['info'],
  from: Seconds | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<VideoFrame> {
  const input = await openInput(path, signal);
  const scaler = new Scaler();
  const { orientation, timeBase, codedSize: stored } = info;
  try {
    if (from !== undefined) {
      const { num, den } = toTimeBase(input.video.timeBase);
      input.format.seekFrameSync(
        input.video.index,
        BigInt(Math.floor((from * den) / num)),
        AVSEEK_FLAG_BACKWARD,
      );
    }
    let index = 0;
    for await (const picture of decodePictures(input, { threads: 1, tolerate: 'blank', signal })) {
      // What follows a place that was entered may need frames from before it.
      if (picture.frame === undefined && index === 0) continue;
      const frame = new VideoFrame(picture, index++, { stored, orientation, timeBase, scaler });
      try {
        yield frame;
      } finally {
        frame.release();
      }
    }
  } finally {
    scaler.dispose();
    input.close();
  }
}
