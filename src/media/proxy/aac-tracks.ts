import type { FormatContext, Packet, Stream } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import { Reencode } from '../audio/reencode.ts';
import type { WritePacket } from '../audio/work.ts';
import { isAudio } from '../video/info.ts';
import { codecName } from '../video/input.ts';
import type { VideoOutput } from '../video/output.ts';

interface Track {
  readonly work: Reencode;
  target: Stream | undefined;
  /** Why it ends early. */
  broken: string | undefined;
}

/** Every sound track of a source as AAC, which all browsers play, each sample at its time. */
export class AacTracks {
  readonly #output: VideoOutput;
  readonly #tracks = new Map<number, Track>();
  readonly #undecodable: Stream[] = [];
  /** Packets that were read before the output was begun. */
  readonly #early: Packet[] = [];
  #started = false;

  constructor(format: FormatContext, output: VideoOutput) {
    this.#output = output;
    for (const source of format.streams.filter(isAudio)) {
      const outcome = { index: source.index, mode: 're-encoded', codec: 'aac', note: '' } as const;
      const work = Reencode.open(source, undefined, outcome);
      if (work === undefined) this.#undecodable.push(source);
      else this.#tracks.set(source.index, { work, target: undefined, broken: undefined });
    }
  }

  get count(): number {
    return this.#tracks.size;
  }

  /** Adds a track to the output for each. @returns their ticks per second. */
  addStreams(): number[] {
    return [...this.#tracks.values()].map((track) => {
      track.target = this.#output.addStream(track.work.timeBase);
      track.work.describe(track.target.codecpar);
      return track.work.timeBase.den;
    });
  }

  /** From here on packets can be written. */
  start(): void {
    this.#started = true;
    for (const packet of this.#early.splice(0)) {
      this.#work(packet);
      packet.free();
    }
  }

  /** Takes a packet of any stream; it may be reused when the call returns. */
  accept(packet: Packet): void {
    if (this.#started) {
      this.#work(packet);
      return;
    }
    const copy = this.#tracks.has(packet.streamIndex) ? packet.clone() : null;
    if (copy !== null) this.#early.push(copy);
  }

  finish(): void {
    for (const track of this.#tracks.values()) this.#unlessBroken(track, (write) => track.work.finish(write));
  }

  /** What a person should be told, in sentences. */
  notes(): string[] {
    return [
      ...this.#undecodable.map(
        (stream) => `Sound track ${stream.index} (${codecName(stream)}) cannot be decoded and is left out.`,
      ),
      ...[...this.#tracks.values()].flatMap(({ broken }) => (broken === undefined ? [] : [`${broken}.`])),
    ];
  }

  dispose(): void {
    for (const packet of this.#early.splice(0)) packet.free();
    for (const { work } of this.#tracks.values()) work.dispose();
  }

  #work(packet: Packet): void {
    const track = this.#tracks.get(packet.streamIndex);
    if (track !== undefined) this.#unlessBroken(track, (write) => track.work.accept(packet, write));
  }

  /** Sound that makes no sense must not take the pictures along: its track ends there. */
  #unlessBroken(track: Track, work: (write: WritePacket) => void): void {
    const { target } = track;
    if (target === undefined || track.broken !== undefined) return;
    try {
      work((made) => this.#output.write(made, target));
    } catch (error) {
      const ends = error instanceof TidewaiterError && ['E_AUDIO_DAMAGED', 'E_ENCODE'].includes(error.code);
      if (!ends) throw error;
      track.broken = error.message;
    }
  }
}
