import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVERROR_EOF } from 'node-av/constants';
import { Dictionary, FFmpegError, Log, PosixError } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import type { TimeBase } from '../../core/time.ts';

// FFmpeg writes its remarks to the process's stderr; what people must know is in our errors and notes.
Log.setLevel(AV_LOG_QUIET);

/** FFmpeg's answers that are no errors: "send more", "nothing left". */
export const again: number = FFmpegError.AVERROR(PosixError.EAGAIN);
export const endOfFile: number = AVERROR_EOF;
const noSpace: number = FFmpegError.AVERROR(PosixError.ENOSPC);

/** A timestamp, or undefined where FFmpeg has none. */
export function knownTicks(ticks: bigint): bigint | undefined {
  return ticks === AV_NOPTS_VALUE ? undefined : ticks;
}

/** Plain numbers from FFmpeg's rational, which lives in native memory. */
export function toTimeBase(rational: { num: number; den: number }): TimeBase {
  return { num: rational.num, den: rational.den };
}

/** FFmpeg's own words for a negative return code. */
export function describeCode(code: number): string {
  return FFmpegError.strerror(code);
}

/**
 * Returns the code of a call that writes or encodes, and throws when it is an error.
 * @throws TidewaiterError `E_NO_SPACE` when the disk is full, `E_ENCODE` otherwise.
 */
export function checkWrite(code: number, doing: string): number {
  if (code >= 0) return code;
  if (code === noSpace) {
    throw new TidewaiterError(
      'E_NO_SPACE',
      'No space left for the output',
      'Free some space or choose another disk.',
    );
  }
  throw new TidewaiterError(
    'E_ENCODE',
    `Could not ${doing}: ${describeCode(code)}`,
    'Try another codec or container for the output.',
  );
}

/** Runs `use` with options for FFmpeg as a dictionary. */
export async function withOptions<T>(
  options: Record<string, string | number>,
  use: (dictionary: Dictionary) => T | Promise<T>,
): Promise<T> {
  const dictionary = Dictionary.fromObject(options);
  try {
    return await use(dictionary);
  } finally {
    dictionary.free();
  }
}

/** @throws TidewaiterError `E_CANCELLED` when the signal was raised. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new TidewaiterError('E_CANCELLED', 'The work was cancelled', 'Start it again when you are ready.');
}
