import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { verifyPermit, type SignedPermit } from '../../src/core/permit.ts';
import { parseVerifyKey } from '../../src/core/signing-key.ts';
import type { Charter } from '../../src/governance/charters/charter.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { policySchema, type Policy } from '../../src/governance/charters/policy.ts';
import {
  changeWaiver,
  grantWaiver,
  recordTest,
  recordTraining,
} from '../../src/governance/permits/evidence.ts';
import { issuePermit, revokePermit } from '../../src/governance/permits/issue.ts';
import { exportPermit, listPermits } from '../../src/governance/permits/list.ts';
import { confirmEvaluation, decidedMode, proposeEvaluation } from '../../src/governance/permits/mode.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register, signOff, type NewRegistration } from '../../src/governance/permits/registrations.ts';
import type { Wanted } from '../../src/governance/permits/standing.ts';
import { liftSuspension, suspend } from '../../src/governance/permits/suspensions.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import {
  charterDigest,
  charterOf,
  DAY_MS,
  modelDigest,
  openOffice,
  type PermitOffice,
} from './permit-office.ts';

const server = await startTestServer();
const report = '0'.repeat(64);

async function newOffice(): Promise<PermitOffice> {
  return openOffice((await server.database(wholeSchema)).db);
}

function wantedBy({ people }: PermitOffice, use: string): Wanted {
  return { use, purpose: 'release', site: 'pier', person: people.officer };
}

const refused = (code: string, message: RegExp = /./): { code: string; message: RegExp } => ({
  code,
  message,
});

describe('a permit', () => {
  let office: PermitOffice;
  before(async () => {
    office = await newOffice();
  });

  test('is issued when all that it rests on holds, and a lease of it opens its models', async () => {
    const registration = await office.approved('lanes');
    const permit = await office.issued(registration);
    const source = await office.gate.open(wantedBy(office, 'lanes'));
    assert.deepEqual(source.permit, permit);
    const lease = await source.renew();
    assert.ok(lease.kind === 'signed');
    assert.equal(lease.claims.id, permit.claims.id);
    assert.ok(Date.parse(lease.claims.expires) - Date.parse(lease.claims.notBefore) <= 5000);
    const publicKey = parseVerifyKey(source.publicKey ?? '', 'the key');
    const use = { modelId: 'm', digest: modelDigest, use: 'lanes', purpose: 'release', site: 'pier' };
    verifyPermit(lease, { ...use, threshold: 0.5 }, { publicKey, now: new Date() });
    const [kept] = await office.db
      .selectFrom('governance_registrations')
      .select('charter_digest')
      .where('id', '=', registration)
      .execute();
    assert.equal(kept?.charter_digest, charterDigest('lanes'));
    assert.deepEqual(
      (await listPermits(office.db, office.now())).map(({ id, state }) => [id, state]),
      [[permit.claims.id, 'live']],
    );
    const carried = await exportPermit(office, permit.claims.id);
    verifyPermit(
      carried.permit,
      { ...use, threshold: 0.5 },
      {
        publicKey: parseVerifyKey(carried.publicKey, 'the key'),
        now: new Date(),
      },
    );
  });

  test('is not issued while an office has not signed or has returned it, and the ledger says so', async () => {
    const registration = await office.registered('half-signed');
    const sign = (which: (typeof offices)[number], verdict: 'signed' | 'returned'): Promise<void> =>
      signOff(office.db, {
        ...{ registration, office: which, verdict, reason: 'because' },
        ...{ by: office.people[which], now: office.now() },
      });
    for (const which of ['privacy', 'civil-rights', 'caio'] as const) await sign(which, 'signed');
    const why = /sign-off ocio, test of m/;
    await assert.rejects(office.issued(registration), refused('E_GOVERNANCE', why));
    await sign('ocio', 'signed');
    await sign('privacy', 'returned');
    await assert.rejects(office.issued(registration), refused('E_GOVERNANCE', /sign-off privacy/));
    const { rows } = await sql<{ refusals: number }>`
      select count(*) as refusals from ledger_outbox where event ->> 'kind' = 'governance.permit-refused'`.execute(
      office.db,
    );
    assert.deepEqual(rows, [{ refusals: 2 }]);
  });

  test('dies with what it rests on, and comes back with it', async () => {
    const { db, people, gate } = office;
    await office.issued(await office.approved('fragile'));
    const source = await gate.open(wantedBy(office, 'fragile'));
    const test = { use: 'fragile', kind: 'accuracy', modelDigest, reportDigest: report };
    const span = { testedAt: office.now(), expires: new Date(office.now().getTime() + DAY_MS) };
    const by = { by: people.caio, now: office.now() };
    const failed = await recordTest(db, { ...test, ...span, ...by, passed: false });
    assert.ok(failed.suspension !== undefined);
    await assert.rejects(source.renew(), refused('E_PERMIT_SUSPENDED'));
    const lifting = { id: failed.suspension, by: people.caio, reason: 'mended', now: office.now() };
    await liftSuspension(db, lifting);
    await assert.rejects(source.renew(), refused('E_PERMIT_LACKS', /test of m/));
    await recordTest(db, { ...test, ...span, ...by, passed: true });
    await source.renew();
    const [{ told } = { told: [] }] = await db
      .selectFrom('governance_suspensions')
      .select('told')
      .where('use', '=', 'fragile')
      .execute();
    assert.deepEqual(told, offices.map((which) => people[which]).sort());
  });

  test('does not serve somebody without current training', async () => {
    await office.issued(await office.approved('trained'));
    const { author } = office.people;
    const wanted = { ...wantedBy(office, 'trained'), person: author };
    await assert.rejects(office.gate.open(wanted), refused('E_PERMIT_TRAINING'));
    const training = { use: 'trained', module: 'basics', completedAt: office.now() };
    const now = office.now();
    const expires = new Date(now.getTime() + DAY_MS);
    const own = recordTraining(office.db, { ...training, personId: author, expires, by: author, now });
    await assert.rejects(own, refused('E_GOVERNANCE'));
    await recordTraining(office.db, { ...training, personId: author, expires, by: office.people.caio, now });
    await office.gate.open(wanted);
  });

  test('is refused when it was revoked', async () => {
    const permit = await office.issued(await office.approved('taken-back'));
    const by = { by: office.people.privacy, now: office.now() };
    await revokePermit(office.db, { id: permit.claims.id, reason: 'no longer wanted', ...by });
    await assert.rejects(office.gate.open(wantedBy(office, 'taken-back')), refused('E_PERMIT_REVOKED'));
    await assert.rejects(exportPermit(office, permit.claims.id), refused('E_GOVERNANCE_UNKNOWN'));
    const again = revokePermit(office.db, { id: permit.claims.id, reason: 'again', ...by });
    await assert.rejects(again, refused('E_GOVERNANCE_UNKNOWN'));
  });
});

describe('a charter', () => {
  let office: PermitOffice;
  before(async () => {
    office = await newOffice();
  });
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];
  const put = (charter: Charter, more: Partial<NewRegistration> = {}): Promise<string> =>
    register(office.db, {
      ...{ charter, purposes: ['release'], models, by: office.people.author, now: office.now(), ...more },
    });
  const issue = (registration: string, policies?: readonly Policy[]): Promise<SignedPermit> =>
    issuePermit(policies === undefined ? office : { ...office, policies }, {
      ...{ registration, site: 'pier', purpose: 'release', by: office.people.caio, now: office.now() },
      expires: new Date(office.now().getTime() + DAY_MS),
    });
  const ofPort = policySchema.parse({
    ...{ schema: 1, id: 'port', version: '1', title: 'No faces here', issuer: 'Port', source: 'Order 12' },
    effective: '2026-01-01',
    provisions: [
      {
        ...{ id: 'no-redaction', title: 'No pictures are looked at', section: '1', waivable: false },
        ...{ appliesTo: { does: charterOf('x').does }, shownBy: { evidence: ['appeal'] }, maxAgeMonths: 1 },
      },
    ],
  });

  test('that breaks a rule is not registered, nor with a model that it does not name', async () => {
    const scoring: Charter = { ...charterOf('scoring'), does: ['score-person-risk'] };
    await assert.rejects(put(scoring), refused('E_CHARTER', /red-line\/no-person-score/));
    const stranger = [{ id: 'other', digest: modelDigest, threshold: [0, 1] as [number, number] }];
    const strange = put(charterOf('strange'), { models: stranger });
    await assert.rejects(strange, refused('E_CHARTER_MODELS', /does not name the model other/));
  });

  test('of a use that works is not registered while a provision is open', async () => {
    const bare = { ...charterOf('bare'), evidence: [] };
    await assert.rejects(put(bare), refused('E_CHARTER', /m-25-21\/testing \(test-report\)/));
    await assert.rejects(
      put({ ...bare, stage: 'pilot' }),
      refused('E_CHARTER', /dhs-139-08\/safe \(test-report/),
    );
    await put({ ...bare, stage: 'pre-deployment' });
    const faces: Charter = { ...bare, does: ['search-faces'] };
    await assert.rejects(put(faces), refused('E_CHARTER', /dhs-026-11\/bias-test/));
  });

  test('whose evidence ended, or that is not in use yet, gets no permit, and the ledger says so', async () => {
    const { evidence } = charterOf('x');
    const expires = new Date(office.now().getTime() + DAY_MS).toISOString().slice(0, 10);
    const ending = { ...charterOf('ending'), evidence: evidence.map((each) => ({ ...each, expires })) };
    await issue(await office.approved('ending', 1, ending));
    const again = await office.approved('ending', 2, { ...ending, revision: 2 });
    office.clock.laterMs = 2 * DAY_MS;
    await assert.rejects(issue(again), refused('E_CHARTER', /m-25-21\/testing/));
    office.clock.laterMs = 0;
    const early: Charter = { ...charterOf('early'), stage: 'pre-deployment' };
    const trial = await office.approved('early', 1, early);
    await assert.rejects(issue(trial), refused('E_CHARTER', /says pre-deployment/));
    const { rows } =
      await sql`select 1 from ledger_outbox where event ->> 'kind' = 'governance.permit-refused'
      and event -> 'facts' ->> 'code' = 'E_CHARTER'`.execute(office.db);
    assert.equal(rows.length, 2);
  });

  test('is judged by the policies of the agency too', async () => {
    const registration = await office.approved('port');
    const policies = [...builtInPolicies, ofPort];
    const why = refused('E_CHARTER', /port\/no-redaction \(appeal\)/);
    await assert.rejects(issue(registration, policies), why);
    await assert.rejects(put(charterOf('port', 2), { policies }), why);
    await issue(registration);
  });
});

describe('a sign-off', () => {
  test('is by a member of the office who is neither the author nor of another office', async () => {
    const office = await newOffice();
    const { db, people } = office;
    const registration = await office.registered('own-work');
    const said = { registration, verdict: 'signed' as const, reason: 'because', now: office.now() };
    await db
      .insertInto('grants')
      .values(
        (['privacy', 'admin', 'civil-rights'] as const).map((role) => ({
          ...{ person_id: role === 'civil-rights' ? people.privacy : people.author, site: '*', role },
          granted_at: new Date(),
        })),
      )
      .execute();
    await assert.rejects(signOff(db, { ...said, office: 'privacy', by: people.author }), /own work/);
    await assert.rejects(
      signOff(db, { ...said, office: 'caio', by: people.officer }),
      /member of the office/,
    );
    await signOff(db, { ...said, office: 'privacy', by: people.privacy });
    await assert.rejects(signOff(db, { ...said, office: 'civil-rights', by: people.privacy }), /two offices/);
    await assert.rejects(
      signOff(db, { ...said, registration: randomUUID(), office: 'privacy', by: people.privacy }),
      refused('E_GOVERNANCE_UNKNOWN'),
    );
  });
});

describe('a waiver', () => {
  test('stands in for tests at its site, is reported within 30 days or ends, and never for a sign-off', async () => {
    const office = await newOffice();
    const { db, people, clock, gate } = office;
    const registration = await office.approved('pilot');
    const written = 'A pilot at one lane, with every output looked at by two officers.';
    const waiver = {
      ...{ registration, kind: 'pilot' as const, requirement: 'training' as const, site: 'pier' },
      ...{ reason: written, publicSummary: written },
      expires: new Date(office.now().getTime() + 100 * DAY_MS),
    };
    const granting = (by: string): Promise<string> => grantWaiver(db, { ...waiver, by, now: office.now() });
    await assert.rejects(granting(people.privacy), /AI governance waives/);
    await assert.rejects(
      grantWaiver(db, { ...waiver, site: '*', by: people.caio, now: office.now() }),
      refused('E_GOVERNANCE'),
    );
    await office.issued(registration);
    const wanted = { ...wantedBy(office, 'pilot'), person: people.author };
    await assert.rejects(gate.open(wanted), refused('E_PERMIT_TRAINING'));
    const id = await granting(people.caio);
    const source = await gate.open(wanted);
    clock.laterMs = 29 * DAY_MS;
    await source.renew();
    clock.laterMs = 31 * DAY_MS;
    await assert.rejects(source.renew(), refused('E_PERMIT_TRAINING'));
    const late = await granting(people.caio);
    await changeWaiver(db, { id: late, change: 'reported', by: people.caio, now: office.now() });
    clock.laterMs = 65 * DAY_MS;
    await source.renew();
    await changeWaiver(db, { id: late, change: 'revoked', by: people.caio, now: office.now() });
    await assert.rejects(source.renew(), refused('E_PERMIT_TRAINING'));
    await assert.rejects(
      changeWaiver(db, { id: late, change: 'reported', by: people.caio, now: office.now() }),
      refused('E_GOVERNANCE', /set once/),
    );
    assert.notEqual(id, late);
  });
});

describe('the mode', () => {
  test('is enforced once the first use was signed, and ended only by two offices together', async () => {
    const office = await newOffice();
    const { db, people, gate } = office;
    const wanted = wantedBy(office, 'unheard-of');
    const source = await gate.open(wanted);
    assert.equal(source.permit.kind, 'evaluation');
    assert.equal(await decidedMode(db), 'evaluation');
    const registration = await office.approved('first');
    assert.equal(await decidedMode(db), 'enforced');
    await assert.rejects(source.renew(), refused('E_PERMIT_MISSING'));
    await assert.rejects(gate.open(wanted), refused('E_PERMIT_MISSING', /no permit for unheard-of/));
    const propose = (by: string): Promise<number> =>
      proposeEvaluation(db, { by, reason: 'a new start', now: office.now() });
    await assert.rejects(propose(people.privacy), refused('E_GOVERNANCE'));
    const proposal = await propose(people.caio);
    const confirm = (by: string): Promise<void> => confirmEvaluation(db, { proposal, by, now: office.now() });
    await assert.rejects(confirm(people.caio), refused('E_GOVERNANCE'));
    await assert.rejects(confirm(people.privacy), refused('E_GOVERNANCE'));
    assert.equal(await decidedMode(db), 'enforced');
    await confirm(people.ocio);
    assert.equal(await decidedMode(db), 'evaluation');
    assert.equal((await gate.open(wanted)).permit.kind, 'evaluation');
    await office.issued(registration);
  });

  test('of evaluation does not run what is suspended', async () => {
    const office = await newOffice();
    const wanted = wantedBy(office, 'stopped');
    const source = await office.gate.open(wanted);
    const { privacy } = office.people;
    const why = { cause: 'person', reason: 'stop it', by: privacy, now: office.now() } as const;
    const { id } = await office.db.transaction().execute((tx) => suspend(tx, { use: 'stopped', ...why }));
    await assert.rejects(source.renew(), refused('E_PERMIT_SUSPENDED'));
    await assert.rejects(office.gate.open(wanted), refused('E_PERMIT_SUSPENDED'));
    const lifting = { id, reason: 'go on', now: office.now() };
    await assert.rejects(liftSuspension(office.db, { ...lifting, by: privacy }), refused('E_GOVERNANCE'));
    await liftSuspension(office.db, { ...lifting, by: office.people.caio });
    await office.gate.open(wanted);
  });
});
