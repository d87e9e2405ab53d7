import { isOddWriting, planDoubts } from '../check/doubts.ts';
import type { CheckFinding } from '../check/report.ts';
import type { RedactionPlan, Region } from '../plan.ts';
import type { ReviewBase } from './base.ts';
import { micro } from './geometry.ts';
import { bareHeads } from './heads.ts';
import { planOf, type ReviewState, type Verdict } from './state.ts';

/** A spot that a person should look at before anything is rendered. */
export interface ReviewDoubt {
  /** The same as long as the spot is: verdicts name it. */
  readonly id: string;
  readonly kind: CheckFinding['kind'] | 'weak-text' | 'uncovered-head';
  readonly region: string;
  readonly class: string;
  readonly start: number;
  readonly end: number;
  /** x, y, width, height at `start`. */
  readonly box: CheckFinding['box'];
  /** 0..1, for ranking only. */
  readonly urgency: number;
  /** The reason, in words. */
  readonly says: string;
  readonly verdict: Verdict;
}

/** Text whose best look scored lower is often longer than what was found of it, or something else. */
const WEAK_TEXT = 0.6;
const WEAK_TEXT_URGENCY = 0.2;
const textClasses: ReadonlySet<string> = new Set(['text', 'code', 'plate']);

/** A doubt before anybody said anything about it. */
export type DoubtSpot = Omit<ReviewDoubt, 'verdict'>;

/** Spots of the present plan at which something may have been missed: open ones first, the most urgent first of all. */
export function reviewDoubts(base: ReviewBase, state: ReviewState): ReviewDoubt[] {
  return judged(doubtSpots(base, state), state);
}

/** The spots alone. This takes the longest; verdicts change nothing about it. */
export function doubtSpots(base: ReviewBase, state: ReviewState): DoubtSpot[] {
  const plan = planOf(base, state);
  // In a picture nothing begins, ends or comes again.
  const spots = plan.source.kind === 'video' ? planDoubts(plan, base.clip) : [];
  const found = [
    ...spots.flatMap(({ region, level: _, frames: __, score: ___, ...spot }) =>
      region === undefined ? [] : [{ ...spot, region }],
    ),
    ...weakTexts(plan),
    ...(plan.source.kind === 'video' ? bareHeads(plan) : []),
  ];
  return found.map((spot) => ({ id: `${spot.kind}:${spot.region}:${spot.start}`, ...spot }));
}

/** Spots with what was said of them, in the order in which they are looked at. */
export function judged(spots: readonly DoubtSpot[], { verdicts }: ReviewState): ReviewDoubt[] {
  return spots
    .map((spot): ReviewDoubt => ({ ...spot, verdict: verdicts.get(spot.id) ?? 'open' }))
    .sort(
      (a, b) =>
        Number(b.verdict === 'open') - Number(a.verdict === 'open') ||
        b.urgency - a.urgency ||
        a.start - b.start,
    );
}

function weakTexts({ regions }: RedactionPlan): Omit<DoubtSpot, 'id'>[] {
  const isWeak = (region: Region): boolean => {
    const { redact, origin, class: name, score = 1 } = region;
    return (
      redact && origin === 'model' && textClasses.has(name) && score < WEAK_TEXT && !isOddWriting(region)
    );
  };
  return regions.filter(isWeak).map(({ id, class: name, start, end, keyframes, score = 0 }) => {
    const [, ...box] = keyframes[0]!;
    return {
      ...{ kind: 'weak-text', region: id, class: name, start: micro(start), end: micro(end), box },
      urgency: WEAK_TEXT_URGENCY + (WEAK_TEXT - score) / 10,
      says: `${id} was made out with a score of ${score} only; look whether all of it is covered.`,
    };
  });
}
