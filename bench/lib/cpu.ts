import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { projectRoot } from '../../test/needs.ts';

/** What something cost. */
export interface Cost {
  /** Seconds of processor time of all threads, user and system. */
  readonly cpu: number;
  /** Seconds. */
  readonly wall: number;
}

/** What a part of this process costs, all its threads included. */
export async function costOf<T>(work: () => Promise<T> | T): Promise<Cost & { readonly result: T }> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - start) / 1000, result };
}

/**
 * Runs a command and measures the processor time of it and of all its children: POSIX `times` of a shell that ran
 * nothing else, in steps of 10 ms.
 * @throws Error with what it printed last, unless it ends with code 0, or with 1: done, and something needs attention.
 */
export async function commandCost(command: string, args: readonly string[]): Promise<Cost> {
  const start = performance.now();
  const child = spawn('sh', ['-c', '"$@"; code=$?; times >&3; exit $code', 'sh', command, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let [said, times] = ['', ''];
  child.stdio[2]?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  child.stdio[3]?.on('data', (chunk: Buffer) => (times += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  // 1 says that a person must look at the output, which is there.
  if (code !== 0 && code !== 1) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${said}`);
  return { cpu: childTimes(times), wall: (performance.now() - start) / 1000 };
}

/** The second line of `times` is about the children: `0m1.23s 0m0.45s`. */
function childTimes(text: string): number {
  const spans = [...(text.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (spans.length !== 2) throw new Error(`the shell's times cannot be read: ${text}`);
  return spans.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
