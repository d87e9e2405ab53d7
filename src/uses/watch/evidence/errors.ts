import { TidewaiterError } from '../../../core/errors.ts';

/** A package that cannot be made, or a file that is none. */
export function evidenceError(what: string, remedy: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError('E_EVIDENCE', what, remedy, { cause });
}
