import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fragment, StreamHead } from '../../../media/live/fragment.ts';
import {
  AlertClips,
  SegmentRecorder,
  type ClipOutcome,
  type Segment,
} from '../../../media/live/record/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import type { Alert } from '../alert.ts';
import { alertId, type RunOf } from './ingest.ts';
import { RecordedFiles, bringLeft } from './recording-files.ts';
import { recordingsFolder, sweepSegments } from './recording-segments.ts';
import type { Recording } from './tables.ts';

/** A ring holds a little more than its clips ask for, as it begins at a key frame. */
const RING_SECONDS = 3;
const RING_BYTES = 96 * 2 ** 20;
const SWEEP_MS = 600_000;

/** Records a camera for one run of its service: clips around alerts, the same masked, and every minute if that is wanted. */
export class CameraRecording {
  readonly #run: RunOf;
  readonly #files: RecordedFiles;
  readonly #seen: Stream;
  readonly #masked: Stream;
  readonly #segments: SegmentRecorder | undefined;
  readonly #sweeping: NodeJS.Timeout;
  #failed = 0;

  private constructor(platform: Platform, run: RunOf, recording: Recording) {
    this.#run = run;
    const folder = join(recordingsFolder(platform), run.cameraId, run.id);
    this.#files = new RecordedFiles(platform, folder);
    const clips = (kind: 'clip' | 'masked-clip', name: string): Stream =>
      new Stream(join(folder, name), recording, (outcome, times) => this.#keepClip(kind, outcome, times));
    this.#seen = clips('clip', 'seen');
    this.#masked = clips('masked-clip', 'masked');
    if (recording.continuousDays > 0)
      this.#segments = new SegmentRecorder({
        ...{ camera: run.cameraId, folder: join(folder, 'segments') },
        onSegment: (segment: Segment) => this.#files.add({ kind: 'segment', file: segment.file, segment }),
        onError: () => void (this.#failed += 1),
      });
    const sweep = (): void => {
      sweepSegments(platform, run.cameraId).catch(() => undefined);
      // What waits for the database is brought the next time.
      bringLeft(platform, run.cameraId).catch(() => undefined);
    };
    this.#sweeping = setInterval(sweep, SWEEP_MS).unref();
    sweep();
  }

  static async start(platform: Platform, run: RunOf, recording: Recording): Promise<CameraRecording> {
    const started = new CameraRecording(platform, run, recording);
    // A disk that is full keeps nobody from watching.
    await mkdir(started.#files.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    return started;
  }

  /** Files that wait to be kept, and recordings that failed. */
  get standing(): { readonly waitingRecordings: number; readonly failedRecordings: number } {
    return { waitingRecordings: this.#files.waiting, failedRecordings: this.#failed };
  }

  async head(head: StreamHead): Promise<void> {
    await this.#seen.clips.start(head);
    await this.#segments?.start(head);
  }

  async fragment(fragment: Fragment): Promise<void> {
    await this.#seen.push(fragment);
    await this.#segments?.push(fragment);
  }

  maskedHead(head: StreamHead): Promise<void> {
    return this.#masked.clips.start(head);
  }

  maskedFragment(fragment: Fragment): Promise<void> {
    return this.#masked.push(fragment);
  }

  /** An alert that somebody is shown. @param masked its picture, JPEG. */
  async alert(alert: Alert, masked: Uint8Array | undefined): Promise<void> {
    const id = alertId(this.#run.id, alert.id);
    await this.#seen.alert(id, alert.at);
    await this.#masked.alert(id, alert.at);
    if (masked === undefined) return;
    const file = join(this.#files.folder, `${id}.jpg`);
    try {
      await writeFile(file, masked, { mode: 0o600 });
      await this.#files.add({ kind: 'masked-still', file, alerts: [{ id, about: {} }] });
    } catch {
      this.#failed += 1;
      await rm(file, { force: true });
    }
  }

  /** The camera is lost: what is being recorded ends here. */
  async lost(): Promise<void> {
    await this.#seen.clips.end();
    await this.#masked.clips.end();
    await this.#segments?.end();
  }

  async end(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.lost();
    this.#files.end();
  }

  async #keepClip(
    kind: 'clip' | 'masked-clip',
    outcome: ClipOutcome,
    times: ReadonlyMap<string, number>,
  ): Promise<void> {
    if ('error' in outcome) {
      this.#failed += 1;
      return;
    }
    const { clip, alerts } = outcome;
    const about = (id: string): object => {
      const from = (time: number): number => Math.round((time - (times.get(id) ?? 0)) * 1000) / 1000;
      return {
        ...{ askedFrom: from(clip.asked.from), askedTo: from(clip.asked.to) },
        ...{ begins: from(clip.begins), ends: from(clip.ends), at: new Date(clip.at).toISOString() },
        missing: clip.missing.map((gap) => ({ from: from(gap.from), to: from(gap.to), why: gap.why })),
      };
    };
    await this.#files.add({
      ...{ kind, file: clip.file },
      alerts: alerts.map((id) => ({ id, about: about(id) })),
    });
  }
}

/** A stream with its clips. Alerts come with wall time: the stream that is looked at may be another one than this. */
class Stream {
  readonly clips: AlertClips;
  readonly #times = new Map<string, number>();
  /** Stream time less wall time, seconds. */
  #offset: number | undefined;

  constructor(
    folder: string,
    { preRoll, postRoll }: Recording,
    onClip: (outcome: ClipOutcome, times: ReadonlyMap<string, number>) => Promise<void>,
  ) {
    this.clips = new AlertClips({
      ...{ folder, preRoll, postRoll },
      ring: { seconds: preRoll + RING_SECONDS, bytes: RING_BYTES },
      onClip: async (outcome) => {
        await onClip(outcome, this.#times);
        for (const id of outcome.alerts) this.#times.delete(id);
      },
    });
  }

  push(fragment: Fragment): Promise<void> {
    this.#offset = fragment.time + fragment.duration - fragment.at / 1000;
    return this.clips.push(fragment);
  }

  /** @param at wall time of the alert. */
  async alert(id: string, at: number): Promise<void> {
    // Of a stream that never came there is no clip.
    if (this.#offset === undefined) return;
    const time = at / 1000 + this.#offset;
    this.#times.set(id, time);
    await this.clips.alert({ id, time });
  }
}
