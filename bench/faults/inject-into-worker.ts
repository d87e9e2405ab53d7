import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before the command line (`node --import`): the worker that it forks loads the fault named in
 * TIDEWAITER_BENCH_FAULT before its own code. Nothing of the product knows of it.
 */
const fault = process.env['TIDEWAITER_BENCH_FAULT'] ?? '';
const { fork } = childProcess;

function forkWithFault(
  path: string | URL,
  args: readonly string[] = [],
  options: childProcess.ForkOptions = {},
): childProcess.ChildProcess {
  const url = new URL(`./break.ts?fault=${fault}`, import.meta.url);
  return fork(path, args, { ...options, execArgv: [...(options.execArgv ?? []), '--import', url.href] });
}

childProcess.fork = forkWithFault as typeof fork;
syncBuiltinESMExports();
