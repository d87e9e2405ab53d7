import { join } from 'node:path';
import { toErrorReport, type ErrorReport } from '../../../core/errors.ts';
import type { Fragment, StreamHead } from '../fragment.ts';
import { AtomicFile } from './atomic-file.ts';
import { endOf, longestPause, Rebase } from './clip.ts';
import { utcName } from './names.ts';
import type { Segment } from './segment-index.ts';
import { sameHead } from './split.ts';
import { readHead, type TrackHead } from './track.ts';

export interface SegmentRecorderOptions {
  readonly camera: string;
  /** Files lie in a folder for each UTC day below it. */
  readonly folder: string;
  /** Seconds of wall time after which the next key frame begins a new file. Default 60. */
  readonly seconds?: number;
  /** Told of each file that is whole. */
  readonly onSegment: (segment: Segment) => void | Promise<void>;
  /** Told when a file could not be written; recording goes on with the next key frame. */
  readonly onError: (error: ErrorReport) => void;
}

/** Records a camera without end, in files of about a minute that each begin at a key frame. */
export class SegmentRecorder {
  readonly #options: Required<SegmentRecorderOptions>;
  #head: TrackHead | undefined;
  #open: OpenSegment | undefined;

  constructor(options: SegmentRecorderOptions) {
    this.#options = { seconds: 60, ...options };
  }

  /** The stream begins, or begins again. */
  async start(head: StreamHead): Promise<void> {
    if (this.#head !== undefined && sameHead(this.#head, head)) return;
    await this.end();
    this.#head = readHead(head.bytes);
  }

  /** One call at a time; await it, so that a slow disk does not fill the memory. */
  async push(fragment: Fragment): Promise<void> {
    const open = this.#open;
    if (open !== undefined && (open.breaks(fragment) || (fragment.keyFrame && this.#isDue(open, fragment))))
      await this.end();
    await this.#try(async () => {
      if (this.#open === undefined && fragment.keyFrame) this.#open = await this.#begin(fragment);
      await this.#open?.write(fragment);
    });
  }

  /** Finishes the file that is being written. */
  async end(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    await this.#try(async () => {
      const segment = await open.finish(this.#options.camera);
      this.#open = undefined;
      await this.#options.onSegment(segment);
    });
  }

  #isDue(open: OpenSegment, fragment: Fragment): boolean {
    const length = this.#options.seconds * 1000;
    return Math.floor(beginOf(fragment) / length) !== Math.floor(open.from / length);
  }

  async #begin(fragment: Fragment): Promise<OpenSegment | undefined> {
    if (this.#head === undefined) return undefined;
    const from = beginOf(fragment);
    const name = utcName(from);
    const file = await AtomicFile.create(
      join(this.#options.folder, name.slice(0, 10), `${this.#options.camera}.${name}.mp4`),
    );
    const open = new OpenSegment(file, this.#head, from, fragment.time);
    this.#open = open;
    await file.write(this.#head.bytes);
    return open;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    const { onError } = this.#options;
    try {
      await work();
    } catch (error) {
      await this.#open?.abandon();
      this.#open = undefined;
      onError(toErrorReport(error));
    }
  }
}

/** Wall time at which the first picture of a fragment was sent. */
function beginOf({ at, duration }: Fragment): number {
  return Math.round(at - duration * 1000);
}

class OpenSegment {
  /** Wall time. */
  readonly from: number;
  readonly #file: AtomicFile;
  readonly #head: TrackHead;
  readonly #rebase: Rebase;
  readonly #begins: number;
  #ends: number;

  constructor(file: AtomicFile, head: TrackHead, from: number, begins: number) {
    this.#file = file;
    this.#head = head;
    this.from = from;
    this.#begins = begins;
    this.#ends = begins;
    this.#rebase = new Rebase(head, begins);
  }

  /** Whether time stood still for too long, or jumped back: a file has no gaps in it. */
  breaks({ time }: Fragment): boolean {
    return time < this.#ends - longestPause || time > this.#ends + longestPause;
  }

  async write(fragment: Fragment): Promise<void> {
    await this.#file.write(this.#rebase.next(fragment));
    this.#ends = endOf(fragment);
  }

  /** Its length is that of its pictures, not of their arrival, which network and load spread. */
  async finish(camera: string): Promise<Segment> {
    const to = this.from + Math.round((this.#ends - this.#begins) * 1000);
    return { camera, from: this.from, to, codecs: this.#head.codecs, ...(await this.#file.finish()) };
  }

  async abandon(): Promise<void> {
    await this.#file.abandon();
  }
}
