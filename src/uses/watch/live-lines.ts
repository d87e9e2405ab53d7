import { formatError } from '../../core/errors.ts';
import type { LiveState } from '../../media/live/index.ts';
import type { Alert } from './alert.ts';
import type { CameraHealth } from './live.ts';

/** `2026-11-22 23:15:02 high   person entered zone dock (gate, gate-incident-1)`. */
export function lineOf(
  { at, severity, reason, camera, incident, suppressed }: Alert,
  timeZone: string,
): string {
  const where = suppressed === undefined ? (incident ?? '') : `suppressed: ${suppressed}`;
  return `${wallTime(at, timeZone)} ${severity.padEnd(6)} ${reason.text} (${camera}, ${where})`;
}

/** `2026-11-22 23:15:02 lost   E_LIVE_SILENT: ...`. */
export function stateLine({ state, since, report, note }: LiveState, timeZone: string): string {
  const why = report === undefined ? (note ?? '') : formatError(report);
  return `${wallTime(since, timeZone)} ${state.padEnd(6)} ${why}`.trimEnd();
}

export function healthLine(health: CameraHealth, timeZone: string): string {
  return `${wallTime(health.since, timeZone)} health ${healthWords(health)}`;
}

/** What a watch has told so far. */
export class Tally {
  alerts = 0;
  suppressed = 0;
  incidents = 0;
  readonly #why = new Map<string, number>();

  add({ suppressed }: Pick<Alert, 'suppressed'>): void {
    if (suppressed === undefined) this.alerts++;
    else {
      this.suppressed++;
      this.#why.set(suppressed, (this.#why.get(suppressed) ?? 0) + 1);
    }
  }

  get counts(): { readonly alerts: number; readonly suppressed: number; readonly incidents: number } {
    return { alerts: this.alerts, suppressed: this.suppressed, incidents: this.incidents };
  }

  /** `3 alerts in 1 incident, 5 suppressed (site open 4, same event 1)`: nobody wonders why a watch was silent. */
  get line(): string {
    const { alerts, suppressed, incidents } = this;
    const why = [...this.#why].map(([reason, count]) => `${reason} ${count}`).join(', ');
    return (
      `${alerts} ${alerts === 1 ? 'alert' : 'alerts'} in ${incidents} ${incidents === 1 ? 'incident' : 'incidents'}` +
      (suppressed === 0 ? '' : `, ${suppressed} suppressed (${why})`)
    );
  }
}

function healthWords({ state, leftOut = 0, off }: CameraHealth): string {
  if (state === 'slow') return `too slow: ${Math.round(100 * leftOut)} % of the frames are left out`;
  if (state !== 'out-of-time') return `the picture is ${state}`;
  return off === undefined || Math.abs(off) < 1
    ? 'out of time: the time stamps of the camera jump or drift'
    : `out of time: the clock of the camera is ${Math.abs(off).toFixed(1)} s ${off > 0 ? 'ahead' : 'behind'}`;
}

function wallTime(at: number, timeZone: string): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone });
}
