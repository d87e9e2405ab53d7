import { AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Frame,
  SoftwareResampleContext,
  avChannelLayoutDefault,
  type ChannelLayout,
  type CodecParameters,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { ticksToSeconds, type TimeBase } from '../../core/time.ts';
import { again, checkWrite, endOfFile, knownTicks, toTimeBase } from '../video/ffmpeg.ts';
import { AacEncoder, aacFrame, aacHasRate } from './aac.ts';
import { forCovered, type AudioCover } from './cover.ts';
import type { AudioOutcome } from './plan.ts';
import type { AudioWork, WritePacket } from './work.ts';

/** Times that differ by less are taken for the container's rounding. */
const tolerance = 0.0015;

/** A longer hole in a sound track is a damaged time, not a pause. */
const longestGap = 3600;

/**
 * Decodes a track, covers what must not be heard and encodes it as AAC. Every sample stays at its time: holes in the
 * source become silence, overlaps are cut.
 */
export class Reencode implements AudioWork {
  readonly timeBase: TimeBase;
  readonly #outcome: AudioOutcome;
  readonly #sourceBase: TimeBase;
  readonly #cover: AudioCover | undefined;
  readonly #decoder: CodecContext;
  readonly #encoder: AacEncoder;
  readonly #rate: number;
  readonly #layout: ChannelLayout;
  readonly #frame = new Frame();
  readonly #block: Float32Array[];
  #resampler: { context: SoftwareResampleContext; from: string } | undefined;
  #filled = 0;
  #lost = 0;
  /** Number of the next sample to be taken in, counted from time 0; undefined before the first. */
  #next: number | undefined;

  private constructor(
    stream: Stream,
    cover: AudioCover | undefined,
    outcome: AudioOutcome,
    decoder: CodecContext,
    encoder: AacEncoder,
    rate: number,
    layout: ChannelLayout,
  ) {
    this.#outcome = outcome;
    this.timeBase = { num: 1, den: rate };
    this.#sourceBase = toTimeBase(stream.timeBase);
    this.#cover = cover;
    this.#decoder = decoder;
    this.#encoder = encoder;
    this.#rate = rate;
    this.#layout = layout;
    this.#block = Array.from({ length: layout.nbChannels }, () => new Float32Array(aacFrame));
    this.#frame.alloc();
  }

  /** Undefined when the track cannot be decoded here. */
  static open(stream: Stream, cover: AudioCover | undefined, outcome: AudioOutcome): Reencode | undefined {
    const parameters = stream.codecpar;
    const codec = Codec.findDecoder(parameters.codecId);
    if (codec === null || parameters.channels < 1) return undefined;
    const decoder = new CodecContext();
    decoder.allocContext3(codec);
    decoder.parametersToContext(parameters);
    decoder.pktTimebase = stream.timeBase;
    const rate = aacHasRate(parameters.sampleRate) ? parameters.sampleRate : 48000;
    const layout = avChannelLayoutDefault(Math.min(parameters.channels, 6));
    const encoder = decoder.open2Sync(codec) < 0 ? undefined : AacEncoder.open(rate, layout);
    if (encoder === undefined) {
      decoder.freeContext();
      return undefined;
    }
    return new Reencode(stream, cover, outcome, decoder, encoder, rate, layout);
  }

  get outcome(): AudioOutcome {
    if (this.#lost === 0) return this.#outcome;
    const note = `${this.#outcome.note}; ${this.#lost} packet(s) could not be decoded and are silent`;
    return { ...this.#outcome, note };
  }

  describe(parameters: CodecParameters): void {
    parameters.fromContext(this.#encoder.context);
  }

  accept(packet: Packet, write: WritePacket): void {
    // A packet that does not decode leaves a hole, which becomes silence.
    if (this.#decoder.sendPacketSync(packet) < 0) this.#lost++;
    this.#drain(write);
  }

  finish(write: WritePacket): void {
    this.#decoder.sendPacketSync(null);
    this.#drain(write);
    if (this.#filled > 0) this.#silence(aacFrame - this.#filled, write);
    this.#encoder.encode(null, 0n, write);
  }

  dispose(): void {
    this.#resampler?.context.free();
    this.#frame.free();
    this.#encoder.dispose();
    this.#decoder.freeContext();
  }

  #drain(write: WritePacket): void {
    for (;;) {
      const code = this.#decoder.receiveFrameSync(this.#frame);
      if (code === again || code === endOfFile) return;
      if (code < 0) {
        this.#lost++;
        return;
      }
      this.#take(this.#frame, write);
      this.#frame.unref();
    }
  }

  #take(decoded: Frame, write: WritePacket): void {
    const pts = knownTicks(decoded.bestEffortTimestamp) ?? knownTicks(decoded.pts);
    const converted = this.#convert(decoded);
    try {
      const time = pts === undefined ? undefined : ticksToSeconds(pts, this.#sourceBase);
      const skip = time === undefined ? 0 : this.#align(time, write);
      const planes = (converted.extendedData ?? converted.data ?? []).map(
        (plane) => new Float32Array(plane.buffer, plane.byteOffset, converted.nbSamples),
      );
      this.#append(planes, skip, converted.nbSamples, write);
    } finally {
      converted.free();
    }
  }

  /** Fills a hole before `time`; returns how many samples of what comes now lie before what was already taken. */
  #align(time: number, write: WritePacket): number {
    const start = Math.round(time * this.#rate);
    this.#next ??= start;
    const gap = start - this.#next;
    if (Math.abs(gap) <= tolerance * this.#rate) return 0;
    if (gap < 0) return -gap;
    if (gap > longestGap * this.#rate) {
      throw new TidewaiterError(
        'E_AUDIO_DAMAGED',
        `The times of sound track ${this.#outcome.index} jump by more than an hour`,
        'Drop the sound, or repair the file first.',
      );
    }
    this.#silence(gap, write);
    return 0;
  }

  #append(planes: readonly Float32Array[], from: number, to: number, write: WritePacket): void {
    this.#next ??= 0;
    for (let at = from; at < to;) {
      const count = Math.min(to - at, aacFrame - this.#filled);
      this.#block.forEach((channel, index) => {
        const plane = planes[index];
        if (plane !== undefined) channel.set(plane.subarray(at, at + count), this.#filled);
      });
      at += count;
      this.#advance(count, write);
    }
  }

  #silence(samples: number, write: WritePacket): void {
    this.#next ??= 0;
    for (let left = samples; left > 0;) {
      const count = Math.min(left, aacFrame - this.#filled);
      for (const channel of this.#block) channel.fill(0, this.#filled, this.#filled + count);
      left -= count;
      this.#advance(count, write);
    }
  }

  #advance(count: number, write: WritePacket): void {
    this.#filled += count;
    this.#next = (this.#next ?? 0) + count;
    if (this.#filled < aacFrame) return;
    const first = this.#next - aacFrame;
    if (this.#cover !== undefined) {
      forCovered(this.#cover, first, aacFrame, this.#rate, (index, value) => {
        for (const channel of this.#block) channel[index] = value;
      });
    }
    this.#encoder.encode(this.#block, BigInt(first), write);
    this.#filled = 0;
  }

  /** The frame as planar floats in the encoder's rate and channels; the caller frees it. */
  #convert(decoded: Frame): Frame {
    const layout =
      decoded.channelLayout.mask === 0n ? avChannelLayoutDefault(decoded.channels) : decoded.channelLayout;
    // PCM often says how many channels there are and not which; swresample wants the same answer for every frame.
    decoded.channelLayout = layout;
    const from = `${decoded.format}/${decoded.sampleRate}/${layout.mask}`;
    if (this.#resampler?.from !== from) {
      this.#resampler?.context.free();
      const context = new SoftwareResampleContext();
      checkWrite(
        context.allocSetOpts2(
          this.#layout,
          AV_SAMPLE_FMT_FLTP,
          this.#rate,
          layout,
          decoded.format as AVSampleFormat,
          decoded.sampleRate,
        ),
        'convert sound',
      );
      checkWrite(context.init(), 'convert sound');
      this.#resampler = { context, from };
    }
    const converted = new Frame();
    converted.alloc();
    converted.format = AV_SAMPLE_FMT_FLTP;
    converted.sampleRate = this.#rate;
    converted.channelLayout = this.#layout;
    checkWrite(this.#resampler.context.convertFrame(converted, decoded), 'convert sound');
    return converted;
  }
}
