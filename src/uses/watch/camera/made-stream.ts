import type { Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Fragment, StreamHead } from '../../../media/live/fragment.ts';
import type { StreamPart } from '../../../media/live/record/index.ts';

export interface MadeStreamOptions<Recorder> {
  readonly start: () => Recorder;
  readonly onHead: (head: StreamHead) => void;
  readonly onFragment: (fragment: Fragment) => void;
}

/** A pause after which another recording begins: a fragment must not last through it. Slow cameras may take longer. */
const [usualPause, longestPause] = [2.5, 10] as const;
/** Gaps of a slow camera that its next one may take. */
const gaps = 3;

/** A stream that is encoded here, told like one that a camera sends: in stream time, with wall times of arrival. */
export class MadeStream<Recorder extends { end(): Promise<StreamPart[]> }> {
  readonly #options: MadeStreamOptions<Recorder>;
  #recorder: Recorder | undefined;
  #size = '';
  #last = { time: 0, at: 0 };
  /** Between the last two frames. */
  #gap: Seconds = 0;
  /** Stream time of the recorder's first picture; what its own times are off by. */
  #began: Seconds = 0;
  #offset: Seconds | undefined;

  constructor(options: MadeStreamOptions<Recorder>) {
    this.#options = options;
  }

  /** @param at wall time of the frame. @param record pushes the frame into the recorder that it is given. */
  async push(
    { width, height }: Size,
    time: Seconds,
    at: number,
    record: (recorder: Recorder) => Promise<StreamPart[]>,
  ): Promise<void> {
    const size = `${width}x${height}`;
    const gap = time - this.#last.time;
    const pause = Math.min(longestPause, Math.max(usualPause, gaps * this.#gap));
    if (size !== this.#size || gap > pause) await this.end();
    this.#size = size;
    this.#gap = gap;
    this.#last = { time, at };
    if (this.#recorder === undefined) {
      this.#recorder = this.#options.start();
      [this.#began, this.#offset] = [time, undefined];
    }
    this.#tell(await record(this.#recorder));
  }

  /** Gives out the rest. It may be pushed to again. */
  async end(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder !== undefined) this.#tell(await recorder.end());
  }

  #tell(parts: readonly StreamPart[]): void {
    for (const part of parts) {
      if (part.kind === 'head') {
        this.#options.onHead(part.head);
        continue;
      }
      this.#offset ??= this.#began - part.fragment.time;
      const time = part.fragment.time + this.#offset;
      const ended = time + part.fragment.duration;
      const at = Math.round(this.#last.at + (ended - this.#last.time) * 1000);
      this.#options.onFragment({ ...part.fragment, time, at });
    }
  }
}
