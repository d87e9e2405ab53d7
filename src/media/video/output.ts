import { rmSync } from 'node:fs';
import { extname } from 'node:path';
import { AVFMT_FLAG_BITEXACT } from 'node-av/constants';
import { Dictionary, FormatContext, Rational, type Packet, type Stream } from 'node-av/lib';
import { TidewaiterError } from '../../core/errors.ts';
import type { TimeBase } from '../../core/time.ts';
import { checkWrite, withOptions } from './ffmpeg.ts';

export type OutputContainer = 'mp4' | 'mov' | 'matroska';

const containers: Record<string, OutputContainer> = {
  '.mp4': 'mp4',
  '.m4v': 'mp4',
  '.mov': 'mov',
  '.mkv': 'matroska',
};

/** @throws TidewaiterError `E_FORMAT` for an extension that names no container that is written here. */
export function outputContainer(path: string): OutputContainer {
  const container = containers[extname(path).toLowerCase()];
  if (container !== undefined) return container;
  throw new TidewaiterError(
    'E_FORMAT',
    `${path} does not end in .mp4, .m4v, .mov or .mkv`,
    'Give the output one of these extensions.',
  );
}

/** A file that is being written. Either it is finished, or {@link abandon} removes it. */
export class VideoOutput {
  readonly container: OutputContainer;
  readonly #path: string;
  readonly #format = new FormatContext();
  readonly #bases = new Map<number, TimeBase>();
  #open = false;

  private constructor(path: string, container: OutputContainer) {
    this.#path = path;
    this.container = container;
  }

  static create(path: string): VideoOutput {
    const output = new VideoOutput(path, outputContainer(path));
    checkWrite(output.#format.allocOutputContext2(null, output.container, path), 'prepare the output');
    output.#format.setFlags(AVFMT_FLAG_BITEXACT);
    return output;
  }

  /** A new track. `timeBase` is what the packets given to {@link write} are in. */
  addStream(timeBase: TimeBase): Stream {
    const stream = this.#format.newStream();
    stream.timeBase = new Rational(timeBase.num, timeBase.den);
    this.#bases.set(stream.index, timeBase);
    return stream;
  }

  /**
   * Writes the head of the file. `timescales` holds the ticks per second that must be exact, the video's first.
   * @param layout `index-first` moves the index of an MP4 before what it points to when the file is finished, so that a
   *   browser can begin with the first bytes.
   */
  async start(
    timescales: readonly number[],
    tags: Record<string, string>,
    layout?: 'index-first',
  ): Promise<void> {
    checkWrite(await this.#format.openOutput(), 'create the output');
    this.#open = true;
    this.#format.metadata = Dictionary.fromObject(tags);
    const options = this.container === 'matroska' ? {} : movOptions(timescales, tags, layout);
    checkWrite(
      await withOptions(options, (dictionary) => this.#format.writeHeader(dictionary)),
      'start the output',
    );
  }

  /** Writes a packet whose times are in the time base of its track; takes its content over. */
  write(packet: Packet, stream: Stream): void {
    const base = this.#bases.get(stream.index);
    packet.streamIndex = stream.index;
    if (base !== undefined) packet.rescaleTs(base, stream.timeBase);
    packet.pos = -1n;
    checkWrite(this.#format.interleavedWriteFrameSync(packet), 'write to the output');
  }

  async finish(): Promise<void> {
    checkWrite(await this.#format.writeTrailer(), 'finish the output');
    this.#format.flushSync();
    checkWrite(this.#format.pb?.error ?? 0, 'write to the output');
    await this.#format.closeOutput();
    this.#format.freeContext();
  }

  /** Closes and removes what was written. */
  abandon(): void {
    if (this.#open) this.#format.closeOutputSync();
    this.#format.freeContext();
    rmSync(this.#path, { force: true });
  }
}

/** Tags that MP4 has an atom for; others need the `mdta` form. */
const atoms = new Set(
  'title artist album_artist album composer date comment genre copyright description synopsis location encoder'.split(
    ' ',
  ),
);

function movOptions(
  timescales: readonly number[],
  tags: Record<string, string>,
  layout: 'index-first' | undefined,
): Record<string, string | number> {
  const [video = 1] = timescales;
  const special = Object.keys(tags).some((tag) => !atoms.has(tag) && tag !== 'creation_time');
  const flags = [...(special ? ['use_metadata_tags'] : []), ...(layout === undefined ? [] : ['faststart'])];
  return {
    video_track_timescale: video,
    movie_timescale: movieTimescale(timescales),
    ...(flags.length > 0 ? { movflags: `+${flags.join('+')}` } : {}),
  };
}

/**
 * The unit of edit lists, which say when a track begins: the least common multiple of the tracks' own where it fits, so
 * that no start is rounded; otherwise the video's, made fine enough for sound.
 */
function movieTimescale(timescales: readonly number[]): number {
  const limit = 2 ** 31 - 1;
  let common = timescales[0] ?? 1;
  for (const timescale of timescales) {
    const next = (common / divisor(common, timescale)) * timescale;
    if (next <= limit) common = next;
  }
  return common < 10_000 ? common * Math.ceil(10_000 / common) : common;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
