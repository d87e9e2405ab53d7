import type { CheckFinding } from './report.ts';

/** A finding before it has a name. */
export type Draft = Omit<CheckFinding, 'id'>;

/** Doubts beyond so many are counted only: nobody goes through a longer list. Leaks are all listed. */
const MOST_DOUBTS = 100;

/** Puts the most urgent first, leaks before doubts, and names them. */
export function ranked(drafts: readonly Draft[]): {
  readonly findings: CheckFinding[];
  readonly unlisted: number;
} {
  const order = drafts.toSorted(
    (a, b) =>
      Number(b.level === 'leak') - Number(a.level === 'leak') || b.urgency - a.urgency || a.start - b.start,
  );
  const leaks = order.filter(({ level }) => level === 'leak').length;
  const listed = order.slice(0, leaks + MOST_DOUBTS);
  const counts = new Map<string, number>();
  const findings = listed.map((draft): CheckFinding => {
    const number = (counts.get(draft.kind) ?? 0) + 1;
    counts.set(draft.kind, number);
    return { id: `${draft.kind}-${number}`, ...draft };
  });
  return { findings, unlisted: order.length - listed.length };
}
