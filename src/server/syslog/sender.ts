import { setTimeout as wait } from 'node:timers/promises';
import { hostname } from 'node:os';
import { syslogMessage, type SyslogLine } from './message.ts';
import { longestMessage, openChannel, type Channel, type SyslogTarget } from './target.ts';

/** Messages that wait while the receiver cannot be reached; about 2 MB. */
const MOST_WAITING = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const CLOSING_MS = 3_000;

export interface SyslogSender {
  /** Takes a line and returns at once. */
  send(line: SyslogLine): void;
  /** Gives what waits a moment to go out. */
  close(): Promise<void>;
}

export interface SenderOptions {
  /** Told when the receiver cannot be reached, once each time, and when it is back. */
  readonly onTrouble: (line: string) => void;
  readonly mostWaiting?: number;
}

/**
 * Sends lines to a receiver of syslog, in their order, for as long as the process runs. While it cannot be reached the latest lines
 * wait, up to a limit; how many were dropped beyond it is the first thing that it hears when it is back.
 */
export function createSyslogSender(
  target: SyslogTarget,
  { onTrouble, mostWaiting = MOST_WAITING }: SenderOptions,
): SyslogSender {
  const origin = { host: hostname(), pid: process.pid };
  const waiting: SyslogLine[] = [];
  const stopping = new AbortController();
  let dropped = 0;
  let wake: () => void = () => undefined;

  const encode = (line: SyslogLine): Buffer => syslogMessage(line, origin, longestMessage(target));

  async function deliver(channel: Channel): Promise<void> {
    let broken: string | undefined;
    void channel.broken.then((reason) => {
      broken = reason;
      wake();
    });
    for (;;) {
      if (broken !== undefined) throw new Error(broken);
      if (dropped > 0) {
        const text = `${dropped} lines were lost while this receiver could not be reached`;
        await channel.send(encode({ at: new Date(), severity: 'warning', text }));
        dropped = 0;
      }
      const [line] = waiting;
      if (line === undefined) {
        if (stopping.signal.aborted) return;
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      await channel.send(encode(line));
      // Taken away only when it was handed over: when the connection breaks on it, it is sent again.
      if (waiting[0] === line) waiting.shift();
    }
  }

  async function run(): Promise<void> {
    for (let failures = 0; ;) {
      try {
        const channel = await openChannel(target);
        if (failures > 0) onTrouble(`syslog: ${target.url.host} can be reached again`);
        failures = 0;
        await deliver(channel);
        return await channel.close();
      } catch (error) {
        if (stopping.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        if (failures === 0) onTrouble(`syslog: ${target.url.host} cannot be reached (${reason})`);
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
        failures += 1;
        await wait(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    send: (line) => {
      waiting.push(line);
      if (waiting.length > mostWaiting) {
        waiting.shift();
        dropped += 1;
      }
      wake();
    },
    close: async () => {
      stopping.abort();
      wake();
      const late = new AbortController();
      const tooLate = wait(CLOSING_MS, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([running, tooLate]);
      late.abort();
    },
  };
}
