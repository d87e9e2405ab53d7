import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { clockOn, defaultClocks, dueAfter, type Clock } from '../../src/governance/redress/clocks.ts';
import {
  ask,
  codeOf,
  newPerson,
  newSession,
  newThings,
  openHouse,
  type Reply,
} from '../platform/attack/house.ts';
import { said } from './redress-lane.ts';

const house = await openHouse();
const { db } = house.platform;

interface Person {
  readonly id: string;
  readonly headers: Record<string, string>;
}
let [officer, first, second, elsewhere, privacy]: Person[] = [];
let [finding, caseId, decision] = ['', '', ''];

async function person(role: 'officer' | 'supervisor' | 'privacy', site = 'pier'): Promise<Person> {
  const id = await newPerson(house, [{ site, role }]);
  return { id, headers: await newSession(house, id) };
}

before(async () => {
  [officer, first, second] = [
    await person('officer'),
    await person('supervisor'),
    await person('supervisor'),
  ];
  [elsewhere, privacy] = [await person('supervisor', 'quay'), await person('privacy', '*')];
  const things = await newThings(house, 'pier', officer.id);
  [finding, caseId, decision] = [things.findingId, things.caseId, randomUUID()];
  await db
    .insertInto('decisions')
    .values({
      id: decision,
      finding_id: finding,
      disposition: 'confirmed',
      reason: 'x',
      decided_by: first.id,
    })
    .execute();
  await db
    .insertInto('releases')
    .values({
      ...{ id: randomUUID(), case_id: caseId, asset_id: things.assetId, recipient: 'County archive' },
      ...{ basis: '5 U.S.C. 552', released_by: first.id },
    })
    .execute();
});

const send = (who: Person, path: string, body?: object): Promise<Reply> =>
  ask(house, { method: 'POST', path: `/api/v1/governance/redress${path}`, headers: who.headers, body });
const receive = (change: object = {}, who = officer!): Promise<Reply> =>
  send(who, '', {
    ...{ kind: 'appeal', about: 'decision', aboutId: decision, caseReference: 'L-2026-17' },
    ...{ receivedAt: new Date().toISOString(), ...change },
  });
interface Row {
  id: string;
  open: string | null;
  overdue: boolean;
  rule: string;
  dueAt: string;
  recipients: { id: string; recipient: string; toldAt: string | null }[];
}
const list = async (who = second!): Promise<Row[]> =>
  said<{ items: Row[] }>(await ask(house, { path: '/api/v1/governance/redress', headers: who.headers }))
    .items;

describe('corrections and appeals', () => {
  test('a clock is that of the day; working days skip weekends and holidays', async () => {
    assert.equal(dueAfter(new Date('2026-11-20T10:00:00Z'), 10).toISOString(), '2026-12-07T23:59:59.000Z');
    const clock: Clock = {
      ...{ kind: 'appeal' as const, version: 'port-order-7', source: 'Port order 7', workingDays: 5 },
      ...{ extensionDays: 3, effective: '2026-01-01', ends: '2026-06-30' },
    };
    assert.equal((await send(privacy!, '/clocks', clock)).status, 204);
    assert.equal(clockOn([clock, ...defaultClocks], 'appeal', '2026-06-30').workingDays, 5);
    assert.equal(clockOn([clock, ...defaultClocks], 'appeal', '2026-07-01').workingDays, 30);
    const old = said<{ id: string; rule: string; due: string }>(
      await receive({ receivedAt: '2026-06-29T12:00:00Z', caseReference: 'L-1' }),
    );
    assert.deepEqual([old.rule, old.due], ['port-order-7: Port order 7', '2026-07-07T23:59:59.000Z']);
    const [row] = await list();
    assert.deepEqual([row?.id, row?.overdue, row?.open], [old.id, true, 'decide'], 'overdue ones come first');
  });

  test('is decided by another person, told to who asked and to who received it', async () => {
    const { id } = said<{ id: string }>(await receive());
    assert.equal(
      codeOf(await send(first!, `/${id}/decide`, { outcome: 'granted', reason: 'I say so' })),
      'E_GOVERNANCE',
    );
    assert.equal(
      codeOf(await send(elsewhere!, `/${id}/decide`, { outcome: 'granted', reason: 'not mine' })),
      'E_GOVERNANCE_UNKNOWN',
    );
    assert.equal(codeOf(await send(second!, `/${id}/notify`)), 'E_GOVERNANCE', 'not before it is decided');
    const { due } = said<{ due: string }>(
      await send(second!, `/${id}/extend`, { reason: 'records are at the archive' }),
    );
    assert.equal((await list()).find((row) => row.id === id)?.dueAt, due);
    assert.equal(codeOf(await send(second!, `/${id}/extend`, { reason: 'once more' })), 'E_GOVERNANCE');
    assert.equal(
      (await send(second!, `/${id}/decide`, { outcome: 'granted', reason: 'the plate was misread' })).status,
      204,
    );
    assert.equal(
      codeOf(await send(second!, `/${id}/decide`, { outcome: 'denied', reason: 'changed my mind' })),
      'E_GOVERNANCE',
    );
    const told = (await list()).find((row) => row.id === id);
    assert.deepEqual(
      [told?.open, told?.recipients.map(({ recipient }) => recipient)],
      ['notify', ['County archive']],
    );
    assert.equal((await send(second!, `/${id}/notify`)).status, 204);
    assert.equal((await list()).find((row) => row.id === id)?.open, 'tell');
    assert.equal((await send(second!, `/${id}/recipients`, { recipient: 'Partner office' })).status, 201);
    for (const { id: recipient } of (await list()).find((row) => row.id === id)!.recipients)
      assert.equal((await send(second!, `/${id}/recipients/${recipient}/told`)).status, 204);
    assert.equal((await list()).find((row) => row.id === id)?.open, null);
    // An appeal of that decision goes to a third person.
    const again = said<{ id: string }>(
      await receive({ about: 'request', aboutId: id, caseReference: 'L-2' }),
    );
    for (const who of [first!, second!])
      assert.equal(
        codeOf(await send(who, `/${again.id}/decide`, { outcome: 'denied', reason: 'as before' })),
        'E_GOVERNANCE',
      );
    assert.equal(
      (await send(privacy!, `/${again.id}/decide`, { outcome: 'denied', reason: 'it was right' })).status,
      204,
    );
  });

  test('what is not there is refused, others see nothing, and SQL changes nothing', async () => {
    assert.equal((await receive({ aboutId: randomUUID() })).status, 404);
    assert.equal(codeOf(await receive({ receivedAt: '2099-01-01T00:00:00Z' })), 'E_GOVERNANCE');
    assert.deepEqual(await list(elsewhere), []);
    const { id } = said<{ id: string }>(
      await receive({ kind: 'correction', about: 'finding', aboutId: finding }),
    );
    const attacks = [
      sql`update redress_requests set decided_by = ${first!.id}, decided_at = now(), outcome = 'denied', decision_reason = 'sql' where id = ${id}`,
      sql`update redress_requests set due_at = due_at + interval '1 year' where id = ${id}`,
      sql`update redress_requests set outcome = 'denied' where outcome = 'granted'`,
      sql`update redress_requests set notified_by = ${first!.id}, notified_at = now() where id = ${id}`,
      sql`delete from redress_requests`,
      sql`update redress_recipients set recipient = 'nobody'`,
      sql`update redress_clocks set working_days = 260`,
    ];
    for (const [index, attack] of attacks.entries())
      await assert.rejects(
        attack.execute(db),
        { code: /^(P0001|23514|0A000)$/ } as unknown as Error,
        `row ${index}`,
      );
  });
});
