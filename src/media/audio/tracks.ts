import { Dictionary, type Packet, type Stream } from 'node-av/lib';
import { toTimeBase } from '../video/ffmpeg.ts';
import { codecName, type OpenInput } from '../video/input.ts';
import { isAudio } from '../video/info.ts';
import type { OutputContainer, VideoOutput } from '../video/output.ts';
import { keptTags } from '../video/removed.ts';
import { AacEncoder, plainAacConfig } from './aac.ts';
import { coverOf, type AudioCover } from './cover.ts';
import { pcmLayout } from './pcm.ts';
import { HiddenPackets } from './hidden.ts';
import { RisingTimes } from './rising-times.ts';
import type { AudioOutcome, AudioPlan } from './plan.ts';
import { Reencode } from './reencode.ts';
import { AacSplice, PcmSplice } from './splice.ts';
import { WholeFrames } from './whole-frames.ts';
import type { AudioWork } from './work.ts';

/** Codecs that players expect in these containers; all others are encoded as AAC. */
const mp4Codecs = ['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac'];
const carried: Record<OutputContainer, ReadonlySet<string>> = {
  mp4: new Set([...mp4Codecs, 'opus', 'flac']),
  mov: new Set([
    ...mp4Codecs,
    ...['u8', 's8', 's16le', 's16be', 's24le', 's24be', 's32le', 's32be', 'f32le', 'f32be'].map(
      (kind) => `pcm_${kind}`,
    ),
  ]),
  matroska: new Set([
    ...mp4Codecs,
    'opus',
    'flac',
    'vorbis',
    'pcm_u8',
    'pcm_s16le',
    'pcm_s24le',
    'pcm_s32le',
    'pcm_f32le',
  ]),
};

interface Track {
  readonly source: Stream;
  readonly work: AudioWork;
  readonly whole: WholeFrames;
  readonly hidden: HiddenPackets;
  readonly times: RisingTimes;
  target: Stream | undefined;
}

/** The sound of a video on its way to the output. */
export class AudioTracks {
  readonly #output: VideoOutput;
  readonly #keep: ReadonlySet<string>;
  readonly #tracks = new Map<number, Track>();
  readonly #dropped: AudioOutcome[] = [];
  /** Packets that were read before the output could be begun. */
  readonly #early: Packet[] = [];
  #started = false;

  /** @param tolerate leaves damaged sound out, as `DecodeOptions.tolerate` says for pictures. */
  constructor(
    input: OpenInput,
    output: VideoOutput,
    plan: AudioPlan,
    keep: ReadonlySet<string>,
    tolerate?: 'blank',
  ) {
    this.#output = output;
    this.#keep = keep;
    for (const source of input.format.streams.filter(isAudio)) {
      const work = plan.mode === 'drop' ? undefined : chooseWork(source, output.container, coverOf(plan));
      if (work === undefined) {
        this.#dropped.push(droppedOutcome(source, plan));
        continue;
      }
      const whole = new WholeFrames(source, tolerate === 'blank');
      const hidden = new HiddenPackets(toTimeBase(source.timeBase));
      const times = new RisingTimes(work.timeBase);
      this.#tracks.set(source.index, { source, work, whole, hidden, times, target: undefined });
    }
  }

  /** Adds a track to the output for each one that is kept. */
  addStreams(): void {
    for (const track of this.#tracks.values()) {
      const { source, work } = track;
      const target = this.#output.addStream(work.timeBase);
      if (work instanceof Reencode) work.describe(target.codecpar);
      else source.codecpar.copy(target.codecpar);
      const config = work instanceof AacSplice ? plainAacConfig(source.codecpar) : undefined;
      if (config !== undefined) target.codecpar.extradata = config;
      target.codecpar.codecTag = 0;
      target.metadata = Dictionary.fromObject(keptTags(source.metadata?.getAll() ?? {}, this.#keep));
      track.target = target;
    }
  }

  /** Ticks per second of each track. */
  timescales(): number[] {
    return [...this.#tracks.values()]
      .map(({ source }) => source.codecpar.sampleRate)
      .filter((rate) => rate > 0);
  }

  /** From here on packets can be written. */
  start(): void {
    this.#started = true;
    for (const packet of this.#early.splice(0)) {
      this.#work(packet);
      packet.free();
    }
  }

  /** Takes a packet of any stream but the video's; it may be reused when the call returns. */
  accept(packet: Packet): void {
    if (!this.#tracks.has(packet.streamIndex)) return;
    if (this.#started) {
      this.#work(packet);
      return;
    }
    const copy = packet.clone();
    if (copy !== null) this.#early.push(copy);
  }

  finish(): void {
    for (const { work, target } of this.#tracks.values()) {
      if (target === undefined) continue;
      work.finish((packet) => {
        this.#output.write(packet, target);
      });
    }
  }

  dispose(): void {
    for (const packet of this.#early.splice(0)) packet.free();
    for (const { work, hidden } of this.#tracks.values()) {
      hidden.dispose();
      work.dispose();
    }
  }

  outcomes(): AudioOutcome[] {
    const kept = [...this.#tracks.values()].map(withRemovals);
    return [...kept, ...this.#dropped].sort((a, b) => a.index - b.index);
  }

  #work(packet: Packet): void {
    const track = this.#tracks.get(packet.streamIndex);
    const target = track?.target;
    if (track === undefined || target === undefined || !track.whole.admit(packet)) return;
    track.hidden.pass(packet, (heard) => {
      track.work.accept(heard, (finished) => {
        if (track.times.admit(finished)) this.#output.write(finished, target);
      });
    });
  }
}

function chooseWork(
  source: Stream,
  container: OutputContainer,
  cover: AudioCover | undefined,
): AudioWork | undefined {
  const codec = codecName(source);
  const fits = carried[container].has(codec);
  if (cover === undefined && fits) return new Copy(source);
  if (cover !== undefined && fits) {
    const splice = chooseSplice(source, codec, cover);
    if (splice !== undefined) return splice;
  }
  const reason = fits ? `${codec} cannot be spliced` : `${codec} does not go into this container`;
  return Reencode.open(source, cover, {
    index: source.index,
    mode: 're-encoded',
    codec: 'aac',
    note: `${reason}, so that all of it was encoded again`,
  });
}

function chooseSplice(source: Stream, codec: string, cover: AudioCover): AudioWork | undefined {
  const layout = pcmLayout(codec);
  if (layout !== undefined) return new PcmSplice(source, cover, layout);
  if (plainAacConfig(source.codecpar) === undefined) return undefined;
  const encoder = AacEncoder.open(source.codecpar.sampleRate, source.codecpar.channelLayout);
  if (encoder === undefined) return undefined;
  return new AacSplice(source, cover, encoder, {
    index: source.index,
    mode: 'spliced',
    codec,
    note: 'packets away from the covered spans are bit for bit those of the source',
  });
}

function withRemovals({ work: { outcome }, whole, hidden, times }: Track): AudioOutcome {
  const notes = [outcome.note];
  const damage = whole.note();
  if (damage !== undefined) notes.push(damage);
  if (hidden.removed > 0) notes.push(`${hidden.removed} packet(s) that no player plays were left out`);
  if (times.removed > 0) notes.push(`${times.removed} packet(s) with damaged times were left out`);
  return { ...outcome, note: notes.join('; ') };
}

function droppedOutcome(source: Stream, plan: AudioPlan): AudioOutcome {
  const note = plan.mode === 'drop' ? 'left out as asked' : 'left out, because it cannot be decoded here';
  return { index: source.index, mode: 'dropped', codec: codecName(source), note };
}

/** Every packet goes through bit for bit. */
class Copy implements AudioWork {
  readonly outcome: AudioOutcome;
  readonly timeBase;

  constructor(source: Stream) {
    this.timeBase = toTimeBase(source.timeBase);
    this.outcome = {
      index: source.index,
      mode: 'copied',
      codec: codecName(source),
      note: 'copied bit for bit',
    };
  }

  accept(packet: Packet, write: (packet: Packet) => void): void {
    write(packet);
  }

  finish(): void {
    // Every packet was written when it came.
  }

  dispose(): void {
    // Holds nothing.
  }
}
