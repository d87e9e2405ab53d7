import { TidewaiterError } from '../../../core/errors.ts';
import type { Address } from './talk.ts';

/** A platform that runs, and a way in. */
export interface Place extends Address {
  /** Gives the way in back. */
  close(): Promise<void>;
}

/** Why there is no way in. */
export function access(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_PLATFORM_ACCESS', message, remedy);
}
