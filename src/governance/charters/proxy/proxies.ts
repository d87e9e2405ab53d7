import { TidewaiterError } from '../../../core/errors.ts';
import { Random } from '../../../core/random.ts';
import { bootstrapInterval, type Interval } from '../../../stats/intervals.ts';
import { areaUnderCurve, correlationRatio, cramersV } from './association.ts';
import type { Table } from './table.ts';

/** What a field may tell of a protected attribute at most. */
export interface ProxyBounds {
  /** Cramér's V or correlation ratio, 0..1. */
  readonly association: number;
  /** Area under the curve of the best guess of a group from this field alone, 0.5..1. */
  readonly auc: number;
}

/**
 * Bounds unless a policy sets others: an association of 0.3 is the "medium" one of J. Cohen ("Statistical Power Analysis",
 * 1988), and an area of 0.65 means that of two people of different groups the field picks the right one two times in three.
 */
export const usualBounds: ProxyBounds = { association: 0.3, auc: 0.65 };

/** A group with fewer rows settles nothing. */
export const SMALLEST_GROUP = 30;

/** Rows that are drawn when a table has more: the interval is then far narrower than any bound asks. */
const SAMPLE = 5_000;
const RESAMPLES = 300;
const FOLDS = 5;
const RANGES = 10;
/** A value of a field that fewer rows have is counted with the other rare ones: names and numbers are all rare. */
const RARE = 5;

export interface Estimate extends Interval {
  readonly value: number;
}

/** What the test says of a field. Only `within` lets it through. */
export interface ProxyResult {
  readonly field: string;
  readonly verdict: 'within' | 'beyond' | 'not-estimable';
  /** Which measure the association is. */
  readonly measure: 'cramers-v' | 'correlation-ratio';
  readonly association?: Estimate;
  /** For the group that the field gives away most. */
  readonly auc?: Estimate & { readonly group: string };
  readonly n: number;
  readonly why: string;
}

/**
 * Tests each column of a table against the protected attribute that one of them holds. The attribute is used for this and
 * for nothing else. Intervals are 95 %, bootstrapped over rows, which must be independent people or things.
 * @throws TidewaiterError `E_PROXY_TABLE` when there is no such column, or no other.
 */
export function testProxies(table: Table, attribute: string, bounds = usualBounds, seed = 1): ProxyResult[] {
  const groups = table.columns.get(attribute);
  const fields = [...table.columns].filter(([name]) => name !== attribute);
  if (groups === undefined || fields.length === 0)
    throw new TidewaiterError(
      'E_PROXY_TABLE',
      groups === undefined ? `The table has no column "${attribute}"` : 'The table has no field to test',
      `Its columns are: ${[...table.columns.keys()].join(', ')}.`,
    );
  const known = groups.flatMap((group, at) => (group === '' ? [] : [at]));
  const random = new Random(`${seed}/sample`);
  const rows = known.length > SAMPLE ? random.shuffle(known).slice(0, SAMPLE) : known;
  return fields.map(([name, values]) =>
    testField(
      name,
      rows.map((at) => values[at] ?? ''),
      rows.map((at) => groups[at] ?? ''),
      bounds,
      new Random(`${seed}/${name}`),
    ),
  );
}

function testField(
  field: string,
  values: readonly string[],
  groups: readonly string[],
  bounds: ProxyBounds,
  random: Random,
): ProxyResult {
  const names = [...new Set(groups)].sort();
  const sizes = names.map((name) => groups.filter((group) => group === name).length);
  const small = names.filter((_, at) => (sizes[at] ?? 0) < SMALLEST_GROUP);
  const large = names.filter((name) => !small.includes(name));
  const numeric = isNumeric(values);
  const measure = numeric ? 'correlation-ratio' : 'cramers-v';
  const kept = groups.flatMap((group, at) => (large.includes(group) ? [at] : []));
  const none = { field, verdict: 'not-estimable' as const, measure, n: kept.length } as const;
  if (large.length < 2)
    return { ...none, why: `fewer than two groups with ${SMALLEST_GROUP} rows (${counted(names, sizes)})` };
  const cells = numeric ? ranges(values) : rareTogether(values);
  const data = kept.map((at) => ({
    value: values[at] ?? '',
    cell: cells[at] ?? 0,
    group: large.indexOf(groups[at] ?? ''),
  }));
  if (new Set(data.map(({ cell }) => cell)).size < 2) {
    const rare = new Set(values).size > 1;
    if (rare)
      return { ...none, why: `no value of the field has ${RARE} rows, so what each tells cannot be learned` };
    return { ...none, why: 'the field has one value only' };
  }
  const association = estimate(data, (rows) => associationOf(rows, numeric, large.length), random);
  const scored = crossScores(data, large.length, random);
  const areas = large.map((group, index) => ({
    group,
    ...estimate(scored, (rows) => areaOf(rows, index), random),
  }));
  const auc = areas.reduce((worst, area) => (area.value > worst.value ? area : worst));
  const result = { field, measure, n: kept.length, association, auc } as const;
  if (association.low > bounds.association)
    return { ...result, verdict: 'beyond', why: `association above ${bounds.association}` };
  if (auc.low > bounds.auc) return { ...result, verdict: 'beyond', why: `it gives ${auc.group} away` };
  if (small.length > 0)
    return {
      ...result,
      verdict: 'not-estimable',
      why: `groups with fewer than ${SMALLEST_GROUP} rows: ${small.join(', ')}`,
    };
  if (association.high > bounds.association || areas.some(({ high }) => high > bounds.auc))
    return {
      ...result,
      verdict: 'not-estimable',
      why: 'the interval reaches over the bound: more rows are needed',
    };
  return { ...result, verdict: 'within', why: 'both measures lie below their bounds with their intervals' };
}

interface Datum {
  readonly value: string;
  /** Value, or range of values, of the field. */
  readonly cell: number;
  readonly group: number;
}

interface Scored {
  readonly group: number;
  /** Share of each group among rows of the other folds with this value of the field. */
  readonly shares: readonly number[];
}

function estimate<T>(
  rows: readonly T[],
  statistic: (rows: readonly T[]) => number,
  random: Random,
): Estimate {
  return { value: statistic(rows), ...bootstrapInterval(rows, statistic, { random, resamples: RESAMPLES }) };
}

function associationOf(rows: readonly Datum[], numeric: boolean, groups: number): number {
  if (numeric) {
    const present = rows.filter(({ value }) => value !== '');
    return (
      correlationRatio(
        present.map(({ value }) => Number(value)),
        present.map(({ group }) => group),
      ) ?? 0
    );
  }
  const counts = new Map<number, number[]>();
  for (const { cell, group } of rows) {
    const row = counts.get(cell) ?? Array.from({ length: groups }, () => 0);
    row[group] = (row[group] ?? 0) + 1;
    counts.set(cell, row);
  }
  return cramersV([...counts.values()]) ?? 0;
}

/** Each row is scored by rows of other folds, so that a field with many values does not seem to know what it was told. */
function crossScores(rows: readonly Datum[], groups: number, random: Random): Scored[] {
  const folds = random.shuffle(rows.map((_, at) => at % FOLDS));
  const overall = shares(rows, groups, 0);
  const learned = Array.from({ length: FOLDS }, (_, fold) => {
    const byCell = new Map<number, Datum[]>();
    for (const [at, row] of rows.entries()) {
      if (folds[at] === fold) continue;
      const list = byCell.get(row.cell) ?? [];
      list.push(row);
      byCell.set(row.cell, list);
    }
    return new Map([...byCell].map(([cell, list]) => [cell, shares(list, groups, 1, overall)]));
  });
  return rows.map(({ cell, group }, at) => ({
    group,
    shares: learned[folds[at] ?? 0]?.get(cell) ?? overall,
  }));
}

function shares(rows: readonly Datum[], groups: number, prior: number, of: readonly number[] = []): number[] {
  const counts = Array.from({ length: groups }, (_, group) => prior * (of[group] ?? 0));
  for (const { group } of rows) counts[group] = (counts[group] ?? 0) + 1;
  return counts.map((count) => count / (rows.length + prior));
}

function areaOf(rows: readonly Scored[], group: number): number {
  const area = areaUnderCurve(
    rows.map(({ shares: each }) => each[group] ?? 0),
    rows.map((row) => row.group === group),
  );
  return area ?? 0.5;
}

/** Numbers that are few are codes, and are compared as such. */
function isNumeric(values: readonly string[]): boolean {
  const present = values.filter((value) => value !== '');
  return (
    present.length > 0 &&
    present.every((value) => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value)) &&
    new Set(present).size > RANGES
  );
}

/** Tenths of the numbers by rank; what is missing is a range of its own, since that can tell something too. */
function ranges(values: readonly string[]): number[] {
  const sorted = values
    .filter((value) => value !== '')
    .map(Number)
    .sort((a, b) => a - b);
  const limits = Array.from(
    { length: RANGES - 1 },
    (_, at) => sorted[Math.floor(((at + 1) * sorted.length) / RANGES)],
  );
  return values.map((value) =>
    value === '' ? -1 : limits.filter((limit) => limit !== undefined && Number(value) >= limit).length,
  );
}

function rareTogether(values: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const common = [...counts].filter(([, count]) => count >= RARE).map(([value]) => value);
  const places = new Map(common.map((value, at) => [value, at]));
  return values.map((value) => places.get(value) ?? -1);
}

function counted(names: readonly string[], sizes: readonly number[]): string {
  return names.map((name, at) => `${name} ${sizes[at] ?? 0}`).join(', ');
}
