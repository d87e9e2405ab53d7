import { z } from 'zod';
import {
  caseKinds,
  caseRoles,
  type AssetsTable,
  type CasesTable,
  type DecisionsTable,
  type FindingsTable,
  type JobsTable,
  type ReleasesTable,
} from '../store/tables.ts';
import type { Selectable } from 'kysely';
import { isMisnamed } from '../uploads/media-type.ts';

/** Rows as callers see them. Moments are ISO 8601 in UTC. */
const moment = z.iso.datetime();
const maybe = moment.nullable();
const iso = (date: Date): string => date.toISOString();
const isoOrNull = (date: Date | null): string | null => date?.toISOString() ?? null;

export const caseAssignee = z
  .object({ person: z.uuid(), role: z.enum(caseRoles) })
  .meta({ id: 'CaseAssignee' });

export const caseView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    use: z.string(),
    number: z.string().describe('What the office knows it by; unique at the site.'),
    kind: z.enum(caseKinds),
    title: z.string(),
    receivedAt: moment.describe('When the request came in.'),
    owner: z.uuid(),
    assignees: z.array(caseAssignee).describe('Who works on it beside the owner.'),
    state: z.enum(['open', 'closed']),
    dueAt: maybe,
    extensions: z
      .array(z.object({ from: maybe, to: maybe, reason: z.string(), by: z.uuid(), at: moment }))
      .describe('How often and why the deadline was moved, oldest first.'),
    createdAt: moment,
    closedAt: maybe,
    version: z.int(),
  })
  .meta({ id: 'Case' });

export function toCase(row: Selectable<CasesTable>): z.input<typeof caseView> {
  const { id, use, number, kind, title, state, version } = row;
  return {
    id,
    site: row.site_id,
    use,
    number,
    kind,
    title,
    receivedAt: iso(row.received_at),
    owner: row.owner_id,
    assignees: [...row.assignees],
    state,
    dueAt: isoOrNull(row.due_at),
    extensions: [...row.extensions],
    createdAt: iso(row.created_at),
    closedAt: isoOrNull(row.closed_at),
    version,
  };
}

export const assetView = z
  .object({
    id: z.uuid(),
    case: z.uuid(),
    site: z.string(),
    name: z.string(),
    mediaType: z.string().describe('By its content, whatever its name says.'),
    nameMismatch: z.boolean().describe('Its name promises another type than it has.'),
    bytes: z.int(),
    sha256: z.string(),
    role: z.enum(['original', 'output', 'record', 'proxy', 'thumbnail', 'waveform']),
    exhibit: z.int().nullable().describe('Of originals: 1, 2, ... within the case.'),
    derivedFrom: z.uuid().nullable(),
    retention: z.string(),
    legalHold: z.boolean(),
    createdAt: moment,
    erasedAt: maybe,
  })
  .meta({ id: 'Asset' });

export function toAsset(row: Selectable<AssetsTable>): z.input<typeof assetView> {
  const { id, name, bytes, sha256, role, retention } = row;
  return {
    id,
    case: row.case_id,
    site: row.site_id,
    name,
    mediaType: row.media_type,
    nameMismatch: isMisnamed(name, row.media_type, bytes),
    bytes,
    sha256,
    role,
    exhibit: row.exhibit,
    derivedFrom: row.derived_from,
    retention,
    legalHold: row.legal_hold,
    createdAt: iso(row.created_at),
    erasedAt: isoOrNull(row.erased_at),
  };
}

export const jobView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    case: z.uuid().nullable(),
    by: z.string().meta({ description: 'Who asked for it: a person, or system' }),
    about: z
      .object({ asset: z.uuid().optional(), review: z.uuid().optional() })
      .meta({ description: 'The file that it works on, and the review of it' }),
    use: z.string(),
    queue: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    attempt: z.int(),
    progress: z
      .object({ stage: z.string(), done: z.number(), total: z.number().optional(), unit: z.string() })
      .nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
    createdAt: moment,
    startedAt: maybe,
    finishedAt: maybe,
  })
  .meta({ id: 'Job' });

/** Where a job works: says nothing to people, and is not for them to know. */
const workPath = /\/\S*\/work\/[\w-]+\/[\w.-]*\w/;

/** What of a job's input names the thing that it works on; kinds that have none are about their case. */
const jobAbout = z.object({
  asset: z.uuid().optional().catch(undefined),
  review: z.uuid().optional().catch(undefined),
});

export function toJob(row: Selectable<JobsTable>): z.input<typeof jobView> {
  const { id, use, queue, state, attempt, progress, error } = row;
  return {
    id,
    site: row.site_id,
    case: row.case_id,
    by: row.created_by,
    about: jobAbout.parse(row.input),
    use,
    queue,
    state,
    attempt,
    progress,
    result: row.result as Record<string, unknown> | null,
    error: error && { ...error, message: error.message.replace(workPath, 'The file') },
    createdAt: iso(row.created_at),
    startedAt: isoOrNull(row.started_at),
    finishedAt: isoOrNull(row.finished_at),
  };
}

export const findingView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    case: z.uuid().nullable(),
    use: z.string(),
    kind: z.string(),
    score: z.number().nullable(),
    reasons: z.array(z.string()),
    evidence: z.record(z.string(), z.unknown()),
    models: z.array(z.object({ id: z.string(), digest: z.string() })),
    createdAt: moment,
    assignedTo: z.uuid().nullable().describe('Who looks at it; null while nobody does.'),
    assignedAt: maybe,
  })
  .meta({ id: 'Finding' });

export function toFinding(row: Selectable<FindingsTable>): z.input<typeof findingView> {
  const { id, use, kind, score } = row;
  return {
    id,
    site: row.site_id,
    case: row.case_id,
    use,
    kind,
    score,
    reasons: [...row.reasons],
    evidence: row.evidence as Record<string, unknown>,
    models: [...row.models],
    createdAt: iso(row.created_at),
    assignedTo: row.assigned_to,
    assignedAt: isoOrNull(row.assigned_at),
  };
}

export const decisionView = z
  .object({
    id: z.uuid(),
    finding: z.uuid(),
    disposition: z.string(),
    reason: z.string(),
    decidedBy: z.uuid(),
    createdAt: moment,
    takenAt: maybe.describe('When who decided had taken the finding; null when they had not.'),
  })
  .meta({ id: 'Decision' });

export function toDecision(row: Selectable<DecisionsTable>): z.input<typeof decisionView> {
  const { id, disposition, reason } = row;
  return {
    id,
    finding: row.finding_id,
    disposition,
    reason,
    decidedBy: row.decided_by,
    createdAt: iso(row.created_at),
    takenAt: isoOrNull(row.taken_at),
  };
}

export const releaseView = z
  .object({
    id: z.uuid(),
    case: z.uuid(),
    asset: z.uuid(),
    recipient: z.string(),
    basis: z.string(),
    releasedBy: z.uuid(),
    createdAt: moment,
  })
  .meta({ id: 'Release' });

export function toRelease(row: Selectable<ReleasesTable>): z.input<typeof releaseView> {
  const { id, recipient, basis } = row;
  return {
    id,
    case: row.case_id,
    asset: row.asset_id,
    recipient,
    basis,
    releasedBy: row.released_by,
    createdAt: iso(row.created_at),
  };
}
