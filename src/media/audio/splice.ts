import { AV_PKT_DATA_SKIP_SAMPLES } from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';
import { ticksToSeconds, type Seconds, type TimeBase } from '../../core/time.ts';
import { toTimeBase } from '../video/ffmpeg.ts';
import { codecName } from '../video/input.ts';
import type { AacEncoder } from './aac.ts';
import { aacFrame, rawAacFrame } from './aac.ts';
import { coverSample, forCovered, isCovered, type AudioCover } from './cover.ts';
import type { pcmLayout } from './pcm.ts';
import type { AudioOutcome } from './plan.ts';
import type { AudioWork, WritePacket } from './work.ts';

/**
 * AAC-LC: packets outside the cover go through bit for bit, the others are replaced by frames of the same
 * configuration. A packet is heard in its own 1024 samples and, by the overlap of the transform (ISO/IEC 14496-3, 4.6.11),
 * in the next 1024; a packet before that is replaced as well, so that nothing of a covered moment is left in any packet.
 */
export class AacSplice implements AudioWork {
  readonly outcome: AudioOutcome;
  readonly timeBase: TimeBase;
  readonly #cover: AudioCover;
  readonly #rate: number;
  readonly #standIns: StandIns;

  constructor(stream: Stream, cover: AudioCover, encoder: AacEncoder, outcome: AudioOutcome) {
    this.timeBase = toTimeBase(stream.timeBase);
    this.outcome = outcome;
    this.#cover = cover;
    this.#rate = stream.codecpar.sampleRate;
    this.#standIns = new StandIns(encoder, cover.style, this.#rate, stream.codecpar.channels);
  }

  accept(packet: Packet, write: WritePacket): void {
    const data = packet.data;
    if (data === null) return;
    const raw = rawAacFrame(data);
    const start = ticksToSeconds(packet.pts, this.timeBase);
    const frame: Seconds = aacFrame / this.#rate;
    // What cannot be taken apart cannot be trusted to hold one frame only.
    if (raw === undefined || isCovered(this.#cover, start - frame, start + 2 * frame)) {
      replaceData(packet, this.#standIns.next());
    } else if (raw.length !== data.length) {
      replaceData(packet, Buffer.from(raw));
    }
    write(packet);
  }

  finish(): void {
    // Every packet was written when it came.
  }

  dispose(): void {
    this.#standIns.dispose();
  }
}

/** An endless row of AAC frames of silence or of a tone. */
class StandIns {
  readonly #encoder: AacEncoder;
  readonly #style: AudioCover['style'];
  readonly #rate: number;
  readonly #samples: Float32Array[];
  readonly #ready: Buffer[] = [];
  #position = 0;

  constructor(encoder: AacEncoder, style: AudioCover['style'], rate: number, channels: number) {
    this.#encoder = encoder;
    this.#style = style;
    this.#rate = rate;
    this.#samples = Array.from({ length: channels }, () => new Float32Array(aacFrame));
  }

  next(): Buffer {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready !== undefined) return ready;
      for (let index = 0; index < aacFrame; index++) {
        const value = coverSample(this.#style, (this.#position + index) / this.#rate);
        for (const channel of this.#samples) channel[index] = value;
      }
      this.#encoder.encode(this.#samples, BigInt(this.#position), (packet) => {
        if (packet.data !== null) this.#ready.push(Buffer.from(packet.data));
      });
      this.#position += aacFrame;
    }
  }

  dispose(): void {
    this.#encoder.dispose();
  }
}

/** PCM: covered samples are overwritten, all others stay bit for bit. */
export class PcmSplice implements AudioWork {
  readonly outcome: AudioOutcome;
  readonly timeBase: TimeBase;
  readonly #cover: AudioCover;
  readonly #layout: NonNullable<ReturnType<typeof pcmLayout>>;
  readonly #rate: number;
  readonly #channels: number;

  constructor(stream: Stream, cover: AudioCover, layout: NonNullable<ReturnType<typeof pcmLayout>>) {
    this.timeBase = toTimeBase(stream.timeBase);
    this.#cover = cover;
    this.#layout = layout;
    this.#rate = stream.codecpar.sampleRate;
    this.#channels = stream.codecpar.channels;
    this.outcome = {
      index: stream.index,
      mode: 'spliced',
      codec: codecName(stream),
      note: 'samples outside of the covered spans are bit for bit those of the source',
    };
  }

  accept(packet: Packet, write: WritePacket): void {
    const data = packet.data === null ? null : Buffer.from(packet.data);
    if (data === null) return;
    const { bytes, write: put } = this.#layout;
    const step = bytes * this.#channels;
    const first = Math.round(ticksToSeconds(packet.pts, this.timeBase) * this.#rate);
    const count = Math.ceil(data.length / step);
    let changed = false;
    forCovered(this.#cover, first, count, this.#rate, (index, value) => {
      const end = Math.min(data.length - bytes, index * step + step - bytes);
      for (let offset = index * step; offset <= end; offset += bytes) put(data, offset, value);
      changed = true;
    });
    if (changed) replaceData(packet, data);
    write(packet);
  }

  finish(): void {
    // Every packet was written when it came.
  }

  dispose(): void {
    // Holds nothing.
  }
}

/** Sets a packet's bytes and nothing else: the binding's own setter clears times, flags and side data. */
function replaceData(packet: Packet, data: Buffer): void {
  const { pts, dts, duration, flags, streamIndex } = packet;
  const skip = packet.getSideData(AV_PKT_DATA_SKIP_SAMPLES);
  const kept = skip === null ? undefined : Buffer.from(skip);
  packet.data = data;
  Object.assign(packet, { pts, dts, duration, flags, streamIndex });
  if (kept !== undefined) packet.addSideData(AV_PKT_DATA_SKIP_SAMPLES, kept);
}
