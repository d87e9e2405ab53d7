import { addDays, type Day } from '../charters/days.ts';
import type { Finding } from '../charters/finding.ts';
import { REPORT_DAYS } from '../charters/waivers.ts';
import type { Answer } from './answers.ts';
import type { InventoryRecord } from './inventory.ts';
import type { Column, Layout } from './layout.ts';
import { practiceColumns, practiceStatus } from './roll-up.ts';

/** A finding with its place in the file. */
export interface RowFinding extends Finding {
  /** As a spreadsheet counts; 1 for what concerns the headings. */
  readonly row: number;
  readonly line: number;
  /** What stands there. */
  readonly text: string;
}

/** When agencies had to have the minimum practices in place, or stop the use (M-25-21, appendix, section 4). */
const PRACTICES_DUE: Day = '2026-04-03';

/** What the columns of one row get wrong, each judged by the dictionary of its year. */
export function checkRow(layout: Layout, record: InventoryRecord, on: Day): RowFinding[] {
  const answer = (key: string): string => record.answers[key]?.value ?? '';
  const place = { row: record.row, line: record.line };
  const findings = layout.columns.flatMap((column) => {
    const given = record.answers[column.key];
    if (given === undefined) return [];
    const asked = isAsked(layout, column, answer);
    return [...checkPresence(column, given, asked), ...checkAnswer(layout, column, given, asked, record)].map(
      (finding) => ({ ...place, text: given.text, field: column.key, ...finding }),
    );
  });
  if (layout.name !== '2025') return findings;
  return [
    ...findings,
    ...checkImpact(record, on).map((finding) => ({
      ...place,
      text: record.answers[finding.field]?.text ?? '',
      ...finding,
    })),
  ];
}

function isAsked(layout: Layout, { need, after }: Column, answer: (key: string) => string): boolean {
  if (need === undefined || !layout.needs(need, answer)) return false;
  return after === undefined || after.answers.some((start) => answer(after.key).startsWith(start));
}

type Said = Omit<Finding, 'field'>;

function checkPresence(column: Column, given: Answer, asked: boolean): Said[] {
  if (!given.blank || !asked) return [];
  // A public inventory may leave the ids out (2025 guidance, section 1(b)(i)).
  if (column.kind === 'id')
    return [
      {
        level: 'warning',
        rule: 'id/blank',
        message: 'The use has no id',
        remedy: 'Give it one that it keeps over the years; only the public copy may leave it out.',
      },
    ];
  const because =
    column.after === undefined
      ? conditions[column.need ?? 'always']
      : `because of the answer to ${column.after.key}`;
  return [
    {
      level: 'error',
      rule: `required/${column.after === undefined ? (column.need ?? 'always') : 'follow-up'}`,
      message: `No answer, which is required ${because}`,
      remedy: 'Answer it.',
    },
  ];
}

const conditions: Readonly<Record<NonNullable<Column['need']>, string>> = {
  always: 'of every use',
  initiated: 'of every use that is not retired',
  acquired: 'from acquisition or development on',
  implemented: 'from implementation on',
  retired: 'of a retired use',
  extension: 'of a use that impacts rights or safety, from implementation on',
  impacting: 'of a use that impacts rights or safety, without an extension',
  'rights-impacting': 'of a use that impacts rights, without an extension',
  active: 'of every use that is not retired',
  'in-use': 'of a use in pilot or deployed',
  'high-impact-in-use': 'of a deployed use that is high-impact',
};

function checkAnswer(
  layout: Layout,
  column: Column,
  given: Answer,
  asked: boolean,
  record: InventoryRecord,
): Said[] {
  if (given.blank) return [];
  const level = asked ? 'error' : 'warning';
  const other = layout.columns.find(({ key }) => key === `${column.key}_other`);
  const findings: Said[] = given.variants.map(({ text, choice }) => ({
    level: 'notice',
    rule: 'choice/variant',
    message: `"${short(text)}" was read as "${short(choice)}"`,
    remedy: "Write it in the dictionary's words.",
  }));
  for (const text of given.unknown) {
    // Where a column for other answers follows, `Other` is an answer and the column says which.
    if (other !== undefined && /^other\b/i.test(text)) {
      if (record.answers[other.key]?.blank === true)
        findings.push({
          level: 'warning',
          rule: 'choice/other-unexplained',
          message: `"Other" without a word in ${other.key}`,
          remedy: 'Explain it in the column that follows.',
        });
      continue;
    }
    findings.push({
      level,
      rule: 'choice/unknown',
      message: `"${short(text)}" is no choice of the dictionary`,
      remedy: `Choose one of: ${(column.choices ?? []).map(short).join('; ')}.`,
    });
  }
  if (column.kind === 'date' && given.date === undefined)
    findings.push({
      level,
      rule: 'date/unreadable',
      message: `"${short(given.text.trim())}" is read as no date`,
      remedy: 'Write it as 2025-09-30, or 09/2025 where only the month is known.',
    });
  if (column.kind === 'email' && !/^\S+@\S+\.\S+$/.test(given.value))
    findings.push({
      level: 'warning',
      rule: 'email/form',
      message: `"${short(given.value)}" is no e-mail address`,
      remedy: 'Give one address; the public copy may give that for public inquiries.',
    });
  return findings;
}

/** What stage, impact and minimum practices ask beyond the columns (2025). */
function checkImpact({ answers }: InventoryRecord, on: Day): Finding[] {
  const value = (key: string): string => answers[key]?.value ?? '';
  const findings: Finding[] = [];
  const features = answers['demographic_features']?.values ?? [];
  const protectedOnes = features.filter((feature) => /^[abdf]\) /.test(feature));
  if (protectedOnes.length > 0)
    findings.push({
      level: 'warning',
      rule: 'protected/feature',
      field: 'demographic_features',
      message: `The model takes in ${protectedOnes.join(', ')}`,
      remedy: 'At DHS, take it out (Directive 139-08); elsewhere, name the law that asks for it.',
    });
  if (value('development_stage') !== 'Deployed' || value('is_high_impact') !== 'High-impact') return findings;
  for (const column of practiceColumns) {
    const status = practiceStatus(column, answers[column]);
    if (status === 'waived')
      findings.push({
        level: 'notice',
        rule: 'waiver/report-clock',
        field: column,
        message: `The practice is waived: OMB is told within ${REPORT_DAYS} days of the grant (of one granted on ${on}, by ${addDays(on, REPORT_DAYS)}), and a summary is public`,
        remedy: 'Keep the days of grant and report in the charter of the use.',
      });
    if (status === 'in-progress' || status === 'other')
      findings.push({
        level: on >= PRACTICES_DUE ? 'error' : 'warning',
        rule: 'practice/not-met',
        field: column,
        message: `The practice is due by ${PRACTICES_DUE} for a deployed high-impact use, and the answer is "${short(value(column))}"`,
        remedy: 'Complete it, have it waived in writing, or stop the use.',
      });
  }
  return findings;
}

export function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}
