import {
  AV_FRAME_FLAG_CORRUPT,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_KEY,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AV_TIME_BASE,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { formatTime, ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import { again, endOfFile, knownTicks, throwIfCancelled, toTimeBase, withOptions } from './ffmpeg.ts';
import { codecName, decodablePixels, unknownCodec, type OpenInput } from './input.ts';
import { endsBeforeItsSize } from './cut-short.ts';
import { PictureOrder, type Picture } from './picture-order.ts';

export interface DecodeOptions {
  /** Decoder threads; one costs the least CPU. */
  readonly threads?: number | undefined;
  /**
   * Unset: damage inside the stream, and a file that ends too early, throw. `blank`: damaged frames keep their time and
   * come without a picture until the next key frame, and the stream ends where the file does.
   */
  readonly tolerate?: 'blank' | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Lends each packet of every other stream, in file order. It is reused when the call returns. */
  readonly onPacket?: ((packet: Packet) => void) | undefined;
  /** Receives what a person should be told about the stream, as it is found. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Decodes the video stream in presentation order. Whoever receives a picture frees its frame. Frames before the first
 * key frame that decodes come without a picture.
 * @throws TidewaiterError `E_CODEC`, `E_VIDEO_DAMAGED`, `E_TRUNCATED`, `E_VIDEO_SIZE`, `E_CANCELLED`.
 */
export async function* decodePictures(input: OpenInput, options: DecodeOptions): AsyncGenerator<Picture> {
  const decoding = await Decoding.start(input, options);
  try {
    while (await decoding.readPacket()) yield* decoding.pictures(false);
    await decoding.finish();
    yield* decoding.pictures(true);
    await decoding.checkWhole();
  } finally {
    decoding.dispose();
  }
}

/** One pass of a decoder over a file. */
class Decoding {
  readonly #input: OpenInput;
  readonly #options: DecodeOptions;
  readonly #threads: number;
  readonly #context: CodecContext;
  readonly #timeBase: TimeBase;
  readonly #timeBases: TimeBase[];
  readonly #packet = new Packet();
  readonly #order = new PictureOrder();
  readonly #videoIndex: number;
  /** Presentation times of frames that an edit list hides. */
  readonly #hidden = new Set<bigint>();
  #spare = emptyFrame();
  /** False until a key frame was decoded, and again after damage until the next one. */
  #showing = false;
  #everShown = false;
  #damage: { pts: bigint; reason: string } | undefined;
  #endsCorrupt = false;
  #lastPts = 0n;
  #reached: Seconds = Number.NEGATIVE_INFINITY;
  #damagedSpans = 0;

  private constructor(input: OpenInput, options: DecodeOptions, context: CodecContext, threads: number) {
    this.#input = input;
    this.#options = options;
    this.#context = context;
    this.#threads = threads;
    this.#timeBases = input.format.streams.map((stream) => toTimeBase(stream.timeBase));
    this.#timeBase = toTimeBase(input.video.timeBase);
    this.#videoIndex = input.video.index;
    this.#packet.alloc();
  }

  static async start(input: OpenInput, options: DecodeOptions): Promise<Decoding> {
    const parameters = input.video.codecpar;
    const codec = Codec.findDecoder(parameters.codecId);
    if (codec === null) throw unknownCodec(input.video, input.path);
    const threads = options.threads ?? 1;
    const context = new CodecContext();
    context.allocContext3(codec);
    context.parametersToContext(parameters);
    context.pktTimebase = input.video.timeBase;
    const limits = { threads, max_pixels: decodablePixels };
    const opened = await withOptions(limits, (dictionary) => context.open2(codec, dictionary));
    if (opened < 0) {
      context.freeContext();
      throw unknownCodec(input.video, input.path);
    }
    return new Decoding(input, options, context, threads);
  }

  /** Reads one packet and, when it is video, sends it to the decoder. False at the end of the file. */
  async readPacket(): Promise<boolean> {
    throwIfCancelled(this.#options.signal);
    const packet = this.#packet;
    const code = this.#input.format.readFrameSync(packet);
    if (code < 0) {
      if (code !== endOfFile) this.#endsCorrupt = true;
      return false;
    }
    try {
      this.#noteReached(packet);
      if (packet.streamIndex === this.#videoIndex) await this.#decode(packet);
      else this.#options.onPacket?.(packet);
    } finally {
      packet.unref();
    }
    return true;
  }

  /** Takes the last frames out of the decoder. */
  async finish(): Promise<void> {
    await this.#context.sendPacket(null);
    this.#receive();
  }

  *pictures(atEnd: boolean): Generator<Picture> {
    yield* this.#order.ready(atEnd);
    this.#throwDamage();
  }

  /** @throws TidewaiterError when the file ended before its header says, or nothing in it could be shown. */
  async checkWhole(): Promise<void> {
    const { path } = this.#input;
    if (this.#order.retimed > 0) {
      this.#note(
        `${this.#order.retimed} frame(s) were not later than the frame before and were moved by a tick.`,
      );
    }
    if (this.#damagedSpans > 0)
      this.#note(`${this.#damagedSpans} damaged place(s) were blanked to the next key frame.`);
    if (this.#order.lost > 0) this.#note(`${this.#order.lost} frame(s) could not be decoded and are black.`);
    if (this.#endsEarly() || (await endsBeforeItsSize(path))) {
      const reached = formatTime(Math.max(0, this.#reached));
      if (this.#options.tolerate !== 'blank') {
        throw new TidewaiterError(
          'E_TRUNCATED',
          `${path} breaks off at ${reached}`,
          'Copy the file again from where it came from, or allow damaged input.',
        );
      }
      this.#note(`The file breaks off at ${reached}.`);
    }
    if (this.#everShown) return;
    throw new TidewaiterError(
      'E_VIDEO_DAMAGED',
      `No frame of ${path} could be decoded`,
      'Copy the file again from where it came from.',
    );
  }

  dispose(): void {
    this.#order.dispose();
    this.#spare.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  async #decode(packet: Packet): Promise<void> {
    if (packet.size === 0) return;
    this.#endsCorrupt = false;
    const pts = knownTicks(packet.pts);
    const dts = knownTicks(packet.dts);
    const flags = packet.flags;
    const discarded = (flags & AV_PKT_FLAG_DISCARD) !== 0 && pts !== undefined;
    this.#order.sent(discarded ? undefined : pts, dts);
    if (discarded) {
      // An edit list hides it; but whether what follows can be shown depends on it, so it has to come out.
      this.#hidden.add(pts);
      packet.clearFlags(AV_PKT_FLAG_DISCARD);
    }
    const at = pts ?? dts ?? this.#lastPts;
    if ((flags & AV_PKT_FLAG_CORRUPT) !== 0) {
      // A packet cut short by the end of the file is told apart from a damaged one by what follows it.
      this.#endsCorrupt = true;
      this.#order.suspectLast(1);
      this.#damaged(at, 'the container marks a packet as corrupt');
      return;
    }
    let code = await this.#context.sendPacket(packet);
    while (code === again) {
      this.#receive();
      code = await this.#context.sendPacket(packet);
    }
    if (code < 0) this.#damaged(at, 'a packet could not be decoded');
    else if (!this.#showing) this.#order.suspectLast(1);
    this.#receive();
  }

  #receive(): void {
    for (;;) {
      const code = this.#context.receiveFrameSync(this.#spare);
      if (code === again || code === endOfFile) return;
      if (code < 0) {
        this.#damaged(this.#lastPts, 'a frame could not be decoded');
        return;
      }
      const frame = this.#spare;
      this.#spare = emptyFrame();
      this.#take(frame);
    }
  }

  #take(frame: Frame): void {
    const pts = knownTicks(frame.bestEffortTimestamp) ?? knownTicks(frame.pts) ?? this.#lastPts + 1n;
    this.#lastPts = pts;
    const flags = frame.flags;
    const keyFrame = (flags & AV_FRAME_FLAG_KEY) !== 0;
    const broken = (flags & AV_FRAME_FLAG_CORRUPT) !== 0 || frame.decodeErrorFlags !== 0;
    if (broken) this.#damaged(pts, 'a frame is damaged');
    else if (keyFrame && !this.#showing) {
      this.#showing = true;
      this.#everShown = true;
      this.#order.leadingEndsAt(pts, this.#everyPacketShows(flags));
    }
    if (this.#hidden.delete(pts)) {
      frame.free();
    } else if (this.#showing) {
      this.#refuseNewSize(frame);
      this.#order.decoded({ frame, pts, keyFrame });
    } else {
      frame.free();
      this.#order.decoded({ frame: undefined, pts, keyFrame: false });
    }
  }

  /** Fields may come in packets of their own, and VP8 and MPEG-4 have packets that show nothing. */
  #everyPacketShows(flags: number): boolean {
    const codec = codecName(this.#input.video);
    return (
      (flags & AV_FRAME_FLAG_INTERLACED) === 0 && ['h264', 'hevc', 'av1', 'vp9', 'mjpeg'].includes(codec)
    );
  }

  /** Damage before the first key frame is expected in a stream that was cut; later damage is remembered or blanked. */
  #damaged(pts: bigint, reason: string): void {
    this.#order.suspectLast(this.#threads);
    if (this.#showing) this.#damagedSpans++;
    this.#showing = false;
    if (this.#everShown) this.#damage ??= { pts, reason };
  }

  #throwDamage(): void {
    // The end of the file decides whether a corrupt last packet is damage or truncation.
    if (this.#damage === undefined || this.#options.tolerate === 'blank' || this.#endsCorrupt) return;
    const time = formatTime(ticksToSeconds(this.#damage.pts, this.#timeBase));
    throw new TidewaiterError(
      'E_VIDEO_DAMAGED',
      `${this.#input.path} is damaged at ${time}: ${this.#damage.reason}`,
      'Copy the file again from where it came from, or allow damaged frames to be blanked.',
    );
  }

  #refuseNewSize(frame: Frame): void {
    const { width, height } = this.#input.video.codecpar;
    if (frame.width === width && frame.height === height) return;
    frame.free();
    throw new TidewaiterError(
      'E_VIDEO_SIZE',
      `The picture of ${this.#input.path} changes from ${width}x${height} to ${frame.width}x${frame.height}`,
      'Split the video where its size changes.',
    );
  }

  #noteReached(packet: Packet): void {
    const pts = knownTicks(packet.pts) ?? knownTicks(packet.dts);
    const base = this.#timeBases[packet.streamIndex];
    if (pts === undefined || base === undefined) return;
    this.#reached = Math.max(this.#reached, ticksToSeconds(pts + packet.duration, base));
  }

  /** Headers of these containers state a duration; elsewhere FFmpeg estimates it from the file itself. */
  #endsEarly(): boolean {
    if (this.#endsCorrupt) return true;
    const { format } = this.#input;
    const duration = knownTicks(format.duration);
    if (duration === undefined || !/mov|matroska|avi/.test(format.iformat?.name ?? '')) return false;
    const start = knownTicks(format.startTime) ?? 0n;
    return Number(start + duration) / AV_TIME_BASE - this.#reached > 1;
  }

  #note(note: string): void {
    this.#options.onNote?.(note);
  }
}

function emptyFrame(): Frame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
