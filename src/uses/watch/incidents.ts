import { iou, type PixelBox } from '../../core/box.ts';
import type { Seconds } from '../../core/time.ts';
import type { Alert, Incident, Suppression } from './alert.ts';
import type { ScheduleState } from './calendar/calendar.ts';
import { footOf } from './live-tracks.ts';
import type { Rule, Severity } from './site/schema.ts';

/** Time without a further alert after which an incident is over. */
const quiet: Seconds = 20;
/** Longest time from the first alert of an incident to its last: what goes on longer is told anew. */
const longest: Seconds = 60;
/**
 * How near in time and in heights alerts of one rule about different identities are when they are one incident: people
 * who come together. They come in the same direction, and soon after the first of them: a busy place would be one endless
 * incident if whoever passes somebody were of their company.
 */
const nearTime: Seconds = 3;
const nearHeights = 1.5;
const gathering: Seconds = 6;
/** Cosine between ways above which they have the same direction, and heights below which a way has none. */
const sameWay = 0.5;
const leastWay = 0.3;
/** Alerts of one rule about different identities that are at one place at once tell of one thing that was found twice. */
const twiceTime: Seconds = 2;
const twiceOverlap = 0.5;

const order: readonly Severity[] = ['low', 'medium', 'high'];

interface Open extends Incident {
  readonly box: PixelBox;
  /** Where the last of them came from and went; undefined when they stood. */
  readonly way: Way | undefined;
}

interface Way {
  readonly x: number;
  readonly y: number;
}

/** What an alert is before it is known whether it is shown, and with what. */
export type Raised = Omit<Alert, 'id' | 'suppressed' | 'incident'>;

/** Keeps the incidents of one camera: which alerts are shown, and which belong together. */
export class Incidents {
  readonly #camera: string;
  readonly #last = new Map<string, Alert[]>();
  #open: Open[] = [];
  #alerts = 0;
  #incidents = 0;

  constructor(camera: string) {
    this.#camera = camera;
  }

  /**
   * Takes in an alert, in order of time. Suppressed ones come back marked, and belong to no incident.
   * @param present where everybody is who is seen at the alert's time, by identity.
   */
  raise(raised: Raised, rule: Rule, present: ReadonlyMap<string, PixelBox>): Alert {
    const id = `${this.#camera}-alert-${++this.#alerts}`;
    const suppressed = this.#suppression(raised, rule, present);
    if (suppressed !== undefined) return { ...raised, id, suppressed };
    const incident = this.#join(raised, id);
    const alert = { ...raised, id, incident };
    const recent = this.#last.get(rule.id) ?? [];
    const memory = Math.max(twiceTime, rule.coolDown);
    this.#last.set(rule.id, [...recent.filter(({ time }) => raised.time - time <= memory), alert]);
    return alert;
  }

  #suppression(
    { reason, time, box, identity }: Raised,
    rule: Rule,
    present: ReadonlyMap<string, PixelBox>,
  ): Suppression | undefined {
    const bySchedule = rule.when === 'always' ? undefined : scheduled(reason.schedule);
    if (bySchedule !== undefined) return bySchedule;
    const recent = this.#last.get(rule.id) ?? [];
    if (recent.some((alert) => time - alert.time < rule.coolDown)) return 'cool-down';
    const twice = recent.some((alert) => {
      if (alert.identity === identity || time - alert.time > twiceTime) return false;
      // Who walks on behind another comes to the same place a moment later: what counts is where that other is by now.
      const now = alert.identity === undefined ? undefined : present.get(alert.identity);
      return iou(now ?? alert.box, box) >= twiceOverlap;
    });
    return twice ? 'same event' : undefined;
  }

  #join(raised: Raised, alert: string): string {
    const { time, box, severity, track, identity, reason } = raised;
    const known =
      this.#open.find((open) => isKnownTo(open, raised)) ??
      this.#open.find((open) => comesWith(open, raised));
    const before = known ?? {
      id: `${this.#camera}-incident-${++this.#incidents}`,
      camera: this.#camera,
      severity,
      started: time,
      alerts: [],
      rules: [],
      tracks: [],
      identities: [],
    };
    const joined: Open = {
      ...before,
      box,
      way: wayOf(raised),
      lastAlert: time,
      severity: order.indexOf(severity) > order.indexOf(before.severity) ? severity : before.severity,
      alerts: [...before.alerts, alert],
      rules: added(before.rules, reason.rule.id),
      tracks: added(before.tracks, track),
      identities: added(before.identities, identity),
    };
    this.#open = [...this.#open.filter((open) => open !== known), joined];
    return joined.id;
  }

  /** Hands over the incidents that are over at a time. */
  takeClosed(time: Seconds): Incident[] {
    const closed = this.#open.filter(({ lastAlert }) => time - lastAlert > quiet);
    if (closed.length > 0) this.#open = this.#open.filter((open) => !closed.includes(open));
    return closed.map(({ box: _, way: __, ...incident }) => incident);
  }
}

function scheduled(state: ScheduleState): Suppression | undefined {
  if (state.armed) return undefined;
  return state.why === 'disarmed by hand' ? 'disarmed by hand' : 'site open';
}

/** Whether somebody of the incident goes on. */
function isKnownTo(open: Open, { time, identity }: Raised): boolean {
  return (
    identity !== undefined &&
    open.identities.includes(identity) &&
    time - open.lastAlert <= quiet &&
    time - open.started <= longest
  );
}

/** Whether somebody new is of the same company. */
function comesWith(open: Open, raised: Raised): boolean {
  const { time, box, reason } = raised;
  if (!open.rules.includes(reason.rule.id)) return false;
  if (time - open.lastAlert > nearTime || time - open.started > gathering) return false;
  const [a, b] = [footOf(open.box), footOf(box)];
  const near = nearHeights * Math.max(open.box.height, box.height);
  return Math.hypot(a.x - b.x, a.y - b.y) <= near && areSameWay(open.way, wayOf(raised));
}

/** The way of the last seconds, heights; undefined where there is none. */
function wayOf({ time, box, reason }: Raised): Way | undefined {
  const recent = reason.path.filter((point) => time - point.time <= nearTime);
  const [from, to] = [recent[0], recent.at(-1)];
  if (from === undefined || to === undefined) return undefined;
  const way = { x: (to.x - from.x) / box.height, y: (to.y - from.y) / box.height };
  return Math.hypot(way.x, way.y) < leastWay ? undefined : way;
}

/** Whether ways do not part; who stands has none to compare. */
function areSameWay(a: Way | undefined, b: Way | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  return a.x * b.x + a.y * b.y >= sameWay * Math.hypot(a.x, a.y) * Math.hypot(b.x, b.y);
}

function added(list: readonly string[], name: string | undefined): readonly string[] {
  return name === undefined || list.includes(name) ? list : [...list, name];
}
