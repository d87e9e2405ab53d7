import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_CODEC_ID_H264,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AVCHROMA_LOC_UNSPECIFIED,
  type AVCodecFlag,
  type AVPixelFormat,
  type FFEncoderCodec,
} from 'node-av/constants';
import {
  BitStreamFilter,
  BitStreamFilterContext,
  Codec,
  CodecContext,
  Packet,
  Rational,
  type CodecParameters,
  type Frame,
} from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { again, checkWrite, endOfFile, withOptions } from './ffmpeg.ts';

export interface VideoEncoding {
  readonly codec: 'h264' | 'h265';
  /** Constant rate factor, 0..51; lower is better and larger. */
  readonly crf: number;
  /**
   * An x264 or x265 preset, `ultrafast` to `placebo`, or `quick`: `veryfast`, in H.264 with the quickest search for motion
   * (diamond, sub-pixel refinement 1). On surveillance video of 1280x720 and at the same rate factor that is a third less
   * work for as many bytes and a thousandth of structural similarity.
   */
  readonly preset: string;
  /** Encoder threads. The same number gives the same bytes. */
  readonly threads: number;
  /** Key frames are this many frames apart, and no frame refers to a later one. H.264 only; unset: the encoder chooses. */
  readonly gop?: number;
}

/** What the encoder must know of the source beyond its first frame. */
export interface EncoderSource {
  readonly timeBase: { readonly num: number; readonly den: number };
  readonly averageFps: { readonly num: number; readonly den: number };
  readonly interlaced: boolean;
}

const encoders = { h264: 'libx264', h265: 'libx265' } as const;

/** An open H.264 or H.265 encoder that keeps every frame's own time. */
export class VideoEncoder {
  readonly context: CodecContext;
  /**
   * Whether frames of an interlaced source are coded and flagged as two fields. x264 does so where both fields have whole
   * blocks; x265 would make a picture of each field, and twice the frames.
   */
  readonly keepsFields: boolean;
  readonly #packet = new Packet();

  private constructor(context: CodecContext, keepsFields: boolean) {
    this.context = context;
    this.keepsFields = keepsFields;
    this.#packet.alloc();
  }

  /**
   * @param first a frame like all that will be encoded: its size, format, colours and pixel aspect ratio are taken over.
   * @throws TidewaiterError `E_CODEC` when this build has no such encoder, `E_ENCODE` when it refuses the settings.
   */
  static async open(first: Frame, source: EncoderSource, encoding: VideoEncoding): Promise<VideoEncoder> {
    const name: FFEncoderCodec = encoders[encoding.codec] as FFEncoderCodec;
    const codec = Codec.findEncoderByName(name);
    const format = first.format as AVPixelFormat;
    if (codec === null || codec.pixelFormats?.includes(format) === false) {
      throw new TidewaiterError(
        'E_CODEC',
        `This FFmpeg build cannot encode ${encoding.codec} in the source's bit depth`,
        'Choose the other codec.',
      );
    }
    const context = new CodecContext();
    context.allocContext3(codec);
    describePicture(context, first, format);
    context.timeBase = new Rational(source.timeBase.num, source.timeBase.den);
    if (source.averageFps.num > 0) {
      context.framerate = new Rational(source.averageFps.num, source.averageFps.den);
    }
    const keepsFields = source.interlaced && encoding.codec === 'h264' && first.height % 4 === 0;
    context.flags = encoderFlags(keepsFields);
    const options = {
      ...encoderOptions(encoding),
      ...(source.interlaced ? { field_order: fieldOrder(first) } : {}),
    };
    const opened = await withOptions(options, (dictionary) => context.open2(codec, dictionary));
    if (opened < 0) {
      context.freeContext();
      checkWrite(opened, `open the ${encoding.codec} encoder`);
    }
    return new VideoEncoder(context, keepsFields);
  }

  /** Describes the stream for a muxer. */
  describe(parameters: CodecParameters): void {
    parameters.fromContext(this.context);
    if (parameters.codecId === AV_CODEC_ID_H264) stateFrameRate(parameters, this.context.framerate);
  }

  /** Sends one frame, or the end of the stream, and hands over what comes out. The packet is reused afterwards. */
  async encode(frame: Frame | null, write: (packet: Packet) => void): Promise<void> {
    checkWrite(await this.context.sendFrame(frame), 'encode a frame');
    for (;;) {
      const code = this.context.receivePacketSync(this.#packet);
      if (code === again || code === endOfFile) return;
      checkWrite(code, 'encode a frame');
      write(this.#packet);
      this.#packet.unref();
    }
  }

  dispose(): void {
    this.#packet.free();
    this.context.freeContext();
  }
}

function describePicture(context: CodecContext, first: Frame, format: AVPixelFormat): void {
  context.width = first.width;
  context.height = first.height;
  context.pixelFormat = format;
  context.sampleAspectRatio = first.sampleAspectRatio;
  context.colorRange = first.colorRange;
  context.colorPrimaries = first.colorPrimaries;
  context.colorTrc = first.colorTrc;
  context.colorSpace = first.colorSpace;
  if (first.chromaLocation !== AVCHROMA_LOC_UNSPECIFIED) context.chromaLocation = first.chromaLocation;
}

function encoderFlags(interlaced: boolean): AVCodecFlag {
  const always = AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_FRAME_DURATION;
  return (
    interlaced ? always | AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME : always
  ) as AVCodecFlag;
}

/** What containers say of the order in which fields are coded and shown, in FFmpeg's words. */
function fieldOrder(frame: Frame): 'tt' | 'bb' {
  return (frame.flags & AV_FRAME_FLAG_TOP_FIELD_FIRST) !== 0 ? 'tt' : 'bb';
}

/** Captions and user data of the source's frames are not to be carried into the new stream: they are metadata. */
function encoderOptions({
  codec,
  crf,
  preset,
  threads,
  gop,
}: VideoEncoding): Record<string, string | number> {
  const quick = preset === 'quick';
  const common = { crf, preset: quick ? 'veryfast' : preset, a53cc: 0, udu_sei: 0 };
  // x265 spreads work over a pool of its own, which `threads` does not limit.
  if (codec === 'h265')
    return { ...common, 'x265-params': `pools=${threads}:frame-threads=1:log-level=none` };
  return {
    ...common,
    ...(quick ? { 'x264-params': 'me=dia:subme=1' } : {}),
    threads,
    ...(gop === undefined ? {} : { g: gop, keyint_min: gop, sc_threshold: 0, bf: 0 }),
  };
}

/**
 * Corrects the frame rate in the H.264 headers (VUI timing, ITU-T H.264 E.2.1). x264 puts the time base there, which
 * for a source that counts in 1/12800 s would claim 12800 frames per second.
 */
function stateFrameRate(parameters: CodecParameters, fps: Rational): void {
  const filter = BitStreamFilter.getByName('h264_metadata');
  if (filter === null || fps.num <= 0) return;
  const context = new BitStreamFilterContext();
  try {
    checkWrite(context.alloc(filter), 'describe the video');
    if (context.inputCodecParameters === null) return;
    parameters.copy(context.inputCodecParameters);
    context.setOption('tick_rate', `${fps.num * 2}/${fps.den}`);
    checkWrite(context.init(), 'describe the video');
    context.outputCodecParameters?.copy(parameters);
  } finally {
    context.free();
  }
}
