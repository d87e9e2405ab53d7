import { AV_CODEC_ID_AAC } from 'node-av/constants';
import type { CodecParameters, Packet, Stream } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { formatTime, ticksToSeconds, type Seconds } from '../../core/time.ts';
import { knownTicks, toTimeBase } from '../video/ffmpeg.ts';

/** Bytes of an ADTS header without a checksum (ISO/IEC 14496-3, 1.A.2.2). */
const headerBytes = 7;

/** Sampling frequencies that a header can name (ISO/IEC 14496-3, table 1.18). */
const frequencies = 13;

/**
 * Looks at AAC that brings a header with each frame (ADTS), as transport streams carry it. What is damaged there cannot be
 * carried over: no container takes it without its header, and nobody knows what else its bytes hold.
 */
export class WholeFrames {
  readonly #source: Stream;
  readonly #tolerate: boolean;
  readonly #headed: boolean;
  #first: Seconds | undefined;
  /** Packets that were left out. */
  removed = 0;

  /** @param tolerate leaves damaged packets out instead of ending the job. */
  constructor(source: Stream, tolerate: boolean) {
    this.#source = source;
    this.#tolerate = tolerate;
    this.#headed = hasHeaders(source.codecpar);
  }

  /**
   * True when the packet may go on.
   * @throws TidewaiterError `E_AUDIO_DAMAGED` for a damaged packet, unless that is tolerated.
   */
  admit(packet: Packet): boolean {
    if (!this.#headed || (packet.data !== null && isWholeFrame(packet.data))) return true;
    const pts = knownTicks(packet.pts) ?? knownTicks(packet.dts) ?? 0n;
    const time = ticksToSeconds(pts, toTimeBase(this.#source.timeBase));
    if (!this.#tolerate) {
      throw new TidewaiterError(
        'E_AUDIO_DAMAGED',
        `The sound track ${this.#source.index} is damaged at ${formatTime(time)}`,
        'Copy the file again from where it came from, allow damaged input, or drop the sound.',
      );
    }
    this.#first ??= time;
    this.removed++;
    return false;
  }

  /** In words, when something was left out. */
  note(): string | undefined {
    if (this.#first === undefined) return undefined;
    return `${this.removed} damaged packet(s), the first at ${formatTime(this.#first)}, were left out and are silent`;
  }
}

/** Streams that state their configuration once have no headers. */
function hasHeaders(parameters: CodecParameters): boolean {
  return parameters.codecId === AV_CODEC_ID_AAC && (parameters.extradata?.length ?? 0) === 0;
}

/** Whether a packet is one ADTS frame and nothing else. */
function isWholeFrame(data: Buffer): boolean {
  if (data.length < headerBytes) return false;
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = data;
  const synchronised = first === 0xff && (second & 0xf6) === 0xf0;
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
  return synchronised && ((third >> 2) & 15) < frequencies && length === data.length;
}
