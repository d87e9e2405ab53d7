import type { Seconds } from '../../core/time.ts';
import { median } from '../../stats/index.ts';
import type { Alert, Incident, Latency } from './alert.ts';
import { scheduleAt, type Calendar } from './calendar/calendar.ts';
import { Incidents } from './incidents.ts';
import type { Firing, Moment, RunningRule } from './rules/firing.ts';
import { startRule } from './rules/start.ts';
import type { CameraFile, Rule } from './site/schema.ts';

/** The rules of one camera at work: moments in, alerts out, grouped to incidents. Live and stored tracks go through the same. */
export class RunningRules {
  readonly #camera: CameraFile;
  readonly #calendar: Calendar;
  readonly #rules: readonly { readonly rule: Rule; readonly run: RunningRule }[];
  readonly #incidents: Incidents;

  constructor(camera: CameraFile, calendar: Calendar) {
    this.#camera = camera;
    this.#calendar = calendar;
    this.#rules = camera.rules.map((rule) => ({ rule, run: startRule(rule, camera) }));
    this.#incidents = new Incidents(camera.id);
  }

  /** @param at wall time of the moment, milliseconds since 1970. */
  run(moment: Moment, at: number, latency: (inertia: Seconds) => Latency): Alert[] {
    const { width, height } = moment.picture;
    const present = new Map(moment.seen.map(({ identity, track }) => [identity, track.box]));
    return this.#rules.flatMap(({ rule, run }) =>
      run(moment).map((firing) => {
        const { box, seen, inertia } = firing;
        const raised = {
          camera: this.#camera.id,
          severity: rule.severity,
          time: moment.time,
          at,
          ...(seen === undefined
            ? {}
            : { class: seen.track.class, track: seen.track.id, identity: seen.identity }),
          box,
          picture: { width, height },
          reason: {
            rule: { id: rule.id, kind: rule.kind, ...placeOf(rule) },
            schedule: scheduleAt(this.#calendar, at),
            ...cardOf(firing),
          },
          latency: latency(inertia),
        };
        return this.#incidents.raise(raised, rule, present);
      }),
    );
  }

  /** Incidents that are over at a time. */
  takeClosed(time: Seconds): Incident[] {
    return this.#incidents.takeClosed(time);
  }
}

function placeOf(rule: Rule): { readonly place?: string } {
  if ('zone' in rule) return { place: rule.zone };
  return 'line' in rule ? { place: rule.line } : {};
}

function cardOf({
  text,
  dwell,
  seen,
}: Firing): Pick<Alert['reason'], 'text' | 'dwell' | 'path' | 'scores' | 'medianScore'> {
  return {
    text,
    ...(dwell === undefined ? {} : { dwell }),
    path: seen === undefined ? [] : [...seen.track.path],
    scores: seen?.track.scores ?? [],
    ...(seen === undefined ? {} : { medianScore: median(seen.track.scores) }),
  };
}
