import { AV_CODEC_FLAG_LOW_DELAY, AV_FRAME_FLAG_CORRUPT, AV_FRAME_FLAG_KEY } from 'node-av/constants';
import { Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib';
import { codecName, decodablePixels } from '../video/input.ts';
import { again, withOptions } from '../video/ffmpeg.ts';
import type { LiveAddress } from './address.ts';
import { noVideo, refuseSize } from './failure.ts';

/** A decoded picture of the packet that was sent under `number`. Whoever receives it frees it. */
export interface DecodedPicture {
  readonly frame: Frame;
  readonly number: number;
  readonly keyFrame: boolean;
}

/** Decodes a live stream, each picture as soon as it can be, from the first key frame on. */
export class LiveDecoder {
  readonly #context: CodecContext;
  readonly #address: LiveAddress;
  #spare = emptyFrame();
  #showing = false;

  private constructor(context: CodecContext, address: LiveAddress) {
    this.#context = context;
    this.#address = address;
  }

  /** @throws TidewaiterError `E_LIVE_NO_VIDEO`. */
  static async start(video: Stream, address: LiveAddress): Promise<LiveDecoder> {
    const codec = Codec.findDecoder(video.codecpar.codecId);
    if (codec === null) throw noVideo(address, `its codec is ${codecName(video)}`);
    const context = new CodecContext();
    context.allocContext3(codec);
    context.parametersToContext(video.codecpar);
    context.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    // A second thread would keep back a frame.
    const opened = await withOptions({ threads: 1, max_pixels: decodablePixels }, (dictionary) =>
      context.open2(codec, dictionary),
    );
    if (opened < 0) {
      context.freeContext();
      throw noVideo(address, `its codec is ${codecName(video)}`);
    }
    return new LiveDecoder(context, address);
  }

  /**
   * The pictures that this packet completes. What is damaged is left out until the next whole key frame.
   * @throws TidewaiterError `E_LIVE_SIZE`.
   */
  async decode(packet: Packet, number: number): Promise<DecodedPicture[]> {
    const own = packet.clone();
    if (own === null) return [];
    try {
      own.pts = BigInt(number);
      own.dts = own.pts;
      const code = await this.#context.sendPacket(own);
      // An answer other than these two is damage: the frames that build on it would be smeared.
      if (code < 0 && code !== again) {
        this.#showing = false;
        refuseSize(this.#context, this.#address);
      }
      return this.#receive();
    } finally {
      own.free();
    }
  }

  /** What follows does not join on to what was: wait for a key frame. */
  skipped(): void {
    this.#context.flushBuffers();
    this.#showing = false;
  }

  close(): void {
    this.#spare.free();
    this.#context.freeContext();
  }

  #receive(): DecodedPicture[] {
    const pictures: DecodedPicture[] = [];
    while (this.#context.receiveFrameSync(this.#spare) >= 0) {
      const frame = this.#spare;
      this.#spare = emptyFrame();
      const keyFrame = (frame.flags & AV_FRAME_FLAG_KEY) !== 0;
      const broken = (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0 || frame.decodeErrorFlags !== 0;
      if (broken) this.#showing = false;
      else if (keyFrame) this.#showing = true;
      if (this.#showing) pictures.push({ frame, number: Number(frame.pts), keyFrame });
      else frame.free();
    }
    return pictures;
  }
}

function emptyFrame(): Frame {
  const frame = new Frame();
  frame.alloc();
  return frame;
}
