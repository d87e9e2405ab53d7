import { Packet } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { openInput } from '../video/input.ts';
import { toTimeBase } from '../video/ffmpeg.ts';
import type { VideoIndex } from './frame-index.ts';

/** What went into a proxy, to be found again in it. */
export interface GivenFrames extends Pick<
  VideoIndex,
  'keyEvery' | 'timeBase' | 'size' | 'shown' | 'source' | 'pixelAspect' | 'damaged'
> {
  /** Presentation times in ticks of `timeBase`. */
  readonly pts: readonly bigint[];
  readonly lastTicks: bigint;
}

/**
 * Reads where the frames of a finished proxy lie, and compares each with what was given: a proxy that differs from its source
 * in a single time is no proxy.
 * @throws TidewaiterError `E_ENCODE` when it does.
 */
export async function indexVideo(path: string, given: GivenFrames): Promise<VideoIndex> {
  const input = await openInput(path);
  const packet = new Packet();
  packet.alloc();
  try {
    const config = input.video.codecpar.extradata;
    if (config === null || config.length < 4) throw unlike('its decoder configuration is missing');
    const base = toTimeBase(input.video.timeBase);
    const [bytes, gaps]: [number[], number[]] = [[], []];
    let end = 0n;
    while (input.format.readFrameSync(packet) >= 0) {
      const { pts, pos, size } = packet;
      if (packet.streamIndex === input.video.index) {
        const frame = bytes.length;
        checkTime(given, frame, pts, base);
        if (packet.isKeyframe !== (frame % given.keyEvery === 0))
          throw unlike(`frame ${frame} is of another kind`);
        gaps.push(Number(pos - end));
        bytes.push(size);
        end = pos + BigInt(size);
      }
      packet.unref();
    }
    if (bytes.length !== given.pts.length)
      throw unlike(`it has ${bytes.length} of ${given.pts.length} frames`);
    const { pts, lastTicks, ...description } = given;
    const times = pts.map(exactNumber);
    return {
      codec: `avc1.${config.toString('hex', 1, 4)}`,
      description: config.toString('base64'),
      ...description,
      start: times[0] ?? 0,
      ticks: times.slice(1).map((time, index) => time - (times[index] ?? 0)),
      lastTicks: exactNumber(lastTicks),
      bytes,
      gaps,
    };
  } finally {
    packet.free();
    input.close();
  }
}

/** Equal as fractions, without rounding. */
function checkTime(
  { pts, timeBase }: GivenFrames,
  frame: number,
  found: bigint,
  base: GivenFrames['timeBase'],
): void {
  const wanted = pts[frame];
  const equal =
    wanted !== undefined &&
    wanted * BigInt(timeBase.num) * BigInt(base.den) === found * BigInt(base.num) * BigInt(timeBase.den);
  if (!equal)
    throw unlike(
      `frame ${frame} is at ${found} and should be at ${wanted} (${timeBase.num}/${timeBase.den})`,
    );
}

function exactNumber(ticks: bigint): number {
  const number = Number(ticks);
  if (!Number.isSafeInteger(number)) throw unlike(`${ticks} ticks are beyond what a number holds`);
  return number;
}

function unlike(what: string): TidewaiterError {
  return new TidewaiterError(
    'E_ENCODE',
    `The proxy is not like its source: ${what}`,
    'Report it together with the kind of camera; the original is as it was.',
  );
}
