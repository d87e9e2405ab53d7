import { iou, type PixelBox } from '../../core/box.ts';
import { Random } from '../../core/random.ts';
import { errorCounts, sortScores } from '../../stats/biometric/scores.ts';
import { bootstrapInterval, clopperPearsonInterval } from '../../stats/intervals.ts';
import type { Answer } from './answers.ts';
import type { AcceptancePlan, Goal, MeasureName } from './plan.ts';
import type { TestSet } from './set.ts';

/** A figure with what it rests on. */
export interface Measure {
  readonly name: MeasureName;
  /** Null where nothing was there to count. */
  readonly value: number | null;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Things to find, detections, or comparisons. */
  readonly n: number;
}

export type Verdict = 'passed' | 'failed' | 'not-estimable';

export interface GoalVerdict extends Goal {
  readonly verdict: Verdict;
  readonly why: string;
}

const REPLICATES = 1000;

/** All measures of a set, from the answer to each item in the order of the set. */
export function measure(set: TestSet, answers: readonly Answer[], plan: AcceptancePlan): Measure[] {
  return set.kind === 'detection'
    ? detectionMeasures(set, answers, plan)
    : comparisonMeasures(set, answers, plan);
}

/** How many of what the plan asks for the set has. */
export function sampleOf(set: TestSet): Readonly<Record<'truths' | 'mated' | 'nonmated', number>> {
  if (set.kind === 'detection')
    return { truths: set.items.reduce((sum, { truth }) => sum + truth.length, 0), mated: 0, nonmated: 0 };
  const mated = set.items.filter((item) => item.mated).length;
  return { truths: 0, mated, nonmated: set.items.length - mated };
}

/**
 * Whether each goal is shown. It is passed when the whole interval keeps it and failed when the whole interval misses it; what
 * lies between, or rests on fewer things than were planned, is not estimable.
 */
export function judge(plan: AcceptancePlan, measures: readonly Measure[], set: TestSet): GoalVerdict[] {
  const sample = sampleOf(set);
  const short = (['truths', 'mated', 'nonmated'] as const).filter(
    (name) => sample[name] < (plan.sample[name] ?? 0),
  );
  return plan.goals.map((goal) => {
    const found = measures.find(({ name }) => name === goal.measure);
    const [first] = short;
    if (first !== undefined)
      return {
        ...goal,
        verdict: 'not-estimable',
        why: `${sample[first]} ${first} of the ${plan.sample[first] ?? 0} planned`,
      };
    if (found === undefined || found.value === null)
      return { ...goal, verdict: 'not-estimable', why: 'there was nothing to count' };
    const { atLeast = 0, atMost = 1 } = goal;
    if (found.low >= atLeast && found.high <= atMost)
      return { ...goal, verdict: 'passed', why: 'the whole interval keeps it' };
    return found.high < atLeast || found.low > atMost
      ? { ...goal, verdict: 'failed', why: 'the whole interval misses it' }
      : { ...goal, verdict: 'not-estimable', why: 'the interval reaches to both sides of it' };
  });
}

/** One failed goal fails all; one that is open leaves all open. */
export function overall(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.every((verdict) => verdict === 'passed') ? 'passed' : 'not-estimable';
}

/** What one picture gave: each detection with its score and whether it found something. */
interface Picture {
  readonly truths: number;
  readonly found: readonly { readonly score: number; readonly hit: boolean }[];
}

type DetectionSet = Extract<TestSet, { kind: 'detection' }>;
type ComparisonSet = Extract<TestSet, { kind: 'comparison' }>;

function detectionMeasures(
  set: DetectionSet,
  answers: readonly Answer[],
  { iou: overlap, threshold }: AcceptancePlan,
): Measure[] {
  const asked = new Set(set.items.flatMap(({ truth }) => truth.map((each) => each.class)));
  const pictures = set.items.map(({ truth }, index): Picture => {
    const answer = answers[index];
    const detections = answer !== undefined && 'detections' in answer ? answer.detections : [];
    const free = truth.map((each) => ({ class: each.class, box: boxOf(each.box), taken: false }));
    const found = detections
      .filter((each) => asked.has(each.class))
      .sort((a, b) => b.score - a.score)
      .map(({ class: name, score, box }) => {
        const best = free
          .filter((each) => !each.taken && each.class === name)
          .map((each) => ({ each, overlap: iou(each.box, boxOf(box)) }))
          .sort((a, b) => b.overlap - a.overlap)[0];
        const hit = best !== undefined && best.overlap >= overlap;
        if (hit) best.each.taken = true;
        return { score, hit };
      });
    return { truths: truth.length, found };
  });
  const truths = pictures.reduce((sum, picture) => sum + picture.truths, 0);
  const counted = pictures.flatMap(({ found }) => found).filter(({ score }) => score >= threshold);
  const hits = counted.filter(({ hit }) => hit).length;
  const seed = new Random('acceptance');
  const precise = truths === 0 ? null : averagePrecision(pictures);
  const range =
    precise === null
      ? { low: 0, high: 1 }
      : bootstrapInterval(pictures, averagePrecision, { random: seed, resamples: REPLICATES });
  return [
    share('recall', hits, truths),
    share('precision', hits, counted.length),
    { name: 'average-precision', value: precise, ...range, n: truths },
  ];
}

/**
 * Sum of precision times the recall gained at each score, highest first, equal scores together (M. Zhu, "Recall, precision and
 * average precision", 2004); without interpolation. 0 where there is nothing to find.
 */
export function averagePrecision(pictures: readonly Picture[]): number {
  const truths = pictures.reduce((sum, picture) => sum + picture.truths, 0);
  const all = pictures.flatMap(({ found }) => found).sort((a, b) => b.score - a.score);
  let [seen, hits, counted, total] = [0, 0, 0, 0];
  for (const [index, { score, hit }] of all.entries()) {
    seen++;
    if (hit) hits++;
    if (all[index + 1]?.score === score) continue;
    total += ((hits - counted) * hits) / seen;
    counted = hits;
  }
  return truths === 0 ? 0 : total / truths;
}

function comparisonMeasures(
  set: ComparisonSet,
  answers: readonly Answer[],
  { threshold }: AcceptancePlan,
): Measure[] {
  const scores = (mated: boolean): number[] =>
    set.items.flatMap((item, index) => {
      const answer = answers[index];
      return item.mated === mated && answer !== undefined && 'score' in answer ? [answer.score] : [];
    });
  const counts = errorCounts(sortScores(scores(true), scores(false)), threshold);
  return [
    share('fmr', counts.falseMatches, counts.nonmated),
    share('fnmr', counts.falseNonMatches, counts.mated),
  ];
}

/** A share with the exact interval of Clopper and Pearson, which takes what is counted as independent. */
function share(name: MeasureName, count: number, n: number): Measure {
  return { name, value: n === 0 ? null : count / n, ...clopperPearsonInterval(count, n), n };
}

function boxOf([x, y, width, height]: readonly [number, number, number, number]): PixelBox {
  return { x, y, width, height };
}
