import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { verifyPermit } from '../../src/core/permit.ts';
import { parseVerifyKey } from '../../src/core/signing-key.ts';
import {
  changeWaiver,
  grantWaiver,
  recordTest,
  recordTraining,
} from '../../src/governance/permits/evidence.ts';
import { revokePermit } from '../../src/governance/permits/issue.ts';
import { exportPermit, listPermits } from '../../src/governance/permits/list.ts';
import { confirmEvaluation, decidedMode, proposeEvaluation } from '../../src/governance/permits/mode.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { signOff } from '../../src/governance/permits/registrations.ts';
import type { Wanted } from '../../src/governance/permits/standing.ts';
import { liftSuspension, suspend } from '../../src/governance/permits/suspensions.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { charterDigest, DAY_MS, modelDigest, openOffice, type PermitOffice } from './permit-office.ts';

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
      (await listPermits(office, office.now())).map(({ id, state }) => [id, state]),
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
      signOff(office, {
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
    const failed = await recordTest(office, { ...test, ...span, ...by, passed: false });
    assert.ok(failed.suspension !== undefined);
    await assert.rejects(source.renew(), refused('E_PERMIT_SUSPENDED'));
    const lifting = { id: failed.suspension, by: people.caio, reason: 'mended', now: office.now() };
    await liftSuspension(office, lifting);
    await assert.rejects(source.renew(), refused('E_PERMIT_LACKS', /test of m/));
    await recordTest(office, { ...test, ...span, ...by, passed: true });
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
    const own = recordTraining(office, { ...training, personId: author, expires, by: author, now });
    await assert.rejects(own, refused('E_GOVERNANCE'));
    await recordTraining(office, { ...training, personId: author, expires, by: office.people.caio, now });
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
    await assert.rejects(signOff(office, { ...said, office: 'privacy', by: people.author }), /own work/);
    await assert.rejects(
      signOff(office, { ...said, office: 'caio', by: people.officer }),
      /member of the office/,
    );
    await signOff(office, { ...said, office: 'privacy', by: people.privacy });
    await assert.rejects(
      signOff(office, { ...said, office: 'civil-rights', by: people.privacy }),
      /two offices/,
    );
    await assert.rejects(
      signOff(office, { ...said, registration: randomUUID(), office: 'privacy', by: people.privacy }),
      refused('E_GOVERNANCE_UNKNOWN'),
    );
  });
});

describe('a waiver', () => {
  test('stands in for tests at its site, is reported within 30 days or ends, and never for a sign-off', async () => {
    const office = await newOffice();
    const { people, clock, gate } = office;
    const registration = await office.approved('pilot');
    const written = 'A pilot at one lane, with every output looked at by two officers.';
    const waiver = {
      ...{ registration, kind: 'pilot' as const, requirement: 'training' as const, site: 'pier' },
      ...{ reason: written, publicSummary: written },
      expires: new Date(office.now().getTime() + 100 * DAY_MS),
    };
    const granting = (by: string): Promise<string> =>
      grantWaiver(office, { ...waiver, by, now: office.now() });
    await assert.rejects(granting(people.privacy), /AI governance waives/);
    await assert.rejects(
      grantWaiver(office, { ...waiver, site: '*', by: people.caio, now: office.now() }),
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
    await changeWaiver(office, { id: late, change: 'reported', by: people.caio, now: office.now() });
    clock.laterMs = 65 * DAY_MS;
    await source.renew();
    await changeWaiver(office, { id: late, change: 'revoked', by: people.caio, now: office.now() });
    await assert.rejects(source.renew(), refused('E_PERMIT_TRAINING'));
    await assert.rejects(
      changeWaiver(office, { id: late, change: 'reported', by: people.caio, now: office.now() }),
      refused('E_GOVERNANCE', /reported already/),
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
    assert.equal(await decidedMode(db, office.keys.seals), 'evaluation');
    const registration = await office.approved('first');
    assert.equal(await decidedMode(db, office.keys.seals), 'enforced');
    await assert.rejects(source.renew(), refused('E_PERMIT_MISSING'));
    await assert.rejects(gate.open(wanted), refused('E_PERMIT_MISSING', /no permit for unheard-of/));
    const propose = (by: string): Promise<number> =>
      proposeEvaluation(office, { by, reason: 'a new start', now: office.now() });
    await assert.rejects(propose(people.privacy), refused('E_GOVERNANCE'));
    const proposal = await propose(people.caio);
    const confirm = (by: string): Promise<void> =>
      confirmEvaluation(office, { proposal, by, now: office.now() });
    await assert.rejects(confirm(people.caio), refused('E_GOVERNANCE'));
    await assert.rejects(confirm(people.privacy), refused('E_GOVERNANCE'));
    assert.equal(await decidedMode(db, office.keys.seals), 'enforced');
    await confirm(people.ocio);
    assert.equal(await decidedMode(db, office.keys.seals), 'evaluation');
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
    await assert.rejects(liftSuspension(office, { ...lifting, by: privacy }), refused('E_GOVERNANCE'));
    await liftSuspension(office, { ...lifting, by: office.people.caio });
    await office.gate.open(wanted);
  });
});
