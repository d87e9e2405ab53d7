import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { keyFingerprint } from '../../src/core/signing-key.ts';
import { planSchema } from '../../src/governance/acceptance/plan.ts';
import { registerSet, takeReport } from '../../src/governance/acceptance/records.ts';
import type { CommitmentClaims, ReportClaims, SignedReport } from '../../src/governance/acceptance/signed.ts';
import { signClaims } from '../../src/governance/signed-claims.ts';
import type { Verdict } from '../../src/governance/acceptance/measures.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { detectionPlan, newKey } from './acceptance-lab.ts';
import { modelDigest, openOffice } from './permit-office.ts';

const server = await startTestServer();
const lab = newKey();

function commitmentOf(fill: string): CommitmentClaims {
  return {
    ...{ format: 'tidewaiter-acceptance-set-1', name: 'boxes', items: 12, commitment: fill.repeat(64) },
    ...{ plan: planSchema.parse(detectionPlan), admitted: null, sealedAt: new Date().toISOString() },
  };
}

function reportOf(
  set: CommitmentClaims,
  verdict: Verdict,
  key = lab,
  at = new Date(Date.now() + 1000),
): SignedReport {
  const claims: ReportClaims = {
    ...{ format: 'tidewaiter-acceptance-1', tool: { name: 'tidewaiter', version: '1' } },
    ...{
      startedAt: at.toISOString(),
      madeAt: at.toISOString(),
      set,
      confinement: 'namespaces',
      answered: 12,
    },
    submission: {
      vendor: keyFingerprint(newKey().publicKey),
      kind: 'model',
      name: 'm.onnx',
      digest: modelDigest,
    },
    ...{ fault: null, answers: '0'.repeat(64), measures: [], goals: [], verdict },
  };
  return signClaims(claims, key);
}

test('a verdict feeds permits: a failed one suspends and blocks, one that says nothing counts for nothing', async () => {
  const { db } = await server.database(wholeSchema);
  const office = await openOffice(db);
  const by = { by: office.people.caio, now: new Date() };
  const registration = await office.approved('lanes');
  await office.issued(registration);
  const set = commitmentOf('a');
  await assert.rejects(takeReport(office, reportOf(set, 'passed'), by), { code: 'E_GOVERNANCE_UNKNOWN' });
  const signed = signClaims(set, lab);
  await assert.rejects(registerSet(office, { ...signed, claims: { ...set, items: 13 } }, by), {
    code: 'E_ACCEPT_SEAL',
  });
  await registerSet(office, signed, by);
  await assert.rejects(registerSet(office, signed, by), { code: 'E_ACCEPT_TWICE' });
  await assert.rejects(takeReport(office, reportOf(set, 'passed', newKey()), by), { code: 'E_ACCEPT_SEAL' });
  await assert.rejects(takeReport(office, reportOf({ ...set, items: 11 }, 'passed'), by), {
    code: 'E_ACCEPT_SEAL',
  });
  // A test that began before the set was registered may have been chosen to fit.
  const early = reportOf(set, 'passed', lab, new Date(by.now.getTime() - 60_000));
  await assert.rejects(takeReport(office, early, by), {
    code: 'E_GOVERNANCE',
    message: /not registered before/,
  });

  const open = reportOf(set, 'not-estimable');
  const { test: none } = await takeReport(office, open, by);
  assert.equal(none, undefined);
  const passed = reportOf(set, 'passed');
  const later = { ...by, now: new Date(Date.now() + 2000) };
  const taken = await takeReport(office, passed, later);
  assert.ok(taken.test !== undefined && taken.suspension === undefined);
  await assert.rejects(takeReport(office, passed, later), { code: 'E_ACCEPT_TWICE' });
  await office.issued(registration);

  const failed = await takeReport(office, reportOf(set, 'failed'), later);
  assert.ok(failed.suspension !== undefined);
  await assert.rejects(office.issued(registration), { code: 'E_GOVERNANCE', message: /test of m|suspended/ });
  const tests = await db
    .selectFrom('governance_tests')
    .select(['kind', 'passed', 'report_digest'])
    .where('kind', '=', 'acceptance')
    .execute();
  assert.deepEqual(
    tests.map((row) => row.passed),
    [true, false],
  );
  // A lab of somebody's own, put in by SQL with the seal of another set.
  const [mine, theirs] = [newKey(), commitmentOf('b')];
  const claims = JSON.stringify(theirs);
  const { publicKey } = signClaims(theirs, mine);
  await sql`insert into acceptance_sets (commitment, claims, lab_key, registered_by, registered_at, seal)
    select ${theirs.commitment}, ${claims}, ${publicKey}, registered_by, registered_at, seal from acceptance_sets`.execute(
    db,
  );
  await assert.rejects(takeReport(office, reportOf(theirs, 'passed', mine), later), {
    code: 'E_GOVERNANCE_UNKNOWN',
  });
  for (const attack of [
    sql`delete from acceptance_submissions`,
    sql`update acceptance_submissions set verdict = 'passed'`,
    sql`update acceptance_sets set lab_key = 'mine'`,
  ])
    await assert.rejects(attack.execute(db), /keeps what was written|set once/);
});
