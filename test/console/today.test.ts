import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Today } from '../../src/client/index.ts';
import { sequence } from '../../src/platform/ledger/ledger.ts';
import { wilsonInterval } from '../../src/stats/index.ts';
import { ask, newPerson, newSession, newThings, openHouse, type Things } from '../platform/attack/house.ts';

const HOUR = 3_600_000;

const house = await openHouse();

describe('the figures of the first page', () => {
  let things: Things;
  let officer: string;
  before(async () => {
    officer = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    things = await newThings(house, 'pier', officer);
    await newThings(house, 'quay', officer);
  });
  const today = async (headers: Record<string, string>, query = ''): Promise<Today> => {
    const reply = await ask(house, { path: `/api/v1/today${query}`, headers });
    assert.equal(reply.status, 200, reply.text);
    return JSON.parse(reply.text) as Today;
  };

  test('nothing decided is said as nothing, and other sites do not count', async () => {
    const headers = await newSession(house, officer);
    const { received, waiting, decided, load, uses } = await today(headers);
    assert.deepEqual([received.cases, received.assets, waiting.findings, waiting.openCases], [1, 1, 1, 1]);
    assert.deepEqual(decided, { findings: 0, closedCases: 0, releases: 0 });
    assert.deepEqual(load, []);
    assert.deepEqual(uses[0]?.dismissed, { value: null, low: null, high: null, n: 0 });
    const admin = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
    assert.equal((await today(admin)).waiting.findings, 2);
    assert.equal((await today(admin, '?site=quay')).waiting.findings, 1);
    assert.equal((await today(headers, '?site=quay')).waiting.findings, 0);
  });

  test('shares, medians and loads are those worked out by hand, and a later decision stands in for an earlier one', async () => {
    const { db } = house.platform;
    // A whole hour, so that the hours counted do not depend on when the test runs.
    const start = Math.floor(Date.now() / HOUR) * HOUR - 10 * HOUR;
    const finding = { site_id: 'pier', case_id: things.caseId, use: 'redaction', kind: 'face', score: null };
    const rest = { reasons: '[]', evidence: '{}', models: '[]' };
    for (let index = 0; index < 8; index++) {
      const id = randomUUID();
      const made = new Date(start + index * 60_000);
      await db
        .insertInto('findings')
        .values({ id, ...finding, ...rest, created_at: made })
        .execute();
      const decide = (disposition: string, seconds: number): Promise<unknown> =>
        db
          .insertInto('decisions')
          .values({
            id: randomUUID(),
            finding_id: id,
            disposition,
            reason: 'because',
            decided_by: officer,
            created_at: new Date(made.getTime() + seconds * 1000),
          })
          .execute();
      await decide(index < 3 ? 'dismissed' : 'confirmed', 100 * (index + 1));
      // The first was taken back an hour later: it is no false positive any more, and was decided as fast.
      if (index === 0) await decide('confirmed', 3600);
    }
    const { uses, load, decided, waiting } = await today(await newSession(house, officer));
    assert.deepEqual([decided.findings, waiting.findings], [8, 1]);
    const [{ dismissed, secondsToDecide } = assert.fail('no use')] = uses;
    const { low, high } = wilsonInterval(2, 8);
    assert.deepEqual(dismissed, { value: 0.25, low, high, n: 8 });
    // Ranks 2 and 7 of 8 enclose the median with 93 % or more.
    assert.deepEqual(secondsToDecide, { value: 450, low: 200, high: 700, n: 8 });
    assert.deepEqual(
      load.map(({ person, decisions, perHour }) => [person, decisions, perHour.value, perHour.n]),
      [[officer, 9, 4.5, 2]],
    );
    // Exact limits of 9 events: 4.12 and 17.08 (Breslow and Day, table 2.10).
    assert.ok(Math.abs(Number(load[0]?.perHour.low) * 2 - 4.12) < 0.05);
    assert.ok(Math.abs(Number(load[0]?.perHour.high) * 2 - 17.08) < 0.05);
  });

  test('the library finds by part of a name, kind and source, and the ledger says who did what', async () => {
    const headers = await newSession(house, officer);
    const items = async (path: string): Promise<Record<string, unknown>[]> =>
      (
        JSON.parse((await ask(house, { path: `/api/v1${path}`, headers })).text) as {
          items: Record<string, unknown>[];
        }
      ).items;
    const [asset = {}] = await items('/assets');
    assert.equal(asset['id'], things.assetId);
    const name = encodeURIComponent(String(asset['name']).slice(1).toUpperCase());
    assert.equal((await items(`/assets?name=${name}`)).length, 1);
    assert.equal((await items('/assets?name=%25%25')).length, 0, 'wildcards are letters');
    assert.equal((await items(`/assets?from=${things.assetId}`)).length, 0);
    assert.equal((await items('/assets?type=video')).length, 0);
    assert.deepEqual((await items('/colleagues')).map(({ id }) => id).includes(officer), true);
    const before = (await items(`/assets/${things.assetId}/activity`)).length;
    assert.equal(
      (await ask(house, { path: `/api/v1/assets/${things.assetId}/content`, headers })).status,
      200,
    );
    while ((await sequence(house.platform.db)) > 0);
    const activity = await items(`/assets/${things.assetId}/activity`);
    assert.deepEqual(
      [activity.length, activity[0]?.['kind'], activity[0]?.['actor']],
      [before + 1, 'asset.viewed', officer],
    );
  });
});
