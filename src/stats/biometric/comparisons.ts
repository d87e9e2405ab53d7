import { sortScores, type ComparisonScores } from './scores.ts';

/** The score of a comparison, with whom it compared and the groups they belong to. */
export interface Comparisons {
  readonly scores: Float64Array;
  /** 1 where both captures are of one subject, 0 where they are of two. As long as `scores`. */
  readonly mated: Uint8Array;
  /** Undefined when the test does not say whom it compared. */
  readonly subjects: ComparedSubjects | undefined;
  /** Undefined when the test does not say to which groups they belong. */
  readonly groups: ComparedGroups | undefined;
}

export interface ComparedSubjects {
  /** How many there are. */
  readonly count: number;
  /** Subject of the probe and of the reference, 0 .. count - 1, of each comparison. */
  readonly probe: Uint32Array;
  readonly reference: Uint32Array;
}

export interface ComparedGroups {
  readonly names: readonly string[];
  /** Index into `names`, of each comparison. */
  readonly probe: Uint8Array;
  readonly reference: Uint8Array;
}

/** Which comparisons are meant: those within one group, or all. */
export type Within = number | 'all';

/** Sorted scores of the comparisons within a group, or of all. */
export function scoresOf(comparisons: Comparisons, within: Within): ComparisonScores {
  const { scores, mated } = comparisons;
  const [matedCount, nonmatedCount] = [count(comparisons, within, 1), count(comparisons, within, 0)];
  const of = [new Float64Array(nonmatedCount), new Float64Array(matedCount)] as const;
  const next = [0, 0];
  for (let row = 0; row < scores.length; row++) {
    if (!isWithin(comparisons, row, within)) continue;
    const kind = mated[row] === 1 ? 1 : 0;
    of[kind][next[kind]!++] = scores[row]!;
  }
  return sortScores(of[1], of[0]);
}

/** Whether a comparison lies within a group, or anywhere. */
export function isWithin({ groups }: Comparisons, row: number, within: Within): boolean {
  return within === 'all' || (groups?.probe[row] === within && groups.reference[row] === within);
}

function count(comparisons: Comparisons, within: Within, kind: number): number {
  let found = 0;
  for (let row = 0; row < comparisons.scores.length; row++)
    if (comparisons.mated[row] === kind && isWithin(comparisons, row, within)) found += 1;
  return found;
}
