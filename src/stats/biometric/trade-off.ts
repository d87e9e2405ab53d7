import { errorPoint, thresholdAtFmr, type ComparisonScores, type ErrorPoint } from './scores.ts';

const PER_DECADE = 10;

/**
 * A detection error trade-off curve thin enough to draw and to keep: its points at false match rates ten to a decade, from
 * one false match up to all, each once.
 * @returns from the lowest false match rate up; empty without scores of both kinds.
 */
export function tradeOff(scores: ComparisonScores): ErrorPoint[] {
  const { mated, nonmated } = scores;
  if (mated.length === 0 || nonmated.length === 0) return [];
  const decades = Math.log10(nonmated.length);
  const steps = Math.floor(decades * PER_DECADE);
  const targets = [
    0,
    ...Array.from({ length: steps + 1 }, (_, step) => 10 ** (step / PER_DECADE - decades)),
    1,
  ];
  const thresholds = new Set(targets.map((target) => thresholdAtFmr(scores, target)));
  thresholds.delete(undefined);
  return [...thresholds]
    .map((threshold) => errorPoint(scores, threshold!))
    .sort((a, b) => b.threshold - a.threshold);
}
