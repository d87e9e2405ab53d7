import type { Size } from '../core/box.ts';
import type { FrameObservations, PixelSource } from '../core/observation.ts';
import type { Seconds } from '../core/time.ts';
import type { EffortSettings } from './effort.ts';
import type { SceneDetector } from './scene-detector.ts';
import { TextCadence } from './text-cadence.ts';
import { isTextSighting } from './text-tracks.ts';
import { DetectionLog } from './track/detection-log.ts';
import { CutDetector, cutThumbnail } from './track/scene-cut.ts';

/** A frame that can be kept while detectors look at it. */
export interface ObservableFrame extends PixelSource {
  readonly index: number;
  readonly time: Seconds;
  retain(): unknown;
  release(): void;
}

/** What looks at single frames: a {@link SceneDetector}. */
export type Detector = Pick<SceneDetector, 'look'>;

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

/** Every k-th frame of a slow camera may be seconds apart; things that walk by must still be seen several times. */
const LONGEST_GAP: Seconds = 0.35;

/**
 * Looks at a clip as often as the effort says: on every k-th frame, on the first frame after each cut, and on the
 * last frame of each scene, so that nothing begins or ends between two looks unseen. Text is looked for less often, but
 * also in the first and the last frame of each scene.
 * @param size pixels of the frames as displayed.
 */
export async function observeClip(
  frames: AsyncIterable<ObservableFrame>,
  size: Size,
  detector: Detector,
  effort: EffortSettings,
  options: ObserveOptions,
): Promise<ClipObservations> {
  const looks = new Looks(size, detector, effort, options);
  const cutDetector = new CutDetector();
  const cuts: Seconds[] = [];
  let newest: ObservableFrame | undefined;
  let first = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  try {
    for await (const frame of frames) {
      options.signal?.throwIfAborted();
      const { index, time } = frame;
      if (index === 0) first = time;
      const cut = cutDetector.push(frame.readLuma(cutThumbnail.width, cutThumbnail.height)) && index > 0;
      if (cut) cuts.push(time);
      if (cut && newest !== undefined) await looks.complete(newest);
      looks.log.addFrame(time, cut);
      frame.retain();
      newest?.release();
      newest = frame;
      const due = index % effort.every === 0 || time - lookedAt >= LONGEST_GAP;
      if (cut || due) {
        lookedAt = time;
        await looks.start(frame, cut);
      }
      await looks.settle(options.parallel);
      options.onFrame?.(index + 1, time);
    }
    if (newest !== undefined) await looks.complete(newest);
    await looks.settle(0);
    const last = newest?.time ?? 0;
    return { log: looks.log, textLooks: looks.text, cuts, frames: looks.log.frames, first, last };
  } finally {
    await looks.abandon();
    newest?.release();
  }
}

interface Look {
  readonly seen: Promise<FrameObservations>;
  readonly withText: boolean;
  /** The things in this frame are known from an earlier look. */
  readonly onlyText: boolean;
}

/** Looks under way, finished in the order in which they were started. */
class Looks {
  readonly log: DetectionLog;
  readonly text: FrameObservations[] = [];
  readonly #detector: Detector;
  readonly #cadence: TextCadence | undefined;
  readonly #onLook: ObserveOptions['onLook'];
  readonly #pending: Look[] = [];
  #textLook: Promise<unknown> = Promise.resolve();
  /** Frames that were last looked at, and last read. */
  #looked = -1;
  #read = -1;

  constructor(size: Size, detector: Detector, effort: EffortSettings, options: ObserveOptions) {
    this.log = new DetectionLog(size);
    this.#detector = detector;
    this.#cadence = effort.text && new TextCadence(effort.text.seconds, effort.text.movingSeconds);
    this.#onLook = options.onLook;
  }

  /** @param newScene text is looked for at once in a new scene. */
  async start(frame: ObservableFrame, newScene: boolean): Promise<void> {
    this.#begin(frame, await this.#textIsDue(frame.time, newScene));
  }

  /** Looks at the last frame of a scene for all that was not looked for in it yet. */
  async complete(frame: ObservableFrame): Promise<void> {
    const withText = this.#read !== frame.index && (await this.#textIsDue(frame.time, true));
    if (withText || this.#looked !== frame.index) this.#begin(frame, withText);
  }

  #begin(frame: ObservableFrame, withText: boolean): void {
    const seen = this.#look(frame, withText);
    // Whoever settles the queue sees the failure; until then it must not count as unhandled.
    seen.catch(() => undefined);
    this.#pending.push({ seen, withText, onlyText: this.#looked === frame.index });
    this.#looked = frame.index;
    if (!withText) return;
    this.#read = frame.index;
    this.#textLook = seen;
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
      if (withText) this.#cadence?.seen(observations.filter((seen) => isTextSighting(seen)));
      return { frame: frame.index, time: frame.time, observations };
    } finally {
      frame.release();
    }
  }

  /** Takes in the oldest looks until at most so many are under way. */
  async settle(most: number): Promise<void> {
    while (this.#pending.length > most) {
      const { seen, withText, onlyText } = this.#pending[0]!;
      const { frame, time, observations } = await seen;
      this.#pending.shift();
      const texts = observations.filter((observation) => isTextSighting(observation));
      const things = observations.filter((observation) => !isTextSighting(observation));
      if (!onlyText) this.log.add(frame, things);
      if (withText) this.text.push({ frame, time, observations: texts });
      this.#onLook?.({ frame, time, observations: onlyText ? texts : observations });
    }
  }

  /** Waits until nothing reads a frame any more. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#pending.map(({ seen }) => seen));
  }
}
