import type { Frame } from 'node-av/lib';
import type { Seconds } from '../../../core/time.ts';
import { VideoEncoder } from '../../video/encoder.ts';
import { FragmentMuxer } from './mux.ts';
import { FragmentSplitter, type StreamPart } from './split.ts';

/** Ticks per second of a stream that is made here: 90 kHz, as cameras have it. */
export const timescale = 90_000;

export interface FragmentEncoding {
  /** Frames per second, about: what the encoder plans with. */
  readonly fps: number;
  /** Frames from one key frame to the next; a fragment for each. */
  readonly gop: number;
  /** Wall time to note for a fragment with this stream time. */
  readonly at: (time: Seconds) => number;
}

/** Encodes H.264 and gives out the head and the fragments of its stream. End it in any case. */
export class FragmentEncoder {
  readonly #encoder: VideoEncoder;
  readonly #muxer: FragmentMuxer;
  readonly #splitter: FragmentSplitter;

  private constructor(encoder: VideoEncoder, muxer: FragmentMuxer, splitter: FragmentSplitter) {
    this.#encoder = encoder;
    this.#muxer = muxer;
    this.#splitter = splitter;
  }

  /** @param model a frame like those that come. @throws TidewaiterError `E_ENCODE`. */
  static async open(model: Frame, { fps, gop, at }: FragmentEncoding): Promise<FragmentEncoder> {
    const timeBase = { num: 1, den: timescale };
    const source = { timeBase, averageFps: { num: fps, den: 1 }, interlaced: false };
    // `superfast` costs about half of what `veryfast` does, and a still scene hardly grows.
    const coding = { codec: 'h264', crf: 26, preset: 'superfast', threads: 1, gop } as const;
    const encoder = await VideoEncoder.open(model, source, coding);
    try {
      return new FragmentEncoder(
        encoder,
        await FragmentMuxer.open(encoder, timeBase),
        new FragmentSplitter(at),
      );
    } catch (error) {
      encoder.dispose();
      throw error;
    }
  }

  /** @param frame with its time in ticks of {@link timescale}. @throws TidewaiterError `E_ENCODE`. */
  async push(frame: Frame): Promise<StreamPart[]> {
    await this.#encode(frame);
    return this.#ready();
  }

  /** The rest; frees the encoder. */
  async end(): Promise<StreamPart[]> {
    try {
      await this.#encode(null);
      await this.#muxer.finish();
      return this.#ready();
    } finally {
      this.#muxer.dispose();
      this.#encoder.dispose();
    }
  }

  async #encode(frame: Frame | null): Promise<void> {
    await this.#encoder.encode(frame, (packet) => this.#muxer.keep(packet));
    await this.#muxer.write();
  }

  #ready(): StreamPart[] {
    return this.#muxer.takeBytes().flatMap((bytes) => [...this.#splitter.push(bytes)]);
  }
}
