import pino from 'pino';
import type { TextOutput } from '../core/command.ts';
import type { Settings } from '../platform/settings/settings.ts';

/** Says what happens, a line at a time, without personal data; `error` for what somebody should look into. */
export type Log = (line: string, level?: 'error') => void;

/** JSON lines for a log collector; for a person at a terminal the lines as they are. */
export function createLog({ log: { level } }: Settings, stderr: TextOutput, isTerminal: boolean): Log {
  if (!isTerminal) {
    const logger = pino({ name: 'tidewaiter', level }, { write: (line) => void stderr.write(line) });
    return (line, kind) => (kind === 'error' ? logger.error(line) : logger.info(line));
  }
  const quiet = level === 'warn' || level === 'error';
  return (line, kind) => {
    if (kind === 'error' || !quiet) void stderr.write(`${line}\n`);
  };
}
