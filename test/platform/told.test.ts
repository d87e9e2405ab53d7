import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sequence } from '../../src/platform/ledger/ledger.ts';
import { enqueueDeliveries, WEBHOOK_QUEUE } from '../../src/platform/webhooks/deliveries.ts';
import { ask, codeOf, newPerson, newSession, newThings, openHouse, type Reply } from './attack/house.ts';

const house = await openHouse();
const { db } = house.platform;

let admin: Record<string, string>;
let adminId: string;
before(async () => {
  adminId = await newPerson(house, [{ site: '*', role: 'admin' }]);
  admin = await newSession(house, adminId);
});

describe('webhooks are told', () => {
  const hook = randomUUID();
  before(async () => {
    await db
      .insertInto('webhooks')
      .values({
        id: hook,
        url: 'https://hooks.example/x',
        kinds: ['asset.erased', 'job.cancelled'],
        secret: Buffer.alloc(32),
        created_by: adminId,
        created_at: new Date(),
      })
      .execute();
  });

  /** What would be sent of all that has happened. */
  async function sent(kind: string): Promise<Record<string, unknown>[]> {
    await sequence(db, (tx, events) => enqueueDeliveries(house.platform, tx, events));
    const rows = await db
      .selectFrom('jobs')
      .select(['input', 'site_id'])
      .where('queue', '=', WEBHOOK_QUEUE)
      .execute();
    return rows
      .map(({ input, site_id: site }) => ({ site, ...(input as { event: Record<string, unknown> }).event }))
      .filter((event: Record<string, unknown>) => event['kind'] === kind);
  }

  test('of an asset that was erased, and of what was made from it', async () => {
    const { caseId, assetId } = await newThings(house, 'quay', adminId);
    const closed = { state: 'closed', closed_at: new Date('2015-01-01') } as const;
    await db.updateTable('cases').set(closed).where('id', '=', caseId).execute();
    const erased = await ask(house, {
      method: 'DELETE',
      path: `/api/v1/assets/${assetId}?reason=because`,
      headers: admin,
    });
    assert.equal(erased.status, 200, erased.text);
    const [event, ...more] = await sent('asset.erased');
    assert.equal(more.length, 0);
    assert.deepEqual([event?.['site'], event?.['subjects']], ['quay', { case: caseId, asset: assetId }]);
  });

  test('of a job that was cancelled', async () => {
    const { caseId, assetId } = await newThings(house, 'quay', adminId);
    const started = await ask(house, {
      method: 'POST',
      path: '/api/v1/redaction/jobs',
      headers: admin,
      body: { asset: assetId, profile: 'fast' },
    });
    assert.equal(started.status, 202, started.text);
    const { job } = JSON.parse(started.text) as { job: string };
    const cancelled = await ask(house, {
      method: 'POST',
      path: `/api/v1/jobs/${job}/cancel`,
      headers: admin,
    });
    assert.equal(cancelled.status, 200, cancelled.text);
    const [event, ...more] = await sent('job.cancelled');
    assert.equal(more.length, 0);
    assert.deepEqual([event?.['site'], event?.['subjects']], ['quay', { case: caseId, job }]);
  });
});

describe('a case', () => {
  const give = (caseId: string, owner: string): Promise<Reply> =>
    ask(house, {
      method: 'PATCH',
      path: `/api/v1/cases/${caseId}`,
      headers: { ...admin, 'if-match': '"1"' },
      body: { owner, title: 'Given away' },
    });

  test('belongs to somebody with a role where it is', async () => {
    const { caseId } = await newThings(house, 'quay', adminId);
    const disabled = await newPerson(house, [{ site: 'quay', role: 'officer' }]);
    await db.updateTable('people').set({ disabled_at: new Date() }).where('id', '=', disabled).execute();
    const nobodies = [
      randomUUID(),
      await newPerson(house, []),
      await newPerson(house, [{ site: 'pier', role: 'officer' }]),
      disabled,
    ];
    for (const owner of nobodies) assert.equal(codeOf(await give(caseId, owner)), 'E_CASE_OWNER');
    const row = await db.selectFrom('cases').selectAll().where('id', '=', caseId).executeTakeFirstOrThrow();
    assert.deepEqual([row.owner_id, row.title, row.version], [adminId, 'A case', 1], 'nothing was changed');
    const officer = await newPerson(house, [{ site: 'quay', role: 'officer' }]);
    const given = await give(caseId, officer);
    assert.equal(given.status, 200, given.text);
    assert.equal((JSON.parse(given.text) as { owner: string }).owner, officer);
  });

  test('is for a use that there is', async () => {
    const open = (use: string): Promise<Reply> =>
      ask(house, {
        method: 'POST',
        path: '/api/v1/cases',
        headers: admin,
        body: { site: 'pier', use, title: 'x' },
      });
    for (const use of ['redactoin', 'platform', 'constructor'])
      assert.equal(codeOf(await open(use)), 'E_USE_UNKNOWN', use);
    assert.equal((await open('redaction')).status, 201);
  });
});
