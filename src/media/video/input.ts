import { access, constants, stat } from 'node:fs/promises';
import { FormatContext, avGetCodecName, type Stream } from 'node-av/lib';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { TidewaiterError, systemCode } from '../../core/errors.ts';
import { describeCode, throwIfCancelled, withOptions } from './ffmpeg.ts';
import { lacksIndex } from './cut-short.ts';

/** Containers that are accepted, by FFmpeg's demuxer names. Everything else is refused before it is parsed. */
const demuxers = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts';

const maximumSide = 16384;
const maximumSamples = 8192 * 4320;
/**
 * Pixels that a decoder may allocate for a picture: those of the largest one that is taken, rounded up to whole blocks. A stream can
 * say in its middle that its pictures are larger, whatever its container said.
 */
export const decodablePixels = maximumSamples + 128 * maximumSide;

/** A file that FFmpeg has opened, with its video stream chosen. Close it. */
export interface OpenInput {
  readonly path: string;
  readonly bytes: number;
  readonly format: FormatContext;
  readonly video: Stream;
  close(): void;
}

/**
 * Opens a video file. Other video streams than the best one, and cover pictures, are not read.
 * @throws TidewaiterError `E_UNREADABLE`, `E_EMPTY`, `E_FORMAT`, `E_TRUNCATED`, `E_NO_VIDEO`, `E_AUDIO_ONLY`,
 *   `E_CODEC`, `E_VIDEO_SIZE`, `E_CANCELLED`.
 */
export async function openInput(path: string, signal?: AbortSignal): Promise<OpenInput> {
  throwIfCancelled(signal);
  const bytes = await readableBytes(path);
  const format = new FormatContext();
  const interrupt = (): void => {
    format.interrupt();
  };
  signal?.addEventListener('abort', interrupt);
  try {
    // `file:` keeps FFmpeg from reading protocols or devices out of a file name.
    const options = { format_whitelist: demuxers, protocol_whitelist: 'file' };
    const opened = await withOptions(options, (dictionary) =>
      format.openInput(`file:${path}`, null, dictionary),
    );
    throwIfCancelled(signal);
    if (opened < 0) throw await refusal(path, opened);
    const probed = await format.findStreamInfo();
    throwIfCancelled(signal);
    if (probed < 0) throw await refusal(path, probed);
    const video = chooseVideo(format, path);
    refuseSize(video, path);
    return { path, bytes, format, video, close: () => format.closeInputSync() };
  } catch (error) {
    format.closeInputSync();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** Size of the file in bytes. */
async function readableBytes(path: string): Promise<number> {
  const status = await stat(path).catch((error: unknown) => {
    const what =
      systemCode(error) === 'ENOENT'
        ? 'does not exist'
        : `cannot be read (${systemCode(error) ?? 'unknown'})`;
    throw new TidewaiterError('E_UNREADABLE', `${path} ${what}`, 'Check the path and its permissions.');
  });
  if (!status.isFile()) {
    throw new TidewaiterError('E_UNREADABLE', `${path} is not a file`, 'Give the path of a video file.');
  }
  await access(path, constants.R_OK).catch(() => {
    throw new TidewaiterError('E_UNREADABLE', `${path} may not be read`, 'Ask for permission to read it.');
  });
  if (status.size === 0) {
    throw new TidewaiterError('E_EMPTY', `${path} is empty`, 'Copy the file again from where it came from.');
  }
  return status.size;
}

async function refusal(path: string, code: number): Promise<TidewaiterError> {
  if (await lacksIndex(path)) {
    return new TidewaiterError(
      'E_TRUNCATED',
      `${path} ends before its index, so that nothing of it can be played`,
      'Copy the file again from where it came from.',
    );
  }
  return new TidewaiterError(
    'E_FORMAT',
    `${path} is not a video that can be read (${describeCode(code)})`,
    'Give an MP4, MOV, MKV, WebM, AVI or MPEG-TS file.',
  );
}

function chooseVideo(format: FormatContext, path: string): Stream {
  const streams = format.streams;
  const chosen = streams[format.findBestStream(AVMEDIA_TYPE_VIDEO)];
  if (chosen === undefined || isCover(chosen)) {
    const unknown = streams.find(
      (stream) => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !isCover(stream),
    );
    if (unknown !== undefined) throw unknownCodec(unknown, path);
    throw streams.some((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO)
      ? audioOnly(path)
      : new TidewaiterError('E_NO_VIDEO', `${path} holds no video`, 'Give a file with a video track.');
  }
  for (const stream of streams) {
    if (stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && stream.index !== chosen.index) {
      stream.discard = AVDISCARD_ALL;
    }
  }
  return chosen;
}

/** A cover picture is no video: it says nothing of what is heard. */
function audioOnly(path: string): TidewaiterError {
  return new TidewaiterError(
    'E_AUDIO_ONLY',
    `${path} is sound without pictures`,
    'Use an audio editor, or give the video it belongs to and name spans of its sound.',
  );
}

export function isCover(stream: Stream): boolean {
  return stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC);
}

/** FFmpeg's name of a codec, or the four-letter tag the file gives it. */
export function codecName(stream: Stream): string {
  const name = avGetCodecName(stream.codecpar.codecId);
  if (name !== null && name !== 'none' && !name.startsWith('unknown')) return name;
  return stream.codecpar.codecTagString ?? 'unknown';
}

export function unknownCodec(stream: Stream, path: string): TidewaiterError {
  return new TidewaiterError(
    'E_CODEC',
    `${path} uses the codec "${codecName(stream)}", which cannot be decoded here`,
    'Convert the file to H.264 with the software that came with the camera.',
  );
}

function refuseSize(video: Stream, path: string): void {
  const { width, height } = video.codecpar;
  if (width === 0 || height === 0) throw unknownCodec(video, path);
  if (width <= maximumSide && height <= maximumSide && width * height <= maximumSamples) return;
  throw new TidewaiterError(
    'E_VIDEO_SIZE',
    `${path} is ${width}x${height}; the limit is 8192x4320 in all and 16384 on a side`,
    'Scale the video down first.',
  );
}
