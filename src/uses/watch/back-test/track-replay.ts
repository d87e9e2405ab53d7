import type { Size } from '../../../core/box.ts';
import type { Seconds } from '../../../core/time.ts';
import type { Alert } from '../alert.ts';
import type { Calendar } from '../calendar/calendar.ts';
import { memory } from '../identities.ts';
import { footOf, keptScores, type LiveTrack } from '../live-tracks.ts';
import type { Seen } from '../rules/firing.ts';
import { RunningRules } from '../running-rules.ts';
import type { CameraFile, Rule } from '../site/schema.ts';
import type { StoredLook, StoredThing } from './track-batch.ts';

const trackKinds: readonly Rule['kind'][] = ['zone-entry', 'line-crossing', 'dwell'];
/** Points of a path that are kept: an incident asks for those of the last seconds. */
const keptPath = 128;

/** Whether a rule needs nothing but tracks: others look at the picture, which is not stored. */
export function isTestable({ kind }: Pick<Rule, 'kind'>): boolean {
  return trackKinds.includes(kind);
}

/** Runs the rules of a camera over looks that were stored, by the same code that runs them live. Looks come in order. */
export class TrackReplay {
  readonly #picture: Size;
  readonly #rules: RunningRules;
  readonly #tracks = new Map<string, LiveTrack>();
  readonly #remembered = new Map<string, Seconds>();

  constructor(camera: CameraFile, calendar: Calendar, picture: Size) {
    this.#picture = picture;
    this.#rules = new RunningRules({ ...camera, rules: camera.rules.filter(isTestable) }, calendar);
  }

  look({ time, at, things }: StoredLook): Alert[] {
    for (const [identity, last] of this.#remembered)
      if (time - last > memory) this.#remembered.delete(identity);
    for (const [id, { lastSeen }] of this.#tracks) if (time - lastSeen > memory) this.#tracks.delete(id);
    const seen = things.map((thing) => this.#see(thing, time));
    for (const { identity } of things) this.#remembered.set(identity, time);
    const alerts = this.#rules.run(
      {
        ...{ time, seen, remembered: new Set(this.#remembered.keys()), changes: [], picture: this.#picture },
        health: { state: 'good', since: 0 },
      },
      at,
      (inertia) => ({ decoded: 0, looked: 0, fired: 0, inertia }),
    );
    this.#rules.takeClosed(time);
    return alerts;
  }

  #see({ track: id, identity, box, scores }: StoredThing, time: Seconds): Seen {
    const before = this.#tracks.get(id);
    const foot = footOf(box);
    const track: LiveTrack = {
      ...{ id, class: id.slice(0, id.lastIndexOf('-')), kind: undefined, box },
      ...{ velocity: { x: 0, y: 0 }, firstSeen: before?.firstSeen ?? time, lastSeen: time, seenNow: true },
      scores: [...(before?.scores ?? []), ...scores].slice(-keptScores),
      path: [...(before?.path ?? []), { time, ...foot }].slice(-keptPath),
      ...{ appearance: undefined, stillSince: time },
    };
    this.#tracks.set(id, track);
    const { width, height } = this.#picture;
    return { track, identity, foot: [foot.x / width, foot.y / height], height: box.height / height };
  }
}
