import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { grantWaiver, recordTraining } from '../../src/governance/permits/evidence.ts';
import { sealRow } from '../../src/governance/permits/seals.ts';
import { releaseModule } from '../../src/governance/training/attempts.ts';
import { trainingModules } from '../../src/governance/training/modules/index.ts';
import { requireTraining } from '../../src/governance/training/requirements.ts';
import { migrate } from '../../src/platform/store/migrate.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { DAY_MS, openOffice, type PermitOffice } from './permit-office.ts';

const server = await startTestServer();
const untrained = { code: 'E_PERMIT_TRAINING' };

describe('training for work', () => {
  let office: PermitOffice;
  let registration: string;
  before(async () => {
    office = await openOffice((await server.database(wholeSchema)).db);
    // The officer has passed `basics` there, recorded by hand.
    registration = await office.approved('redaction');
    await office.issued(registration, { site: '*' });
    for (const id of ['pier', 'yard'])
      await sql`insert into sites (id, name, time_zone, created_at) values (${id}, ${id}, 'UTC', now())`.execute(
        office.db,
      );
  });
  const decides = (person: string, site = 'pier') =>
    sql`select check_may_decide(${person}, 'redaction', ${site})`.execute(office.db);
  const passes = (personId: string, module: string, use = 'redaction'): Promise<void> => {
    const now = office.now();
    const expires = new Date(now.getTime() + 100 * DAY_MS);
    const by = office.people.caio;
    return recordTraining(office, { personId, use, module, completedAt: now, expires, by, now });
  };
  const holds = async (name: string, ...grants: readonly (readonly [role: string, site: string])[]) => {
    const id = crypto.randomUUID();
    const at = new Date();
    const one = { id, login: name, name, password: 'none', disabled_at: null, created_at: at };
    await office.db.insertInto('people').values(one).execute();
    for (const [role, site] of grants)
      await sql`insert into grants (person_id, site, role, granted_at) values (${id}, ${site}, ${role}, ${at})`.execute(
        office.db,
      );
    return id;
  };

  test('is the module in force for the role, and what runs stops without it', async () => {
    const { officer, privacy } = office.people;
    const wanted = { use: 'redaction', purpose: 'release', site: 'pier', person: officer };
    const source = await office.gate.open(wanted);
    await decides(officer);
    await releaseModule(office, { id: 'redaction-review', by: privacy, now: office.now() });
    await assert.rejects(source.renew(), untrained);
    await assert.rejects(decides(officer), { detail: 'E_TRAINING', hint: /module redaction-review first/ });
    await passes(officer, 'redaction-review');
    await source.renew();
    await decides(officer);
    office.clock.laterMs = 101 * DAY_MS;
    await assert.rejects(source.renew(), untrained);
    office.clock.laterMs = 0;
  });

  test('is of the role that somebody holds at the site', async () => {
    const operator = await holds('operator', ['operator', '*'], ['officer', 'pier']);
    await passes(operator, 'basics');
    // No module is in force for operators there: other training of the use will do.
    await decides(operator, 'yard');
    await assert.rejects(decides(operator, 'pier'), { detail: 'E_TRAINING' });
    await assert.rejects(decides(await holds('stranger', ['viewer', '*'])), { detail: 'E_TRAINING' });
  });

  test('is every module of the role, where there are several', async () => {
    const { officer, privacy } = office.people;
    await office.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ place: number }>`
        insert into training_releases (module, version, digest, use, roles, released_by, released_at)
        values ('redaction-sound', 1, ${'0'.repeat(64)}, 'redaction', '{officer}', ${privacy}, now()) returning place`.execute(
        tx,
      );
      await sealRow(tx, office.keys.seals, 'training_releases', rows[0]!.place);
    });
    await assert.rejects(decides(officer), { detail: 'E_TRAINING', hint: /redaction-(review|sound), / });
    await passes(officer, 'redaction-sound');
    await decides(officer);
  });

  test('is the one that is asked of everybody, where one is', async () => {
    const { officer, caio } = office.people;
    const viewer = await holds('viewer', ['viewer', '*']);
    await passes(viewer, 'basics');
    await decides(viewer);
    const asked = {
      use: 'redaction',
      required: true,
      module: 'redaction-review',
      reason: 'high impact',
      by: caio,
    };
    await requireTraining(office, { ...asked, now: office.now() });
    await assert.rejects(decides(viewer), { detail: 'E_TRAINING' });
    await decides(officer);
  });

  test('of another use does not serve, nor is it recorded for this one', async () => {
    const person = await holds('watcher', ['officer', '*']);
    await passes(person, 'watch-alerts', 'watch');
    await assert.rejects(passes(person, 'watch-alerts'), { code: 'E_TRAINING_MODULE' });
    await assert.rejects(passes(person, 'redaction-review', 'watch'), { code: 'E_TRAINING_MODULE' });
    await assert.rejects(decides(person), { detail: 'E_TRAINING' });
  });

  test('may be waived at a site', async () => {
    const person = await holds('new', ['officer', '*']);
    const now = office.now();
    const written = 'New officers work beside a trained one until the course of next month.';
    await grantWaiver(office, {
      ...{ registration, kind: 'waiver', requirement: 'training', site: 'pier', by: office.people.caio, now },
      ...{ reason: written, publicSummary: written, expires: new Date(now.getTime() + 20 * DAY_MS) },
    });
    await decides(person, 'pier');
    await assert.rejects(decides(person, 'yard'), { detail: 'E_TRAINING' });
  });
});

test('a module that was in force before roles were kept is for the roles that it was for', async () => {
  const before = wholeSchema.filter(({ name }) => name < '2026-11-23-0750');
  const { db } = await server.database(before);
  const id = crypto.randomUUID();
  await sql`insert into people (id, login, name, password, created_at)
    values (${id}, 'caio', 'caio', 'none', now())`.execute(db);
  await sql`insert into training_releases (module, version, digest, released_by, released_at)
    values ('watch-alerts', 1, ${'0'.repeat(64)}, ${id}, now())`.execute(db);
  await migrate(db, wholeSchema);
  const { rows } = await sql`select use, roles from training_releases`.execute(db);
  const { use, roles } = trainingModules.find((module) => module.id === 'watch-alerts')!;
  assert.deepEqual(rows, [{ use, roles }]);
  await assert.rejects(sql`update training_releases set roles = '{}'`.execute(db));
});
