import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { projectRoot } from '../../test/needs.ts';

const everyMs = 50;

/** Memory of a process and all its descendants at one moment, bytes. */
export interface TreeMemory {
  /** Sum of resident sizes: pages that several processes share count for each of them. */
  readonly rss: number;
  /** Sum of proportional sizes: a shared page counts once. */
  readonly pss: number;
}

/** The highest of each while a command ran, and how often was looked. */
export interface PeakMemory extends TreeMemory {
  readonly looks: number;
  readonly code: number;
  readonly stderr: string;
}

/** Runs a command and looks at the memory of its process tree every 50 ms. Linux only. */
export async function peakMemoryOf(command: string, args: readonly string[]): Promise<PeakMemory> {
  const child = spawn(command, args, { cwd: projectRoot, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  let ended = false;
  const end = once(child, 'close').finally(() => (ended = true)) as Promise<[number | null]>;
  let [rss, pss, looks] = [0, 0, 0];
  while (!ended) {
    const now = await treeMemory(child.pid ?? 0);
    rss = Math.max(rss, now.rss);
    pss = Math.max(pss, now.pss);
    looks += 1;
    await Promise.race([end, wait(everyMs)]);
  }
  const [code] = await end;
  return { rss, pss, looks, code: code ?? 1, stderr };
}

async function treeMemory(root: number): Promise<TreeMemory> {
  const sizes = await Promise.all((await treeOf(root)).map(processMemory));
  return {
    rss: sizes.reduce((sum, size) => sum + size.rss, 0),
    pss: sizes.reduce((sum, size) => sum + size.pss, 0),
  };
}

async function treeOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => '')),
  );
  const children = lists.flatMap((list) => list.split(' ').filter((word) => word.trim() !== ''));
  return [pid, ...(await Promise.all(children.map((child) => treeOf(Number(child))))).flat()];
}

/** A process that is gone by now has none. */
async function processMemory(pid: number): Promise<TreeMemory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'latin1').catch(() => '');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { rss: bytes('Rss'), pss: bytes('Pss') };
}
