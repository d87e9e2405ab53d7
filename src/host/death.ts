import { TidewaiterError } from '../core/errors.ts';

/** How a worker process ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly failure: Error | undefined;
}

/** The limit that a worker was killed for. */
export type BrokenLimit = 'memory' | 'stall';

export function cancelled(): TidewaiterError {
  return new TidewaiterError('E_CANCELLED', 'The work was cancelled', 'Start it again when you want it.');
}

/** The error for a worker that ended without an outcome. */
export function deathError(
  end: ChildEnd,
  limit: BrokenLimit | undefined,
  limits: { readonly memoryLimitBytes: number; readonly stallSeconds: number },
  lastWords: string,
): TidewaiterError {
  if (limit === 'stall') {
    return new TidewaiterError(
      'E_STALLED',
      `The worker made no progress for ${limits.stallSeconds} seconds and was stopped`,
      'Try again on a less busy machine; if it happens again with the same file, set that file aside as damaged.',
    );
  }
  if (limit === 'memory' || /JavaScript heap out of memory/.test(lastWords)) {
    return new TidewaiterError(
      'E_WORKER_MEMORY',
      `The worker needed more than ${Math.round(limits.memoryLimitBytes / 2 ** 20)} MB of memory and was stopped`,
      'Use a smaller picture or fewer classes, or raise the memory limit.',
    );
  }
  const how =
    end.failure?.message ?? (end.signal === null ? `exit code ${end.code}` : `killed by ${end.signal}`);
  return new TidewaiterError(
    'E_WORKER_DIED',
    `The worker died (${how}${lastWords === '' ? '' : `; its last words: ${lastWords}`})`,
    'Try again; if it dies again on the same file, that file is damaged or hostile: set it aside and report it.',
  );
}
