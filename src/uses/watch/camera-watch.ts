import { iou, type PixelBox, type Size } from '../../core/box.ts';
import type { Observation, PixelSource } from '../../core/observation.ts';
import type { Seconds } from '../../core/time.ts';
import { MotionGate } from '../../vision/motion/gate.ts';
import { HealthWatch, type PictureHealth } from '../../vision/motion/health.ts';
import { NightSight } from '../../vision/motion/night-sight.ts';
import { StillChanges } from '../../vision/motion/still-changes.ts';
import { appearanceOf } from '../../vision/track/appearance.ts';
import type { Alert, Incident } from './alert.ts';
import type { Calendar } from './calendar/calendar.ts';
import { Identities } from './identities.ts';
import { footOf, LiveTracks, type LiveTrack, type Sighted } from './live-tracks.ts';
import { LookPlanner } from './look-plan.ts';
import { PrivacyZones } from './privacy.ts';
import type { Seen } from './rules/firing.ts';
import { RunningRules } from './running-rules.ts';
import type { CameraFile } from './site/schema.ts';
import { lowestThing, watchTracking } from './tuning.ts';

/**
 * Time between two looks where nothing moves, and what is followed keeps its place: people cross no zone in a quarter of a
 * second, and a camera of many frames a second costs little more than its decoding.
 */
const calmPace: Seconds = 0.24;

/** What looks at parts of a picture: a `WindowDetector`. */
export interface Detector {
  look(source: PixelSource, windows: readonly PixelBox[]): Promise<Observation[]>;
}

export interface CameraWatchOptions {
  readonly camera: CameraFile;
  readonly calendar: Calendar;
  /** Pixels of the frames as displayed. */
  readonly picture: Size;
  readonly detector: Detector;
  /** Windows that may be looked at in one frame. */
  readonly budget: number;
}

/** A frame to look at. */
export interface WatchedFrame {
  readonly source: PixelSource;
  /** Stream time, later than that of the frame before. */
  readonly time: Seconds;
  /** Wall time of the frame, milliseconds since 1970: what the calendar is asked. */
  readonly at: number;
  /** Milliseconds on `now`'s clock at which the frame was captured and decoded. */
  readonly captured: number;
  readonly decoded: number;
  /** The clock of the latencies, milliseconds. */
  readonly now: () => number;
}

/** What came of one frame. */
export interface Looked {
  readonly alerts: readonly Alert[];
  /** Incidents that are over. */
  readonly closed: readonly Incident[];
  readonly tracks: readonly LiveTrack[];
  /** Those of them that this frame shows, as the rules were given them. */
  readonly seen: readonly Seen[];
  readonly observations: readonly Observation[];
  readonly health: PictureHealth;
  /** Windows looked at, and places that the budget left out. */
  readonly windows: number;
  readonly missed: number;
}

/**
 * Watches one camera: motion, detector, tracks, rules, alerts, incidents. Frames in, alerts out; knows no file, network,
 * store or clock of its own, and holds a bounded amount however long it runs. One frame at a time.
 */
export class CameraWatch {
  readonly #options: CameraWatchOptions;
  readonly #gate: MotionGate;
  readonly #health: HealthWatch;
  readonly #changes: StillChanges | undefined;
  readonly #night: NightSight;
  readonly #planner: LookPlanner;
  readonly #tracks = new LiveTracks(watchTracking);
  readonly #identities: Identities;
  readonly #rules: RunningRules;
  readonly #privacy: PrivacyZones;
  /** Set while nothing goes on: when it was last looked, and what was found then. */
  #calm: (Pick<Looked, 'health' | 'tracks'> & { readonly since: Seconds }) | undefined;

  constructor(options: CameraWatchOptions) {
    const { camera, picture, budget } = options;
    this.#options = options;
    this.#gate = new MotionGate(picture);
    this.#health = new HealthWatch(this.#gate.plane);
    const lasting = camera.rules.some(({ kind }) => kind === 'object-left' || kind === 'object-removed');
    this.#changes = lasting ? new StillChanges(picture, this.#gate.plane) : undefined;
    this.#night = new NightSight(picture);
    this.#planner = new LookPlanner(picture, budget);
    this.#identities = new Identities(picture);
    this.#rules = new RunningRules(camera, options.calendar);
    this.#privacy = new PrivacyZones(camera.privacy);
  }

  /** Other hours, from the next frame on. */
  keepTo(calendar: Calendar): void {
    this.#rules.keepTo(calendar);
  }

  /** The source may be released when the promise settles. */
  async look(frame: WatchedFrame): Promise<Looked> {
    const { picture } = this.#options;
    const { time } = frame;
    if (this.#calm !== undefined && time - this.#calm.since < calmPace)
      return this.#unchanged(time, this.#calm);
    const source = this.#privacy.blank(frame.source);
    const motion = this.#gate.look(source, time);
    const health = this.#health.update(motion.luma, time);
    const changes = this.#changes?.update(motion.luma, time) ?? [];
    const plan = this.#planner.plan(motion, this.#tracks, time);
    const looks = plan.whole || plan.windows.length > 0;
    const sight = motion.dark && looks ? this.#night.look(source, time) : source;
    const observations = await this.#observe(sight, plan);
    this.#planner.learn(observations);
    const sighted = observations.map((observation): Sighted => ({
      ...observation,
      appearance: appearanceOf(sight, observation.box),
    }));
    this.#tracks.update(time, sighted, picture);
    const looked = frame.now();
    const tracks = this.#tracks.tracks();
    const identities = this.#identities.update(time, tracks);
    const seen = tracks.filter(({ seenNow }) => seenNow).map((track) => this.#seen(track, identities));
    const remembered = new Set(identities.values());
    const moment = { time, seen, remembered, changes, health, picture };
    const alerts = this.#rules.run(moment, frame.at, (inertia) => ({
      decoded: frame.decoded - frame.captured,
      looked: looked - frame.captured,
      fired: frame.now() - frame.captured,
      inertia,
    }));
    const windows = plan.windows.length + (plan.whole ? 1 : 0);
    const closed = this.#rules.takeClosed(time);
    const moving = motion.learning || motion.boxes.length > 0 || changes.length > 0;
    const calm = !moving && health.state === 'good' && this.#tracks.areStill(time);
    this.#calm = calm ? { since: time, health, tracks } : undefined;
    return { alerts, closed, tracks, seen, observations, health, windows, missed: plan.missed };
  }

  #unchanged(time: Seconds, { health, tracks: before }: Pick<Looked, 'health' | 'tracks'>): Looked {
    const closed = this.#rules.takeClosed(time);
    const tracks = before.map((track) => ({ ...track, seenNow: false }));
    return { alerts: [], closed, tracks, seen: [], observations: [], health, windows: 0, missed: 0 };
  }

  /** Ends the incidents that are still open. */
  finish(): Incident[] {
    return this.#rules.takeClosed(Infinity);
  }

  async #observe(
    source: PixelSource,
    { windows, whole }: { windows: readonly PixelBox[]; whole: boolean },
  ): Promise<Observation[]> {
    const { detector, picture } = this.#options;
    const [near, far] = await Promise.all([
      detector.look(source, windows),
      whole ? detector.look(source, [{ x: 0, y: 0, ...picture }]) : [],
    ]);
    // The whole picture gives loose boxes: it counts only for what is too large for the windows.
    const large = far.filter(
      (one) =>
        this.#planner.isLarge(one.box) &&
        !near.some((other) => other.class === one.class && iou(other.box, one.box) > 0.5),
    );
    return [...near, ...large].filter(({ box }) => box.height >= lowestThing * picture.height);
  }

  #seen(track: LiveTrack, identities: ReadonlyMap<string, string>): Seen {
    const { width, height } = this.#options.picture;
    const foot = footOf(track.box);
    return {
      track,
      identity: identities.get(track.id) ?? track.id,
      foot: [foot.x / width, foot.y / height],
      height: track.box.height / height,
    };
  }
}
