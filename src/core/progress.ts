import type { Seconds } from './time.ts';

/** How far a piece of work is. Sent often; a receiver may drop all but the newest. */
export interface Progress {
  /** What is being done, one lower-case word: `analyse`, `render`, ... */
  readonly stage: string;
  /** Units finished in this stage. */
  readonly done: number;
  /** Units in this stage, when known. */
  readonly total?: number;
  readonly unit: 'frames' | 'pictures' | 'bytes' | 'clips';
  /** Media time reached, for video. */
  readonly at?: Seconds;
}

export type ReportProgress = (progress: Progress) => void;
