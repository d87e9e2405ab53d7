import { AV_FRAME_FLAG_INTERLACED } from 'node-av/constants';
import { ahead } from './ahead.ts';
import { hasChapters } from './chapters.ts';
import { decodePictures, type DecodeOptions } from './decoder.ts';
import { VideoFrame } from './frame.ts';
import { describeInput, type VideoInfo } from './info.ts';
import { openInput } from './input.ts';
import { Scaler } from './scaler.ts';

export interface FramesOptions extends Pick<DecodeOptions, 'threads' | 'tolerate' | 'onNote'> {
  /** Gives out every k-th frame (default 1). All are decoded. */
  readonly every?: number | undefined;
}

/** Frames decoded before they are asked for. */
const lookahead = 4;

/** Pictures that are decoded to learn whether the video is interlaced. */
const probedPictures = 48;

/** A video file that was looked at. It holds nothing open between two calls. */
export class VideoReader {
  readonly info: VideoInfo;
  readonly #path: string;
  readonly #signal: AbortSignal | undefined;

  constructor(path: string, info: VideoInfo, signal: AbortSignal | undefined) {
    this.#path = path;
    this.info = info;
    this.#signal = signal;
  }

  /**
   * Decodes the video from its start in presentation order. Each frame is released when the next one is asked for,
   * unless it was retained.
   * @throws TidewaiterError `E_VIDEO_DAMAGED`, `E_TRUNCATED`, `E_VIDEO_SIZE`, `E_CANCELLED`, or as {@link openVideo}.
   */
  async *frames(options: FramesOptions = {}): AsyncGenerator<VideoFrame> {
    const { every = 1, ...decoding } = options;
    const input = await openInput(this.#path, this.#signal);
    const scaler = new Scaler();
    const context = {
      stored: this.info.codedSize,
      orientation: this.info.orientation,
      timeBase: this.info.timeBase,
      scaler,
    };
    try {
      let index = 0;
      const pictures = decodePictures(input, { ...decoding, signal: this.#signal });
      for await (const picture of ahead(pictures, lookahead, ({ frame }) => frame?.free())) {
        const frame = new VideoFrame(picture, index, context);
        try {
          if (index % every === 0) yield frame;
        } finally {
          frame.release();
        }
        index++;
      }
    } finally {
      scaler.dispose();
      input.close();
    }
  }
}

/**
 * Looks at a video file: its tracks, its tags and its first frame.
 * @throws TidewaiterError `E_UNREADABLE`, `E_EMPTY`, `E_FORMAT`, `E_TRUNCATED`, `E_NO_VIDEO`, `E_AUDIO_ONLY`,
 *   `E_CODEC`, `E_VIDEO_SIZE`, `E_CANCELLED`.
 */
export async function openVideo(path: string, options: { signal?: AbortSignal } = {}): Promise<VideoReader> {
  const input = await openInput(path, options.signal);
  try {
    const pictures = decodePictures(input, { tolerate: 'blank', signal: options.signal });
    let interlaced = false;
    let looked = 0;
    for await (const { frame } of pictures) {
      interlaced = ((frame?.flags ?? 0) & AV_FRAME_FLAG_INTERLACED) !== 0;
      frame?.free();
      if (frame !== undefined || ++looked >= probedPictures) break;
    }
    const seen = { interlaced, chapters: await hasChapters(path) };
    return new VideoReader(path, describeInput(input, seen), options.signal);
  } finally {
    input.close();
  }
}
