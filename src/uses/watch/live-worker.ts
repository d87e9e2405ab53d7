import { serveChild, type ChildContext } from '../../host/child.ts';
import { LiveSource, type LiveFrame } from '../../media/live/index.ts';
import { BlankedRecorder } from '../../media/live/record/index.ts';
import { TrackRecorder, type TrackBatch } from './back-test/track-batch.ts';
import type { Calendar } from './calendar/calendar.ts';
import { CameraWatch, type Looked } from './camera-watch.ts';
import { MadeStream } from './camera/made-stream.ts';
import { Masking } from './camera/masking.ts';
import { startEngine, type Engine } from './engine.ts';
import { LiveHealth } from './live-health.ts';
import type { LiveMessage, LiveTask } from './live-messages.ts';
import { Outbox } from './live-outbox.ts';
import { snapshotOf } from './live-pictures.ts';
import type { CameraFigures, CameraSummary } from './live.ts';
import { PrivacyZones } from './privacy.ts';

serveChild<LiveTask, CameraSummary, LiveMessage, Calendar>(async (task, context) => {
  const permit = (await context.lease?.()) ?? task.engine.permit;
  const engine = await startEngine({ ...task.engine, permit });
  try {
    return await new LiveWatch(task, engine, context).run();
  } finally {
    await engine.close();
  }
});

const snapshotWidth = 1280;
const lifeEveryMs = 1000;

/** For pictures of one size. */
interface Watching {
  readonly of: string;
  readonly watch: CameraWatch;
  readonly tracks: TrackRecorder;
}

/** Watches one camera until it is told to stop. */
class LiveWatch {
  readonly #task: LiveTask;
  readonly #engine: Engine;
  readonly #context: ChildContext<LiveMessage, Calendar>;
  readonly #outbox: Outbox;
  readonly #health = new LiveHealth();
  readonly #privacy: PrivacyZones;
  #watch: Watching | undefined;
  #segments = 0;
  readonly #masking: Masking | undefined;
  readonly #blanked: MadeStream<BlankedRecorder> | undefined;
  #frames = 0;
  #latency = 0;
  #missedPlaces = 0;
  #nextFrame = 0;

  constructor(task: LiveTask, engine: Engine, context: ChildContext<LiveMessage, Calendar>) {
    this.#task = task;
    this.#engine = engine;
    this.#context = context;
    this.#outbox = new Outbox(context);
    const { wants, camera } = task;
    this.#privacy = new PrivacyZones(camera.privacy);
    if (wants.masked) this.#masking = new Masking(this.#privacy, (message) => this.#outbox.put(message));
    if (wants.fragments && camera.privacy.length > 0) this.#blanked = this.#blanking();
  }

  async run(): Promise<CameraSummary> {
    const { source: main, detect } = this.#task;
    const { signal } = this.#context;
    const began = performance.now();
    const copied = detect === undefined ? undefined : this.#copyOnly();
    const looked = new LiveSource(detect ?? main, {
      signal,
      onState: (state) => {
        if (state.state === 'live') this.#health.restart();
        this.#outbox.put({ type: 'state', state });
      },
      ...(detect === undefined ? this.#copying() : {}),
    });
    // A sign of life too: a camera may have nothing to say for days.
    const alive = setInterval(() => this.#tellFigures(looked), lifeEveryMs);
    try {
      for await (const frame of looked.frames()) await this.#look(frame, looked);
      await copied;
      this.#finish();
      await this.#blanked?.end();
      await this.#masking?.end();
      await this.#outbox.empty();
    } finally {
      clearInterval(alive);
    }
    return {
      frames: this.#frames,
      skipped: looked.dropped,
      seconds: (performance.now() - began) / 1000,
      live: looked.liveSeconds,
      reconnects: looked.reconnects,
      missedPlaces: this.#missedPlaces,
      model: this.#engine.model,
      ...(this.#engine.stamp === undefined ? {} : { stamp: this.#engine.stamp }),
    };
  }

  /** What is recorded of a camera with privacy zones: the frames that are looked at, black there. */
  #blanking(): MadeStream<BlankedRecorder> {
    const zones = this.#task.camera.privacy.map(({ polygon }) => polygon);
    return new MadeStream({
      start: () => new BlankedRecorder({ zones, now: Date.now }),
      onHead: (head) => this.#outbox.put({ type: 'head', head }),
      onFragment: (fragment) => this.#outbox.put({ type: 'fragment', fragment }),
    });
  }

  /** A stream that shows privacy zones is never copied. */
  #copying(): Pick<ConstructorParameters<typeof LiveSource>[1], 'onHead' | 'onFragment'> {
    const { wants, camera } = this.#task;
    if (camera.privacy.length > 0) return {};
    return {
      ...(wants.heads ? { onHead: (head) => this.#outbox.put({ type: 'head', head }) } : {}),
      ...(wants.fragments
        ? { onFragment: (fragment) => this.#outbox.put({ type: 'fragment', fragment }) }
        : {}),
    };
  }

  async #copyOnly(): Promise<void> {
    const copying = this.#copying();
    if (copying.onHead === undefined && copying.onFragment === undefined) return;
    const { signal } = this.#context;
    const source = new LiveSource(this.#task.source, { signal, decode: false, ...copying });
    for await (const frame of source.frames()) frame.frame.release();
  }

  #tellFigures({ dropped, reconnects, cameraTime: { off } }: LiveSource): void {
    const figures: CameraFigures = {
      ...{ at: Date.now(), frames: this.#frames, dropped, reconnects, latency: this.#latency },
      queueAge: this.#outbox.waitingMs / 1000,
      ...(off === undefined ? {} : { off }),
    };
    this.#context.send({ type: 'figures', figures });
  }

  async #look(
    { frame, time, at, arrived, decoded }: LiveFrame,
    { dropped, cameraTime: clock }: LiveSource,
  ): Promise<void> {
    const { watch, tracks } = this.#watchFor(frame);
    watch.keepTo(this.#context.newest() ?? this.#task.calendar);
    const looked = await watch.look({
      source: frame,
      time,
      at,
      captured: arrived,
      decoded,
      now: () => performance.now(),
    });
    this.#frames++;
    this.#latency = (performance.now() - arrived) / 1000;
    this.#missedPlaces += looked.missed;
    const health = this.#health.update({ picture: looked.health, time, at, dropped, clock });
    if (health !== undefined) this.#outbox.put({ type: 'health', health });
    await this.#blanked?.push(frame, time, at, (recorder) => recorder.push(frame));
    const masked = await this.#masking?.look(frame, { time, at, looked });
    if (looked.alerts.length > 0) {
      const snapshot = await snapshotOf(frame, this.#privacy, snapshotWidth);
      for (const alert of looked.alerts)
        this.#outbox.put({
          ...{ type: 'alert', alert, snapshot },
          ...(masked === undefined ? {} : { masked }),
        });
    }
    this.#keep(tracks.add(looked.seen, time, at));
    for (const incident of looked.closed) this.#outbox.put({ type: 'incident', incident });
    await this.#showFrame(frame, time, at, looked);
  }

  /** What was learned of a picture holds for pictures of its size only. */
  #watchFor({ width, height }: LiveFrame['frame']): Watching {
    const of = `${width}x${height}`;
    if (this.#watch?.of === of) return this.#watch;
    this.#finish();
    const { camera, calendar, budget } = this.#task;
    const picture = { width, height };
    const watch = new CameraWatch({ camera, calendar, picture, detector: this.#engine.detector, budget });
    this.#watch = { of, watch, tracks: new TrackRecorder(++this.#segments, picture) };
    return this.#watch;
  }

  #keep(batch: TrackBatch | undefined): void {
    if (batch !== undefined) this.#outbox.put({ type: 'tracks', batch });
  }

  /** Ends the incidents that are still open. */
  #finish(): void {
    this.#keep(this.#watch?.tracks.end());
    for (const incident of this.#watch?.watch.finish() ?? [])
      this.#outbox.put({ type: 'incident', incident });
  }

  async #showFrame(source: LiveFrame['frame'], time: number, at: number, looked: Looked): Promise<void> {
    const wanted = this.#task.frames;
    if (wanted === undefined || at < this.#nextFrame) return;
    this.#nextFrame = Math.max(this.#nextFrame, at - 1000) + 1000 / wanted.perSecond;
    const picture = await snapshotOf(source, this.#privacy, wanted.width);
    const scale = picture.width / source.width;
    const things = looked.tracks.map(({ class: name, box }) => ({
      class: name,
      box: {
        x: box.x * scale,
        y: box.y * scale,
        width: box.width * scale,
        height: box.height * scale,
      },
    }));
    this.#outbox.put({ type: 'frame', frame: { ...picture, time, at, things } });
  }
}
