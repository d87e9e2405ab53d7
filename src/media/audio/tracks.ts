import { Dictionary, type Packet, type Stream } from 'node-av/lib';
import { toTimeBase } from '../video/ffmpeg.ts';
import { codecName, type OpenInput } from '../video/input.ts';
import { isAudio } from '../video/info.ts';
import type { VideoOutput } from '../video/output.ts';
import { keptTags } from '../video/removed.ts';
import type { AudioOutcome, AudioPlan } from './plan.ts';

/** The sound of a video on its way to the output. */
export class AudioTracks {
  readonly #output: VideoOutput;
  readonly #keep: ReadonlySet<string>;
  readonly #sources: Stream[];
  readonly #targets = new Map<number, Stream>();
  readonly #early: Packet[] = [];
  #started = false;

  constructor(input: OpenInput, output: VideoOutput, plan: AudioPlan, keep: ReadonlySet<string>) {
    this.#output = output;
    this.#keep = keep;
    this.#sources = plan.mode === 'drop' ? [] : input.format.streams.filter(isAudio);
  }

  addStreams(): void {
    for (const source of this.#sources) {
      const target = this.#output.addStream(toTimeBase(source.timeBase));
      source.codecpar.copy(target.codecpar);
      target.codecpar.codecTag = 0;
      target.metadata = Dictionary.fromObject(keptTags(source.metadata?.getAll() ?? {}, this.#keep));
      this.#targets.set(source.index, target);
    }
  }

  timescales(): number[] {
    return this.#sources.map(({ codecpar }) => codecpar.sampleRate).filter((rate) => rate > 0);
  }

  start(): void {
    this.#started = true;
    for (const packet of this.#early.splice(0)) {
      this.#write(packet);
      packet.free();
    }
  }

  accept(packet: Packet): void {
    if (this.#started) this.#write(packet);
    else {
      const copy = packet.clone();
      if (copy !== null) this.#early.push(copy);
    }
  }

  finish(): void {}

  dispose(): void {
    for (const packet of this.#early.splice(0)) packet.free();
  }

  outcomes(): AudioOutcome[] {
    return this.#sources.map((source) => ({
      index: source.index,
      mode: 'copied',
      codec: codecName(source),
      note: 'copied bit for bit',
    }));
  }

  #write(packet: Packet): void {
    const target = this.#targets.get(packet.streamIndex);
    if (target !== undefined) this.#output.write(packet, target);
  }
}
