import type { Seconds } from '../../core/time.ts';

/** A stretch of time, on the same clock as the video's presentation times. */
export interface AudioSpan {
  readonly start: Seconds;
  readonly end: Seconds;
}

/** What happens to the sound. `mute` keeps the tracks and makes them silent, so that players behave as before. */
export type AudioPlan =
  | { readonly mode: 'keep' }
  | { readonly mode: 'mute' }
  | { readonly mode: 'drop' }
  | { readonly mode: 'spans'; readonly spans: readonly AudioSpan[]; readonly style: 'mute' | 'bleep' };

/** What became of one track. */
export interface AudioOutcome {
  /** Index of the stream in the source. */
  readonly index: number;
  /**
   * `copied`: every packet bit for bit. `spliced`: packets outside the spans and their neighbours bit for bit.
   * `re-encoded`: all of it decoded and encoded again. `dropped`: not in the output.
   */
  readonly mode: 'copied' | 'spliced' | 're-encoded' | 'dropped';
  /** Codec in the output, or of the source for a dropped track. */
  readonly codec: string;
  /** In words, for the report. */
  readonly note: string;
}
