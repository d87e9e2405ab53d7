import { AVFMT_FLAG_BITEXACT } from 'node-av/constants';
import { FormatContext, IOContext, Rational, type Packet, type Stream } from 'node-av/lib';
import type { TimeBase } from '../../../core/time.ts';
import type { VideoEncoder } from '../../video/encoder.ts';
import { checkWrite, withOptions } from '../../video/ffmpeg.ts';

/** Packets of an encoder as fragmented MP4, a fragment for each group of pictures. */
export class FragmentMuxer {
  readonly #format: FormatContext;
  readonly #io: IOContext;
  readonly #stream: Stream;
  readonly #base: TimeBase;
  readonly #bytes: Buffer[] = [];
  readonly #packets: Packet[] = [];

  private constructor(base: TimeBase) {
    this.#base = base;
    this.#format = new FormatContext();
    this.#io = new IOContext();
    this.#io.allocContextWithCallbacks(1 << 16, 1, null, (bytes) => {
      this.#bytes.push(Buffer.from(bytes));
      return bytes.length;
    });
    checkWrite(this.#format.allocOutputContext2(null, 'mp4', null), 'prepare the recording');
    this.#format.setFlags(AVFMT_FLAG_BITEXACT);
    this.#format.pb = this.#io;
    this.#stream = this.#format.newStream();
    this.#stream.timeBase = new Rational(base.num, base.den);
  }

  /** @param base of the times that the encoder's packets carry. */
  static async open(encoder: VideoEncoder, base: TimeBase): Promise<FragmentMuxer> {
    const muxer = new FragmentMuxer(base);
    encoder.describe(muxer.#stream.codecpar);
    const options = {
      movflags: 'frag_keyframe+empty_moov+default_base_moof',
      video_track_timescale: base.den,
    };
    checkWrite(
      await withOptions(options, (dictionary) => muxer.#format.writeHeader(dictionary)),
      'start the recording',
    );
    return muxer;
  }

  /** Keeps a packet until {@link FragmentMuxer.write}: its own memory is the encoder's. */
  keep(packet: Packet): void {
    const own = packet.clone();
    if (own !== null) this.#packets.push(own);
  }

  async write(): Promise<void> {
    for (const packet of this.#packets.splice(0)) {
      try {
        packet.streamIndex = this.#stream.index;
        packet.rescaleTs(this.#base, this.#stream.timeBase);
        checkWrite(await this.#format.interleavedWriteFrame(packet), 'write the recording');
      } finally {
        packet.free();
      }
    }
  }

  /** What was muxed since the last call. */
  takeBytes(): Buffer[] {
    return this.#bytes.splice(0);
  }

  async finish(): Promise<void> {
    checkWrite(await this.#format.writeTrailer(), 'finish the recording');
  }

  dispose(): void {
    for (const packet of this.#packets.splice(0)) packet.free();
    this.#format.pb = null;
    this.#io.freeContext();
    this.#format.freeContext();
  }
}
