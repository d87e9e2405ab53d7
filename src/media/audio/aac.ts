import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_AAC,
  AV_PROFILE_AAC_LOW,
  AV_SAMPLE_FMT_FLTP,
  type AVCodecFlag,
  type FFEncoderCodec,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Frame,
  Packet,
  Rational,
  type CodecParameters,
  type ChannelLayout,
} from 'node-av/lib';
import { again, checkWrite, endOfFile } from '../video/ffmpeg.ts';

/** Samples per channel in an AAC-LC frame (ISO/IEC 14496-3, 4.5.1.1, frameLengthFlag 0). */
export const aacFrame = 1024;

/** Sampling frequencies by index (ISO/IEC 14496-3, table 1.18). */
const frequencies = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

export function aacHasRate(rate: number): boolean {
  return frequencies.includes(rate);
}

/**
 * The AudioSpecificConfig of plain AAC-LC, frame length 1024, or undefined for any other kind of AAC. Streams without
 * one (ADTS) get the one that their parameters describe.
 */
export function plainAacConfig(parameters: CodecParameters): Buffer | undefined {
  const index = frequencies.indexOf(parameters.sampleRate);
  const { channels, profile, frameSize } = parameters;
  const plain =
    parameters.codecId === AV_CODEC_ID_AAC && profile === AV_PROFILE_AAC_LOW && frameSize === aacFrame;
  if (!plain || index < 0 || channels < 1 || channels > 6) return undefined;
  // 5 bits object type 2, 4 bits frequency, 4 bits channels, 3 flags that are all off (ISO/IEC 14496-3, 1.6.2.1).
  const expected = Buffer.from([(2 << 3) | (index >> 1), ((index & 1) << 7) | (channels << 3)]);
  const stated = parameters.extradata;
  if (stated === null || stated.length === 0) return expected;
  return stated.length >= 2 && stated.subarray(0, 2).equals(expected) ? Buffer.from(stated) : undefined;
}

/**
 * The raw AAC frame in a packet: without its ADTS header if it has one (ISO/IEC 14496-3, 1.A.2.2).
 * Undefined when a header announces more than one frame.
 */
export function rawAacFrame(data: Buffer): Buffer | undefined {
  if (data.length < 7 || data[0] !== 0xff || ((data[1] ?? 0) & 0xf6) !== 0xf0) return data;
  if (((data[6] ?? 0) & 3) !== 0) return undefined;
  const hasNoChecksum = ((data[1] ?? 0) & 1) === 1;
  return data.subarray(hasNoChecksum ? 7 : 9);
}

/** FFmpeg's AAC-LC encoder, fed with planar floats, 1024 samples at a time. */
export class AacEncoder {
  readonly context: CodecContext;
  readonly #packet = new Packet();
  readonly #layout: ChannelLayout;
  readonly #rate: number;
  readonly #channels: number;

  private constructor(context: CodecContext, rate: number, layout: ChannelLayout) {
    this.context = context;
    this.#rate = rate;
    this.#layout = layout;
    this.#channels = layout.nbChannels;
    this.#packet.alloc();
  }

  /** Undefined when the encoder does not take this rate or channel layout. */
  static open(rate: number, layout: ChannelLayout): AacEncoder | undefined {
    const codec = Codec.findEncoderByName('aac' as FFEncoderCodec);
    if (codec === null) return undefined;
    const context = new CodecContext();
    context.allocContext3(codec);
    context.sampleRate = rate;
    context.channelLayout = layout;
    context.sampleFormat = AV_SAMPLE_FMT_FLTP;
    context.timeBase = new Rational(1, rate);
    context.bitRate = BigInt(32_000 + 64_000 * layout.nbChannels);
    context.flags = (AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT) as AVCodecFlag;
    if (context.open2Sync(codec) < 0) {
      context.freeContext();
      return undefined;
    }
    return new AacEncoder(context, rate, layout);
  }

  /** Encodes 1024 samples per channel, or the end when `samples` is null. The packet is reused afterwards. */
  encode(samples: readonly Float32Array[] | null, pts: bigint, write: (packet: Packet) => void): void {
    const frame = samples === null ? null : this.#frame(samples, pts);
    try {
      checkWrite(this.context.sendFrameSync(frame), 'encode sound');
    } finally {
      frame?.free();
    }
    for (;;) {
      const code = this.context.receivePacketSync(this.#packet);
      if (code === again || code === endOfFile) return;
      checkWrite(code, 'encode sound');
      write(this.#packet);
      this.#packet.unref();
    }
  }

  dispose(): void {
    this.#packet.free();
    this.context.freeContext();
  }

  #frame(samples: readonly Float32Array[], pts: bigint): Frame {
    const frame = new Frame();
    frame.alloc();
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.sampleRate = this.#rate;
    frame.channelLayout = this.#layout;
    frame.nbSamples = aacFrame;
    frame.pts = pts;
    checkWrite(frame.getBuffer(), 'encode sound');
    const planes = frame.extendedData ?? frame.data ?? [];
    for (let channel = 0; channel < this.#channels; channel++) {
      const source = samples[channel];
      if (source === undefined) continue;
      planes[channel]?.set(Buffer.from(source.buffer, source.byteOffset, aacFrame * 4));
    }
    return frame;
  }
}
