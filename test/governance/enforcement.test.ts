import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { clopperPearsonInterval } from '../../src/stats/intervals.ts';
import {
  ask,
  codeOf,
  newPerson,
  newSession,
  newThings,
  openHouse,
  type Reply,
} from '../platform/attack/house.ts';

const house = await openHouse();
const { db } = house.platform;

interface Person {
  readonly id: string;
  readonly headers: Record<string, string>;
}

async function person(role: 'officer' | 'supervisor' | 'admin'): Promise<Person> {
  const id = await newPerson(house, [{ site: '*', role }]);
  return { id, headers: await newSession(house, id) };
}

let [officer, second, admin]: Person[] = [];
let caseId = '';
let finding = '';

before(async () => {
  [officer, second, admin] = [await person('officer'), await person('supervisor'), await person('admin')];
  ({ caseId, findingId: finding } = await newThings(house, 'pier', officer.id));
});

const lead = () => ({
  ...{ kind: 'ai-lead', what: 'the scan looks like the one before', finding, model: 'm', threshold: 0.5 },
  errorRate: { kind: 'false-positive', errors: 3, trials: 100 },
});
const seal = () => ({ kind: 'observation', what: 'a broken seal', foundBy: officer!.id, restsOnAi: false });
const led = () => ({ ...seal(), what: 'I looked where the machine pointed', restsOnAi: true });
const action = { action: 'open the container', authority: '19 U.S.C. 1467' };

const propose = (evidence: readonly object[]): Promise<Reply> =>
  ask(house, {
    ...{ method: 'POST', path: `/api/v1/cases/${caseId}/enforcement-records` },
    ...{ headers: officer!.headers, body: { ...action, evidence } },
  });
const imported = (records: readonly object[]): Promise<Reply> =>
  ask(house, {
    ...{ method: 'POST', path: '/api/v1/enforcement-records/import' },
    ...{ headers: admin!.headers, body: { records } },
  });
const confirm = (record: string, by: Person): Promise<Reply> =>
  ask(house, {
    ...{ method: 'POST', path: `/api/v1/cases/${caseId}/enforcement-records/${record}/confirm` },
    headers: by.headers,
  });
const idOf = ({ text }: Reply): string => (JSON.parse(text) as { id: string }).id;
const count = async (): Promise<number> =>
  (
    await db
      .selectFrom('enforcement_records')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .execute()
  )[0]!.n;

describe('a record of enforcement', () => {
  test('stands on independent evidence and two people; what AI said is a lead with its error rate', async () => {
    const proposed = await propose([lead(), led(), seal()]);
    assert.equal(proposed.status, 201, proposed.text);
    const id = idOf(proposed);
    assert.equal(codeOf(await confirm(id, officer!)), 'E_GOVERNANCE');
    assert.equal((await confirm(id, second!)).status, 204);
    assert.equal(codeOf(await confirm(id, second!)), 'E_GOVERNANCE_UNKNOWN');
    const path = `/api/v1/cases/${caseId}/enforcement-records`;
    const listed = await ask(house, { path, headers: officer!.headers });
    const { items } = JSON.parse(listed.text) as {
      items: { confirmedBy: string; evidence: { label: string; errorRate?: object; restsOnAi: boolean }[] }[];
    };
    assert.equal(items[0]?.confirmedBy, second!.id);
    const leads = items[0].evidence.filter(({ label }) => label === 'lead');
    const rate = { kind: 'false-positive', errors: 3, trials: 100, ...clopperPearsonInterval(3, 100) };
    assert.deepEqual(
      leads.map(({ errorRate }) => errorRate),
      [rate],
    );
  });

  test('on AI alone is refused by the API and by imports, with nothing left behind', async () => {
    const before = await count();
    for (const evidence of [[lead()], [lead(), lead()], [led()], [lead(), led()]])
      assert.equal(codeOf(await propose(evidence)), 'E_AI_ALONE');
    assert.equal((await propose([])).status, 400);
    const { errorRate: _, ...without } = lead();
    assert.equal((await propose([without, seal()])).status, 400, 'a lead says how often it is wrong');
    const people = { proposedBy: officer!.id, confirmedBy: second!.id, case: caseId };
    const good = { ...action, ...people, evidence: [seal()] };
    const bad = { ...action, ...people, evidence: [lead()] };
    const refused = await imported([good, bad]);
    assert.equal(codeOf(refused), 'E_AI_ALONE');
    assert.match(refused.text, /Record 2/);
    const alone = await imported([{ ...good, confirmedBy: officer!.id }]);
    assert.equal(codeOf(alone), 'E_GOVERNANCE');
    assert.equal(await count(), before);
    assert.equal((await imported([good])).status, 201);
    assert.equal(await count(), before + 1);
  });

  test('on AI alone is refused by the database, by whatever way it comes', async () => {
    const before = await count();
    const record = (id: string) => sql`
      insert into enforcement_records (id, site_id, case_id, action, authority, proposed_by, proposed_at)
      values (${id}, 'pier', ${caseId}, 'open it', 'a law', ${officer!.id}, now())`;
    const evidence = (of: string, kind: string, restsOnAi: boolean, more = '') => sql`
      insert into enforcement_evidence (id, record_id, kind, what, found_by, rests_on_ai, model, threshold, errors, trials, error_kind)
      values (${randomUUID()}, ${of}, ${kind}, 'something', ${officer!.id}, ${restsOnAi},
        ${kind === 'ai-lead' || more === 'model' ? 'm' : null}, ${kind === 'ai-lead' ? 0.5 : null},
        ${kind === 'ai-lead' ? 1 : null}, ${kind === 'ai-lead' ? 9 : null}, ${kind === 'ai-lead' ? 'FMR' : null})`;
    const refused = async (
      statements: (id: string) => { execute: (tx: typeof db) => Promise<unknown> }[],
    ) => {
      const id = randomUUID();
      const work = db.transaction().execute(async (tx) => {
        for (const statement of statements(id)) await statement.execute(tx);
      });
      await assert.rejects(work, { code: /^(23514|P0001)$/ } as unknown as Error, String(statements));
    };
    await refused((id) => [record(id)]);
    await refused((id) => [record(id), evidence(id, 'ai-lead', true)]);
    await refused((id) => [record(id), evidence(id, 'document', true)]);
    await refused((id) => [record(id), evidence(id, 'ai-lead', false)]);
    await refused((id) => [record(id), evidence(id, 'document', false, 'model')]);
    await refused((id) => [
      record(id),
      evidence(id, 'document', false),
      evidence(id, 'ai-lead', true),
      sql`delete from enforcement_evidence where record_id = ${id} and kind = 'document'`,
    ]);
    await refused((id) => [
      record(id),
      evidence(id, 'document', false),
      sql`update enforcement_evidence set rests_on_ai = true where record_id = ${id}`,
    ]);
    await refused((id) => [
      record(id),
      evidence(id, 'document', false),
      sql`update enforcement_records set confirmed_by = proposed_by, confirmed_at = now() where id = ${id}`,
    ]);
    await refused(() => [
      sql`insert into enforcement_records (id, site_id, case_id, action, authority, proposed_by, proposed_at, confirmed_by, confirmed_at)
        values (${randomUUID()}, 'pier', ${caseId}, 'open it', 'a law', ${officer!.id}, now(), ${second!.id}, now())`,
    ]);
    assert.equal(await count(), before);
    const id = randomUUID();
    await db.transaction().execute(async (tx) => {
      await record(id).execute(tx);
      await evidence(id, 'document', false).execute(tx);
    });
    assert.equal(await count(), before + 1, 'the legitimate neighbour is kept');
  });
});
