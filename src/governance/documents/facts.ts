import { sql, type Selectable } from 'kysely';
import type { Seals } from '../../platform/secrets/seals.ts';
import type { DatabaseTransaction } from '../../platform/store/database.ts';
import { judgeCharter, type Judgement } from '../charters/judge.ts';
import type { Policy } from '../charters/policy.ts';
import { lacksOf } from '../permits/offices.ts';
import { countedTest, countedWord, forgedNames } from '../permits/seals.ts';
import type { RegistrationsTable, SignOffsTable, TestsTable } from '../permits/tables.ts';
import type { DocumentTable } from './content.ts';

/** What the platform knows of a version of a use. */
export interface UseFacts {
  readonly registration: Selectable<RegistrationsTable>;
  /** Of its models, the newest first. */
  readonly tests: readonly Selectable<TestsTable>[];
  readonly signOffs: readonly Selectable<SignOffsTable>[];
  readonly judgement: Judgement;
  readonly lacks: readonly string[];
}

export async function readFacts(
  tx: DatabaseTransaction,
  seals: Seals,
  {
    registration,
    policies,
    now,
  }: {
    readonly registration: Selectable<RegistrationsTable>;
    readonly policies: readonly Policy[];
    readonly now: Date;
  },
): Promise<UseFacts> {
  const forged = await forgedNames(tx, seals, registration.use);
  const [tests, signOffs, lacks] = [
    await tx
      .selectFrom('governance_tests')
      .selectAll()
      .where('use', '=', registration.use)
      .where(
        'model_digest',
        '=',
        sql<string>`any(${registration.models.map(({ digest }) => digest)}::text[])`,
      )
      .where(countedTest(forged))
      .orderBy('place', 'desc')
      .limit(50)
      .execute(),
    await tx
      .selectFrom('governance_sign_offs')
      .selectAll()
      .where('registration_id', '=', registration.id)
      .where(countedWord(forged))
      .orderBy('place')
      .execute(),
    await lacksOf(tx, seals, { registration: registration.id, site: '*', now }),
  ];
  const judgement = judgeCharter(registration.charter, policies, now.toISOString().slice(0, 10));
  return { registration, tests, signOffs, judgement, lacks };
}

const yes = (value: boolean): string => (value ? 'yes' : 'no');
const day = (date: Date): string => date.toISOString().slice(0, 10);

export function fieldsTable({ registration: { charter } }: UseFacts, section: string): DocumentTable {
  return {
    ...{ id: 'fields', section, title: 'Fields that the use takes in and gives out' },
    columns: ['Field', 'Meaning', 'About a person', 'From or to'],
    rows: [
      ...charter.inputs.map((field) => [
        field.name,
        field.meaning,
        yes(field.personal),
        `from: ${field.source}`,
      ]),
      ...charter.outputs.map((field) => [field.name, field.meaning, yes(field.personal), `to: ${field.to}`]),
    ],
  };
}

export function retentionTable({ registration: { charter } }: UseFacts, section: string): DocumentTable {
  return {
    ...{ id: 'retention', section, title: 'How long records are kept' },
    columns: ['Record', 'Schedule', 'Kept'],
    rows: charter.retention.map(({ record, schedule, keep }) => [record, schedule, keep]),
  };
}

export function measuresTable({ registration: { charter } }: UseFacts, section: string): DocumentTable {
  return {
    ...{ id: 'measures', section, title: 'Measures and goals' },
    columns: ['Measure', 'Goal', 'How it is measured'],
    rows: charter.measures.map(({ name, unit, atLeast, atMost, how }) => [
      name,
      [
        ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
        ...(atMost === undefined ? [] : [`at most ${atMost}`]),
      ].join(', ') + ` (${unit})`,
      // Charters write names of commands between backticks.
      how.replaceAll('`', ''),
    ]),
  };
}

export function testsTable({ tests, registration }: UseFacts, section: string): DocumentTable {
  const nameOf = (digest: string): string =>
    registration.models.find((model) => model.digest === digest)?.id ?? digest.slice(0, 12);
  return {
    ...{ id: 'tests', section, title: 'Tests on record' },
    columns: ['Test', 'Model', 'Result', 'Tested', 'Expires', 'Report (SHA-256)'],
    rows: tests.map((row) => [
      row.kind,
      nameOf(row.model_digest),
      row.passed ? 'passed' : 'failed',
      day(row.tested_at),
      day(row.expires),
      `${row.report_digest.slice(0, 12)}...`,
    ]),
  };
}

export function crosswalkTable({ judgement }: UseFacts, section: string, policies?: RegExp): DocumentTable {
  return {
    ...{ id: 'crosswalk', section, title: 'Provisions, and what shows that they are met' },
    columns: ['Provision', 'Status', 'Shown by', 'Missing'],
    rows: judgement.crosswalk
      .filter(({ policy }) => policies === undefined || policies.test(policy))
      .map(({ policy, title, status, rests, due, by, missing }) => [
        `${policy}: ${title}`,
        `${status.replaceAll('-', ' ')}${rests === 'charter' ? ', by the charter alone' : ''}${due === undefined ? '' : `, due ${due}`}`,
        by.join('; '),
        missing.join('; '),
      ]),
  };
}

export function signOffsTable({ signOffs }: UseFacts, section: string): DocumentTable {
  return {
    ...{ id: 'sign-offs', section, title: 'What the offices said' },
    columns: ['Office', 'Verdict', 'Reason', 'Date'],
    rows: signOffs.map(({ office, verdict, reason, at }) => [office, verdict, reason, day(at)]),
  };
}
