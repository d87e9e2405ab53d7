import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestLine } from './event-reporter.ts';
import { killGroup, leftInGroup } from './process-group.ts';

export interface FileReport {
  readonly path: string;
  readonly tests: readonly Extract<TestLine, { kind: 'test' }>[];
  /** What the file printed. */
  readonly printed: string;
}

const reporter = fileURLToPath(new URL('./event-reporter.ts', import.meta.url));

/**
 * Runs one test file in a process group of its own, which is killed as a whole at the end: node:test's own `run()` can
 * neither stop a test that never yields nor a program that a test left behind. Both are failures of the file.
 */
export async function runTestFile(
  path: string,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<FileReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-tests-'));
  try {
    const events = join(folder, 'events');
    const child = spawn(
      process.execPath,
      [`--test-reporter=${reporter}`, `--test-reporter-destination=${events}`, path],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      },
    );
    const ending = await watch(child, timeoutSeconds, signal);
    const lines = readLines(events);
    const tests = lines.filter((line) => line.kind === 'test');
    const whole = lines.some((line) => line.kind === 'end');
    const fault = faultOf(ending, whole, tests, timeoutSeconds);
    if (fault !== undefined) {
      tests.push({ kind: 'test', name: '(file)', outcome: 'failed', milliseconds: 0, detail: fault });
    }
    return { path, tests, printed: ending.printed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Programs that were still there after the file had ended. */
  readonly leftBehind: readonly string[];
  readonly printed: string;
}

async function watch(child: ChildProcess, timeoutSeconds: number, signal: AbortSignal): Promise<Ending> {
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  let timedOut = false;
  const stop = (): void => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutSeconds * 1000);
  signal.addEventListener('abort', stop, { once: true });
  const [code, exitSignal] = (await once(child, 'exit')) as [number | null, string | null];
  const leftBehind = await leftInGroup(child.pid);
  stop();
  if (child.stdout?.readableEnded === false) await once(child, 'close');
  clearTimeout(timer);
  signal.removeEventListener('abort', stop);
  return { code, signal: exitSignal, timedOut, leftBehind, printed };
}

function readLines(path: string): TestLine[] {
  try {
    const text = readFileSync(path, 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    return lines.filter(Boolean).map((line) => JSON.parse(line) as TestLine);
  } catch {
    return [];
  }
}

function faultOf(
  ending: Ending,
  whole: boolean,
  tests: FileReport['tests'],
  timeoutSeconds: number,
): string | undefined {
  if (ending.timedOut) return `not done after ${timeoutSeconds} seconds`;
  if (ending.leftBehind.length > 0) return `left behind: ${ending.leftBehind.join('; ')}`;
  if (tests.length === 0 && ending.code === 0) return 'holds no test, or ended before its first';
  if (!whole) return `ended early: ${ending.signal ?? `exit code ${ending.code}`}`;
  const explained = tests.some((test) => test.outcome === 'failed');
  return ending.code === 0 || explained ? undefined : `exit code ${ending.code} although no test failed`;
}
