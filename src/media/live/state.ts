import type { ErrorReport } from '../../core/errors.ts';

/** Whether a camera's pictures arrive. Times are milliseconds since 1970. */
export interface LiveState {
  /**
   * - `connecting`: before the first picture ever.
   * - `live`: pictures arrive.
   * - `lost`: they came, and no longer do; or a first attempt has failed. It is being tried again.
   */
  readonly state: 'connecting' | 'live' | 'lost';
  /** When it began, not when it was noticed: `live` with the first picture, `lost` with the last one that arrived. */
  readonly since: number;
  /** Why, when it is lost. Names the address without credentials. */
  readonly report?: ErrorReport;
  /** What was reopened and why, when it is live again: `the picture changed from 640x360 to 1280x720`. */
  readonly note?: string;
}
