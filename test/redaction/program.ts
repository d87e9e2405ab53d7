import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/tidewaiter.js', import.meta.url));

/** Where all tests of the redaction keep converted models, so that they are converted once on a machine. */
export const testCache = join(tmpdir(), 'tidewaiter-test-cache');

/** What a run of the program answered. */
export interface Answer {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the real program that is under way. */
export interface Run {
  readonly pid: number;
  readonly process: ChildProcess;
  /** What it printed so far, both streams. */
  readonly printed: () => string;
  /** Resolves when it has printed a text. @throws Error when it ended without. */
  readonly saw: (text: RegExp) => Promise<void>;
  readonly ended: Promise<Answer>;
}

const dataFolder = mkdtempSync(join(tmpdir(), 'tidewaiter-keys-'));
chmodSync(dataFolder, 0o777);
process.on('exit', () => rmSync(dataFolder, { recursive: true, force: true }));

/** Starts `tidewaiter WORDS` in a child with the Node of this test. */
export function start(words: readonly string[], command: readonly string[] = []): Run {
  const [program = process.execPath, ...rest] = [...command, process.execPath, bin, ...words];
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What hangs must fail, not stay.
    timeout: 60_000,
    killSignal: 'SIGKILL',
    env: {
      ...process.env,
      TIDEWAITER_CACHE: testCache,
      // A key of its own: that of the person who runs the tests signs nothing here.
      TIDEWAITER_DATA: join(dataFolder, command.length === 0 ? 'own' : 'of-another-user'),
      NODE_COMPILE_CACHE: undefined,
    },
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk: Buffer) => (text[name] += chunk.toString()));
  }
  let over = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, ...text };
  });
  const printed = (): string => text.stdout + text.stderr;
  const saw = async (wanted: RegExp): Promise<void> => {
    while (!wanted.test(printed())) {
      if (over) throw new Error(`the program ended without ${wanted}: ${printed()}`);
      await sleep(5);
    }
  };
  return { pid: child.pid ?? 0, process: child, printed, saw, ended };
}

/** Runs `tidewaiter WORDS` to its end. */
export async function tidewaiter(...words: string[]): Promise<Answer> {
  return start(words).ended;
}

/** The same, when it must go well. */
export async function succeeds(...words: string[]): Promise<Answer> {
  const answer = await tidewaiter(...words);
  assert.equal(answer.code, 0, `${words.join(' ')}\n${answer.stdout}${answer.stderr}`);
  return answer;
}

/** What a person sees of an error: `E_CODE: what is wrong. What to do.` as the last line, and nothing below it. */
export function assertFailed(answer: Answer, code: string, exitCode = 2): void {
  const told = `${answer.stdout}${answer.stderr}`;
  assert.equal(answer.signal, null, told);
  assert.equal(answer.code, exitCode, told);
  const lines = answer.stderr.split('\n');
  assert.equal(lines.pop(), '', told);
  const errors = lines.filter((line) => !/^(analyse|render|check): /.test(line));
  assert.equal(errors.length, 1, told);
  assert.match(errors[0] ?? '', new RegExp(`^${code}: .+[.!?] \\S.+[.!?]$`), told);
  assert.equal(lines.at(-1), errors[0], told);
}

/** The lines of `--json`. */
export interface JsonLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Every line of standard output must be JSON with an event. */
export function jsonLines(answer: Answer): JsonLine[] {
  assert.ok(answer.stdout.endsWith('\n'));
  return answer.stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const value = JSON.parse(line) as JsonLine;
      assert.equal(typeof value.event, 'string', line);
      return value;
    });
}

/** Paths below a folder, hidden ones too, in the order of their names; none when there is no such folder. */
export function listing(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Process ids below a process, from Linux's own list. */
export function descendants(pid: number): number[] {
  const own = childrenOf(pid);
  return own.flatMap((child) => [child, ...descendants(child)]);
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** The worker process of a run, when it has one by now. */
export async function workerOf(run: Run): Promise<number> {
  for (let waited = 0; waited < 20_000; waited += 10) {
    const [worker] = descendants(run.pid);
    if (worker !== undefined) return worker;
    await sleep(10);
  }
  throw new Error(`no worker was started: ${run.printed()}`);
}

/** Fails when one of the processes is still there after some seconds. */
export async function assertGone(pids: readonly number[]): Promise<void> {
  const left = (): number[] => pids.filter(isAlive);
  for (let waited = 0; waited < 10_000 && left().length > 0; waited += 50) await sleep(50);
  assert.deepEqual(left(), []);
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and was not yet waited for is a zombie: it runs nothing.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
