import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { sha256 } from '../../src/core/digest.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { PermitGate } from '../../src/governance/permits/gate.ts';
import { decidedMode } from '../../src/governance/permits/mode.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { findForged, nameOf, openEvidenceSeals } from '../../src/governance/permits/seals.ts';
import { suspensionsOf } from '../../src/governance/permits/suspensions.ts';
import { releaseModule } from '../../src/governance/training/attempts.ts';
import { openMasterKey } from '../../src/platform/secrets/file-master-key.ts';
import type { MasterKey } from '../../src/platform/secrets/master-key.ts';
import { rotateMasterKey } from '../../src/platform/secrets/rotate.ts';
import { openSeals } from '../../src/platform/secrets/seals.ts';
import { wrappedSecrets } from '../../src/platform/secrets/secrets.ts';
import type { Database } from '../../src/platform/store/database.ts';
import { migrate } from '../../src/platform/store/migrate.ts';
import { checkDatabase } from '../../src/server/doctor/database.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { openHouse } from '../platform/attack/house.ts';
import { startTestServer } from '../platform/postgres.ts';
import { newDataFolder, removeDataFolder } from '../platform/serving.ts';
import { charterOf, modelDigest, newKeys, openOffice, purposes, type PermitOffice } from './permit-office.ts';

const server = await startTestServer();
const folders = [newDataFolder(), newDataFolder()] as const;
after(() => folders.forEach(removeDataFolder));
const STEP = '2026-11-23-0700-sealed-rows';
let db: Database;
let masterKey: MasterKey;
let people: PermitOffice['people'];
let keys: PermitOffice['keys'];

const forged = async (): Promise<string[]> =>
  ((await findForged(db, () => Promise.resolve(masterKey))) ?? []).map(nameOf);

/** A database as the version before seals left it: a use with a permit, one that was lifted, a waiver that was reported. */
before(async () => {
  db = (await server.database(wholeSchema.filter(({ name }) => name < STEP))).db;
  masterKey = await openMasterKey(folders[0]);
  people = (await openOffice(db)).people;
  const { author, caio, officer, ocio, privacy } = people;
  const [registration, charter] = [randomUUID(), charterOf('lanes')];
  const models = JSON.stringify([{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }]);
  await sql`insert into governance_registrations values (${registration}, 'lanes', 1, ${sha256(canonicalJson(charter))}, 'high-impact',
    ${JSON.stringify(charter)}, ${purposes}, ${models}, ${author}, now())`.execute(db);
  for (const office of offices)
    await sql`insert into governance_sign_offs (registration_id, office, person_id, verdict, reason, at)
      values (${registration}, ${office}, ${people[office]}, 'signed', 'read', now())`.execute(db);
  await sql`insert into governance_tests (id, use, kind, model_digest, report_digest, passed, tested_at, expires, recorded_by)
    values (${randomUUID()}, 'lanes', 'accuracy', ${modelDigest}, ${modelDigest}, true, now(), now() + interval '1 year', ${caio})`.execute(
    db,
  );
  await sql`insert into governance_training (person_id, use, module, completed_at, expires, recorded_by)
    values (${officer}, 'lanes', 'basics', now(), now() + interval '1 year', ${caio})`.execute(db);
  await sql`insert into governance_waivers
    values (${randomUUID()}, ${registration}, 'pilot', 'tests', 'pier', repeat('x', 40), repeat('x', 40), ${caio},
      now() - interval '40 days', now() + interval '90 days', now() - interval '20 days')`.execute(db);
  await sql`insert into governance_suspensions
    values (${randomUUID()}, 'lanes', 'person', 'stop', ${privacy}, now(), '{}', now(), ${caio}, 'ok')`.execute(
    db,
  );
  await sql`insert into governance_modes (mode, reason, proposed_by, proposed_at) values
    ('enforced', 'x', 'system', now()), ('evaluation', 'x', ${ocio}, now())`.execute(db);
  await sql`update governance_modes set confirmed_by = ${caio}, confirmed_at = now() where mode = 'evaluation'`.execute(
    db,
  );
  // Whoever proposed it left the office since.
  await sql`update people set disabled_at = now() where id = ${ocio}`.execute(db);
  await migrate(db, wholeSchema);
  assert.deepEqual(await forged(), [], 'without a key there is nothing to say');
});

const standing = async (): Promise<object> => ({
  mode: await decidedMode(db, keys.seals),
  lifted: (await suspensionsOf(db, keys.seals)).map((one) => one.lifted_at !== null),
  forged: (await forged()).length,
});
const sealings = async (): Promise<unknown[]> => {
  const { rows } = await sql<{ facts: unknown }>`select event -> 'facts' as facts from ledger_outbox
    where event ->> 'kind' = 'governance.sealed'`.execute(db);
  return rows.map(({ facts }) => facts);
};

test('what is there when the key is made is sealed, once', async () => {
  const opened = await Promise.all([1, 2, 3].map(() => openEvidenceSeals(db, masterKey, new Date())));
  keys = { ...newKeys(), seals: opened[1]! };
  assert.deepEqual(await sealings(), [{ rows: 12 }]);
  assert.deepEqual(await standing(), { mode: 'evaluation', lifted: [true], forged: 0 });
  const gate = new PermitGate({
    db,
    keys,
    mode: 'evaluation',
    policies: () => Promise.resolve(builtInPolicies),
    now: () => new Date(),
  });
  const wanted = { use: 'lanes', purpose: 'release', site: 'pier', person: people.officer };
  assert.equal((await gate.open(wanted)).permit.kind, 'evaluation');
  await sql`insert into governance_training (person_id, use, module, completed_at, expires, recorded_by)
    values (${people.author}, 'lanes', 'basics', now(), now() + interval '1 year', ${people.caio})`.execute(
    db,
  );
  keys = { ...keys, seals: await openEvidenceSeals(db, masterKey, new Date()) };
  assert.deepEqual(await forged(), ['governance_training 2']);
  await rotateMasterKey(db, masterKey, [wrappedSecrets]);
  keys = { ...keys, seals: await openEvidenceSeals(db, masterKey, new Date()) };
  assert.deepEqual(await forged(), ['governance_training 2']);
  assert.equal((await sealings()).length, 1);
});

test('the key is neither thrown away nor replaced, and seals of a lost one hold no more', async () => {
  for (const attack of [
    sql`delete from secrets where name like 'seal-key/%'`,
    sql`update secrets set name = 'x' where name like 'seal-key/%'`,
    sql`truncate secrets`,
    sql`insert into secrets (name, version, wrapped) select name, 2, wrapped from secrets where name like 'seal-key/%'`,
  ])
    await assert.rejects(attack.execute(db), /a key of seals stays/);
  const other = await openMasterKey(folders[1]);
  await assert.rejects(openEvidenceSeals(db, other, new Date()), { code: 'E_MASTER_KEY' });
  await assert.rejects(
    findForged(db, () => Promise.resolve(other)),
    { code: 'E_MASTER_KEY' },
  );
  await db.transaction().execute(async (tx) => {
    await sql`alter table secrets disable trigger user`.execute(tx);
    await sql`delete from secrets where name like 'seal-key/%'`.execute(tx);
    await sql`alter table secrets enable trigger user`.execute(tx);
  });
  keys = { ...keys, seals: await openEvidenceSeals(db, other, new Date()) };
  masterKey = other;
  assert.deepEqual(await standing(), { mode: 'enforced', lifted: [false], forged: 13 });
  assert.equal((await sealings()).length, 1);
});

test('what training is asked is sealed at the first start of the version that seals it, once', async () => {
  const step = '2026-11-23-1400-sealed-training';
  const fresh = (await server.database(wholeSchema.filter(({ name }) => name < step))).db;
  const key = await openMasterKey(folders[0]);
  // As the version before started: its key is made, and knows nothing of training.
  await openSeals(fresh, key, 'governance-evidence', () => Promise.resolve());
  const { caio } = (await openOffice(fresh)).people;
  const released = sql`insert into training_releases (module, version, digest, use, roles, released_by, released_at)
    values ('watch-alerts', 1, ${'0'.repeat(64)}, 'watch', '{operator}', ${caio}, now())`;
  const required = sql`insert into training_requirements (use, required, module, reason, set_by, set_at)
    values ('watch', true, 'watch-alerts', 'high impact', ${caio}, now())`;
  await released.execute(fresh);
  await required.execute(fresh);
  await migrate(fresh, wholeSchema);
  const unsealed = async (): Promise<string[]> =>
    ((await findForged(fresh, () => Promise.resolve(key))) ?? []).map(nameOf).sort();
  assert.deepEqual(await unsealed(), ['training_releases 1', 'training_requirements 1']);
  await Promise.all([1, 2, 3].map(() => openEvidenceSeals(fresh, key, new Date())));
  assert.deepEqual(await unsealed(), []);
  await released.execute(fresh);
  await required.execute(fresh);
  const seals = await openEvidenceSeals(fresh, key, new Date());
  assert.deepEqual(await unsealed(), ['training_releases 2', 'training_requirements 2']);
  const { rows } = await sql<{ facts: unknown }>`select event -> 'facts' as facts from ledger_outbox
    where event ->> 'kind' = 'governance.sealed'`.execute(fresh);
  assert.deepEqual(
    rows.map(({ facts }) => facts),
    [{ rows: 2 }],
  );
  await releaseModule({ db: fresh, keys: { seals } }, { id: 'watch-alerts', by: caio, now: new Date() });
  assert.equal((await unsealed()).length, 2);
});

test('the doctor names what this installation did not write', async () => {
  const house = await openHouse();
  const { platform } = house;
  const office = await openOffice(platform.db, platform.keys);
  await office.approved('lanes');
  const said = async (): Promise<object | undefined> =>
    (await checkDatabase(platform.settings)).find(({ what }) => what === 'seals');
  assert.deepEqual(await said(), {
    ...{ what: 'seals', state: 'ok', found: 'all rows that permits rest on were written here' },
  });
  await sql`insert into governance_training (person_id, use, module, completed_at, expires, recorded_by, seal)
    select ${office.people.author}, use, module, completed_at, expires, recorded_by, seal from governance_training`.execute(
    platform.db,
  );
  const { state, found } = (await said()) as { state: string; found: string };
  assert.equal(state, 'warn');
  assert.match(found, /not written by this installation.*: governance_training 2$/);
});
