import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { ask, newPerson, newSession, newThings, openHouse } from './attack/house.ts';

const house = await openHouse();
const { db } = house.platform;

/** Values by name and labels, as a collector reads them. */
async function scrape(): Promise<Map<string, number>> {
  const { status, text } = await ask(house, { path: '/metrics' });
  assert.equal(status, 200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line): [string, number] => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

describe('what is measured', () => {
  test('tells of chores when they last ended well, how often they should, and how often they failed', async () => {
    await sql`insert into chores (name, every_seconds, finished_at, failures, error) values
      ('retention', 3600, clock_timestamp() - interval '500 s', 0, null),
      ('vault', 21600, null, 3, '{"code":"E_X","message":"x","remedy":"x"}')`.execute(db);
    const found = await scrape();
    const rest = found.get('tidewaiter_chore_rest_seconds{chore="retention"}') ?? 0;
    assert.ok(rest >= 500 && rest < 560, String(rest));
    assert.equal(found.get('tidewaiter_chore_every_seconds{chore="retention"}'), 3600);
    assert.equal(found.get('tidewaiter_chore_failures{chore="retention"}'), 0);
    assert.equal(found.get('tidewaiter_chore_failures{chore="vault"}'), 3);
    assert.equal(found.get('tidewaiter_chore_rest_seconds{chore="vault"}'), undefined, 'it never did');
  });

  test('tells of jobs by queue, proxies among them, and of services', async () => {
    const by = await newPerson(house, []);
    const add = (queue: string, state: 'queued' | 'failed') =>
      db
        .insertInto('jobs')
        .values({
          ...{ id: randomUUID(), site_id: 'pier', queue, use: 'test', case_id: null, state, created_by: by },
          input: '{}',
        })
        .execute();
    for (const state of ['queued', 'failed', 'failed'] as const) await add('platform.proxy', state);
    const service = (state: string, restarts: number) =>
      sql`insert into services (id, site_id, use, kind, settings, state, restarts, created_by)
        values (${randomUUID()}, 'pier', 'test', 'camera', '{}', ${state}, ${restarts}, ${by})`.execute(db);
    await service('waiting', 2);
    await service('running', 3);
    for (const found of await Promise.all([scrape(), scrape()])) {
      assert.equal(found.get('tidewaiter_jobs{queue="platform.proxy",state="queued"}'), 1);
      assert.equal(found.get('tidewaiter_jobs{queue="platform.proxy",state="failed"}'), 2);
      assert.equal(found.get('tidewaiter_services{kind="camera",state="waiting"}'), 1);
      assert.equal(found.get('tidewaiter_services{kind="camera",state="running"}'), 1);
      assert.equal(found.get('tidewaiter_service_restarts{kind="camera"}'), 5);
      assert.equal(found.get('tidewaiter_database_up'), 1);
    }
  });

  test('names nobody and nothing: no id, no title, no address', async () => {
    const person = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    const session = await newSession(house, person);
    const { caseId, assetId } = await newThings(house, 'pier', person);
    await ask(house, { path: `/api/v1/cases/${caseId}`, headers: session });
    await ask(house, { path: `/api/v1/assets/${assetId}`, headers: session });
    const { text } = await ask(house, { path: '/metrics' });
    assert.match(text, /route="GET \/api\/v1\/cases\/:id"/);
    assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-|127\.0\.0\.1|pier/);
  });

  test('of a database that is gone is only that', async () => {
    await sql`alter table jobs rename to jobs_away`.execute(db);
    try {
      const found = await scrape();
      assert.equal(found.get('tidewaiter_database_up'), 0);
      assert.deepEqual(
        [...found.keys()].filter((name) => /^tidewaiter_(jobs|chore|service)/.test(name)),
        [],
      );
    } finally {
      await sql`alter table jobs_away rename to jobs`.execute(db);
    }
  });
});
