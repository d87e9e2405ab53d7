import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { sql } from 'kysely';
import { chores } from '../../src/platform/housekeeping/chores.ts';
import { keepHouse } from '../../src/platform/housekeeping/keep-house.ts';
import { refused } from '../../src/platform/people/refusals.ts';
import { keepObservations } from '../../src/platform/store/observations.ts';
import { WEBHOOK_QUEUE } from '../../src/platform/webhooks/deliveries.ts';
import { ask, newPerson, newSession, newThings, openHouse } from './attack/house.ts';
import { until } from './service-parts.ts';
import { Client, newDataFolder, removeDataFolder, startServing, type Serving } from './serving.ts';

const house = await openHouse();
const { platform } = house;
const { db, vault } = platform;
const never = new AbortController().signal;

/** Does one chore of the platform now. */
async function run(name: string): Promise<Readonly<Record<string, number>>> {
  const chore = chores(platform).find((one) => one.name === name) ?? assert.fail(`there is no ${name}`);
  return chore.run(never);
}

const erasedEvents = async (): Promise<Record<string, unknown>[]> => {
  const rows = await db.selectFrom('ledger_outbox').select('event').orderBy('id').execute();
  return rows
    .map(({ event }) => event as Record<string, unknown>)
    .filter(({ kind }) => kind === 'asset.erased');
};

describe('the chores of the platform', () => {
  test('erase what is kept no longer, record it, and leave what is on hold or not due', async () => {
    const by = await newPerson(house, []);
    const [old, held, open] = [
      await newThings(house, 'pier', by),
      await newThings(house, 'quay', by),
      await newThings(house, 'pier', by),
    ];
    const longAgo = new Date('2015-01-01');
    for (const { caseId } of [old, held])
      await db
        .updateTable('cases')
        .set({ state: 'closed', closed_at: longAgo })
        .where('id', '=', caseId)
        .execute();
    await db.updateTable('assets').set({ legal_hold: true }).where('id', '=', held.assetId).execute();
    assert.deepEqual(await run('retention'), { erased: 1 });
    await assert.rejects(vault.open(old.assetId), { code: 'E_VAULT_ERASED' });
    await vault.verify(held.assetId);
    await vault.verify(open.assetId);
    const [event, ...more] = await erasedEvents();
    assert.equal(more.length, 0);
    const { actor, siteId, subjects } = event ?? {};
    assert.deepEqual([actor, siteId, subjects], ['system', 'pier', { case: old.caseId, asset: old.assetId }]);
    const [erasure] = await db.selectFrom('vault_erasures').selectAll().execute();
    assert.deepEqual([erasure?.asset_id, erasure?.erased_by], [old.assetId, null]);
    assert.match(erasure?.reason ?? '', /retention class case/);
    assert.deepEqual(await run('retention'), { erased: 0 });
  });

  test('erase the others when one cannot be, and say why', async () => {
    const by = await newPerson(house, []);
    const due = [await newThings(house, 'pier', by), await newThings(house, 'pier', by)];
    const ids = due.map(({ caseId }) => caseId);
    const closed = { state: 'closed', closed_at: new Date('2015-01-01') } as const;
    await db.updateTable('cases').set(closed).where('id', 'in', ids).execute();
    const [first] = due;
    await sql`
      create function not_this_one() returns trigger language plpgsql as $$
      begin raise exception 'not this one'; end $$`.execute(db);
    await sql`
      create trigger not_this_one before insert on vault_erasures for each row
      when (new.asset_id = ${sql.lit(first?.assetId)}) execute function not_this_one()`.execute(db);
    await assert.rejects(run('retention'), /not this one/);
    await sql`drop function not_this_one cascade`.execute(db);
    const left = await db
      .selectFrom('assets')
      .select('id')
      .where('case_id', 'in', ids)
      .where('erased_at', 'is', null)
      .execute();
    assert.deepEqual(left, [{ id: first?.assetId }]);
    await vault.verify(first?.assetId ?? '');
    assert.deepEqual(await run('retention'), { erased: 1 });
  });

  test('remove old deliveries, dead folders and sessions that are over, and nothing else', async () => {
    const delivery = (finished: Date | null, queue = WEBHOOK_QUEUE) => ({
      id: randomUUID(),
      site_id: 'pier',
      queue,
      use: 'platform',
      case_id: null,
      input: '{}',
      state: finished === null ? ('queued' as const) : ('failed' as const),
      created_by: randomUUID(),
      finished_at: finished,
    });
    const days = (count: number): Date => new Date(Date.now() - count * 86_400_000);
    const kept = [delivery(days(29)), delivery(null), delivery(days(90), 'redaction.redact')];
    const gone = [delivery(days(31)), delivery(days(400))];
    await db
      .insertInto('jobs')
      .values([...kept, ...gone])
      .execute();
    assert.deepEqual(await run('deliveries'), { removed: 2 });
    const left = await db
      .selectFrom('jobs')
      .select('id')
      .where(
        'id',
        'in',
        [...kept, ...gone].map(({ id }) => id),
      )
      .execute();
    assert.deepEqual(left.map(({ id }) => id).sort(), kept.map(({ id }) => id).sort());

    const work = join(platform.settings.data, 'work');
    mkdirSync(join(work, 'dead'), { recursive: true });
    writeFileSync(join(work, 'dead', 'plain.mp4'), 'plain');
    assert.deepEqual(await run('work-folders'), { removed: 1 });
    assert.deepEqual(readdirSync(work), []);

    const personId = await newPerson(house, []);
    await newSession(house, personId);
    await newSession(house, personId);
    const [session] = await db.selectFrom('sessions').select('id').execute();
    await sql`update sessions set expires_at = ${days(1)} where id = ${session?.id}`.execute(db);
    assert.deepEqual(await run('sign-ins'), { sessions: 1, failures: 0 });
  });

  test('remove refusals that are kept no longer, and say so in the ledger', async () => {
    await db.deleteFrom('refusals').execute();
    const { refusalDays } = platform.settings.log;
    const ages = [refusalDays - 1, refusalDays + 1, refusalDays + 300];
    for (const days of ages)
      await refused(db, {
        kind: 'sign-in',
        address: '192.0.2.7',
        at: new Date(Date.now() - days * 86_400_000),
      });
    assert.deepEqual(await run('refusals'), { removed: 2 });
    assert.deepEqual(await run('refusals'), { removed: 0 });
    const left = await db.selectFrom('refusals').select('at').execute();
    assert.deepEqual(
      left.map(({ at }) => Math.round((Date.now() - at.getTime()) / 86_400_000)),
      [refusalDays - 1],
    );
    const rows = await db.selectFrom('ledger_outbox').select('event').execute();
    const told = rows
      .map(({ event }) => event as { kind: string; actor: string; facts: { rows: number } })
      .filter(({ kind }) => kind === 'refusals.retention');
    assert.deepEqual(
      told.map(({ actor, facts }) => [actor, facts.rows]),
      [['system', 2]],
    );
  });

  test('make partitions ahead, and gather statistics after a bulk ingest, once', async () => {
    assert.ok(((await run('partitions'))['made'] ?? 0) >= 3);
    assert.deepEqual(await run('partitions'), { made: 0 });
    const batch = Array.from({ length: 5000 }, (_, index) => ({
      siteId: 'pier',
      seenAt: new Date(Date.now() + index),
      at: index,
      class: index % 10 === 0 ? 'boat' : 'person',
      score: 0.5,
      box: { x: 1, y: 2, width: 3, height: 4 },
      model: 'test',
      modelDigest: 'a'.repeat(64),
    }));
    await db.transaction().execute((tx) => keepObservations(tx, batch));
    const common = async (): Promise<unknown> =>
      (
        await sql<{ values: string }>`
          select most_common_vals::text as values from pg_stats
          where tablename = 'observations' and attname = 'class' and inherited`.execute(db)
      ).rows[0]?.values;
    assert.equal(await common(), undefined, 'PostgreSQL does not do it by itself');
    // What was counted in a transaction shows a moment after it.
    await until('the new rows are noticed', async () => ((await run('statistics'))['analyzed'] ?? 0) >= 1);
    await until('the whole is known', async () => (await run('statistics'))['analyzed'] === 0);
    assert.equal(await common(), '{person,boat}');
  });

  test('are shown with what came of them to administrators', async () => {
    const done = new AbortController();
    const errors: string[] = [];
    const kept = keepHouse({
      db,
      chores: chores(platform),
      signal: done.signal,
      onError: (what) => errors.push(what),
      times: { lookMs: 50, leaseMs: 10_000 },
    });
    after(async () => {
      done.abort();
      await kept;
    });
    const headers = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
    const shown = async (): Promise<Record<string, unknown>[]> => {
      const { status, text } = await ask(house, { path: '/api/v1/housekeeping', headers });
      assert.equal(status, 200, text);
      return (JSON.parse(text) as { items: Record<string, unknown>[] }).items;
    };
    const count = chores(platform).length;
    await until('each was done', async () => {
      const items = await shown();
      return items.length === count && items.every(({ finishedAt }) => finishedAt !== null);
    });
    for (const { name, state, error, result, everySeconds } of await shown()) {
      assert.deepEqual([state, error, typeof result], ['waiting', null, 'object'], String(name));
      assert.ok(Number(everySeconds) > 0);
    }
    assert.deepEqual(errors, []);
  });
});

describe('a server', () => {
  const data = newDataFolder();
  const servers: Serving[] = [];
  after(async () => {
    for (const server of servers) await server.stop();
    removeDataFolder(data);
  });

  test('keeps house by itself, and stops all the same', async () => {
    const serving = await startServing(data);
    servers.push(serving);
    const client = new Client(serving.url);
    const [login, password] = ['first-admin', 'seven tides at the quiet pier'];
    const { firstRunCode: code } = serving;
    await client.call('POST', '/first-run', { code, login, name: 'First administrator', password });
    await client.enrol(login, password);
    await until('all chores were done', async () => {
      const { body } = await client.call('GET', '/housekeeping');
      const items = body['items'] as { readonly finishedAt: string | null }[];
      return items.length > 0 && items.every(({ finishedAt }) => finishedAt !== null);
    });
    assert.equal(await serving.stop(), 143);
  });
});
