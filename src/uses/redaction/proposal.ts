import type { TimedBox } from '../../core/path.ts';
import type { Seconds } from '../../core/time.ts';

/**
 * Something that a redaction may cover, with its margin already added: what the plan says is what is drawn. Times are
 * in the order of time; the box moves in a straight line between them.
 */
export interface Proposal {
  readonly id: string;
  readonly class: string;
  readonly kind?: string;
  /** Id of the person or vehicle it belongs to. */
  readonly subject?: string;
  readonly score: number;
  readonly detections: number;
  readonly start: Seconds;
  readonly end: Seconds;
  readonly keyframes: readonly TimedBox[];
}
