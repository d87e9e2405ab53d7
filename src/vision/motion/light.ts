import type { Size } from '../../core/box.ts';

/** What the light of a picture is against that of the learned one: `gain` for each row, then `shift`. */
export interface Light {
  readonly gain: Float32Array;
  readonly shift: number;
}

/** Rows that share one gain: lamps that flicker against a rolling shutter lay bands of at least some times this. */
const bandRows = 4;
/** Every so many pixels tell of the light of all. */
const sample = 7;
/** Middle of the differences, levels, up to which a common shift explains the light well enough. */
const wellExplained = 3;
/** Gains by bands must leave at most this share of the differences that a common shift leaves. */
const mustLeave = 0.7;
/** Gains looked for, and steps of them. A pixel darker than `darkest` says little about a gain. */
const [leastGain, mostGain, gainSteps] = [0.4, 2.5, 128];
const darkest = 12;

/**
 * The light of a plane, by medians, so that somebody in the picture does not count: a shift common to all, or, where that
 * explains the picture badly (exposure that hunts, lamps that flicker, row by row), a gain for each band of rows.
 */
export function lightOf(luma: Uint8Array, mean: Float32Array, size: Size): Light {
  const even = { gain: new Float32Array(size.height).fill(1), shift: commonShift(luma, mean) };
  const left = middleDifference(luma, mean, size, even);
  if (left <= wellExplained) return even;
  const banded = { gain: smoothRows(bandGains(luma, mean, size), size.height), shift: 0 };
  return middleDifference(luma, mean, size, banded) <= mustLeave * left ? banded : even;
}

/** The median difference of every so many pixels, whole levels: what a change of exposure adds to all of them. */
export function commonShift(luma: Uint8Array, mean: Float32Array, every = sample): number {
  const counts = new Uint32Array(511);
  for (let at = 0; at < luma.length; at += every) {
    const place = Math.round(luma[at]! - mean[at]!) + 255;
    counts[place] = counts[place]! + 1;
  }
  return medianPlace(counts) - 255;
}

function middleDifference(
  luma: Uint8Array,
  mean: Float32Array,
  { width, height }: Size,
  { gain, shift }: Light,
): number {
  const counts = new Uint32Array(512);
  for (let y = 0, at = 0; y < height; y++) {
    const rowGain = gain[y]!;
    for (const end = (y + 1) * width; at < end; at += sample) {
      const expected = rowGain * mean[at]! + shift;
      const place = Math.min(511, Math.round(2 * Math.abs(luma[at]! - expected)));
      counts[place] = counts[place]! + 1;
    }
  }
  return medianPlace(counts) / 2;
}

function bandGains(luma: Uint8Array, mean: Float32Array, { width, height }: Size): number[] {
  return Array.from({ length: Math.ceil(height / bandRows) }, (_, band) => {
    const counts = new Uint32Array(Math.ceil((mostGain - leastGain) * gainSteps) + 1);
    const end = Math.min(luma.length, (band + 1) * bandRows * width);
    for (let at = band * bandRows * width; at < end; at += 2) {
      if (mean[at]! < darkest) continue;
      const gain = Math.min(mostGain, Math.max(leastGain, luma[at]! / mean[at]!));
      const place = Math.round((gain - leastGain) * gainSteps);
      counts[place] = counts[place]! + 1;
    }
    const place = medianPlace(counts);
    return place < 0 ? 1 : leastGain + place / gainSteps;
  });
}

/** Gains of bands, laid over the rows: at the middle of a band its own, between them what lies between. */
function smoothRows(bands: readonly number[], height: number): Float32Array {
  return Float32Array.from({ length: height }, (_, row) => {
    const place = Math.min(bands.length - 1, Math.max(0, (row + 0.5) / bandRows - 0.5));
    const before = Math.floor(place);
    const share = place - before;
    return bands[before]! * (1 - share) + bands[Math.min(bands.length - 1, before + 1)]! * share;
  });
}

/** The place up to which half of the counts lie; -1 where nothing was counted. */
function medianPlace(counts: Uint32Array): number {
  let total = 0;
  for (let place = 0; place < counts.length; place++) total += counts[place]!;
  let below = 0;
  for (let place = 0; place < counts.length && total > 0; place++) {
    below += counts[place]!;
    if (2 * below >= total) return place;
  }
  return -1;
}
