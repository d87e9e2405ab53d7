import type { Comparisons } from './comparisons.ts';

/**
 * What happened at one threshold, by subject and by pair of subjects: all that intervals and tests need, however many
 * comparisons there were. Subjects are renumbered so that those of a group follow each other.
 */
export interface SubjectTally {
  readonly groups: readonly TalliedGroup[];
  /** Group of each subject. */
  readonly groupOf: Uint8Array;
  /** Mated comparisons of each subject, and how many were false non-matches. */
  readonly mated: Uint32Array;
  readonly falseNonMatches: Uint32Array;
  /** Pairs of different subjects, by the first of the two. */
  readonly pairs: SubjectPairs;
}

export interface TalliedGroup {
  readonly name: string;
  /** Its subjects are `first` .. `first + subjects - 1`. */
  readonly first: number;
  readonly subjects: number;
}

/** Pairs in compressed rows: those of subject `i` are `rows[i] .. rows[i + 1] - 1`; the partner is always the higher number. */
export interface SubjectPairs {
  readonly rows: Uint32Array;
  readonly partner: Uint32Array;
  readonly comparisons: Uint32Array;
  readonly falseMatches: Uint32Array;
}

/**
 * @returns undefined when the comparisons do not say whom they compared. Without groups all are of one group.
 */
export function tallySubjects(comparisons: Comparisons, threshold: number): SubjectTally | undefined {
  const { scores, mated: isMated, subjects } = comparisons;
  if (subjects === undefined) return undefined;
  const { place, groups, groupOf } = placeSubjects(comparisons);
  const mated = new Uint32Array(subjects.count);
  const falseNonMatches = new Uint32Array(subjects.count);
  const keys = new Float64Array(scores.length);
  let pairs = 0;
  for (let row = 0; row < scores.length; row++) {
    const a = place[subjects.probe[row]!]!;
    if (isMated[row] === 1) {
      mated[a]! += 1;
      if (scores[row]! < threshold) falseNonMatches[a]! += 1;
      continue;
    }
    const b = place[subjects.reference[row]!]!;
    const pair = Math.min(a, b) * subjects.count + Math.max(a, b);
    keys[pairs++] = 2 * pair + (scores[row]! >= threshold ? 1 : 0);
  }
  const sorted = keys.subarray(0, pairs).sort();
  return { groups, groupOf, mated, falseNonMatches, pairs: pairsOf(sorted, subjects.count) };
}

/** A place for each subject, so that groups are contiguous; a subject belongs to the group it was seen in first. */
function placeSubjects({ subjects, groups }: Comparisons): {
  place: Uint32Array;
  groups: TalliedGroup[];
  groupOf: Uint8Array;
} {
  const count = subjects!.count;
  const names = groups?.names ?? ['all'];
  const group = new Uint8Array(count);
  if (groups !== undefined)
    for (let row = 0; row < groups.probe.length; row++) {
      group[subjects!.probe[row]!] = groups.probe[row]!;
      group[subjects!.reference[row]!] = groups.reference[row]!;
    }
  const sizes = new Uint32Array(names.length);
  for (const one of group) sizes[one]! += 1;
  let first = 0;
  const tallied = names.map((name, index) => {
    const entry = { name, first, subjects: sizes[index]! };
    first += sizes[index]!;
    return entry;
  });
  const next = Uint32Array.from(tallied, (entry) => entry.first);
  const place = Uint32Array.from(group, (one) => next[one]!++);
  const groupOf = new Uint8Array(count);
  for (const [index, entry] of tallied.entries())
    groupOf.fill(index, entry.first, entry.first + entry.subjects);
  return { place, groups: tallied, groupOf };
}

/** @param sorted twice the number of a pair, plus one for a false match. */
function pairsOf(sorted: Float64Array, subjects: number): SubjectPairs {
  let distinct = 0;
  let last = -1;
  for (const key of sorted) {
    const pair = Math.floor(key / 2);
    if (pair !== last) distinct += 1;
    last = pair;
  }
  const rows = new Uint32Array(subjects + 1);
  const partner = new Uint32Array(distinct);
  const comparisons = new Uint32Array(distinct);
  const falseMatches = new Uint32Array(distinct);
  last = -1;
  let at = -1;
  for (const key of sorted) {
    const pair = Math.floor(key / 2);
    if (pair !== last) {
      at += 1;
      partner[at] = pair % subjects;
      rows[Math.floor(pair / subjects) + 1]! += 1;
      last = pair;
    }
    comparisons[at]! += 1;
    falseMatches[at]! += key % 2;
  }
  for (let subject = 0; subject < subjects; subject++) rows[subject + 1]! += rows[subject]!;
  return { rows, partner, comparisons, falseMatches };
}
