import { exitCode } from '../core/command.ts';
import { formatError, toErrorReport } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { useCommands } from '../uses/index.ts';
import { backupCommand, restoreCommand } from './backup-command.ts';
import { bundleCommand } from './bundle-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { governanceCommand } from './governance-command.ts';
import { models } from './models-command.ts';
import { runProgram } from './program.ts';
import { serveCommand, workerCommand } from './serve-command.ts';
import { keysCommand } from './keys-command.ts';
import { listenForStop } from './stop.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { tokenCommand } from './token-command.ts';
import { userCommand } from './user-command.ts';

/**
 * The command line.
 * @param words what follows the program's name.
 * @returns the exit code: see `exitCode`, or 128 + the number of the signal that stopped the work (130 for Ctrl-C).
 */
export async function main(words: readonly string[]): Promise<number> {
  const stop = listenForStop(() => {
    if (process.stderr.isTTY)
      void terminal.io.stderr.write('\nStopping; press Ctrl-C again to stop at once.\n');
  });
  const terminal = openTerminal(words.includes('--json'), stop);
  try {
    const code = await runProgram(
      [
        ...useCommands,
        models,
        serveCommand,
        workerCommand,
        userCommand,
        tokenCommand,
        keysCommand,
        governanceCommand,
        backupCommand,
        restoreCommand,
        bundleCommand,
        doctorCommand,
      ],
      words,
      version,
      terminal.io,
    );
    terminal.clear();
    if (terminal.lost !== undefined) throw terminal.lost;
    return stop.exitCode ?? code;
  } catch (error) {
    terminal.clear();
    // Whoever has left is not told that the work ended with them.
    if (!terminal.left) await tell(terminal.lost ?? error, terminal);
    return stop.exitCode ?? exitCode.usage;
  }
}

async function tell(error: unknown, { io }: Terminal): Promise<void> {
  const report = toErrorReport(error);
  if (io.json) await io.emit('error', report);
  await io.stderr.write(`${formatError(report)}\n`);
  if (process.env['TIDEWAITER_DEBUG'] === '1') await io.stderr.write(`${fullStory(error)}\n`);
}

/** The stack, and under it what the error was caused by: for a worker's error, what the worker printed last. */
function fullStory(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  if (error.cause === undefined) return own;
  return `${own}\ncaused by: ${fullStory(error.cause)}`;
}
