import { randomUUID } from 'node:crypto';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../platform/store/database.ts';
import { clopperPearsonInterval } from '../../stats/intervals.ts';
import { underRules } from '../rules.ts';
import type { NewEnforcement, NewEvidence } from './evidence.ts';
import type { EnforcementEvidenceTable } from './tables.ts';

/**
 * Proposes a record of law or civil enforcement. It takes effect when a second person confirms it.
 * @returns its id.
 * @throws TidewaiterError `E_AI_ALONE`, `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function proposeEnforcement(
  db: Database,
  wanted: NewEnforcement,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<string> {
  return underRules(db.transaction().execute((tx) => propose(tx, wanted, by, now)));
}

async function propose(
  tx: DatabaseTransaction,
  wanted: NewEnforcement,
  by: string,
  now: Date,
): Promise<string> {
  checkEvidence(wanted.evidence);
  const home = await tx
    .selectFrom('cases')
    .select('site_id')
    .where('id', '=', wanted.case)
    .executeTakeFirst();
  if (home === undefined)
    throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such case', 'Check the id.');
  const id = randomUUID();
  await tx
    .insertInto('enforcement_records')
    .values({
      ...{ id, site_id: home.site_id, case_id: wanted.case, action: wanted.action },
      ...{ authority: wanted.authority, proposed_by: by, proposed_at: now },
    })
    .execute();
  await tx
    .insertInto('enforcement_evidence')
    .values(wanted.evidence.map((evidence) => toRow(id, evidence)))
    .execute();
  const leads = wanted.evidence.filter(({ kind }) => kind === 'ai-lead').length;
  await append(tx, {
    ...{ kind: 'enforcement.proposed', at: now, actor: by, siteId: home.site_id },
    subjects: { record: id, case: wanted.case },
    facts: { evidence: wanted.evidence.length, leads },
  });
  return id;
}

/** @throws TidewaiterError `E_AI_ALONE`: what an AI said is a lead and never enough. */
function checkEvidence(evidence: readonly NewEvidence[]): void {
  if (evidence.some((one) => one.kind !== 'ai-lead' && !one.restsOnAi)) return;
  throw new TidewaiterError(
    'E_AI_ALONE',
    'All evidence of this record comes from AI, or would not be there without it',
    'Find evidence that stands by itself. No waiver exists for this.',
  );
}

function toRow(recordId: string, evidence: NewEvidence): EnforcementEvidenceTable {
  const id = randomUUID();
  const row = { id, record_id: recordId, kind: evidence.kind, what: evidence.what };
  if (evidence.kind === 'ai-lead') {
    const { finding = null, model, threshold, errorRate } = evidence;
    const { kind: errorKind, errors, trials } = errorRate;
    const rate = { threshold, errors, trials, error_kind: errorKind };
    return { ...row, found_by: null, rests_on_ai: true, finding_id: finding, model, ...rate };
  }
  const none = {
    finding_id: null,
    model: null,
    threshold: null,
    errors: null,
    trials: null,
    error_kind: null,
  };
  return { ...row, found_by: evidence.foundBy, rests_on_ai: evidence.restsOnAi, ...none };
}

/**
 * Confirms a record as a second person.
 * @throws TidewaiterError `E_GOVERNANCE` for one's own, `E_GOVERNANCE_UNKNOWN` for one that does not wait.
 */
export async function confirmEnforcement(db: Database, wanted: Confirmation): Promise<void> {
  await underRules(db.transaction().execute((tx) => confirm(tx, wanted)));
}

interface Confirmation {
  readonly id: string;
  readonly caseId: string;
  readonly by: string;
  readonly now: Date;
}

async function confirm(tx: DatabaseTransaction, { id, caseId, by, now }: Confirmation): Promise<void> {
  const row = await tx
    .updateTable('enforcement_records')
    .set({ confirmed_by: by, confirmed_at: now })
    .where('id', '=', id)
    .where('case_id', '=', caseId)
    .where('confirmed_at', 'is', null)
    .returning(['site_id'])
    .executeTakeFirst();
  if (row === undefined)
    throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such record that waits', 'Load it again.');
  const subjects = { record: id, case: caseId };
  await append(tx, { kind: 'enforcement.confirmed', at: now, actor: by, siteId: row.site_id, subjects });
}

/** A record of another system: both people are known here, and are those who decided there. */
export interface ImportedEnforcement extends NewEnforcement {
  readonly proposedBy: string;
  readonly confirmedBy: string;
}

/**
 * Takes over records, all or none, under the same rules.
 * @returns their ids, in their order.
 * @throws TidewaiterError as {@link proposeEnforcement} and {@link confirmEnforcement}, saying which record it was.
 */
export async function importEnforcement(
  db: Database,
  records: readonly ImportedEnforcement[],
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<string[]> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const ids: string[] = [];
      for (const [index, { proposedBy, confirmedBy, ...wanted }] of records.entries()) {
        try {
          const id = await propose(tx, wanted, proposedBy, now);
          await confirm(tx, { id, caseId: wanted.case, by: confirmedBy, now });
          ids.push(id);
        } catch (error) {
          if (!(error instanceof TidewaiterError)) throw error;
          throw new TidewaiterError(error.code, `Record ${index + 1}: ${error.message}`, error.remedy);
        }
      }
      const facts = { records: ids.length };
      await append(tx, { kind: 'enforcement.imported', at: now, actor: by, subjects: {}, facts });
      return ids;
    }),
  );
}

/** How often the model of a lead is wrong at its threshold, with its 95 % interval (Clopper-Pearson). */
export function leadError({
  errors,
  trials,
  error_kind: kind,
}: Pick<EnforcementEvidenceTable, 'errors' | 'trials' | 'error_kind'>):
  { kind: string; errors: number; trials: number; low: number; high: number } | undefined {
  if (errors === null || trials === null || kind === null) return undefined;
  const { low, high } = clopperPearsonInterval(errors, trials);
  return { kind, errors, trials, low, high };
}
