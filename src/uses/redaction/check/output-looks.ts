import type { Observation } from '../../../core/observation.ts';
import type { Seconds } from '../../../core/time.ts';
import type { ObservableFrame } from '../../../vision/observe.ts';
import type { Engine } from '../engine.ts';
import type { PlacedRegion } from '../timeline.ts';
import type { AnalyseHooks } from '../work.ts';
import type { CheckRequest } from './index.ts';
import { LeftoverTracks, type Leftover } from './leftovers.ts';
import type { LookKind } from './look-schedule.ts';
import { Scope } from './scope.ts';
import { leftOver } from './sightings.ts';
import { WithoutMasks } from './without-masks.ts';

/** A look under way, or a cut between two. */
interface Pending {
  readonly kind: LookKind | 'cut';
  readonly frame: number;
  readonly time: Seconds;
  readonly placed: readonly PlacedRegion[];
  readonly seen: Promise<readonly Observation[]>;
}

/** Looks at frames of the output, several at a time, and keeps what is left over in them. */
export class OutputLooks {
  readonly #request: CheckRequest;
  readonly #engine: Engine;
  readonly #scope: Scope;
  readonly #onLook: AnalyseHooks['onLook'];
  readonly #pending: Pending[] = [];
  readonly #tracks = new LeftoverTracks();
  readonly #textTracks = new LeftoverTracks();
  #reading: Promise<unknown> = Promise.resolve();
  #detected = 0;
  #read = 0;

  constructor(request: CheckRequest, engine: Engine, onLook: AnalyseHooks['onLook']) {
    this.#request = request;
    this.#engine = engine;
    this.#scope = new Scope(request.plan, request.settings, engine.chosenClasses);
    this.#onLook = onLook;
  }

  start(frame: ObservableFrame, placed: readonly PlacedRegion[], kind: LookKind): void {
    const seen = this.#look(frame, placed, kind);
    // Whoever settles the queue sees the failure; until then it must not count as unhandled.
    seen.catch(() => undefined);
    if (kind === 'frame') this.#reading = seen.catch(() => undefined);
    this.#pending.push({ kind, frame: frame.index, time: frame.time, placed, seen });
  }

  cut(time: Seconds): void {
    this.#pending.push({ kind: 'cut', frame: -1, time, placed: [], seen: Promise.resolve([]) });
  }

  async #look(
    frame: ObservableFrame,
    placed: readonly PlacedRegion[],
    kind: LookKind,
  ): Promise<readonly Observation[]> {
    frame.retain();
    try {
      // Text must be read in the order of time: the reader remembers what stood where.
      if (kind === 'frame') await this.#reading;
      return await this.#engine.detector.look(new WithoutMasks(frame, placed), kind);
    } finally {
      frame.release();
    }
  }

  /** Takes in the oldest looks until at most so many are under way. */
  async settle(most: number): Promise<void> {
    while (this.#pending.length > most) {
      const { kind, frame, time, placed, seen } = this.#pending[0]!;
      const observations = await seen;
      this.#pending.shift();
      if (kind === 'cut') {
        this.#tracks.cut();
        this.#textTracks.cut();
        continue;
      }
      this.#detected += 1;
      const left = leftOver(observations, placed, time, this.#request.plan, this.#scope);
      this.#tracks.add(left.filter(({ class: name }) => !isText(name)));
      if (kind === 'frame') {
        this.#read += 1;
        this.#textTracks.add(left.filter(({ class: name }) => isText(name)));
      }
      this.#onLook?.({ frame, time, observations });
    }
  }

  /** Waits until nothing reads a frame any more. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#pending.map(({ seen }) => seen));
  }

  /** Frames in which things were looked for, and of them those in which text was. */
  get counts(): { readonly detected: number; readonly read: number } {
    return { detected: this.#detected, read: this.#read };
  }

  leftovers(): Leftover[] {
    return [...this.#tracks.all(), ...this.#textTracks.all()];
  }
}

function isText(name: string): boolean {
  return name === 'text' || name === 'plate' || name === 'code';
}
