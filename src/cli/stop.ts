import { constants } from 'node:os';

/** Signals that come within so many milliseconds are one: Ctrl-C reaches this process and those that pass it on to it. */
const ONE_MS = 250;
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How this process was asked to stop. */
export interface StopRequest {
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** 128 + the signal's number, as shells have it; undefined while nobody asked. */
  readonly exitCode: number | undefined;
  /** Stops as if the signal had come: for a reader that has left. */
  request(signal: NodeJS.Signals): void;
}

/**
 * Listens for Ctrl-C and its kin. The first asks the work to stop; the second ends this process at once, and workers go
 * with it.
 * @param onFirst called at the first one.
 */
export function listenForStop(onFirst: () => void): StopRequest {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let askedAt = 0;
  const request = (signal: NodeJS.Signals): void => {
    exitCode ??= 128 + constants.signals[signal];
    controller.abort();
  };
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (exitCode !== undefined && performance.now() - askedAt < ONE_MS) return;
      if (exitCode !== undefined) process.exit(exitCode);
      askedAt = performance.now();
      request(signal);
      onFirst();
    });
  }
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    request,
  };
}
