import { setTimeout as sleep } from 'node:timers/promises';
import { AV_PKT_DATA_PRFT } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import type { Size } from '../../core/box.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { ticksToSeconds, type Seconds } from '../../core/time.ts';
import { codecName } from '../video/input.ts';
import { knownTicks, toTimeBase } from '../video/ffmpeg.ts';
import { VideoFrame } from '../video/frame.ts';
import { Scaler } from '../video/scaler.ts';
import { upright } from '../surface.ts';
import { shownAddress, type LiveAddress } from './address.ts';
import type { CameraClock } from './camera-clock.ts';
import { StreamClock } from './clock.ts';
import { Connection } from './connection.ts';
import { StreamCopy } from './copy.ts';
import { LiveDecoder, type DecodedPicture } from './decoder.ts';
import type { Fragment, StreamHead } from './fragment.ts';
import { Newest } from './newest.ts';

/** Seconds that packets may be late before pictures are skipped up to the next key frame. */
const latest: Seconds = 0.7;
/** A playlist is played a little faster than it was made, so that it does not fall behind. */
const playlistPace = 1.02;
const microseconds = { num: 1, den: 1_000_000 };

export interface LiveOptions {
  readonly signal: AbortSignal;
  /** False for a stream that is only copied: no frames come. */
  readonly decode?: boolean;
  /** Carries stream time on over several connections to one camera; a new one by default. */
  readonly clock?: StreamClock;
  /** Is given the times of all packets. */
  readonly cameraClock?: CameraClock;
  /** The stream copied, from the same packets, for H.264 and H.265; neither waits for anything. */
  readonly onHead?: (head: StreamHead) => void;
  readonly onFragment?: (fragment: Fragment) => void;
  /** Called for each packet of the video: the camera is alive, whether or not there is a picture. */
  readonly onPacket?: () => void;
}

/** A picture of a camera. Release its `frame`. */
export interface LiveFrame {
  readonly frame: VideoFrame;
  /** Stream time, later than that of the frame before. */
  readonly time: Seconds;
  /** Wall time of its arrival, milliseconds since 1970, and the same on `performance.now`'s clock. */
  readonly at: number;
  readonly arrived: number;
  /** When it was decoded, on that clock. */
  readonly decoded: number;
}

/** When a packet came, kept until its picture is decoded. */
interface Arrival {
  readonly time: Seconds;
  readonly at: number;
  readonly arrived: number;
}

/** One connection to a camera. Read it through {@link frames}; close it in any case. */
export class LiveStream {
  /** FFmpeg's name: `h264`, `hevc`, `mjpeg`. */
  readonly codec: string;
  readonly #address: LiveAddress;
  readonly #options: LiveOptions;
  readonly #connection: Connection;
  readonly #clock: StreamClock;
  readonly #decoder: LiveDecoder | undefined;
  readonly #copy: StreamCopy | undefined;
  readonly #scaler = new Scaler();
  readonly #newest = new Newest<LiveFrame>(({ frame }) => frame.release());
  readonly #arrivals = new Map<number, Arrival>();
  readonly #closing: AbortController;
  readonly #pumping: Promise<void>;
  #size: Size | undefined;
  #skipped = 0;
  #skipping = false;
  #packets = 0;
  #lastTime = Number.NEGATIVE_INFINITY;
  #began: { readonly stamp: Seconds; readonly at: number } | undefined;
  #waiting = 0;
  #lastPicture: Arrival | undefined;

  private constructor(
    address: LiveAddress,
    options: LiveOptions,
    connection: Connection,
    closing: AbortController,
    decoder: LiveDecoder | undefined,
    copy: StreamCopy | undefined,
  ) {
    this.#closing = closing;
    this.#address = address;
    this.#options = options;
    this.#connection = connection;
    this.#clock = options.clock ?? new StreamClock();
    this.#clock.restart();
    options.cameraClock?.restart();
    this.#decoder = decoder;
    this.#copy = copy;
    this.codec = codecName(connection.video);
    if (copy !== undefined) options.onHead?.(copy.head);
    this.#pumping = this.#pump().catch((error: unknown) => this.#newest.fail(error));
  }

  /** @throws TidewaiterError as `Connection.open`. */
  static async open(address: LiveAddress, options: LiveOptions): Promise<LiveStream> {
    const closing = new AbortController();
    const connection = await Connection.open(address, AbortSignal.any([options.signal, closing.signal]));
    let decoder: LiveDecoder | undefined;
    try {
      if (options.decode !== false) decoder = await LiveDecoder.start(connection.video, address);
      const copied = options.onFragment !== undefined || options.onHead !== undefined;
      const copy = copied ? await StreamCopy.start(connection.video) : undefined;
      return new LiveStream(address, options, connection, closing, decoder, copy);
    } catch (error) {
      decoder?.close();
      connection.close();
      throw error;
    }
  }

  /** Frames left out: a newer one had come, or they were too old to be decoded. */
  get dropped(): number {
    return this.#newest.dropped + this.#skipped;
  }

  /** Size of the pictures, as soon as there was one. */
  get size(): Size | undefined {
    return this.#size;
  }

  /** Wall time at which the newest picture had come, and the packets that came since and gave none. */
  get newest(): { readonly at: number | undefined; readonly packetsSince: number } {
    return { at: this.#lastPicture?.at, packetsSince: this.#waiting };
  }

  /**
   * The newest frame each time; each is released when the next is asked for, unless it was retained.
   * @throws TidewaiterError `E_LIVE_SILENT`, `E_LIVE_ENDED`, `E_LIVE_CHANGED`, `E_CANCELLED`.
   */
  async *frames(): AsyncGenerator<LiveFrame> {
    for (;;) {
      const next = await this.#newest.take();
      try {
        yield next;
      } finally {
        next.frame.release();
      }
    }
  }

  /** Ends the connection and frees what it holds; frames that were retained stay readable. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#pumping;
    this.#newest.clear();
    this.#decoder?.close();
    this.#copy?.close();
    this.#scaler.dispose();
    this.#connection.close();
  }

  async #pump(): Promise<void> {
    for (;;) {
      const packet = await this.#connection.read();
      this.#waiting++;
      const stamp = this.#stampOf(packet);
      if (this.#connection.playlist && stamp !== undefined) await this.#untilDue(stamp);
      const arrived = performance.now();
      const at = Date.now();
      const { time, late } = this.#clock.place(stamp, arrived);
      // Pieces of a playlist come when they are asked for.
      if (!this.#connection.playlist)
        this.#options.cameraClock?.take({ stamp, captured: capturedAt(packet), arrived, at });
      this.#options.onPacket?.();
      const fragment = this.#copy?.write(packet, time, at);
      if (fragment !== undefined) this.#options.onFragment?.(fragment);
      if (this.#decoder === undefined || this.#tooLate(packet, late)) continue;
      const number = ++this.#packets;
      this.#arrivals.set(number, { time: time + this.#shownAfter(packet), at, arrived });
      for (const picture of await this.#decoder.decode(packet, number)) this.#show(picture);
      this.#arrivals.delete(number - 64);
    }
  }

  #stampOf(packet: Packet): Seconds | undefined {
    const { video } = this.#connection;
    // Multipart JPEG has no time stamps: what FFmpeg gives it is counted.
    if (this.#connection.multipart) return undefined;
    const ticks = knownTicks(packet.dts) ?? knownTicks(packet.pts);
    return ticks === undefined ? undefined : ticksToSeconds(ticks, toTimeBase(video.timeBase));
  }

  /** Seconds from decoding to showing: pictures come out of the decoder in the order in which they are shown. */
  #shownAfter(packet: Packet): Seconds {
    const [pts, dts] = [knownTicks(packet.pts), knownTicks(packet.dts)];
    if (pts === undefined || dts === undefined || pts < dts) return 0;
    return ticksToSeconds(pts - dts, toTimeBase(this.#connection.video.timeBase));
  }

  /** Pieces of a playlist come at once: they are played at the pace at which they were made. */
  async #untilDue(stamp: Seconds): Promise<void> {
    const now = performance.now();
    this.#began ??= { stamp, at: now };
    const due = this.#began.at + ((stamp - this.#began.stamp) * 1000) / playlistPace;
    // A gap or a jump in the playlist begins a new count.
    if (due - now > 15_000 || due - now < -5000) this.#began = { stamp, at: now };
    else if (due > now) await sleep(due - now, undefined, { signal: this.#closing.signal });
  }

  /** When packets pile up, what waits is skipped up to the next key frame that is fresh. */
  #tooLate(packet: Packet, late: Seconds): boolean {
    if (late > latest) this.#skipping = true;
    else if (this.#skipping && packet.isKeyframe) {
      this.#skipping = false;
      this.#decoder?.skipped();
    }
    if (this.#skipping) this.#skipped++;
    return this.#skipping;
  }

  #show({ frame, number, keyFrame }: DecodedPicture): void {
    const arrival = this.#arrivals.get(number);
    const { width, height } = frame;
    this.#size ??= { width, height };
    if (this.#size.width !== width || this.#size.height !== height) {
      frame.free();
      throw new TidewaiterError(
        'E_LIVE_CHANGED',
        `The picture of ${shownAddress(this.#address)} changed from ${this.#size.width}x${this.#size.height} to ${width}x${height}`,
        'Nothing: it is opened again. Check the zones if the camera now shows another part of the scene.',
      );
    }
    if (arrival === undefined || arrival.time <= this.#lastTime) {
      frame.free();
      return;
    }
    this.#lastTime = arrival.time;
    this.#lastPicture = arrival;
    this.#waiting = 0;
    const pts = BigInt(Math.round(arrival.time * microseconds.den));
    const context = {
      stored: this.#size,
      orientation: upright,
      timeBase: microseconds,
      scaler: this.#scaler,
    };
    const shown = new VideoFrame({ frame, pts, keyFrame }, number, context);
    this.#newest.put({ frame: shown, ...arrival, decoded: performance.now() });
  }
}

/** `AVProducerReferenceTime`, which FFmpeg makes of RTCP sender reports: microseconds since 1970, then flags. */
function capturedAt(packet: Packet): number | undefined {
  const told = packet.getSideData(AV_PKT_DATA_PRFT);
  return told === null ? undefined : Number(told.readBigInt64LE(0)) / 1000;
}

/**
 * Opens a camera's stream.
 * @throws TidewaiterError `E_LIVE_UNREACHABLE`, `E_LIVE_PASSWORD`, `E_LIVE_NOT_FOUND`, `E_LIVE_FORMAT`, `E_LIVE_NO_VIDEO`,
 *   `E_CANCELLED`. No message holds credentials.
 */
export async function openLive(address: LiveAddress, options: LiveOptions): Promise<LiveStream> {
  return LiveStream.open(address, options);
}
