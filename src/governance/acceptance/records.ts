import { randomUUID } from 'node:crypto';
import type { ColumnType, JSONColumnType } from 'kysely';
import { canonicalJson } from '../../core/canonical-json.ts';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { append } from '../../platform/ledger/ledger.ts';
import { ACCEPTANCE, recordTest } from '../permits/evidence.ts';
import { forgedNames, nameOf, sealRow, type Governed } from '../permits/seals.ts';
import { onlyOnce } from '../rules.ts';
import type { Verdict } from './measures.ts';
import { holds } from '../signed-claims.ts';
import type { CommitmentClaims, SignedCommitment, SignedReport } from './signed.ts';

interface SetsTable {
  readonly commitment: string;
  readonly claims: JSONColumnType<CommitmentClaims>;
  /** SubjectPublicKeyInfo (DER), base64. */
  readonly lab_key: string;
  readonly registered_by: string;
  readonly registered_at: Date;
  seal: ColumnType<string | null, never, string>;
}

interface SubmissionsTable {
  readonly id: string;
  readonly commitment: string;
  readonly vendor: string;
  readonly report: JSONColumnType<SignedReport>;
  readonly report_digest: string;
  readonly verdict: Verdict;
  readonly submitted_by: string;
  readonly submitted_at: Date;
  /** The test that permits rest on; none where nothing could be said. */
  test_id: ColumnType<string | null, never, string>;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    acceptance_sets: SetsTable;
    acceptance_submissions: SubmissionsTable;
  }
}

interface By {
  readonly by: string;
  readonly now: Date;
}

/**
 * Registers a sealed set, before anybody is tested on it, with the key of the lab that signs reports on it.
 * @throws TidewaiterError `E_ACCEPT_SEAL`, `E_ACCEPT_TWICE`.
 */
export async function registerSet(
  { db, keys }: Governed,
  sealed: SignedCommitment,
  { by, now }: By,
): Promise<void> {
  if (!holds(sealed)) throw unsigned('The commitment is not what its key signed');
  const { claims, publicKey } = sealed;
  await onlyOnce(
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('acceptance_sets')
        .values({
          ...{ commitment: claims.commitment, claims: JSON.stringify(claims), lab_key: publicKey },
          ...{ registered_by: by, registered_at: now },
        })
        .execute();
      await sealRow(tx, keys.seals, 'acceptance_sets', claims.commitment);
      await append(tx, {
        ...{ kind: 'acceptance.sealed', at: now, actor: by, subjects: {} },
        facts: { commitment: claims.commitment, use: claims.plan.use, items: claims.items },
      });
    }),
    () => twice('This set is registered already'),
  );
}

/**
 * Takes in the signed report on the one submission of a key to a set. Its verdict becomes a test that permits rest on: a failed
 * one suspends the use if it was registered with that model, and blocks new permits; one that could not be estimated is kept,
 * and counts for nothing.
 * @throws TidewaiterError `E_ACCEPT_SEAL`, `E_ACCEPT_TWICE`, `E_GOVERNANCE`, `E_GOVERNANCE_UNKNOWN`.
 */
export async function takeReport(
  { db, keys }: Governed,
  report: SignedReport,
  { by, now }: By,
): Promise<{ readonly id: string; readonly test?: string; readonly suspension?: string }> {
  const { claims } = report;
  const { commitment, plan } = claims.set;
  const reportDigest = sha256(canonicalJson(report));
  const set = await db
    .selectFrom('acceptance_sets')
    .selectAll()
    .where('commitment', '=', commitment)
    .executeTakeFirst();
  const forged = await forgedNames(db, keys.seals);
  if (set === undefined || forged.includes(nameOf({ kind: 'acceptance_sets', key: commitment })))
    throw new TidewaiterError(
      'E_GOVERNANCE_UNKNOWN',
      'No set with this commitment is registered',
      'Register sealed sets before anybody is tested.',
    );
  const same = canonicalJson(set.claims) === canonicalJson(claims.set);
  if (!holds(report) || report.publicKey !== set.lab_key || !same)
    throw unsigned('The report is not signed by the lab that sealed the set, or is of another set');
  const { vendor, digest } = claims.submission;
  const kept = await db
    .selectFrom('acceptance_submissions')
    .select(['id', 'report_digest', 'test_id'])
    .where('commitment', '=', commitment)
    .where('vendor', '=', vendor)
    .executeTakeFirst();
  // The same report again, because the first time was broken off before its test was recorded.
  const again = kept !== undefined && kept.report_digest === reportDigest && kept.test_id === null;
  if (kept !== undefined && !again) throw twice(hadItsOne);
  const id = kept?.id ?? randomUUID();
  if (!again)
    await onlyOnce(
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('acceptance_submissions')
          .values({
            ...{ id, commitment, vendor, report: JSON.stringify(report), report_digest: reportDigest },
            ...{ verdict: claims.verdict, submitted_by: by, submitted_at: now },
          })
          .execute();
        await append(tx, {
          ...{ kind: 'acceptance.reported', at: now, actor: by, subjects: { submission: id } },
          facts: { commitment, model: digest, report: reportDigest, verdict: claims.verdict },
        });
      }),
      () => twice(hadItsOne),
    );
  if (claims.verdict === 'not-estimable') return { id };
  const testedAt = new Date(claims.madeAt);
  const expires = new Date(testedAt);
  expires.setUTCMonth(expires.getUTCMonth() + plan.months);
  const test = await recordTest(
    { db, keys },
    {
      ...{
        use: plan.use,
        kind: ACCEPTANCE,
        modelDigest: digest,
        reportDigest,
        passed: claims.verdict === 'passed',
      },
      ...{ testedAt, expires, by, now },
    },
  );
  await db.updateTable('acceptance_submissions').set({ test_id: test.id }).where('id', '=', id).execute();
  return { id, test: test.id, ...(test.suspension === undefined ? {} : { suspension: test.suspension }) };
}

const hadItsOne = 'This key had its one submission for this set';

function twice(message: string): TidewaiterError {
  return new TidewaiterError('E_ACCEPT_TWICE', message, 'Seal a new set for another test.');
}

function unsigned(message: string): TidewaiterError {
  return new TidewaiterError('E_ACCEPT_SEAL', message, 'Give the files as the lab wrote them.');
}
