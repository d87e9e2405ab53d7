import { openModel } from './open.ts';
import type { Permit } from '../core/permit.ts';
import type { OpenModelOptions } from './open.ts';

/** Clocks to measure with, in milliseconds from any start. */
export interface Stopwatch {
  wall(): number;
  /** CPU time of this process, all threads. */
  cpu(): number;
}

export const processStopwatch: Stopwatch = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

export interface MeasureOptions extends OpenModelOptions {
  readonly stopwatch: Stopwatch;
  /** Runs to measure, after one that warms up; 20 by default. */
  readonly runs?: number;
}

/** Cost of one run on this machine, at the card's input size. */
export interface ModelSpeed {
  readonly n: number;
  readonly medianWallMs: number;
  readonly medianCpuMs: number;
}

/**
 * Runs a model on a grey picture and times it.
 * @throws TidewaiterError what {@link openModel} throws.
 */
export async function measureModel(id: string, permit: Permit, options: MeasureOptions): Promise<ModelSpeed> {
  const { stopwatch, runs = 20 } = options;
  const session = await openModel(id, permit, options);
  try {
    const { name, width, height, layout, channels } = session.card.input;
    const depth = channels === 'GRAY' ? 1 : 3;
    const dims = layout === 'NCHW' ? [1, depth, height, width] : [1, height, width, depth];
    const feeds = { [name]: { data: new Float32Array(depth * width * height), dims } };
    await session.run(feeds);
    const walls: number[] = [];
    const cpus: number[] = [];
    for (let run = 0; run < runs; run++) {
      const [wall, cpu] = [stopwatch.wall(), stopwatch.cpu()];
      await session.run(feeds);
      walls.push(stopwatch.wall() - wall);
      cpus.push(stopwatch.cpu() - cpu);
    }
    return { n: runs, medianWallMs: median(walls), medianCpuMs: median(cpus) };
  } finally {
    await session.close();
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle - 0.5)] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
