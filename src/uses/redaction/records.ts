import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import type { Edit, Operation } from './review/edit.ts';

type Created = ColumnType<Date, Date | undefined, never>;

/** The review of one asset, from its analysis to what is rendered from it. */
export interface RedactionReviewsTable {
  readonly id: string;
  readonly site_id: string;
  readonly case_id: string;
  readonly asset_id: string;
  readonly profile: string;
  /** Name of its table of reasons. */
  readonly reasons: string | null;
  state: 'analysing' | 'open' | 'waiting-for-approval' | 'approved';
  /** Number of the last edit. */
  revision: Generated<number>;
  readonly second_person: boolean;
  /** The analysis. */
  readonly job_id: string;
  /** Where the vault keeps what the analysis gave. */
  base_asset_id: string | null;
  /** What waits for a second person, as others find it among all findings. */
  finding_id: string | null;
  submitted_by: string | null;
  readonly created_by: string;
  readonly created_at: Created;
}

/** What people did to a review, in order; nothing of it is ever changed. */
export interface RedactionEditsTable {
  readonly review_id: string;
  /** From 1, without gaps: the revision that it made. */
  readonly seq: number;
  readonly id: string;
  readonly operation: JSONColumnType<Operation>;
  readonly made_by: string;
  readonly made_at: ColumnType<Date, Date, never>;
}

/** Who looks at a review. */
export interface RedactionPresenceTable {
  readonly review_id: string;
  readonly person_id: string;
  seen_at: ColumnType<Date, Date, Date>;
}

/** What was rendered from a review for one recipient. */
export interface RedactionReleasesTable {
  readonly id: string;
  readonly review_id: string;
  readonly site_id: string;
  readonly case_id: string;
  readonly name: string;
  readonly title: string;
  readonly revision: number;
  /** Of the text of the plan that was asked for. */
  readonly plan_sha256: string;
  readonly job_id: string;
  outcome: 'done' | 'needs-review' | null;
  /** Ids of the assets that were made, by what they are. */
  files: JSONColumnType<Record<string, string>, null, string> | null;
  readonly created_by: string;
  readonly created_at: Created;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    redaction_reviews: RedactionReviewsTable;
    redaction_edits: RedactionEditsTable;
    redaction_presence: RedactionPresenceTable;
    redaction_releases: RedactionReleasesTable;
  }
}

/** An edit with its place, and who made it. */
export interface LoggedEdit extends Edit {
  readonly seq: number;
  readonly by: string;
  readonly at: string;
}

/** Edits after a revision, in their order, at most up to another. */
export async function readEdits(
  db: Database | DatabaseTransaction,
  reviewId: string,
  {
    after = 0,
    upTo,
    limit,
  }: { readonly after?: number; readonly upTo?: number; readonly limit?: number } = {},
): Promise<LoggedEdit[]> {
  let wanted = db
    .selectFrom('redaction_edits')
    .selectAll()
    .where('review_id', '=', reviewId)
    .where('seq', '>', after)
    .orderBy('seq');
  if (upTo !== undefined) wanted = wanted.where('seq', '<=', upTo);
  if (limit !== undefined) wanted = wanted.limit(limit);
  const rows = await wanted.execute();
  return rows.map(({ id, seq, operation, made_by: by, made_at: at }) => ({
    ...{ id, seq, by, at: at.toISOString(), do: operation },
  }));
}

/** Reviews with the state of the job that analyses them. */
export function selectReviews(db: Database | DatabaseTransaction) {
  return db
    .selectFrom('redaction_reviews')
    .selectAll('redaction_reviews')
    .select((eb) => [
      eb
        .selectFrom('jobs')
        .select('jobs.state')
        .whereRef('jobs.id', '=', 'redaction_reviews.job_id')
        .as('job_state'),
      eb
        .selectFrom('redaction_releases')
        .innerJoin('jobs', 'jobs.id', 'redaction_releases.job_id')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('redaction_releases.review_id', '=', 'redaction_reviews.id')
        .where('jobs.state', 'in', ['queued', 'running'])
        .as('rendering'),
      eb
        .selectFrom('redaction_releases')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('redaction_releases.review_id', '=', 'redaction_reviews.id')
        .whereRef('redaction_releases.revision', '=', 'redaction_reviews.revision')
        .where('redaction_releases.outcome', 'is not', null)
        .as('rendered'),
    ]);
}

export type ReviewRow = Awaited<ReturnType<ReturnType<typeof selectReviews>['executeTakeFirstOrThrow']>>;

export const reviewStates = [
  'analysing',
  'failed',
  'open',
  'waiting-for-approval',
  'approved',
  'rendering',
  'released',
] as const;
export type ReviewStateName = (typeof reviewStates)[number];

/** Where a review is, with what its jobs say: those end without telling it when they fail. */
export function stateOf({ state, job_state: job, rendering, rendered }: ReviewRow): ReviewStateName {
  if (state === 'analysing')
    return job === 'queued' || job === 'running' || job === 'done' ? 'analysing' : 'failed';
  if (state !== 'approved') return state;
  if (Number(rendering) > 0) return 'rendering';
  return Number(rendered) > 0 ? 'released' : 'approved';
}
