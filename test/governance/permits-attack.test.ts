import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { signPermit, verifyPermit, type ModelUse, type SignedPermit } from '../../src/core/permit.ts';
import { Random } from '../../src/core/random.ts';
import { parseVerifyKey } from '../../src/core/signing-key.ts';
import { recordTraining } from '../../src/governance/permits/evidence.ts';
import { issuePermit, revokePermit } from '../../src/governance/permits/issue.ts';
import { exportPermit } from '../../src/governance/permits/list.ts';
import type { Wanted } from '../../src/governance/permits/standing.ts';
import { suspend } from '../../src/governance/permits/suspensions.ts';
import { openAttempt, releaseModule } from '../../src/governance/training/attempts.ts';
import { trainingModules } from '../../src/governance/training/modules/index.ts';
import { moduleDigest } from '../../src/governance/training/module.ts';
import { requireTraining } from '../../src/governance/training/requirements.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import {
  DAY_MS,
  modelDigest,
  newKeys,
  openOffice,
  otherDigest,
  purposes,
  type PermitOffice,
} from './permit-office.ts';

/** 10,000 calls that no rule allows with those of permits-forged.test.ts, each beside one that differs only in what makes it illegitimate. */
const CALLS = { opening: 7_200, gate: 2_000, rows: 500 };

const server = await startTestServer();
const random = new Random(0x7e1d);
let office: PermitOffice;
let approved: string;
let unapproved: string;

before(async () => {
  office = await openOffice((await server.database(wholeSchema)).db);
  const { db, people, now } = office;
  approved = await office.approved('lanes');
  await office.issued(approved);
  unapproved = await office.registered('unapproved');
  const revoked = await office.issued(await office.approved('revoked'));
  await revokePermit(db, { id: revoked.claims.id, reason: 'gone', by: people.privacy, now: now() });
  await office.issued(await office.approved('suspended'));
  await office.issued(await office.approved('expired'), { days: 0.5 / 86_400 });
  // Permits of other installations, and one whose claims were widened, put in by SQL where everything else holds.
  const foreign = await office.approved('foreign');
  const permit = await issuePermit(
    { db, keys: { ...newKeys(), seals: office.keys.seals } },
    {
      ...{ registration: foreign, site: 'pier', purpose: 'release', by: people.caio, now: now() },
      expires: new Date(Date.now() + DAY_MS),
    },
  );
  await revokePermit(db, { id: permit.claims.id, reason: 'x', by: people.caio, now: now() });
  const id = randomUUID();
  const replayed = JSON.stringify({ ...permit.claims, id });
  await sql`insert into governance_permits (id, registration_id, use, site, purpose, claims, signature, issued_by, issued_at, expires)
    values (${id}, ${foreign}, 'foreign', 'pier', 'release', ${replayed}, ${permit.signature}, ${people.caio}, now(),
      ${permit.claims.expires})`.execute(db);
  const training = {
    personId: people.author,
    use: 'lanes',
    module: 'basics',
    completedAt: now(),
    by: people.caio,
  };
  await recordTraining(office, { ...training, expires: new Date(Date.now() + 400), now: now() });
  await releaseModule(office, { id: 'watch-alerts', by: people.privacy, now: now() });
  const asked = { use: 'watch', required: true, module: 'watch-alerts', reason: 'high impact' };
  await requireTraining(office, { ...asked, by: people.caio, now: now() });
  const why = { cause: 'person', reason: 'stop', by: people.privacy } as const;
  await db.transaction().execute((tx) => suspend(tx, { use: 'suspended', ...why, now: now() }));
  await sleep(600);
});

const legitimate = (): Wanted => ({
  ...{ use: 'lanes', purpose: 'release', site: 'pier', person: office.people.officer },
});

test('opening a model under a lease', async () => {
  const source = await office.gate.open(legitimate());
  const lease = (await source.renew()) as SignedPermit;
  const publicKey = parseVerifyKey(source.publicKey ?? '', 'the key');
  const { claims } = lease;
  const [from, to] = [Date.parse(claims.notBefore), Date.parse(claims.expires)];
  const between = (low: number, high: number): number => low + random.next() * (high - low);
  interface Call {
    readonly permit: SignedPermit;
    readonly use: ModelUse;
    readonly at: number;
  }
  const call = (): Call => {
    const use = { modelId: 'm', digest: modelDigest, use: 'lanes', purpose: 'release', site: 'pier' };
    return { permit: lease, use: { ...use, threshold: between(0.25, 0.75) }, at: between(from, to - 1) };
  };
  const otherKey = await newKeys().signing('permits');
  const word = (): string => random.next().toString(36).slice(2);
  const wider = [{ id: 'm', digest: modelDigest, threshold: [0, 1] as [number, number] }];
  const attacks: Readonly<Record<string, (good: Call) => Call>> = {
    model: (good) => ({ ...good, use: { ...good.use, modelId: word() } }),
    digest: (good) => ({ ...good, use: { ...good.use, digest: otherDigest } }),
    'digest, one place': (good) => {
      const at = Math.floor(random.next() * 64);
      const changed = `${modelDigest.slice(0, at)}0${modelDigest.slice(at + 1)}`;
      return { ...good, use: { ...good.use, digest: changed } };
    },
    use: (good) => ({ ...good, use: { ...good.use, use: word() } }),
    purpose: (good) => ({ ...good, use: { ...good.use, purpose: purposes[1] } }),
    site: (good) => ({ ...good, use: { ...good.use, site: 'quay' } }),
    'threshold below': (good) => ({ ...good, use: { ...good.use, threshold: between(-1, 0.2499) } }),
    'threshold above': (good) => ({ ...good, use: { ...good.use, threshold: between(0.7501, 2) } }),
    'threshold that is none': (good) => ({ ...good, use: { ...good.use, threshold: Number.NaN } }),
    expired: (good) => ({ ...good, at: between(to, to + 1e12) }),
    'clock moved back': (good) => ({ ...good, at: between(0, from - 1) }),
    'clock that is none': (good) => ({ ...good, at: Number.NaN }),
    'forged signature': (good) => {
      const bytes = Buffer.from(Array.from({ length: 64 }, () => Math.floor(random.next() * 256)));
      return { ...good, permit: { ...good.permit, signature: bytes.toString('base64') } };
    },
    'a bit of the signature': (good) => {
      const bytes = Buffer.from(lease.signature, 'base64');
      const at = Math.floor(random.next() * 64);
      bytes[at] = bytes[at]! ^ (1 << Math.floor(random.next() * 8));
      return { ...good, permit: { ...good.permit, signature: bytes.toString('base64') } };
    },
    'altered claims': (good) => {
      const change = random.pick([
        { use: word() },
        { purpose: word() },
        { site: '*' },
        { models: wider },
        { expires: new Date(to + 1e10).toISOString() },
        { notBefore: '2020-01-01T00:00:00Z' },
        { id: word() },
        { issuer: word() },
        { authority: word() },
      ]);
      return { ...good, permit: { ...good.permit, claims: { ...claims, ...change } } };
    },
    'of another installation': (good) => ({ ...good, permit: signPermit(claims, otherKey.privateKey) }),
  };
  const runs = ({ permit, use, at }: Call): boolean => {
    try {
      verifyPermit(permit, use, { publicKey, now: new Date(at) });
      return true;
    } catch {
      return false;
    }
  };
  const passed: string[] = [];
  const names = Object.keys(attacks);
  for (let index = 0; index < CALLS.opening; index++) {
    const name = names[index % names.length]!;
    const good = call();
    assert.ok(runs(good), 'the legitimate neighbour runs');
    const bad = attacks[name]!(good);
    assert.notEqual(canonicalJson(plain(bad)), canonicalJson(plain(good)), name);
    if (runs(bad)) passed.push(name);
  }
  assert.deepEqual(passed, []);
});

/** Without what JSON cannot hold. */
function plain({ permit, use, at }: { permit: SignedPermit; use: ModelUse; at: number }): object {
  return { permit, use: { ...use, threshold: String(use.threshold) }, at: String(at) };
}

test('asking the gate', async () => {
  const { people, gate, clock } = office;
  const attacks: Readonly<Record<string, () => Wanted>> = {
    'a use nobody knows': () => ({ ...legitimate(), use: `x${random.next().toString(36).slice(2)}` }),
    unapproved: () => ({ ...legitimate(), use: 'unapproved' }),
    revoked: () => ({ ...legitimate(), use: 'revoked' }),
    suspended: () => ({ ...legitimate(), use: 'suspended' }),
    expired: () => ({ ...legitimate(), use: 'expired' }),
    'replayed, of another installation': () => ({ ...legitimate(), use: 'foreign' }),
    'another purpose': () => ({ ...legitimate(), purpose: purposes[1]! }),
    'another site': () => ({ ...legitimate(), site: 'quay' }),
    'somebody untrained': () => ({ ...legitimate(), person: people.privacy }),
    'training that is over': () => ({ ...legitimate(), person: people.author }),
    nobody: () => ({ ...legitimate(), person: 'system' }),
    'the clock moved back': () => {
      clock.laterMs = -61_000 - random.next() * 1e11;
      return legitimate();
    },
  };
  const runs = async (wanted: Wanted): Promise<boolean> => {
    try {
      await (await gate.open(wanted)).renew();
      return true;
    } catch (error) {
      assert.match((error as { code?: string }).code ?? '', /^E_PERMIT_/);
      return false;
    } finally {
      clock.laterMs = 0;
    }
  };
  const passed: string[] = [];
  const names = Object.keys(attacks);
  for (let index = 0; index < CALLS.gate; index++) {
    const name = names[index % names.length]!;
    if (index % 10 === 0) assert.ok(await runs(legitimate()), 'the legitimate neighbour runs');
    if (await runs(attacks[name]!())) passed.push(name);
  }
  assert.deepEqual(passed, []);
});

test('carrying a permit away', async () => {
  const { db } = office;
  const kept = await db.selectFrom('governance_permits').select(['id', 'use']).execute();
  const refusals = await Promise.all(
    kept.map(async ({ id, use }) => {
      const code = await exportPermit(office, id).then(
        () => 'carried',
        (error: { code?: string }) => error.code,
      );
      return `${use}: ${code}`;
    }),
  );
  assert.deepEqual(refusals.sort(), [
    'expired: E_PERMIT_EXPIRED',
    'foreign: E_GOVERNANCE_UNKNOWN',
    // What another installation signed is not signed anew.
    'foreign: E_PERMIT_SIGNATURE',
    'lanes: carried',
    'revoked: E_GOVERNANCE_UNKNOWN',
    'suspended: E_PERMIT_LACKS',
  ]);
});

test('writing rows by SQL', async () => {
  const { db, people } = office;
  const later = (): string => new Date(Date.now() + random.next() * 1e11).toISOString();
  const inserted = (registration: string, change: object = {}): RawBuilder<unknown> => {
    const [id, expires] = [randomUUID(), later()];
    const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }];
    const use = registration === approved ? 'lanes' : 'unapproved';
    const claims = { id, issuer: 'x', use, purpose: 'release', site: 'pier', models, expires, ...change };
    return sql`insert into governance_permits (id, registration_id, use, site, purpose, claims, signature, issued_by, issued_at, expires)
      values (${id}, ${registration}, ${use}, 'pier', 'release', ${JSON.stringify(claims)}, 'x', ${people.caio}, now(), ${expires})`;
  };
  const signed = (office: string, person: string): RawBuilder<unknown> =>
    sql`insert into governance_sign_offs (registration_id, office, person_id, verdict, reason, at)
      values (${unapproved}, ${office}, ${person}, 'signed', 'because', now())`;
  const attacks: readonly (() => RawBuilder<unknown>)[] = [
    () => inserted(unapproved),
    () => inserted(randomUUID()),
    () => inserted(approved, { models: [{ id: 'm', digest: modelDigest, threshold: [0, 1] }] }),
    () => inserted(approved, { models: [{ id: 'm', digest: otherDigest, threshold: [0.25, 0.75] }] }),
    () => inserted(approved, { purpose: purposes[1] }),
    () => inserted(approved, { site: '*' }),
    () => inserted(approved, { id: randomUUID() }),
    () => inserted(approved, { expires: later() }),
    () => sql`update governance_permits set expires = ${later()}`,
    () => sql`update governance_permits set claims = jsonb_set(claims, '{site}', '"*"')`,
    () => sql`update governance_permits set signature = ${randomUUID()}`,
    () => sql`update governance_permits set revoked_at = null, revoked_by = null, revoke_reason = null`,
    () => sql`update governance_permits set use = 'unapproved' where use = 'lanes'`,
    () => sql`delete from governance_permits`,
    () => sql`truncate governance_permits`,
    () => signed('caio', people.author),
    () => signed('privacy', people.officer),
    () => signed('ocio', randomUUID()),
    () => sql`update governance_sign_offs set verdict = 'signed', registration_id = ${unapproved}`,
    () => sql`delete from governance_sign_offs`,
    () => sql`update governance_registrations set models = '[]'`,
    () => sql`update governance_registrations set author_id = ${people.officer}`,
    () => sql.raw(`delete from governance_${random.pick(['suspensions', 'acts'])}`),
    () => sql`update governance_suspensions set use = 'other'`,
    () => sql`insert into governance_acts (suspension_id, person_id, reason, at)
      select id, suspended_by::uuid, 'because', now() from governance_suspensions where suspended_by <> 'system'`,
    () => sql.raw(`update governance_${random.pick(['tests', 'registrations'])} set seal = 'x'`),
    () => sql`update governance_tests set expires = ${later()}, passed = true`,
    () => sql`insert into governance_tests (id, use, kind, model_digest, report_digest, passed, tested_at, expires, recorded_by)
      values (${randomUUID()}, 'lanes', 'x', ${modelDigest}, ${modelDigest}, true, now(), now() + interval '37 months', ${people.caio})`,
    () => sql`update governance_training set person_id = ${people.privacy}`,
    () => sql.raw(`delete from training_${random.pick(['releases', 'requirements'])}`),
    () => sql`update training_releases set roles = '{}'`,
    () => sql`update training_requirements set required = false`,
    () =>
      sql`update governance_clock set latest = latest - ${`${1 + random.next() * 1000} seconds`}::interval`,
    () => sql`delete from governance_clock`,
    () => sql`update governance_modes set mode = 'evaluation'`,
    () => sql`delete from governance_modes`,
    () => sql`insert into governance_modes (mode, reason, proposed_by, proposed_at)
      values ('evaluation', 'x', ${people.officer}, now())`,
  ];
  const passed: number[] = [];
  for (let index = 0; index < CALLS.rows; index++) {
    const which = index % attacks.length;
    const done = await attacks[which]!()
      .execute(db)
      .then(() => true)
      .catch((error: { code?: string }) => {
        // Refused by a trigger, a condition, or what it refers to; nothing else counts as refused.
        assert.match(error.code ?? '', /^(P0001|23514|23503|0A000)$/, `attack ${which}`);
        return false;
      });
    if (done) passed.push(which);
  }
  assert.deepEqual(passed, []);
  await office.issued(approved);
  await (await office.gate.open(legitimate())).renew();
});

test('rows that say which training somebody needs', async (t) => {
  const { db, people, now } = await openOffice((await server.database(wholeSchema)).db).then((opened) => {
    office = opened;
    return opened;
  });
  // The officer has passed `basics` in each use, which is not what redaction asks of officers.
  for (const use of ['redaction', 'lanes']) await office.issued(await office.approved(use), { site: '*' });
  const runs = async (use = 'redaction', person = people.officer): Promise<boolean> => {
    try {
      await (await office.gate.open({ use, purpose: 'release', site: 'pier', person })).renew();
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'E_PERMIT_TRAINING');
      return false;
    }
  };
  const release = (): Promise<void> =>
    releaseModule(office, { id: 'redaction-review', by: people.privacy, now: now() });
  const ask = (use: string, required: boolean, module: string | null = null): Promise<void> =>
    requireTraining(office, { use, required, module, reason: 'because', by: people.caio, now: now() });
  const passes = (module: string, person = people.officer, use = 'redaction'): Promise<void> =>
    recordTraining(office, {
      ...{ personId: person, use, module, completedAt: now(), by: people.caio, now: now() },
      expires: new Date(now().getTime() + 100 * DAY_MS),
    });
  const asOwner = (table: string, change: string): Promise<void> =>
    db.transaction().execute(async (tx) => {
      await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
      await sql.raw(change).execute(tx);
      await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
    });
  const forgedSeals = async (table: string): Promise<(string | null)[]> => {
    const { rows } = await sql<{ seal: string }>`select seal from governance_evidence
      where kind = ${table} and seal is not null`.execute(db);
    return [null, '', 'ab'.repeat(32), ...rows.map(({ seal }) => seal)];
  };
  const releasing = (
    seal: string | null,
    { module = 'redaction-review', use = 'redaction', roles = '{}' } = {},
  ): Promise<unknown> =>
    sql`insert into training_releases (module, version, digest, use, roles, released_by, released_at, seal)
      values (${module}, 1, ${moduleDigest(trainingModules.find(({ id }) => id === 'redaction-review')!)}, ${use}, ${roles}::text[],
        ${people.caio}, now(), ${seal})`.execute(db);
  const requiring = (use: string, required: boolean, module: string | null, seal: string | null) =>
    sql`insert into training_requirements (use, required, module, reason, set_by, set_at, seal)
      values (${use}, ${required}, ${module}, 'because', ${people.caio}, now(), ${seal})`.execute(db);

  await t.test('a module that nobody put into force is not taken', async () => {
    const attempt = (): Promise<unknown> =>
      openAttempt(office, { id: 'redaction-review', person: people.officer, now: now() });
    for (const seal of await forgedSeals('governance_training')) {
      await releasing(seal, { roles: '{officer}' });
      await assert.rejects(attempt(), { code: 'E_TRAINING_MODULE' });
    }
    await release();
    await attempt();
  });

  await t.test('a release takes no module away', async () => {
    assert.equal(await runs(), false, 'the module of the role is lacking');
    for (const seal of await forgedSeals('training_releases')) {
      await releasing(seal);
      assert.equal(await runs(), false, 'asked of no role');
      await releasing(seal, { use: 'lanes' });
      assert.equal(await runs(), false, 'asked in another use');
      await releasing(seal, { use: 'lanes', module: 'easier' });
    }
    assert.equal(await runs('lanes'), false, 'it asks for more there');
    await passes('easier', people.officer, 'lanes');
    assert.equal(await runs('lanes'), false, 'two were written there');
    await ask('lanes', true, null);
    await release();
    await asOwner('training_releases', `update training_releases set roles = '{}'`);
    assert.equal(await runs(), false, 'changed by whoever owns the table');
    await release();
    await passes('redaction-review');
    assert.ok(await runs(), 'the legitimate neighbour runs');
  });

  await t.test('a requirement is not replaced by an easier one', async () => {
    await ask('redaction', true, 'redaction-review');
    assert.ok(await runs());
    await passes('basics', people.author);
    assert.equal(await runs('redaction', people.author), false);
    for (const seal of await forgedSeals('training_requirements')) {
      await requiring('redaction', true, 'basics', seal);
      assert.equal(await runs('redaction', people.author), false, 'another module');
      await requiring('redaction', false, null, seal);
      assert.equal(await runs('redaction', people.author), false, 'none');
      assert.equal(await runs(), false, 'nobody can tell what is asked');
      await ask('redaction', true, 'redaction-review');
      assert.ok(await runs(), 'until AI governance says so anew');
    }
    for (const change of ["module = 'basics'", 'required = false', 'seal = null']) {
      await asOwner('training_requirements', `update training_requirements set ${change}`);
      assert.equal(await runs('redaction', people.author), false, change);
      await ask('redaction', true, 'redaction-review');
      assert.ok(await runs());
    }
  });
});
