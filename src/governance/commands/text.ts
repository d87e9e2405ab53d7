import type { Finding } from '../charters/finding.ts';
import type { AgencyRollUp, Share } from '../inventory/roll-up.ts';
import { share } from '../inventory/roll-up.ts';
import type { RowFinding } from '../inventory/rules.ts';

const levels = ['error', 'warning', 'notice'] as const;
const titles = { error: 'Errors', warning: 'Warnings', notice: 'Notices' } as const;

/** Rows that are named for a rule before the rest is only counted. */
const NAMED_ROWS = 8;

/** Findings of one rule and column, with the rows on which it was found. */
interface Group {
  readonly first: RowFinding;
  readonly rows: number[];
  count: number;
}

/** Gathers findings as they come, so that a file with many does not fill the memory. */
export class FindingSummary {
  readonly #groups = new Map<string, Group>();
  readonly counts = { error: 0, warning: 0, notice: 0 };

  add(finding: RowFinding): void {
    this.counts[finding.level]++;
    const key = `${finding.level} ${finding.rule} ${finding.field}`;
    const group = this.#groups.get(key) ?? { first: finding, rows: [], count: 0 };
    this.#groups.set(key, group);
    group.count++;
    if (group.rows.length < NAMED_ROWS) group.rows.push(finding.row);
  }

  /** The gravest and most frequent first. */
  text(): string {
    return levels
      .map((level) => {
        const groups = [...this.#groups.values()]
          .filter(({ first }) => first.level === level)
          .sort((a, b) => b.count - a.count);
        if (groups.length === 0) return '';
        return `\n${titles[level]}: ${this.counts[level]}\n${groups.map(groupText).join('')}`;
      })
      .join('');
  }
}

function groupText({ first, rows, count }: Group): string {
  const more = count > rows.length ? `, and ${count - rows.length} more` : '';
  const example = count > 1 ? 'First: ' : '';
  return `  ${first.field}  (${first.rule})\n    ${count === 1 ? 'row' : `${count} rows:`} ${rows.join(', ')}${more}\n    ${example}${first.message}. ${first.remedy}\n`;
}

/** Findings of a charter, one below the other. */
export function findingsText(findings: readonly Finding[]): string {
  return levels
    .flatMap((level) => findings.filter((finding) => finding.level === level))
    .map(
      ({ level, rule, field, message, remedy }) =>
        `  ${level}: ${field}  (${rule})\n    ${message}. ${remedy}\n`,
    )
    .join('');
}

/** `23 of 38 (61 %, 95 % interval 43 to 76 %)`; a share never stands alone. */
export function shareText({ count, n, share: part, low, high }: Share): string {
  if (part === undefined) return 'none to count';
  return `${count} of ${n} (${percent(part)} %, 95 % interval ${percent(low)} to ${percent(high)} %)`;
}

function percent(value: number): string {
  return String(Math.round(value * 100));
}

/** What the agencies reported, a line each, with the totals. */
export function rollUpText(agencies: Readonly<Record<string, AgencyRollUp>>): string {
  const entries = Object.entries(agencies);
  const lines = entries.map(
    ([agency, { use_cases, high_impact_deployed, stage }]) =>
      `  ${agency.padEnd(8)} ${String(use_cases).padStart(6)} ${stageText(stage).padEnd(62)} ${String(high_impact_deployed).padStart(4)}\n`,
  );
  const bound = entries.reduce((sum, [, { high_impact_deployed }]) => sum + high_impact_deployed, 0);
  const done = entries.reduce((sum, [, each]) => sum + each.high_impact_deployed_all_8_done, 0);
  return `\n  ${'agency'.padEnd(8)} ${'uses'.padStart(6)} ${'stages'.padEnd(62)} deployed and high-impact\n${lines.join('')}\nDeployed high-impact uses with all eight minimum practices done or not applicable: ${shareText(share(done, bound))}\n`;
}

function stageText(stages: Readonly<Record<string, number>>): string {
  return Object.entries(stages)
    .map(([stage, count]) => `${count} ${stage === '' ? 'not said' : stage.toLowerCase()}`)
    .join(', ');
}
