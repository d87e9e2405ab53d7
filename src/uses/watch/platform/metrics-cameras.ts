import { Counter, Gauge, type Registry } from 'prom-client';
import type { CameraNote } from './camera-note.ts';

const labelNames = ['site', 'camera'] as const;
type Labels = Readonly<Record<(typeof labelNames)[number], string>>;
type Told = readonly [name: string, help: string, figure: keyof CameraNote];

/** Figures that rise from 0 with each run of a camera's service, as counters do. */
const counted: readonly Told[] = [
  ['frames_total', 'Frames looked at since the service of the camera began.', 'frames'],
  ['dropped_frames_total', 'Frames left out since then: a newer one had come.', 'dropped'],
  ['reconnects_total', 'Times its stream was opened again since then.', 'reconnects'],
  ['lost_pictures_total', 'Pictures of alerts left out since then: no room to keep them.', 'lostPictures'],
];
const measured: readonly Told[] = [
  ['fps', 'Frames looked at in a second, of the last five.', 'fps'],
  ['latency_seconds', 'From the arrival of the newest frame until it was looked at.', 'latency'],
  ['queue_age_seconds', 'Age of the oldest message that the service has not taken yet.', 'queueAge'],
  ['clock_off_seconds', 'That the clock of the camera is ahead, where it tells the time.', 'off'],
  ['spool_bytes', 'What waits for the database on the machine beside the camera.', 'spoolBytes'],
  ['spool_waiting', 'Alerts and other reports among it.', 'waiting'],
  ['spool_age_seconds', 'Age of the oldest of it.', 'oldestSeconds'],
  ['spool_not_on_disk', 'Entries of it that a full disk did not take: only memory holds them.', 'notOnDisk'],
  ['spool_disk_refuses', '1 when its disk did not take what was last written there.', 'diskRefuses'],
];

/** How the watch of each camera goes, as its service says. */
export class CameraGauges {
  readonly #counters: readonly { readonly metric: Counter; readonly figure: keyof CameraNote }[];
  readonly #gauges: readonly { readonly metric: Gauge; readonly figure: keyof CameraNote }[];

  constructor(registers: Registry[]) {
    const options = (name: string, help: string) => ({
      ...{ name: `tidewaiter_watch_camera_${name}`, help, labelNames, registers },
    });
    this.#counters = counted.map(([name, help, figure]) => ({
      metric: new Counter(options(name, help)),
      figure,
    }));
    this.#gauges = measured.map(([name, help, figure]) => ({
      metric: new Gauge(options(name, help)),
      figure,
    }));
  }

  reset(): void {
    for (const { metric } of [...this.#counters, ...this.#gauges]) metric.reset();
  }

  /** @param note after {@link reset}; figures that it does not have are left out. */
  set(labels: Labels, note: Partial<CameraNote>): void {
    for (const { metric, figure } of this.#counters) metric.inc(labels, note[figure] ?? 0);
    for (const { metric, figure } of this.#gauges) {
      const value = note[figure];
      if (value !== undefined) metric.set(labels, value);
    }
  }
}
