import { area, intersection, type PixelBox } from '../../src/core/box.ts';

/**
 * Seconds of a simulated operator: the Keystroke-Level Model of S. K. Card, T. P. Moran and A. Newell (Communications of
 * the ACM 23(7), 1980) with its average typist. Nobody was timed.
 */
const seconds = {
  /** Press a key. */
  key: 0.28,
  /** Point with a mouse, or drag to a point. */
  point: 1.1,
  /** Move the hand between keys and mouse. */
  hand: 0.4,
  /** Make up one's mind. */
  think: 1.35,
  /**
   * Move the eyes to the next small picture and see it: 230 ms in the Model Human Processor of the same authors (The
   * Psychology of Human-Computer Interaction, 1983, chapter 2).
   */
  glance: 0.23,
} as const;

/** What is watched before and after a doubt, seconds: as the studio's loop has it. */
const AROUND = 1;
/**
 * What is noticed around the place that is looked at, in widths of the picture. Five degrees, the reach of the parafovea,
 * are a sixth of a picture 32 cm wide at 60 cm: an assumption, and a small one for somebody who is free to look around.
 */
const NOTICED = 1 / 6;

const ENDING = 'submitting and rendering';
const PAGING = 'opening the sheet and turning its pages, a key each';

/** A moment and a place, as a doubt has them. */
export interface Spot {
  readonly start: number;
  readonly end: number;
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

/** Somebody who looks at doubts and nothing else, and how long that would take a person. Simulated. */
export class Operator {
  /** Seconds by what they were spent on. */
  readonly spent = new Map<string, number>();

  get seconds(): number {
    return [...this.spent.values()].reduce((sum, one) => sum + one, 0);
  }

  /** Seconds that go into submitting and rendering. */
  get ended(): number {
    return this.spent.get(ENDING) ?? 0;
  }

  /** Goes to a doubt, has the seconds around it played once, and decides. @param seconds that were played. */
  looks(played: number): void {
    this.#spend('going to doubts, a key each', seconds.key);
    this.#spend('watching the second before and after, once', seconds.key + played);
    this.#spend('deciding, and the key for it', seconds.think + seconds.key);
  }

  /** Scrubs to the frame, draws a box by mouse, has it followed, and watches that. @param seconds that were played. */
  mends(played: number): void {
    const { key, point, hand, think } = seconds;
    this.#spend('going to frames and drawing boxes', think + hand + point + key + 2 * point + hand);
    this.#spend('watching followed boxes, once', key + played);
  }

  /** Opens the sheet of doubts. */
  opens(): void {
    this.#spend(PAGING, seconds.key);
  }

  /** Looks at each picture of a question on the sheet and makes up their mind; what is not fine is put aside by a key. */
  judges(stills: number, isFine: boolean): void {
    this.#spend('glancing at pictures on the sheet', stills * seconds.glance);
    this.#spend('making up their mind about a question', seconds.think);
    if (!isFine) this.#spend('putting questions aside, a key each', seconds.key);
  }

  /** Says that all others of a page are fine. */
  turns(): void {
    this.#spend(PAGING, seconds.key);
  }

  /** Submits, and has it rendered: one dialog, which a key opens and another confirms. */
  ends(): void {
    this.#spend(ENDING, seconds.think + 2 * seconds.key);
  }

  #spend(what: string, duration: number): void {
    this.spent.set(what, (this.spent.get(what) ?? 0) + duration);
  }
}

/** What is played for a doubt, without what lies beyond the clip. */
export function watched({ start, end }: Spot, clip: { readonly first: number; readonly last: number }) {
  return { from: Math.max(clip.first, start - AROUND), to: Math.min(clip.last, end + AROUND) };
}

/** Whether somebody who looks at a doubt's place notices what is in a box. @param width of the picture. */
export function isNoticed(box: PixelBox, { box: [x, y, across, down] }: Spot, width: number): boolean {
  const reach = NOTICED * width;
  const field = { x: x - reach, y: y - reach, width: across + 2 * reach, height: down + 2 * reach };
  const common = intersection(field, box);
  return common.width > 0 && common.height > 0;
}

/** Whether a thing is in a small picture: at least half of it. */
export function isIn(field: PixelBox, box: PixelBox): boolean {
  return area(intersection(field, box)) >= area(box) / 2;
}
