import type { Size } from '../core/box.ts';
import type { FrameObservations, PixelSource } from '../core/observation.ts';
import type { Seconds } from '../core/time.ts';
import type { EffortSettings } from './effort.ts';
import type { SceneDetector } from './scene-detector.ts';
import { TextCadence } from './text-cadence.ts';
import { isTextClass } from './text-tracks.ts';
import { DetectionLog } from './track/detection-log.ts';
import { CutDetector, cutThumbnail } from './track/scene-cut.ts';

/** A frame that can be kept while detectors look at it. */
export interface ObservableFrame extends PixelSource {
  readonly index: number;
  readonly time: Seconds;
  retain(): unknown;
  release(): void;
}

/** What was seen in a clip, and what tracking needs to know about its time. */
export interface ClipObservations {
  /** All that moves as things do. */
  readonly log: DetectionLog;
  /** The frames in which text was looked for, with the text and codes found there. */
  readonly textLooks: readonly FrameObservations[];
  /** Times of first frames after a cut. */
  readonly cuts: readonly Seconds[];
  readonly frames: number;
  readonly first: Seconds;
  readonly last: Seconds;
}

export interface ObserveOptions {
  /** Frames that may be looked at the same time: one more than there are inference threads. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
  readonly onFrame?: (frames: number, at: Seconds) => void;
  /** Called in the order of time. */
  readonly onLook?: (seen: FrameObservations) => void;
}

/**
 * Looks at a clip as often as the effort says: on every k-th frame, on the first frame after each cut, and on the
 * last frame of each scene, so that nothing begins or ends between two looks unseen.
 * @param size pixels of the frames as displayed.
 */
export async function observeClip(
  frames: AsyncIterable<ObservableFrame>,
  size: Size,
  detector: SceneDetector,
  effort: EffortSettings,
  options: ObserveOptions,
): Promise<ClipObservations> {
  const looks = new Looks(size, detector, effort, options);
  const cutDetector = new CutDetector();
  const cuts: Seconds[] = [];
  let newest: { frame: ObservableFrame; looked: boolean } | undefined;
  let first = 0;
  try {
    for await (const frame of frames) {
      options.signal?.throwIfAborted();
      const { index, time } = frame;
      if (index === 0) first = time;
      const cut = cutDetector.push(frame.readLuma(cutThumbnail.width, cutThumbnail.height)) && index > 0;
      if (cut) cuts.push(time);
      // What stood on the screen before the cut was not seen in its last frame yet.
      if (cut && newest?.looked === false) await looks.start(newest.frame, false);
      newest?.frame.release();
      looks.log.addFrame(time, cut);
      const due = cut || index % effort.every === 0;
      if (due) await looks.start(frame, cut);
      newest = { frame, looked: due };
      frame.retain();
      await looks.settle(options.parallel);
      options.onFrame?.(index + 1, time);
    }
    if (newest?.looked === false) await looks.start(newest.frame, false);
    await looks.settle(0);
    const last = newest?.frame.time ?? 0;
    return { log: looks.log, textLooks: looks.text, cuts, frames: looks.log.frames, first, last };
  } finally {
    await looks.abandon();
    newest?.frame.release();
  }
}

/** Looks under way, finished in the order in which they were started. */
class Looks {
  readonly log: DetectionLog;
  readonly text: FrameObservations[] = [];
  readonly #detector: SceneDetector;
  readonly #cadence: TextCadence | undefined;
  readonly #onLook: ObserveOptions['onLook'];
  readonly #pending: { seen: Promise<FrameObservations>; withText: boolean }[] = [];
  #textLook: Promise<unknown> = Promise.resolve();

  constructor(size: Size, detector: SceneDetector, effort: EffortSettings, options: ObserveOptions) {
    this.log = new DetectionLog(size);
    this.#detector = detector;
    this.#cadence = effort.text && new TextCadence(effort.text.seconds, effort.text.movingSeconds);
    this.#onLook = options.onLook;
  }

  /** @param newScene text is looked for at once in a new scene. */
  async start(frame: ObservableFrame, newScene: boolean): Promise<void> {
    const withText = await this.#textIsDue(frame.time, newScene);
    const seen = this.#look(frame, withText);
    // Whoever settles the queue sees the failure; until then it must not count as unhandled.
    seen.catch(() => undefined);
    if (withText) this.#textLook = seen;
    this.#pending.push({ seen, withText });
  }

  async #textIsDue(time: Seconds, newScene: boolean): Promise<boolean> {
    const cadence = this.#cadence;
    if (cadence === undefined || !(newScene || cadence.mayBeDue(time))) return false;
    // One text look after the other, whatever else is under way: the same looks are taken every time.
    await this.#textLook;
    if (!newScene && !cadence.isDue(time)) return false;
    cadence.begun(time);
    return true;
  }

  async #look(frame: ObservableFrame, withText: boolean): Promise<FrameObservations> {
    frame.retain();
    try {
      const observations = await this.#detector.look(frame, withText ? 'frame' : 'no');
      if (withText) this.#cadence?.seen(observations.filter((seen) => isTextClass(seen.class)));
      return { frame: frame.index, time: frame.time, observations };
    } finally {
      frame.release();
    }
  }

  /** Takes in the oldest looks until at most so many are under way. */
  async settle(most: number): Promise<void> {
    while (this.#pending.length > most) {
      const { seen, withText } = this.#pending[0]!;
      const { frame, time, observations } = await seen;
      this.#pending.shift();
      const texts = observations.filter((observation) => isTextClass(observation.class));
      this.log.add(
        frame,
        observations.filter((observation) => !isTextClass(observation.class)),
      );
      if (withText) this.text.push({ frame, time, observations: texts });
      this.#onLook?.({ frame, time, observations });
    }
  }

  /** Waits until nothing reads a frame any more. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#pending.map(({ seen }) => seen));
  }
}
