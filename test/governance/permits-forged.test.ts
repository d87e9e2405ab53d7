import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { sql, type RawBuilder } from 'kysely';
import { Random } from '../../src/core/random.ts';
import { changeWaiver, grantWaiver, recordTest } from '../../src/governance/permits/evidence.ts';
import { exportPermit, listPermits } from '../../src/governance/permits/list.ts';
import { confirmEvaluation, decidedMode, proposeEvaluation } from '../../src/governance/permits/mode.ts';
import { signOff } from '../../src/governance/permits/registrations.ts';
import type { Wanted } from '../../src/governance/permits/standing.ts';
import { liftSuspension, suspend, suspensionsOf } from '../../src/governance/permits/suspensions.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { charterOf, DAY_MS, modelDigest, openOffice, type PermitOffice } from './permit-office.ts';

/** Of the 10,000 calls of permits-attack.test.ts those that rest on rows which somebody wrote by SQL. */
const CALLS = 300;

const server = await startTestServer();
const random = new Random(0x5ea1);
const written = 'A pilot at one lane, with every output looked at by two officers.';
let office: PermitOffice;
const registrations: Record<string, string> = {};
let suspension: string;
let waiver: string;
let proposal: number;

const by = (): { by: string; now: Date } => ({ by: office.people.caio, now: office.now() });
const wantedOf = (use: string, person = office.people.officer): Wanted => ({
  ...{ use, purpose: 'release', site: 'pier', person },
});
const lift = (id: string): Promise<void> => liftSuspension(office, { id, reason: 'mended', ...by() });
const tested = (use: string, passed: boolean): ReturnType<typeof recordTest> =>
  recordTest(office, {
    ...{ use, kind: 'accuracy', modelDigest, reportDigest: modelDigest, passed, testedAt: office.now() },
    ...{ expires: new Date(office.now().getTime() + 90 * DAY_MS), ...by() },
  });

/** Each use holds a permit and lacks just what it is called by; `whole` lacks nothing. */
before(async () => {
  office = await openOffice((await server.database(wholeSchema)).db);
  const { db, people, now } = office;
  for (const use of ['whole', 'sign-off', 'test', 'training', 'waiver', 'report', 'lift'] as const) {
    registrations[use] = await office.approved(use);
    await office.issued(registrations[use]);
  }
  const returned = {
    registration: registrations['sign-off']!,
    office: 'privacy',
    verdict: 'returned',
  } as const;
  await signOff(office, { ...returned, reason: 'not so', by: people.privacy, now: now() });
  await lift((await tested('test', false)).suspension!);
  const then = new Date(now().getTime() - 40 * DAY_MS);
  waiver = await grantWaiver(office, {
    ...{ registration: registrations['report']!, kind: 'waiver', requirement: 'training', site: 'pier' },
    ...{ reason: written, publicSummary: written, by: people.caio, now: then },
    expires: new Date(now().getTime() + 90 * DAY_MS),
  });
  const why = { cause: 'person', reason: 'stop', by: people.privacy, now: now() } as const;
  suspension = (await db.transaction().execute((tx) => suspend(tx, { use: 'lift', ...why }))).id;
  proposal = await proposeEvaluation(office, { by: people.ocio, reason: 'a new start', now: now() });
});

type Seal = string | null;

/** For each use the rows that would let it run. */
const forging: Readonly<Record<string, (seal: Seal) => RawBuilder<unknown>>> = {
  'sign-off': (
    seal,
  ) => sql`insert into governance_sign_offs (registration_id, office, person_id, verdict, reason, at, seal)
    values (${registrations['sign-off']}, 'privacy', ${office.people.privacy}, 'signed', 'because', now(), ${seal})`,
  test: (seal) => sql`insert into governance_tests
      (id, use, kind, model_digest, report_digest, passed, tested_at, expires, recorded_by, seal)
    values (${randomUUID()}, 'test', 'accuracy', ${modelDigest}, ${modelDigest}, true, now(), now() + interval '1 year',
      ${office.people.caio}, ${seal})`,
  training: (
    seal,
  ) => sql`insert into governance_training (person_id, use, module, completed_at, expires, recorded_by, seal)
    values (${office.people.author}, 'training', 'basics', now() - interval '1 day', now() + interval '1 year',
      ${office.people.caio}, ${seal})`,
  waiver: (seal) => sql`insert into governance_waivers
      (id, registration_id, kind, requirement, site, reason, public_summary, granted_by, granted_at, expires, seal)
    values (${randomUUID()}, ${registrations['waiver']}, 'pilot', 'training', 'pier', ${written}, ${written},
      ${office.people.caio}, now() - interval '1 day', now() + interval '90 days', ${seal})`,
  report: (seal) => sql`insert into governance_acts (waiver_id, person_id, at, seal)
    values (${waiver}, ${office.people.caio}, now() - interval '30 days', ${seal})`,
  lift: (seal) => sql`insert into governance_acts (suspension_id, person_id, reason, at, seal)
    values (${suspension}, ${office.people.caio}, 'because', now(), ${seal})`,
  // The second half only, then both.
  confirmed: (seal) => sql`insert into governance_acts (mode_place, person_id, at, seal)
    values (${proposal}, ${office.people.caio}, now(), ${seal})`,
  evaluated: (
    seal,
  ) => sql`with p as (insert into governance_modes (mode, reason, proposed_by, proposed_at, seal)
      values ('evaluation', 'because', ${office.people.ocio}, now(), ${seal}) returning place)
    select p.place from p`,
};
const untrained = ['training', 'waiver', 'report'];

async function runs(use: string): Promise<boolean> {
  const person = untrained.includes(use) ? office.people.author : office.people.officer;
  try {
    await (await office.gate.open(wantedOf(use, person))).renew();
    return true;
  } catch (error) {
    assert.match((error as { code?: string }).code ?? '', /^E_PERMIT_/);
    return false;
  }
}

test('rows that this installation did not write let nothing run', async () => {
  const { db, people } = office;
  const { rows } = await sql<{ seal: string }>`
    select seal from governance_evidence where seal is not null`.execute(db);
  const seals: readonly (() => Seal)[] = [
    () => null,
    () => randomBytes(32).toString('hex'),
    // Of another row, of the same table or not.
    () => random.pick(rows).seal,
    () => random.pick(rows).seal.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
    () => '',
  ];
  const passed: string[] = [];
  const names = Object.keys(forging);
  for (let index = 0; index < CALLS; index++) {
    const name = names[index % names.length]!;
    const seal = seals[Math.floor(index / names.length) % seals.length]!();
    const made = (await forging[name]!(seal).execute(db)) as { rows: { place?: number }[] };
    const place = made.rows[0]?.place;
    if (place !== undefined)
      await sql`insert into governance_acts (mode_place, person_id, at, seal)
        values (${place}, ${people.caio}, now(), ${random.pick(seals)()})`.execute(db);
    if (index % 10 === 0) assert.ok(await runs('whole'), 'the legitimate neighbour runs');
    if (await runs(name)) passed.push(name);
  }
  assert.deepEqual(passed, []);
  assert.equal(await decidedMode(db, office.keys.seals), 'enforced');
  const views = await listPermits(office, office.now());
  for (const { use, id, lacks } of views) {
    if (use === 'whole') await exportPermit(office, id);
    if (use !== 'sign-off' && use !== 'test') continue;
    const table = use === 'test' ? 'tests' : 'sign_offs';
    assert.ok(lacks.includes(`a row of governance_${table} was not written by this installation`), use);
    await assert.rejects(exportPermit(office, id), { code: 'E_PERMIT_LACKS' });
  }
});

test('nor do sealed rows once more, under their own place, or changed by whoever owns the tables', async () => {
  const { db } = office;
  const { place } = await db
    .selectFrom('governance_sign_offs')
    .select('place')
    .where('registration_id', '=', registrations['sign-off']!)
    .where('office', '=', 'privacy')
    .where('seal', 'is not', null)
    .orderBy('place')
    .executeTakeFirstOrThrow();
  const again = sql`insert into governance_sign_offs (registration_id, office, person_id, verdict, reason, at, seal)
    select registration_id, office, person_id, verdict, reason, at, seal from governance_sign_offs where place = ${place}`;
  await again.execute(db);
  assert.equal(await runs('sign-off'), false);
  const same = sql`insert into governance_sign_offs (place, registration_id, office, person_id, verdict, reason, at, seal)
    overriding system value select * from governance_sign_offs where place = ${place}`;
  await assert.rejects(same.execute(db), { code: '23505' });
  const use = 'changed';
  await office.issued((registrations[use] = await office.approved(use)));
  assert.ok(await runs(use));
  const changing = (table: string, change: string): Promise<void> =>
    db.transaction().execute(async (tx) => {
      await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
      await sql.raw(`update ${table} set ${change} where use = '${use}'`).execute(tx);
      await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
    });
  await changing('governance_registrations', `charter = charter || '{"title": "Another"}'`);
  await assert.rejects(exportPermit(office, (await newestPermit(use)).id), { code: 'E_GOVERNANCE' });
  assert.equal(await runs(use), false, 'what was judged before is not what is there');
  await changing(
    'governance_registrations',
    `charter = charter || '${JSON.stringify({ title: charterOf(use).title })}'`,
  );
  assert.ok(await runs(use));
  await changing('governance_tests', `expires = expires + interval '1 day'`);
  assert.equal(await runs(use), false);
});

async function newestPermit(use: string): Promise<{ id: string }> {
  const wanted = office.db.selectFrom('governance_permits').select('id').where('use', '=', use);
  return wanted.executeTakeFirstOrThrow();
}

test('they take nobody s place, and hide nothing that was written here', async () => {
  const { db, people } = office;
  await sql`insert into governance_tests (id, use, kind, model_digest, report_digest, passed, tested_at, expires, recorded_by, seal)
    values (${randomUUID()}, 'whole', 'accuracy', ${modelDigest}, ${modelDigest}, true, now() - interval '2 days',
      now() - interval '1 day', ${people.caio}, 'x')`.execute(db);
  assert.ok(await runs('whole'));
  await lift(suspension);
  assert.ok(await runs('lift'));
  const [lifted] = await suspensionsOf(db, office.keys.seals, 'lift');
  assert.equal(lifted?.lift_reason, 'mended');
  await assert.rejects(changeWaiver(office, { id: randomUUID(), change: 'reported', ...by() }), {
    code: 'E_GOVERNANCE_UNKNOWN',
  });
  await changeWaiver(office, {
    id: waiver,
    change: 'reported',
    ...by(),
    now: new Date(Date.now() - 20 * DAY_MS),
  });
  assert.ok(await runs('report'));
  await signOff(office, {
    ...{
      registration: registrations['sign-off']!,
      office: 'privacy',
      verdict: 'signed',
      reason: 'now it is',
    },
    ...{ by: people.privacy, now: office.now() },
  });
  assert.ok(await runs('sign-off'));
  await confirmEvaluation(office, { proposal, ...by() });
  assert.equal(await decidedMode(db, office.keys.seals), 'evaluation');
});

test('what stops something counts whoever wrote it', async () => {
  const { db, people } = office;
  assert.ok(await runs('nobody-knows'), 'it is evaluated now');
  await sql`insert into governance_modes (mode, reason, proposed_by, proposed_at)
    values ('enforced', 'x', 'system', now())`.execute(db);
  assert.equal(await runs('nobody-knows'), false);
  await sql`insert into governance_sign_offs (registration_id, office, person_id, verdict, reason, at)
    values (${registrations['sign-off']}, 'caio', ${people.caio}, 'returned', 'because', now())`.execute(db);
  assert.equal(await runs('sign-off'), false);
  await sql`insert into governance_suspensions (id, use, cause, reason, suspended_by, suspended_at, told)
    values (${randomUUID()}, 'lift', 'person', 'because', 'system', now(), '{}')`.execute(db);
  assert.equal(await runs('lift'), false);
  assert.ok(await runs('whole'));
  await sql`insert into governance_tests (id, use, kind, model_digest, report_digest, passed, tested_at, expires, recorded_by)
    values (${randomUUID()}, 'whole', 'other', ${modelDigest}, ${modelDigest}, false, now(), now() + interval '1 day',
      ${people.caio})`.execute(db);
  assert.equal(await runs('whole'), false);
});
