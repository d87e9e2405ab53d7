import { existsSync } from 'node:fs';
import { canServe } from '../material/rtsp/server.ts';
import { sharedData } from '../test/needs.ts';
import { soak, type MemoryPoint } from '../test/watch/soak.ts';
import type { Bench } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

/** Half an hour of four cameras with faults (see `soak`): memory, alerts that should have come, processes left over. */
export const bench: Bench = {
  title: 'Watch: soak with faults',
  run: async ({ short, folder, print }) => {
    if (!canServe || !existsSync(sharedData)) {
      print('Not measured: the RTSP stand-in needs GStreamer, and the people the annotated clip.');
      print('');
      return;
    }
    const plan = short ? { seconds: 180, faultSeconds: 4 } : { seconds: 1800, faultSeconds: 10 };
    const { faults, alerts, told, missed, lost, memory, left, exitCode } = await soak({ folder, ...plan });
    const growth = slopeOf(memory.filter(({ at }) => at > (short ? 60_000 : 300_000)));
    const counts = Object.entries(alerts).map(([slot, count]) => `${slot} ${count}`);
    printTable(
      print,
      ['measure', 'limit', 'measured', 'kept'],
      [
        ['faults injected', 6, `${faults.length}: ${faults.join(', ')}`, verdict(faults.length === 6)],
        ['alerts that came', 'some of each camera', counts.join(', '), verdict(!/ 0\b/.test(counts.join()))],
        [
          'entries without an alert while a camera saw and kept up',
          0,
          `${missed} of ${told + missed}`,
          verdict(missed === 0),
        ],
        ['alerts lost between camera and database', 0, lost, verdict(lost === 0)],
        [
          'memory after the first minutes, MB an hour (95 %)',
          'not above 0',
          growth.text,
          verdict(growth.low <= 0),
        ],
        [
          'processes left over (exit code 143)',
          0,
          `${left.length} (${exitCode})`,
          verdict(left.length === 0),
        ],
      ],
    );
  },
};

/** Least squares through points in time, with the interval of their slope as if they were independent. */
function slopeOf(points: readonly MemoryPoint[]): { readonly low: number; readonly text: string } {
  const n = points.length;
  const hours = points.map(({ at }) => at / 3_600_000);
  const megabytes = points.map(({ bytes }) => bytes / 1e6);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [x0, y0] = [mean(hours), mean(megabytes)];
  const spread = hours.reduce((sum, x) => sum + (x - x0) ** 2, 0);
  const slope = hours.reduce((sum, x, at) => sum + (x - x0) * (megabytes[at]! - y0), 0) / spread;
  const rest = hours.reduce((sum, x, at) => sum + (megabytes[at]! - y0 - slope * (x - x0)) ** 2, 0);
  const half = 1.96 * Math.sqrt(rest / Math.max(1, n - 2) / spread);
  const low = slope - half;
  return {
    low,
    text: `${slope.toFixed(0)} (${low.toFixed(0)} to ${(slope + half).toFixed(0)}), from ${y0.toFixed(0)} MB`,
  };
}
