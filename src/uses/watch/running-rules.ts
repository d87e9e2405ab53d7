import type { Seconds } from '../../core/time.ts';
import { median } from '../../stats/index.ts';
import type { Alert, Incident, Latency } from './alert.ts';
import type { Calendar } from './calendar/calendar.ts';
import { Hours } from './calendar/hours.ts';
import { Incidents } from './incidents.ts';
import type { Firing, Moment, RunningRule } from './rules/firing.ts';
import { startRule } from './rules/start.ts';
import type { CameraFile, Rule } from './site/schema.ts';

/** Rules that tell of what is so, not of what happens: it may have begun while the site was open. */
const begunAnew: readonly Rule['kind'][] = ['zone-entry', 'dwell', 'tamper'];

/** The rules of one camera at work: moments in, alerts out, grouped to incidents. Live and stored tracks go through the same. */
export class RunningRules {
  readonly #camera: CameraFile;
  readonly #hours: Hours;
  readonly #rules: readonly { readonly rule: Rule; readonly run: RunningRule }[];
  readonly #incidents: Incidents;

  constructor(camera: CameraFile, calendar: Calendar) {
    this.#camera = camera;
    this.#hours = new Hours(calendar);
    this.#rules = camera.rules.map((rule) => ({ rule, run: startRule(rule, camera) }));
    this.#incidents = new Incidents(camera.id);
  }

  /** Other hours, from the next moment on. */
  keepTo(calendar: Calendar): void {
    this.#hours.keepTo(calendar);
  }

  /** @param at wall time of the moment, milliseconds since 1970. */
  run(moment: Moment, at: number, latency: (inertia: Seconds) => Latency): Alert[] {
    if (this.#hours.beginAt(at)) this.#forgetAllowed(moment);
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
            schedule: this.#hours.stateAt(at),
            ...cardOf(firing),
          },
          latency: latency(inertia),
        };
        return this.#incidents.raise(raised, rule, present);
      }),
    );
  }

  /**
   * What the site was open for is not allowed any more once it should be quiet: people who are still there count as coming in
   * then, and a picture that shows nothing is told. Vehicles and bags that stood there may go on standing there.
   */
  #forgetAllowed(moment: Moment): void {
    const remembered = new Set([...moment.remembered].filter((identity) => !identity.startsWith('person-')));
    const nothing: Moment = {
      ...{ ...moment, seen: [], changes: [], remembered },
      health: { state: 'good', since: moment.time },
    };
    for (const { rule, run } of this.#rules)
      if (rule.when === 'closed' && begunAnew.includes(rule.kind)) run(nothing);
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
