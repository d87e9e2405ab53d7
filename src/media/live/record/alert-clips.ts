import { join } from 'node:path';
import { TidewaiterError, toErrorReport, type ErrorReport } from '../../../core/errors.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Fragment, StreamHead } from '../fragment.ts';
import { AtomicFile, type WrittenFile } from './atomic-file.ts';
import { Coverage, longestPause, Rebase, type Missing, type Span } from './clip.ts';
import { utcName } from './names.ts';
import { PacketRing, type RingLimits, type RingState } from './ring.ts';

export interface AlertClipsOptions {
  /** Where clips are written, named for the UTC time at which they begin. */
  readonly folder: string;
  readonly ring: RingLimits;
  /** Before and after an alert. Default 10 s each. */
  readonly preRoll?: Seconds;
  readonly postRoll?: Seconds;
  /** A clip that further alerts extend ends here, and another one begins. Default 120 s. */
  readonly longest?: Seconds;
  /** Told of each clip that is whole, and of each that could not be written. */
  readonly onClip: (outcome: ClipOutcome) => void | Promise<void>;
}

/** A clip on the disk. */
export interface RecordedClip extends WrittenFile {
  readonly codecs: string;
  /** Stream times: what the alerts asked for, and what the file shows; its own times begin at 0 with `begins`. */
  readonly asked: Span;
  readonly begins: Seconds;
  readonly ends: Seconds;
  /** Wall time of `begins`, milliseconds since 1970. */
  readonly at: number;
  readonly missing: readonly Missing[];
}

/** What came of the clip for these alerts. The alerts stand, whether there is a clip or not. */
export type ClipOutcome = { readonly alerts: readonly string[] } & (
  { readonly clip: RecordedClip } | { readonly error: ErrorReport }
);

/** An alert, as far as its clip is concerned. */
export interface ClipAlert {
  readonly id: string;
  /** Stream time. */
  readonly time: Seconds;
}

/** Records what was seen before and after each alert of one camera. Calls may overlap: they are dealt with in their order. */
export class AlertClips {
  readonly #options: Required<AlertClipsOptions>;
  readonly #ring: PacketRing;
  #open: OpenClip[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(options: AlertClipsOptions) {
    this.#options = { preRoll: 10, postRoll: 10, longest: 120, ...options };
    this.#ring = new PacketRing(options.ring);
  }

  /** The stream begins, or begins again. Clips that are open end here when it has another head. */
  async start(head: StreamHead): Promise<void> {
    return this.#next(async () => {
      const before = this.#ring.head;
      this.#ring.start(head);
      if (before !== undefined && before !== this.#ring.head) await this.#closeAll();
    });
  }

  /** Await it: that is what keeps a slow disk from filling the memory. Never rejects for want of a disk. */
  async push(fragment: Fragment): Promise<void> {
    return this.#next(async () => {
      const { to, fragments } = this.#ring.state();
      if (fragments > 0 && fragment.time < to - longestPause) await this.#closeAll();
      this.#ring.push(fragment);
      for (const clip of this.#open) {
        if (fragment.time >= clip.asked.to) await this.#close(clip);
        else if (clip.begun) await this.#try(clip, async () => clip.write(fragment));
        else await this.#begin(clip);
      }
    });
  }

  /** Begins a clip, or makes the one that is being recorded last longer. */
  async alert({ id, time }: ClipAlert): Promise<void> {
    return this.#next(async () => {
      const { preRoll, postRoll, longest } = this.#options;
      const asked = { from: time - preRoll, to: time + postRoll };
      const shared = this.#open.find(
        (clip) => clip.asked.to >= asked.from && asked.to - clip.asked.from <= longest,
      );
      if (shared !== undefined) {
        shared.join(id, asked.to);
        return;
      }
      const clip = new OpenClip(id, asked);
      this.#open.push(clip);
      await this.#begin(clip);
      if (this.#ring.state().to >= asked.to) await this.#close(clip);
    });
  }

  /** The camera is gone, or watching ends: what is open is finished with what there is. */
  async end(): Promise<void> {
    return this.#next(async () => this.#closeAll());
  }

  state(): RingState {
    return this.#ring.state();
  }

  async #begin(clip: OpenClip): Promise<void> {
    const held = this.#ring.clipOf(clip.asked.from, clip.asked.to);
    if (held === undefined) return;
    const [first] = held.fragments;
    const at = (first?.at ?? 0) - (first?.duration ?? 0) * 1000;
    await this.#try(clip, async () => {
      const file = await AtomicFile.create(join(this.#options.folder, clipName(at, clip.alerts[0] ?? '')));
      clip.begin(file, new Rebase(held.head, held.begins), { codecs: held.head.codecs, at });
      await file.write(held.head.bytes);
      for (const fragment of held.fragments) await clip.write(fragment);
    });
  }

  async #closeAll(): Promise<void> {
    for (const clip of this.#open) await this.#close(clip);
  }

  async #close(clip: OpenClip): Promise<void> {
    await this.#try(clip, async () => {
      const recorded = await clip.finish();
      this.#forget(clip);
      await this.#options.onClip({ alerts: clip.alerts, clip: recorded });
    });
  }

  /** What fails ends this clip, and neither the others nor the alerts. */
  async #try(clip: OpenClip, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#open.includes(clip)) throw error;
      this.#forget(clip);
      await clip.abandon();
      await this.#options.onClip({ alerts: clip.alerts, error: toErrorReport(error) });
    }
  }

  #forget(clip: OpenClip): void {
    this.#open = this.#open.filter((other) => other !== clip);
  }

  async #next(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

interface Begun {
  readonly file: AtomicFile;
  readonly rebase: Rebase;
  readonly about: { readonly codecs: string; readonly at: number };
}

class OpenClip {
  readonly alerts: string[];
  asked: Span;
  #begun: Begun | undefined;
  readonly #coverage = new Coverage();

  constructor(alert: string, asked: Span) {
    this.alerts = [alert];
    this.asked = asked;
  }

  get begun(): boolean {
    return this.#begun !== undefined;
  }

  join(alert: string, to: Seconds): void {
    this.alerts.push(alert);
    this.asked = { from: this.asked.from, to: Math.max(this.asked.to, to) };
  }

  begin(file: AtomicFile, rebase: Rebase, about: Begun['about']): void {
    this.#begun = { file, rebase, about };
  }

  async write(fragment: Fragment): Promise<void> {
    await this.#begun?.file.write(this.#begun.rebase.next(fragment));
    this.#coverage.add(fragment);
  }

  async finish(): Promise<RecordedClip> {
    const [begun, shown] = [this.#begun, this.#coverage.shown];
    if (begun === undefined || shown === undefined)
      throw new TidewaiterError(
        'E_CLIP_EMPTY',
        'Nothing was recorded around this alert: no key frame came',
        'Look whether the camera sends pictures, and set it to a key frame every second or two.',
      );
    return {
      ...(await begun.file.finish()),
      ...begun.about,
      asked: this.asked,
      begins: shown.from,
      ends: shown.to,
      missing: this.#coverage.missing(this.asked),
    };
  }

  async abandon(): Promise<void> {
    await this.#begun?.file.abandon();
  }
}

function clipName(at: number, alert: string): string {
  return `${utcName(at)}-${alert.replaceAll(/[^\w.-]/g, '_')}.mp4`;
}
