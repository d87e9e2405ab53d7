import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { measure } from '../../src/governance/seeding/measure.ts';
import type { Role } from '../../src/platform/people/roles.ts';
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

async function person(role: Role): Promise<Person> {
  const id = await newPerson(house, [{ site: '*', role }]);
  return { id, headers: await newSession(house, id) };
}

const get = (path: string, by: Person): Promise<Reply> =>
  ask(house, { path: `/api/v1${path}`, headers: by.headers });
const post = (path: string, by: Person, body: unknown): Promise<Reply> =>
  ask(house, { method: 'POST', path: `/api/v1${path}`, headers: by.headers, body });
const json = <T>({ text, status }: Reply, wanted = 200): T => {
  assert.equal(status, wanted, text);
  return JSON.parse(text) as T;
};

interface Item extends Record<string, unknown> {
  readonly id: string;
  readonly createdAt: string;
}

let [officer, other, privacy, viewer]: Person[] = [];
let caseId = '';
let plan = '';

/** Real findings of the queue, as a use makes them. */
async function arrive(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const id = randomUUID();
    ids.push(id);
    await db
      .insertInto('findings')
      .values({
        ...{ id, site_id: 'pier', case_id: caseId, use: 'redaction', kind: 'label', score: 0.9 },
        ...{ reasons: '["looks like a plate"]', evidence: JSON.stringify({ box: [index, 2, 3, 4] }) },
        models: '[{"id":"m","digest":"d"}]',
      })
      .execute();
  }
  return ids;
}

const queue = async (by: Person): Promise<Item[]> =>
  json<{ items: Item[] }>(await get('/findings?use=redaction&kind=label&decided=no&limit=200', by)).items;

/** Lets the hour pass within which seeds show. */
const allShown = (): Promise<unknown> =>
  sql`update seeded_findings set created_at = now() - random() * interval '1 second' where created_at < 'infinity'`.execute(
    db,
  );
const seededIds = async (): Promise<Map<string, string>> => {
  const rows = await db.selectFrom('seed_marks').select(['finding_id', 'truth']).execute();
  return new Map(rows.map(({ finding_id: id, truth }) => [id, truth]));
};

before(async () => {
  [officer, other, privacy, viewer] = [
    await person('officer'),
    await person('analyst'),
    await person('privacy'),
    await person('viewer'),
  ];
  ({ caseId } = await newThings(house, 'pier', officer.id));
  const ids = await arrive(40);
  for (const [index, id] of ids.entries())
    json(
      await post(`/findings/${id}/decisions`, other, {
        disposition: index % 2 === 0 ? 'dismissed' : 'confirmed',
        reason: 'looked at it',
      }),
      201,
    );
  const wanted = { site: 'pier', use: 'redaction', kind: 'label', rate: 0.2, reason: 'to see' };
  assert.equal(codeOf(await post('/governance/seeding/plans', officer, wanted)), 'E_FORBIDDEN');
  plan = json<{ id: string }>(await post('/governance/seeding/plans', privacy, wanted), 201).id;
  const { made } = json<{ made: number }>(
    await post(`/governance/seeding/plans/${plan}/stock`, privacy, { count: 20 }),
    201,
  );
  assert.equal(made, 20);
});

describe('seeded findings', () => {
  test('come after real ones that arrive, look like them in every field, and are in no table of findings', async () => {
    assert.equal((await queue(officer!)).length, 0, 'the stock does not show');
    await arrive(120);
    const real = await queue(officer!);
    const scheduled = await sql<{ n: number }>`
      select count(*)::int as n from seeded_findings where created_at < 'infinity'`.execute(db);
    const drawn = scheduled.rows[0]!.n;
    assert.ok(drawn >= 5 && drawn <= 20, `${drawn} seeds for 120 findings at 0.2`);
    await allShown();
    const shown = await queue(officer!);
    const seeds = await seededIds();
    const seeded = shown.filter(({ id }) => seeds.has(id));
    assert.equal(seeded.length, drawn);
    assert.equal(shown.length, 120 + drawn);
    assert.ok(real.length >= 120);
    const example = shown.find(({ id }) => !seeds.has(id))!;
    for (const item of seeded) {
      assert.deepEqual(Object.keys(item), Object.keys(example));
      for (const key of ['site', 'case', 'use', 'kind', 'score', 'reasons', 'models', 'assignedTo'] as const)
        assert.deepEqual(item[key], example[key], key);
      assert.match(item.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      const single = json<Item>(await get(`/findings/${item.id}`, officer!));
      assert.deepEqual(single['decisions'], []);
    }
    const inTable = await db
      .selectFrom('findings')
      .select('id')
      .where('id', 'in', [...seeds.keys()])
      .execute();
    assert.deepEqual(inTable, []);
    for (const path of ['/governance/seeding/plans', '/governance/seeding/measures'])
      assert.equal(codeOf(await get(path, officer!)), 'E_FORBIDDEN');
  });

  test('count in no figure, and are not told by their absence from what waits', async () => {
    interface Today {
      waiting: { findings: number };
      uses: { use: string; proposed: number; dismissed: { n: number } }[];
    }
    const [theirs, all] = [
      json<Today>(await get('/today', officer!)),
      json<Today>(await get('/today', viewer!)),
    ];
    const real = await db
      .selectFrom('findings')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('use', '=', 'redaction')
      .executeTakeFirstOrThrow();
    assert.equal(all.uses.find(({ use }) => use === 'redaction')?.proposed, real.n);
    const seeds = (await queue(officer!)).length - 120;
    assert.equal(theirs.waiting.findings - all.waiting.findings, seeds);
  });

  test('can be taken as any other, are refused in records of enforcement, and lead to nothing when decided', async () => {
    const seeds = await seededIds();
    const [first, second] = (await queue(officer!)).filter(({ id }) => seeds.get(id) === 'wrong');
    const taken = await ask(house, {
      ...{ method: 'PUT', path: `/api/v1/findings/${first!.id}/assignee`, headers: officer!.headers },
      body: { person: officer!.id, seen: null },
    });
    assert.equal(json<Item>(taken)['assignedTo'], officer!.id);
    const evidence = [
      {
        kind: 'ai-lead',
        what: 'a lead',
        finding: first!.id,
        model: 'm',
        threshold: 0.5,
        errorRate: { kind: 'x', errors: 1, trials: 9 },
      },
      { kind: 'observation', what: 'a broken seal', foundBy: officer!.id, restsOnAi: false },
    ];
    const record = { action: 'open the box', authority: '19 U.S.C. 1467', evidence };
    assert.equal(
      codeOf(await post(`/cases/${caseId}/enforcement-records`, officer!, record)),
      'E_GOVERNANCE_UNKNOWN',
    );
    await assert.rejects(
      sql`insert into findings select id, site_id, case_id, use, kind, score, reasons, evidence, models, now() from seeded_findings where id = ${first!.id}`.execute(
        db,
      ),
      /never becomes a real one/,
    );
    const decisions = (): Promise<{ n: number }> =>
      db
        .selectFrom('decisions')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
    const before = await decisions();
    const dismissed = { disposition: 'dismissed', reason: 'there is no plate' };
    const revealed = json<{
      seeded: { truth: string; agreed: boolean; explanation: string };
      takenAt: string;
    }>(await post(`/findings/${first!.id}/decisions`, officer!, dismissed), 201);
    assert.deepEqual([revealed.seeded.truth, revealed.seeded.agreed], ['wrong', false]);
    assert.ok(revealed.takenAt);
    json(
      await post(`/findings/${second!.id}/decisions`, officer!, { ...dismissed, disposition: 'confirmed' }),
      201,
    );
    assert.equal((await get(`/findings/${first!.id}`, officer!)).status, 404);
    assert.deepEqual(await decisions(), before);
    const { rows } = await sql<{ kind: string }>`select event ->> 'kind' as kind from (
      select event from ledger_outbox union all select event from ledger) e
      where event -> 'subjects' ->> 'finding' = ${first!.id} or event -> 'subjects' ->> 'seed' = ${first!.id}
      order by 1`.execute(db);
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['finding.assigned', 'oversight.seed-decided'],
    );
    const mine = json<{ decided: unknown[]; measures: { override: { value: number; n: number } }[] }>(
      await get('/governance/seeding/mine', officer!),
    );
    assert.equal(mine.decided.length, 2);
    assert.deepEqual([mine.measures[0]?.override.value, mine.measures[0]?.override.n], [0.5, 2]);
  });

  test('are measured for five people or more together, without who had decided the original', async () => {
    const shown = async (): Promise<{ people: number; measured: { override: { n: number } } | null }[]> =>
      json<{ items: { people: number; measured: { override: { n: number } } | null }[] }>(
        await get('/governance/seeding/measures', privacy!),
      ).items;
    assert.deepEqual(
      (await shown()).map(({ people, measured }) => [people, measured]),
      [[1, null]],
    );
    const seeds = await seededIds();
    const left = (await queue(officer!)).filter(({ id }) => seeds.has(id)).map(({ id }) => id);
    const say = async (by: Person): Promise<void> => {
      const body = { disposition: 'confirmed', reason: 'as it says' };
      const reply = json<{ seeded?: object }>(
        await post(`/findings/${left.pop()!}/decisions`, by, body),
        201,
      );
      assert.ok(reply.seeded !== undefined);
    };
    await say(other!);
    assert.equal((await shown())[0]?.people, 1, 'who knew the answer is not counted');
    for (const _ of [2, 3, 4]) {
      if (left.length > 0) await say(await person('officer'));
    }
    assert.equal((await shown())[0]?.measured, null, 'four are too few');
    if (left.length > 0) {
      await say(await person('officer'));
      const [group] = await shown();
      assert.equal(group?.people, 5);
      assert.ok(group.measured !== null);
    }
    assert.equal((await post(`/governance/seeding/plans/${plan}/end`, privacy!, undefined)).status, 204);
    const open = await queue(officer!);
    assert.deepEqual(
      open.filter(({ id }) => seeds.has(id)),
      [],
    );
  });
});

test('the lean to the machine is the difference of two shares, with the interval of Newcombe', () => {
  // 56 of 70 and 48 of 80: the example (a) of Newcombe's paper, method 10: 0.0524 to 0.3339.
  const { bias } = measure({ wrong: 70, overridden: 14, right: 80, rejected: 48 });
  assert.ok(Math.abs((bias.value ?? 0) - 0.2) < 1e-12);
  assert.equal(bias.low.toFixed(4), '0.0524');
  assert.equal(bias.high.toFixed(4), '0.3339');
  assert.equal(measure({ wrong: 0, overridden: 0, right: 3, rejected: 1 }).bias.value, null);
});
