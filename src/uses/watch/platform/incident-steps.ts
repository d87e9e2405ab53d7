import { randomUUID } from 'node:crypto';
import type { Selectable, Updateable } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../../core/errors.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import { notFound } from '../../../platform/http/problem.ts';
import { changedSince, checkWorksAt, seenVersion } from '../../../platform/routes/case-checks.ts';
import type { DatabaseTransaction } from '../../../platform/store/database.ts';
import { checkMayAnswer, endTest } from '../injection/answers.ts';
import { flagNeighbours } from '../learning/store.ts';
import { escalationRoles } from './access.ts';
import { tell } from './events.ts';
import { keepWithIncidents } from './picture-retention.ts';
import { dismissals, type IncidentState, type WatchIncidentsTable } from './tables.ts';

const note = z.string().trim().min(3).max(4000);

/** What somebody does about an incident. */
export const incidentStep = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('acknowledge') }).describe('I look at it.'),
  z.strictObject({ step: z.literal('confirm'), note }).describe('It is a real event.'),
  z
    .strictObject({ step: z.literal('dismiss'), reason: z.enum(dismissals), note: note.optional() })
    .refine(({ reason, note }) => reason !== 'other' || note !== undefined, {
      path: ['note'],
      error: 'say what it was',
    }),
  z.strictObject({ step: z.literal('escalate'), role: z.enum(escalationRoles), note }),
  z.strictObject({ step: z.literal('close'), note: note.optional() }),
  z.strictObject({ step: z.literal('assign'), person: z.uuid().nullable() }),
  z.strictObject({ step: z.literal('note'), note }).describe('Added whatever others changed.'),
]);
export type IncidentStep = z.output<typeof incidentStep>;

type Incident = Selectable<WatchIncidentsTable>;
type Change = Updateable<WatchIncidentsTable>;

/** From which states a step may be taken. What was decided may be decided otherwise until it is closed. */
const from: Readonly<Record<Exclude<IncidentStep['step'], 'note'>, readonly IncidentState[]>> = {
  acknowledge: ['new', 'escalated'],
  confirm: ['new', 'acknowledged', 'escalated', 'dismissed'],
  dismiss: ['new', 'acknowledged', 'escalated', 'confirmed'],
  escalate: ['new', 'acknowledged', 'confirmed'],
  close: ['confirmed', 'dismissed', 'escalated'],
  assign: ['new', 'acknowledged', 'escalated', 'confirmed', 'dismissed'],
};

export interface StepBy {
  readonly id: string;
  readonly by: string;
  readonly at: Date;
  /** ETag of what they saw. */
  readonly ifMatch: string | undefined;
}

/**
 * Takes a step about an incident; of two who saw the same, the first one's holds.
 * @throws TidewaiterError `E_INCIDENT_TAKEN`, `E_INCIDENT_STATE`, `E_CHANGED`, `E_MATCH_REQUIRED`, `E_CASE_OWNER`.
 */
export async function takeStep(
  tx: DatabaseTransaction,
  step: IncidentStep,
  { id, by, at, ifMatch }: StepBy,
): Promise<Incident> {
  const before = await tx
    .selectFrom('watch_incidents')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw notFound();
  if (step.step !== 'note') await checkStep(tx, before, step, by, ifMatch);
  const ends = before.test && answers.has(step.step);
  const taken = changeOf(before, step, { by, at });
  // Nobody acts on a test: whoever answers it is told, and it is over.
  const change = ends ? { ...taken, state: 'closed' as const, closed_at: at } : taken;
  const after =
    change === undefined
      ? before
      : await tx
          .updateTable('watch_incidents')
          .set((eb) => ({ ...change, version: eb('version', '+', 1) }))
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
  await followFinding(tx, before, step, { by, at });
  const { step: name, ...rest } = step;
  const { note: said = null, ...facts } = { note: undefined, ...rest };
  await tx
    .insertInto('watch_steps')
    .values({
      ...{ id: randomUUID(), incident_id: id, step: name, made_by: by, note: said, at },
      facts: JSON.stringify(facts),
    })
    .execute();
  await append(tx, {
    kind: ends ? 'watch.injection-answered' : `watch.incident-${past[name]}`,
    ...{ at, actor: by, siteId: before.site_id },
    subjects: {
      incident: id,
      ...(step.step === 'assign' && step.person !== null ? { person: step.person } : {}),
    },
    facts: {
      state: after.state,
      version: after.version,
      ...(ends ? { answer: name, right: name !== 'dismiss' } : {}),
      ...(step.step === 'dismiss' ? { reason: step.reason } : {}),
      ...(step.step === 'escalate' ? { role: step.role } : {}),
    },
  });
  if (step.step === 'confirm' && !before.test) await flagNeighbours(tx, before, at);
  await tell(tx, before.site_id, 'incident', id);
  return after;
}

/** Steps that say what somebody makes of an incident. */
const answers: ReadonlySet<IncidentStep['step']> = new Set(['confirm', 'dismiss', 'escalate']);

const past: Readonly<Record<IncidentStep['step'], string>> = {
  ...{ acknowledge: 'acknowledged', confirm: 'confirmed', dismiss: 'dismissed' },
  ...{ escalate: 'escalated', close: 'closed', assign: 'assigned', note: 'noted' },
};

async function checkStep(
  tx: DatabaseTransaction,
  before: Incident,
  { step }: Exclude<IncidentStep, { step: 'note' }>,
  by: string,
  ifMatch: string | undefined,
): Promise<void> {
  const seen = seenVersion(ifMatch);
  // Whoever was second must hear who was first, rather than that something changed.
  const taker = before.acknowledged_by;
  if (step === 'acknowledge' && taker !== null && taker !== by) {
    const person = await tx.selectFrom('people').select('name').where('id', '=', taker).executeTakeFirst();
    throw new TidewaiterError(
      'E_INCIDENT_TAKEN',
      `${person?.name ?? 'Somebody'} acknowledged it at ${before.acknowledged_at?.toISOString() ?? ''}`,
      'Leave it to them, or agree with them who does it.',
    );
  }
  if (before.version !== seen) throw changedSince();
  if (!from[step].includes(before.state) || (step === 'acknowledge' && taker !== null))
    throw new TidewaiterError(
      'E_INCIDENT_STATE',
      `An incident that is ${before.state} cannot be ${past[step]}`,
      `It must be ${from[step].join(' or ')}; load it again.`,
    );
}

function changeOf(
  before: Incident,
  step: IncidentStep,
  { by, at }: { readonly by: string; readonly at: Date },
): Change | undefined {
  const mine = before.acknowledged_by === null ? { acknowledged_by: by, acknowledged_at: at } : {};
  switch (step.step) {
    case 'acknowledge':
      return { ...mine, state: before.state === 'new' ? 'acknowledged' : before.state };
    case 'confirm':
      return { ...mine, state: 'confirmed', outcome: 'confirmed', dismissal: null };
    case 'dismiss':
      return { ...mine, state: 'dismissed', outcome: 'dismissed', dismissal: step.reason };
    case 'escalate':
      return { ...mine, state: 'escalated', escalated_to: step.role, escalated_at: at };
    case 'close':
      return { state: 'closed', closed_at: at };
    case 'assign':
      return {};
    case 'note':
      return undefined;
  }
}

/** An incident is a finding: who has it, and what was decided, stands where every use keeps it. */
async function followFinding(
  tx: DatabaseTransaction,
  { id, site_id, test }: Incident,
  step: IncidentStep,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  if (step.step === 'note' || step.step === 'close') return;
  const finding = tx.updateTable(test ? 'seeded_findings' : 'findings').where('id', '=', id);
  if (step.step === 'assign') {
    const { person } = step;
    if (person !== null) await checkWorksAt(tx, person, site_id);
    await finding.set({ assigned_to: person, assigned_at: person === null ? null : at }).execute();
    return;
  }
  await finding.set({ assigned_to: by, assigned_at: at }).where('assigned_to', 'is', null).execute();
  if (test) {
    if (step.step !== 'acknowledge' && step.step !== 'escalate') await checkMayAnswer(tx, by, site_id);
    if (step.step !== 'acknowledge') await endTest(tx, id);
    return;
  }
  if (step.step === 'confirm' || step.step === 'dismiss')
    await tx
      .insertInto('decisions')
      .values({
        ...{ id: randomUUID(), finding_id: id, decided_by: by },
        disposition: step.step === 'confirm' ? 'confirmed' : 'dismissed',
        reason: step.step === 'confirm' ? step.note : [step.reason, step.note].filter(Boolean).join(': '),
      })
      .execute();
  if (step.step === 'confirm' || step.step === 'escalate') await keepWithIncidents(tx, [id]);
}
