import { AV_SAMPLE_FMT_FLTP, type AVSampleFormat } from 'node-av/constants';
import {
  avChannelLayoutDefault,
  Codec,
  CodecContext,
  Frame,
  SoftwareResampleContext,
  type FormatContext,
  type Packet,
  type Stream,
} from 'node-av/lib';
import { ticksToSeconds, type TimeBase } from '../../core/time.ts';
import { again, endOfFile, knownTicks, toTimeBase } from '../video/ffmpeg.ts';
import { isAudio } from '../video/info.ts';
import { codecName } from '../video/input.ts';
import { Peaks, type PeaksIndex } from './peaks.ts';

/** One sound track in the waveform. */
export interface SoundIndex extends PeaksIndex {
  /** Index of the stream in the source. */
  readonly track: number;
  /** FFmpeg's name of the source's codec. */
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Where its peaks begin in the waveform's bytes. */
  readonly offset: number;
  /** Packets that could not be decoded; nothing is drawn for them. */
  readonly lost: number;
}

/** Looks at the samples of every sound track that can be decoded. */
export class Waveform {
  readonly #tracks: ReadonlyMap<number, TrackPeaks>;

  constructor(format: FormatContext) {
    const tracks = format.streams.filter(isAudio).map((stream) => TrackPeaks.open(stream));
    this.#tracks = new Map(
      tracks.filter((track) => track !== undefined).map((track) => [track.track, track]),
    );
  }

  /** Takes a packet of any stream; it may be reused when the call returns. */
  accept(packet: Packet): void {
    this.#tracks.get(packet.streamIndex)?.accept(packet);
  }

  /** @returns undefined without a track that could be heard. */
  finish(): { readonly index: readonly SoundIndex[]; readonly bytes: Buffer } | undefined {
    const pieces: Buffer[] = [];
    const index: SoundIndex[] = [];
    let offset = 0;
    for (const track of this.#tracks.values()) {
      track.accept(null);
      const bytes = Buffer.from(track.peaks.bytes().buffer);
      index.push({ ...track.description, ...track.peaks.index, offset, lost: track.lost });
      pieces.push(bytes);
      offset += bytes.length;
    }
    return index.length === 0 ? undefined : { index, bytes: Buffer.concat(pieces) };
  }

  dispose(): void {
    for (const track of this.#tracks.values()) track.dispose();
  }
}

/** Times that differ by less are taken for the container's rounding, seconds. */
const TOLERANCE = 0.0015;

class TrackPeaks {
  readonly peaks = new Peaks();
  readonly track: number;
  readonly description: Omit<SoundIndex, keyof PeaksIndex | 'offset' | 'lost'>;
  lost = 0;
  readonly #decoder: CodecContext;
  readonly #timeBase: TimeBase;
  readonly #frame = new Frame();
  #converter: { readonly context: SoftwareResampleContext; readonly from: string } | undefined;
  /** Number of the next sample, counted from time 0. */
  #next: number | undefined;

  private constructor(stream: Stream, decoder: CodecContext) {
    const { channels, sampleRate } = stream.codecpar;
    this.track = stream.index;
    this.description = { track: stream.index, codec: codecName(stream), channels, sampleRate };
    this.#decoder = decoder;
    this.#timeBase = toTimeBase(stream.timeBase);
    this.#frame.alloc();
  }

  /** Undefined when the track cannot be decoded here. */
  static open(stream: Stream): TrackPeaks | undefined {
    const parameters = stream.codecpar;
    const codec = Codec.findDecoder(parameters.codecId);
    if (codec === null || parameters.channels < 1 || parameters.sampleRate < 1) return undefined;
    const decoder = new CodecContext();
    decoder.allocContext3(codec);
    decoder.parametersToContext(parameters);
    decoder.pktTimebase = stream.timeBase;
    if (decoder.open2Sync(codec) >= 0) return new TrackPeaks(stream, decoder);
    decoder.freeContext();
    return undefined;
  }

  /** Null for the end. */
  accept(packet: Packet | null): void {
    if (this.#decoder.sendPacketSync(packet) < 0 && packet !== null) this.lost++;
    for (;;) {
      const code = this.#decoder.receiveFrameSync(this.#frame);
      if (code === again || code === endOfFile) return;
      if (code < 0) {
        this.lost++;
        return;
      }
      this.#take(this.#frame);
      this.#frame.unref();
    }
  }

  dispose(): void {
    this.#converter?.context.free();
    this.#frame.free();
    this.#decoder.freeContext();
  }

  #take(decoded: Frame): void {
    const rate = decoded.sampleRate;
    const pts = knownTicks(decoded.bestEffortTimestamp) ?? knownTicks(decoded.pts);
    const at = pts === undefined ? undefined : Math.round(ticksToSeconds(pts, this.#timeBase) * rate);
    const first =
      at === undefined || (this.#next !== undefined && Math.abs(at - this.#next) <= TOLERANCE * rate)
        ? (this.#next ?? 0)
        : at;
    const floats = this.#floats(decoded);
    if (floats === undefined) {
      this.lost++;
      return;
    }
    try {
      const planes = (floats.extendedData ?? floats.data ?? []).map(
        (plane) => new Float32Array(plane.buffer, plane.byteOffset, floats.nbSamples),
      );
      this.peaks.add(planes, first, rate);
      this.#next = first + floats.nbSamples;
    } finally {
      floats.free();
    }
  }

  /** The same samples as planar floats, which the caller frees; undefined where they cannot be read. */
  #floats(decoded: Frame): Frame | undefined {
    const layout =
      decoded.channelLayout.mask === 0n ? avChannelLayoutDefault(decoded.channels) : decoded.channelLayout;
    // PCM often says how many channels there are and not which; swresample wants the same answer for every frame.
    decoded.channelLayout = layout;
    const { sampleRate, format } = decoded;
    const from = `${format}/${sampleRate}/${layout.mask}/${layout.nbChannels}`;
    if (this.#converter?.from !== from) {
      this.#converter?.context.free();
      const context = new SoftwareResampleContext();
      const floats = AV_SAMPLE_FMT_FLTP;
      context.allocSetOpts2(layout, floats, sampleRate, layout, format as AVSampleFormat, sampleRate);
      if (context.init() < 0) {
        context.free();
        this.#converter = undefined;
        return undefined;
      }
      this.#converter = { context, from };
    }
    const converted = new Frame();
    converted.alloc();
    converted.format = AV_SAMPLE_FMT_FLTP;
    converted.sampleRate = sampleRate;
    converted.channelLayout = layout;
    if (this.#converter.context.convertFrame(converted, decoded) >= 0) return converted;
    converted.free();
    return undefined;
  }
}
