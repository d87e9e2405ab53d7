import { readFile } from 'node:fs/promises';
import pino from 'pino';
import type { TextOutput } from '../core/command.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import type { Settings } from '../platform/settings/settings.ts';
import type { SecurityEvent } from './syslog/message.ts';
import { createSyslogSender, type SyslogSender } from './syslog/sender.ts';
import type { SyslogTarget } from './syslog/target.ts';

/**
 * Says what happens, a line at a time, without personal data; `error` for what somebody should look into. An event of security
 * comes with its id.
 */
export type Log = (line: string, level?: 'error', event?: SecurityEvent) => void;

/** A log that has to be closed, so that its last lines go out. */
export interface OpenLog {
  readonly log: Log;
  close(): Promise<void>;
}

/**
 * JSON lines for a log collector; for a person at a terminal the lines as they are. Beside that all goes to the receiver of
 * syslog that the settings name.
 * @throws TidewaiterError `E_SETTINGS` when a file that they name for it cannot be read.
 */
export async function openLog(settings: Settings, stderr: TextOutput, isTerminal: boolean): Promise<OpenLog> {
  const near = createLog(settings, stderr, isTerminal);
  const { syslog, level } = settings.log;
  if (syslog === undefined) return { log: near, close: async () => Promise.resolve() };
  const sender: SyslogSender = createSyslogSender(await readTarget(syslog), {
    onTrouble: (line) => near(line, 'error'),
  });
  const quiet = level === 'warn' || level === 'error';
  return {
    log: (text, kind, event) => {
      near(text, kind, event);
      const severity = kind ?? (event === undefined ? 'info' : 'notice');
      if (severity !== 'info' || !quiet) sender.send({ at: new Date(), severity, text, event });
    },
    close: () => sender.close(),
  };
}

function createLog({ log: { level } }: Settings, stderr: TextOutput, isTerminal: boolean): Log {
  if (!isTerminal) {
    const logger = pino({ name: 'tidewaiter', level }, { write: (line) => void stderr.write(line) });
    return (line, kind, event) => {
      const fields = event === undefined ? {} : { event: event.id, ...event.fields };
      if (kind === 'error') logger.error(fields, line);
      else logger.info(fields, line);
    };
  }
  const quiet = level === 'warn' || level === 'error';
  return (line, kind, event) => {
    // Whoever sits there wants to see what the server does, not who works with it.
    if (kind === 'error' || (!quiet && event === undefined)) void stderr.write(`${line}\n`);
  };
}

/** @throws TidewaiterError `E_SETTINGS` when a file that they name cannot be read. */
export async function readTarget({
  url,
  ca,
  certificate,
  key,
}: NonNullable<Settings['log']['syslog']>): Promise<SyslogTarget> {
  const read = async (path: string): Promise<Buffer> =>
    readFile(path).catch((error: unknown) => {
      throw new TidewaiterError(
        'E_SETTINGS',
        `The file ${path} of log.syslog cannot be read (${systemCode(error) ?? 'unknown reason'})`,
        'Check its name and permissions.',
      );
    });
  return {
    url: new URL(url),
    ...(ca === undefined ? {} : { ca: await read(ca) }),
    ...(certificate === undefined ? {} : { certificate: await read(certificate) }),
    ...(key === undefined ? {} : { key: await read(key) }),
  };
}
