import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import { underRules } from '../rules.ts';
import { trainingModules } from '../training/modules/index.ts';
import { act, forgedNames, sealRow, type Governed } from './seals.ts';
import { suspend } from './suspensions.ts';

/** The kind of the tests that uses of face recognition rest on; see faces/bias-test.ts. */
export const FACE_BIAS = 'face-bias';
/** The kind of the tests that come of an acceptance lab. */
export const ACCEPTANCE = 'acceptance';
/** Clocks of whoever tests may be ahead of ours by this much. */
const CLOCKS_DIFFER_MS = 60_000;

/** What came of a test of a model in a use. */
export interface TestResult {
  readonly use: string;
  /** Such as `accuracy`: the newest test of each kind counts. */
  readonly kind: string;
  readonly modelDigest: string;
  /** SHA-256 of the signed report. */
  readonly reportDigest: string;
  /** Fingerprint of the key by which its signature was verified; absent for what somebody says of a report. */
  readonly publisher?: string;
  /** Of a test for bias, where errors were counted: it holds for a registration whose range has this in it. */
  readonly threshold?: number;
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
 * @throws TidewaiterError `E_GOVERNANCE`; `E_FACE_TEST` for a test of faces without a report that was verified.
 */
export async function recordTest(
  { db, keys }: Governed,
  {
    use,
    kind,
    modelDigest,
    reportDigest,
    publisher,
    threshold,
    passed,
    testedAt,
    expires,
    by,
    now,
  }: TestResult,
): Promise<{ readonly id: string; readonly suspension?: string }> {
  if (kind === FACE_BIAS && publisher === undefined)
    throw new TidewaiterError(
      'E_FACE_TEST',
      'A test for bias is recorded from the report that a lab signed',
      'Give the report and the key of the lab: see docs/face-testing.md.',
    );
  // It would last longer than a test may: 36 months are counted from the test.
  if (testedAt.getTime() > now.getTime() + CLOCKS_DIFFER_MS)
    throw new TidewaiterError(
      'E_GOVERNANCE',
      'The test is of a moment to come',
      'Give the moment at which it was made, and see that the clocks are right.',
    );
  const signed = {
    ...(publisher !== undefined && { publisher }),
    ...(threshold !== undefined && { threshold }),
  };
  return underRules(
    db.transaction().execute(async (tx) => {
      const id = randomUUID();
      const { place } = await tx
        .insertInto('governance_tests')
        .values({
          ...{ id, use, kind, model_digest: modelDigest, report_digest: reportDigest, passed },
          ...{ tested_at: testedAt, expires, recorded_by: by, ...signed },
        })
        .returning('place')
        .executeTakeFirstOrThrow();
      await sealRow(tx, keys.seals, 'governance_tests', place);
      await append(tx, {
        ...{ kind: 'governance.tested', at: now, actor: by, subjects: { test: id } },
        facts: { use, model: modelDigest, report: reportDigest, passed, ...signed },
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

/**
 * @throws TidewaiterError `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`; `E_TRAINING_MODULE` for a module of another use.
 */
export async function recordTraining(
  { db, keys }: Governed,
  { personId, use, module, completedAt, expires, by, now }: Training,
): Promise<void> {
  const of = trainingModules.find(({ id }) => id === module)?.use ?? use;
  if (of !== use)
    throw new TidewaiterError(
      'E_TRAINING_MODULE',
      `The module ${module} is of the use ${of}, not of ${use}`,
      'Record it for its own use.',
    );
  await underRules(
    db.transaction().execute(async (tx) => {
      const { place } = await tx
        .insertInto('governance_training')
        .values({ person_id: personId, use, module, completed_at: completedAt, expires, recorded_by: by })
        .returning('place')
        .executeTakeFirstOrThrow();
      await sealRow(tx, keys.seals, 'governance_training', place);
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
  { db, keys }: Governed,
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
      await sealRow(tx, keys.seals, 'governance_waivers', id);
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
  { db, keys }: Governed,
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
      const row = await tx
        .selectFrom('governance_waivers')
        .select(
          sql<Date | null>`governance_reported(id, ${await forgedNames(tx, keys.seals)})`.as('reported'),
        )
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined)
        throw new TidewaiterError('E_GOVERNANCE_UNKNOWN', 'There is no such waiver', 'Check the id.');
      if (change === 'revoked')
        await tx
          .updateTable('governance_waivers')
          .set({ revoked_at: now, revoked_by: by })
          .where('id', '=', id)
          .execute();
      else if (row.reported === null) await act(tx, keys.seals, { waiver_id: id, person_id: by, at: now });
      else
        throw new TidewaiterError(
          'E_GOVERNANCE',
          `It was reported already, on ${row.reported.toISOString()}`,
          'Nothing is left to do.',
        );
      await append(tx, { kind: `governance.waiver-${change}`, at: now, actor: by, subjects: { waiver: id } });
    }),
  );
}
