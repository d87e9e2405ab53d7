import type { PhotoSet } from './photo-set.ts';

/**
 * What is used to choose settings, and what figures are reported on. Neither seeds nor photographs are shared, so that a
 * figure says what happens to what was never looked at.
 */
export type Half = 'tuning' | 'reporting';

/** First seeds of each half; a half has as many as are asked for. */
const firstSeed: Readonly<Record<Half, number>> = { tuning: 0, reporting: 1000 };

/** As many seeds as a usual evaluation takes: some 300 faces of 24 pixels and more, and 100 plates. */
export const usualCount = 80;

/** Seeds `first` to `first + count - 1` of a half. */
export function seedsOf(half: Half, count = usualCount): number[] {
  return Array.from({ length: count }, (_, index) => firstSeed[half] + index);
}

/** Seeds from 1000 on are reported on. */
export function halfOf(seed: number): Half {
  return seed >= firstSeed.reporting ? 'reporting' : 'tuning';
}

/**
 * Every second photograph, in the order of the list: the first, third, ... are for tuning, the others for reporting. A
 * person who is in photographs of both halves makes them less apart than they look.
 */
export function photosOf(half: Half, photos: PhotoSet): PhotoSet {
  const parity = half === 'tuning' ? 0 : 1;
  return { ...photos, photos: photos.photos.filter((_, index) => index % 2 === parity) };
}
