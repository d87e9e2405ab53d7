import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import type { Database } from '../../platform/store/database.ts';
import { underRules } from '../rules.ts';
import { suspend } from './suspensions.ts';

/** What came of a test of a model in a use. */
export interface TestResult {
  readonly use: string;
  /** Such as `accuracy` or `face-bias`: the newest test of each kind counts. */
  readonly kind: string;
  readonly modelDigest: string;
  /** SHA-256 of the signed report. */
  readonly reportDigest: string;
  readonly passed: boolean;
  readonly testedAt: Date;
  /** At most 36 months later. */
  readonly expires: Date;
  readonly by: string;
  readonly now: Date;
}

/**
 * Keeps the result of a test. One that failed suspends the use, if it was registered with that model.
 * @returns the test, and the suspension if there is one.
 * @throws TidewaiterError `E_GOVERNANCE`.
 */
export async function recordTest(
  db: Database,
  { use, kind, modelDigest, reportDigest, passed, testedAt, expires, by, now }: TestResult,
): Promise<{ readonly id: string; readonly suspension?: string }> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const id = randomUUID();
      await tx
        .insertInto('governance_tests')
        .values({
          ...{ id, use, kind, model_digest: modelDigest, report_digest: reportDigest, passed },
          ...{ tested_at: testedAt, expires, recorded_by: by },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'governance.tested', at: now, actor: by, subjects: { test: id } },
        facts: { use, model: modelDigest, report: reportDigest, passed },
      });
      if (passed) return { id };
      const { rows } = await sql`select 1 from governance_registrations
        where use = ${use} and models @> ${JSON.stringify([{ digest: modelDigest }])}::jsonb limit 1`.execute(
        tx,
      );
      if (rows.length === 0) return { id };
      const reason = `A test of its model ${modelDigest.slice(0, 12)} failed (${kind}).`;
      const suspension = await suspend(tx, { use, cause: 'test', reason, by: 'system', now });
      return { id, suspension: suspension.id };
    }),
  );
}

/** That somebody passed a training module of a use. Nobody records their own. */
export interface Training {
  readonly personId: string;
  readonly use: string;
  readonly module: string;
  readonly completedAt: Date;
  readonly expires: Date;
  readonly by: string;
  readonly now: Date;
}

/** @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`. */
export async function recordTraining(
  db: Database,
  { personId, use, module, completedAt, expires, by, now }: Training,
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('governance_training')
        .values({ person_id: personId, use, module, completed_at: completedAt, expires, recorded_by: by })
        .execute();
      await append(tx, {
        ...{ kind: 'governance.trained', at: now, actor: by, subjects: { person: personId } },
        facts: { use, module },
      });
    }),
  );
}

/** A waiver of one requirement for one version of a use at one site, or a pilot. Neither stands in for a sign-off. */
export interface NewWaiver {
  readonly registration: string;
  readonly kind: 'waiver' | 'pilot';
  readonly requirement: 'tests' | 'training';
  readonly site: string;
  readonly reason: string;
  readonly publicSummary: string;
  readonly expires: Date;
  readonly by: string;
  readonly now: Date;
}

/** @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`. */
export async function grantWaiver(
  db: Database,
  { registration, kind, requirement, site, reason, publicSummary, expires, by, now }: NewWaiver,
): Promise<string> {
  return underRules(
    db.transaction().execute(async (tx) => {
      const id = randomUUID();
      await tx
        .insertInto('governance_waivers')
        .values({
          ...{ id, registration_id: registration, kind, requirement, site, reason },
          ...{ public_summary: publicSummary, granted_by: by, granted_at: now, expires },
        })
        .execute();
      await append(tx, {
        ...{ kind: 'governance.waived', at: now, actor: by, subjects: { registration, waiver: id } },
        facts: { kind, requirement, site },
      });
      return id;
    }),
  );
}

/**
 * Notes that OMB was told of a waiver, or takes it back. One that was not reported within 30 days stands no more.
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function changeWaiver(
  db: Database,
  {
    id,
    change,
    by,
    now,
  }: {
    readonly id: string;
    readonly change: 'reported' | 'revoked';
    readonly by: string;
    readonly now: Date;
  },
): Promise<void> {
  await underRules(
    db.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('governance_waivers')
        .set(change === 'reported' ? { reported_at: now } : { revoked_at: now, revoked_by: by })
        .where('id', '=', id)
        .executeTakeFirst();
      if (numUpdatedRows !== 1n)
        throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such waiver', 'Check the id.');
      await append(tx, { kind: `governance.waiver-${change}`, at: now, actor: by, subjects: { waiver: id } });
    }),
  );
}
