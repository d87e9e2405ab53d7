import { z } from 'zod';
import { reviewStates, stateOf, type ReviewRow } from '../records.ts';
import { operationSchema } from './edit.ts';

const moment = z.iso.datetime();

export const reviewView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    case: z.uuid(),
    asset: z.uuid(),
    profile: z.string(),
    reasons: z.string().nullable(),
    state: z.enum(reviewStates),
    revision: z.int().describe('Number of the last edit.'),
    secondPerson: z.boolean().describe('Whether somebody who edited nothing must approve.'),
    job: z.uuid().describe('The analysis.'),
    finding: z.uuid().nullable().describe('What waits, or waited, for a second person.'),
    submittedBy: z.uuid().nullable(),
    createdBy: z.uuid(),
    createdAt: moment,
  })
  .meta({ id: 'RedactionReview' });

export function toReview(row: ReviewRow): z.input<typeof reviewView> {
  return {
    id: row.id,
    site: row.site_id,
    case: row.case_id,
    asset: row.asset_id,
    profile: row.profile,
    reasons: row.reasons,
    state: stateOf(row),
    revision: row.revision,
    secondPerson: row.second_person,
    job: row.job_id,
    finding: row.finding_id,
    submittedBy: row.submitted_by,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}

/** Changes whenever the review does. */
export function reviewTag(row: ReviewRow): string {
  return `"${row.revision}-${stateOf(row)}"`;
}

export const loggedEditView = z
  .object({ seq: z.int(), id: z.uuid(), do: operationSchema, by: z.uuid(), at: moment })
  .meta({ id: 'LoggedRedactionEdit' });

export const doubtView = z
  .object({
    id: z.string(),
    kind: z.string(),
    region: z.string(),
    class: z.string(),
    start: z.number(),
    end: z.number(),
    box: z.array(z.number()).describe('x, y, width, height at `start`.'),
    urgency: z.number(),
    says: z.string(),
    verdict: z.enum(['fine', 'mended', 'open']),
  })
  .meta({ id: 'RedactionDoubt' });

export const releaseView = z
  .object({
    id: z.uuid(),
    review: z.uuid(),
    case: z.uuid(),
    name: z.string(),
    title: z.string(),
    revision: z.int(),
    state: z.enum(['rendering', 'done', 'needs-review', 'failed']),
    plan: z.string().describe('SHA-256 of the text of its plan.'),
    job: z.uuid(),
    files: z
      .record(z.string(), z.uuid())
      .nullable()
      .describe('Assets by what they are: output, plan, record, log, report, chain.'),
    createdBy: z.uuid(),
    createdAt: moment,
  })
  .meta({ id: 'RedactionRelease' });

export const differenceView = z
  .object({
    regions: z.array(
      z.object({
        id: z.string(),
        class: z.string(),
        covered: z.enum(['one', 'other', 'both', 'neither']),
        reason: z.array(z.string().nullable()).optional(),
        style: z.array(z.string()).optional(),
        span: z.array(z.array(z.number())).optional(),
        path: z.boolean().optional(),
      }),
    ),
    sound: z.array(z.record(z.string(), z.unknown())).optional(),
  })
  .meta({ id: 'RedactionDifference' });
