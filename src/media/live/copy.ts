import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC } from 'node-av/constants';
import { FormatContext, IOContext, Rational, type Packet, type Stream } from 'node-av/lib';
import { ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import { checkWrite, knownTicks, toTimeBase, withOptions } from '../video/ffmpeg.ts';
import type { Fragment, StreamHead } from './fragment.ts';

const bufferBytes = 65_536;
const unit = 90_000;
const startCode = Buffer.from([0, 0, 1]);

/**
 * Puts a camera's packets into fragmented MP4 as they are, one fragment for each: whoever shows them waits for nothing
 * but the frame itself. Begins with the first key frame. Times inside start at 0 with the first fragment.
 */
export class StreamCopy {
  readonly head: StreamHead;
  readonly #format: FormatContext;
  readonly #io: IOContext;
  readonly #written: Buffer[];
  readonly #base: TimeBase;
  readonly #hevc: boolean;
  /** Access units begin with start codes; else (in MP4) each packet is a picture. */
  readonly #byteStream: boolean;
  /** Parameter sets that came in a packet of their own: they belong to the picture that follows. */
  #before: Buffer[] = [];
  #started = false;
  #lastDts: bigint | undefined;
  #usual = BigInt(unit / 25);

  private constructor(
    head: StreamHead,
    format: FormatContext,
    io: IOContext,
    written: Buffer[],
    video: Stream,
  ) {
    this.head = head;
    this.#format = format;
    this.#io = io;
    this.#written = written;
    this.#base = toTimeBase(video.timeBase);
    this.#hevc = video.codecpar.codecId === AV_CODEC_ID_HEVC;
    // The configuration records of ISO/IEC 14496-15 begin with their version, 1.
    this.#byteStream = video.codecpar.extradata?.[0] !== 1;
  }

  /** Undefined for codecs that browsers do not play from MP4, and while the stream has not told its parameters. */
  static async start(video: Stream): Promise<StreamCopy | undefined> {
    const { codecId, extradataSize, width, height } = video.codecpar;
    if (codecId !== AV_CODEC_ID_H264 && codecId !== AV_CODEC_ID_HEVC) return undefined;
    if (extradataSize === 0 || width === 0 || height === 0) return undefined;
    const written: Buffer[] = [];
    const format = new FormatContext();
    checkWrite(format.allocOutputContext2(null, 'mp4', null), 'prepare the copy');
    const io = new IOContext();
    io.allocContextWithCallbacks(bufferBytes, 1, null, (bytes) => {
      written.push(Buffer.from(bytes));
      return bytes.length;
    });
    format.pb = io;
    const stream = format.newStream();
    video.codecpar.copy(stream.codecpar);
    stream.codecpar.codecTag = codecId === AV_CODEC_ID_HEVC ? 'hvc1' : 'avc1';
    stream.timeBase = new Rational(1, unit);
    const options = { movflags: '+frag_custom+empty_moov+default_base_moof', video_track_timescale: unit };
    checkWrite(await withOptions(options, (dictionary) => format.writeHeader(dictionary)), 'start the copy');
    const codecs = stream.codecpar.getCodecString() ?? video.codecpar.getCodecString() ?? '';
    const head = { bytes: Buffer.concat(written.splice(0)), codecs, width, height };
    return new StreamCopy(head, format, io, written, video);
  }

  /**
   * @param packet is left as it is.
   * @param time stream time of the packet. @param at wall time of its arrival.
   * @returns nothing before the first key frame and for packets without a picture.
   */
  write(packet: Packet, time: Seconds, at: number): Fragment | undefined {
    const data = packet.data;
    if (data === null) return undefined;
    if (this.#byteStream && !hasPicture(data, this.#hevc)) {
      this.#before.push(Buffer.from(data));
      return undefined;
    }
    const before = this.#before.splice(0);
    this.#started ||= packet.isKeyframe;
    const copy = this.#started ? packet.clone() : null;
    if (copy === null) return undefined;
    try {
      if (before.length > 0) copy.data = Buffer.concat([...before, data]);
      return this.#write(copy, time, at);
    } finally {
      copy.free();
    }
  }

  close(): void {
    // Else it would be freed with the format and once more.
    this.#format.pb = null;
    this.#io.freeContext();
    this.#format.freeContext();
  }

  #write(copy: Packet, time: Seconds, at: number): Fragment | undefined {
    const keyFrame = copy.isKeyframe;
    copy.streamIndex = 0;
    copy.rescaleTs(this.#base, { num: 1, den: unit });
    const [pts, dts] = [knownTicks(copy.pts), knownTicks(copy.dts)];
    const shownAfter = pts === undefined || dts === undefined || pts < dts ? 0n : pts - dts;
    // Stream time never goes back, whatever the camera's clock does; MP4 wants that.
    copy.dts = this.#rising(BigInt(Math.round(time * unit)));
    copy.pts = copy.dts + shownAfter;
    if (copy.duration <= 0n) copy.duration = this.#usual;
    const duration = ticksToSeconds(copy.duration, { num: 1, den: unit });
    checkWrite(this.#format.writeFrameSync(copy), 'copy the stream');
    checkWrite(this.#format.writeFrameSync(null), 'copy the stream');
    return { bytes: Buffer.concat(this.#written.splice(0)), keyFrame, time, duration, at };
  }

  #rising(dts: bigint): bigint {
    const last = this.#lastDts;
    const next = last === undefined || dts > last ? dts : last + 1n;
    if (last !== undefined && next - last < BigInt(10 * unit)) this.#usual = next - last;
    this.#lastDts = next;
    return next;
  }
}

/** Whether an access unit in byte stream form (start codes) holds a slice. */
function hasPicture(data: Buffer, hevc: boolean): boolean {
  for (let at = data.indexOf(startCode); at >= 0; at = data.indexOf(startCode, at + 3)) {
    const header = data[at + 3] ?? 0;
    // H.264 table 7-1: slices are 1 to 5. H.265 table 7-1: slices are below 32.
    const type = hevc ? (header >> 1) & 0x3f : header & 0x1f;
    if (hevc ? type < 32 : type >= 1 && type <= 5) return true;
  }
  return false;
}
