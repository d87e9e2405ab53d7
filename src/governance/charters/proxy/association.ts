/**
 * How much a field tells of an attribute, from counts: rows are values or ranges of the field, columns the groups of the
 * attribute.
 */
export type Counts = readonly (readonly number[])[];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function columnSums(counts: Counts): number[] {
  return (counts[0] ?? []).map((_, column) => sum(counts.map((row) => row[column] ?? 0)));
}

/**
 * Cramér's V with the correction for small tables of W. Bergsma (J. Korean Statistical Society 42(3), 2013): 0 for
 * independence, 1 when the field settles the group. Undefined when either takes one value only.
 */
export function cramersV(counts: Counts): number | undefined {
  const rows = counts.filter((row) => sum(row) > 0);
  const totals = columnSums(rows);
  const used = totals.filter((total) => total > 0).length;
  const n = sum(totals);
  if (rows.length < 2 || used < 2 || n < 2) return undefined;
  let chiSquare = 0;
  for (const row of rows) {
    const rowTotal = sum(row);
    for (const [column, total] of totals.entries()) {
      const expected = (rowTotal * total) / n;
      if (expected > 0) chiSquare += ((row[column] ?? 0) - expected) ** 2 / expected;
    }
  }
  const shrink = (size: number): number => size - (size - 1) ** 2 / (n - 1);
  const phi = Math.max(0, chiSquare / n - ((rows.length - 1) * (used - 1)) / (n - 1));
  const room = Math.min(shrink(rows.length), shrink(used)) - 1;
  return room <= 0 ? undefined : Math.min(1, Math.sqrt(phi / room));
}

/**
 * The correlation ratio of a number and a group, as epsilon (T. L. Kelley, PNAS 21(9), 1935): what of the spread of the
 * number lies between the groups, freed of what chance puts there. 0..1; undefined when the number does not vary.
 */
export function correlationRatio(values: readonly number[], groups: readonly number[]): number | undefined {
  const count: number[] = [];
  const total: number[] = [];
  for (const [at, value] of values.entries()) {
    const group = groups[at] ?? 0;
    count[group] = (count[group] ?? 0) + 1;
    total[group] = (total[group] ?? 0) + value;
  }
  const n = values.length;
  const mean = sum([...values]) / n;
  const all = values.reduce((spread, value) => spread + (value - mean) ** 2, 0);
  const used = count.filter((size) => size > 0).length;
  if (!(all > 0) || used < 2 || n <= used) return undefined;
  let within = 0;
  for (const [at, value] of values.entries()) {
    const group = groups[at] ?? 0;
    within += (value - (total[group] ?? 0) / (count[group] ?? 1)) ** 2;
  }
  return Math.sqrt(Math.max(0, 1 - (within * (n - 1)) / (all * (n - used))));
}

/**
 * Area under the ROC curve of scores for one group against the rest, by ranks; ties count half (H. B. Mann and D. R.
 * Whitney, 1947). Undefined when one side is empty.
 */
export function areaUnderCurve(scores: readonly number[], isGroup: readonly boolean[]): number | undefined {
  const order = scores.map((_, at) => at).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let rankSum = 0;
  let inside = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end++;
    const members = order.slice(start, end).filter((at) => isGroup[at] === true).length;
    inside += members;
    // Ranks from 1: those of a tie share their mean.
    rankSum += (members * (start + 1 + end)) / 2;
    start = end;
  }
  const outside = order.length - inside;
  if (inside === 0 || outside === 0) return undefined;
  return (rankSum - (inside * (inside + 1)) / 2) / (inside * outside);
}
