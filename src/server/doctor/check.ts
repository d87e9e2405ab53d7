import { toErrorReport } from '../../core/errors.ts';

/** What a check found. */
export interface Finding {
  /** What was looked at, one or two words. */
  readonly what: string;
  /** `warn`: it works, and should be seen to; `fail`: it does not work, or loses data. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly found: string;
  /** What to do; not with `ok`. */
  readonly remedy?: string;
}

export function ok(what: string, found: string): Finding {
  return { what, state: 'ok', found };
}

export function warn(what: string, found: string, remedy: string): Finding {
  return { what, state: 'warn', found, remedy };
}

export function fail(what: string, found: string, remedy: string): Finding {
  return { what, state: 'fail', found, remedy };
}

/** An error of a check as what it found. */
export function failed(what: string, error: unknown): Finding {
  const { message, remedy } = toErrorReport(error);
  return fail(what, message, remedy);
}
