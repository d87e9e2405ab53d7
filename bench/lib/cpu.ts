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

/** A command that has ended. */
export interface CommandCost extends Cost {
  /** Exit code, 128 + the number of the signal when one ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command and measures the processor time of it and of all its children: POSIX `times` of a shell that ran
 * nothing else, in steps of 10 ms.
 */
export async function commandCost(command: string, args: readonly string[]): Promise<CommandCost> {
  const start = performance.now();
  const child = spawn('sh', ['-c', '"$@"; code=$?; times >&3; exit $code', 'sh', command, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const printed = [1, 2, 3].map((index) => {
    const chunks: Buffer[] = [];
    child.stdio[index]?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return (): string => Buffer.concat(chunks).toString();
  }) as [() => string, () => string, () => string];
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr, times] = printed;
  return {
    cpu: childTimes(times()),
    wall: (performance.now() - start) / 1000,
    code: code ?? 1,
    stdout: stdout(),
    stderr: stderr(),
  };
}

/** As {@link commandCost}, for a command that must succeed. @throws Error with what it printed. */
export async function successCost(command: string, args: readonly string[]): Promise<CommandCost> {
  const cost = await commandCost(command, args);
  if (cost.code === 0) return cost;
  throw new Error(`${command} ${args.join(' ')} ended with ${cost.code}: ${cost.stderr.slice(-2000)}`);
}

/** The second line of `times` is about the children: `0m1.23s 0m0.45s`. */
function childTimes(text: string): number {
  const spans = [...(text.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (spans.length !== 2) throw new Error(`the shell's times cannot be read: ${text}`);
  return spans.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
