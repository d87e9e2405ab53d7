import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Case, Finding, Today } from '../../src/client/index.ts';
import {
  ask,
  codeOf,
  newPerson,
  newSession,
  newThings,
  openHouse,
  type Things,
} from '../platform/attack/house.ts';

const house = await openHouse();

describe('cases and the queue of findings', () => {
  let [officer, other] = ['', ''];
  let [mine, theirs]: Record<string, string>[] = [];
  let things: Things;
  before(async () => {
    officer = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    other = await newPerson(house, [{ site: 'pier', role: 'supervisor' }]);
    [mine, theirs] = [await newSession(house, officer), await newSession(house, other)];
    things = await newThings(house, 'pier', officer);
  });
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> | undefined = mine,
  ): Promise<{ status: number; code: string | undefined; body: unknown; etag: string }> => {
    const reply = await ask(house, { method, path: `/api/v1${path}`, body, headers: headers ?? {} });
    return {
      status: reply.status,
      code: codeOf(reply),
      body: reply.text === '' ? undefined : JSON.parse(reply.text),
      etag: reply.headers.get('etag') ?? '',
    };
  };
  const open = async (extra: object): Promise<Case> => {
    const reply = await call('POST', '/cases', { site: 'pier', use: 'redaction', title: 'A case', ...extra });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    return reply.body as Case;
  };
  const numbers = async (query: string): Promise<string[]> =>
    ((await call('GET', `/cases?${query}`)).body as { items: Case[] }).items.map(({ number }) => number);

  test('a FOIA request gets 20 working days, a number of its own is kept and is given once', async () => {
    const receivedAt = '2026-11-06T12:00:00Z';
    const one = await open({ kind: 'foia', number: 'FOIA 2026/17', receivedAt });
    // Veterans Day and Thanksgiving Day lie between; 8 December ends at the site.
    const { time_zone: zone } = await house.platform.db
      .selectFrom('sites')
      .select('time_zone')
      .where('id', '=', 'pier')
      .executeTakeFirstOrThrow();
    const shown = new Date(String(one.dueAt)).toLocaleString('sv-SE', { timeZone: zone });
    assert.equal(shown, '2026-12-08 23:59:59');
    assert.equal((await open({})).dueAt, null);
    assert.equal((await open({ kind: 'foia', receivedAt, dueAt: null })).dueAt, null);
    const twice = { site: 'pier', use: 'redaction', title: 'B', number: 'foia 2026/17' };
    assert.deepEqual((await call('POST', '/cases', twice)).code, 'E_CASE_NUMBER');
    assert.equal((await call('POST', '/cases', { ...twice, number: 'TW-2026-000001' })).status, 400);
  });

  test('a deadline moves back with a reason only, and of two changes the first holds', async () => {
    const one = await open({ dueAt: '2027-01-10T00:00:00Z' });
    const path = `/cases/${one.id}`;
    const seen = { ...mine, 'if-match': '"1"' };
    const later = '2027-02-01T00:00:00Z';
    assert.equal((await call('PATCH', path, { dueAt: later }, seen)).code, 'E_CASE_DEADLINE');
    const sooner = { dueAt: '2027-01-09T00:00:00Z', reason: 'unusual circumstances' };
    assert.equal((await call('POST', `${path}/extensions`, sooner, seen)).code, 'E_CASE_DEADLINE');
    const moved = await call('POST', `${path}/extensions`, { dueAt: later, reason: 'many records' }, seen);
    const { dueAt, extensions } = moved.body as Case;
    assert.equal(dueAt, new Date(later).toISOString());
    assert.deepEqual(
      extensions.map(({ from, to, reason, by }) => [from, to, reason, by]),
      [['2027-01-10T00:00:00.000Z', later, 'many records', officer]],
    );
    assert.equal((await call('PATCH', path, { title: 'Late' }, seen)).code, 'E_CHANGED');
    const assigned = { assignees: [{ person: other, role: 'approver' }] };
    const changed = await call('PATCH', path, assigned, { ...mine, 'if-match': moved.etag });
    assert.deepEqual((changed.body as Case).assignees, assigned.assignees);
    assert.deepEqual(await numbers(`person=${other}`), [one.number]);
    const stranger = { assignees: [{ person: randomUUID(), role: 'approver' }] };
    assert.equal(
      (await call('PATCH', path, stranger, { ...mine, 'if-match': changed.etag })).code,
      'E_CASE_OWNER',
    );
  });

  test('lists go on where a page ended in each order, and find by kind, words and deadline', async () => {
    for (const order of ['opened', 'due', 'received']) {
      const whole = await numbers(`order=${order}`);
      const pieces: string[] = [];
      let cursor: string | undefined;
      do {
        const query = `order=${order}&limit=1${cursor === undefined ? '' : `&cursor=${cursor}`}`;
        const page = (await call('GET', `/cases?${query}`)).body as { items: Case[]; next?: string };
        pieces.push(...page.items.map(({ number }) => number));
        cursor = page.next;
      } while (cursor !== undefined);
      assert.deepEqual(pieces, whole, order);
    }
    assert.equal((await numbers('order=due'))[0], 'FOIA 2026/17');
    assert.deepEqual(await numbers('words=2026%2F17'), ['FOIA 2026/17']);
    assert.equal((await numbers('kind=foia')).length, 2);
    assert.equal((await numbers('dueBefore=2026-12-31T00:00:00Z')).length, 1);
    const forged = Buffer.from(JSON.stringify(["'; drop", 'x'])).toString('base64url');
    assert.equal((await call('GET', `/cases?order=due&cursor=${forged}`)).code, 'E_REQUEST');
  });

  test('originals are exhibits in the order in which they came', async () => {
    const { body } = await call('GET', `/cases/${things.caseId}/assets`);
    const exhibits = (): Promise<number[]> =>
      call('GET', `/cases/${things.caseId}/assets`).then(({ body: now }) =>
        (now as { items: { exhibit: number }[] }).items.map(({ exhibit }) => exhibit),
      );
    assert.equal((body as { items: unknown[] }).items.length, 1);
    const upload = (name: string): Promise<unknown> =>
      ask(house, {
        method: 'POST',
        path: `/api/v1/cases/${things.caseId}/assets?name=${name}`,
        headers: { ...mine, 'content-type': 'application/octet-stream' },
        body: name,
      });
    await Promise.all(['b.txt', 'c.txt', 'd.txt'].map(upload));
    assert.deepEqual((await exhibits()).sort(), [1, 2, 3, 4]);
  });

  test('of two who take or decide at once one does; what it took is measured against work by hand', async () => {
    const { db } = house.platform;
    const path = `/findings/${things.findingId}`;
    const take = { person: officer, seen: null };
    assert.equal((await call('PUT', `${path}/assignee`, take)).status, 200);
    assert.equal(
      (await call('PUT', `${path}/assignee`, { person: other, seen: null }, theirs)).code,
      'E_CHANGED',
    );
    const list = async (query: string): Promise<string[]> =>
      ((await call('GET', `/findings?${query}`)).body as { items: Finding[] }).items.map(({ id }) => id);
    assert.deepEqual(await list('assigned=me'), [things.findingId]);
    assert.deepEqual(await list('assigned=nobody'), []);
    await db
      .updateTable('findings')
      .set({ assigned_at: new Date(Date.now() - 120_000) })
      .execute();
    const decision = { disposition: 'confirmed', reason: 'it is one', seen: null };
    assert.equal((await call('POST', `${path}/decisions`, decision)).status, 201);
    assert.equal((await call('POST', `${path}/decisions`, decision, theirs)).code, 'E_CHANGED');

    const admin = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
    const today = async (): Promise<Today['uses'][number]> => {
      const { uses } = (await call('GET', '/today')).body as Today;
      return uses[0] ?? assert.fail('no use');
    };
    assert.deepEqual((await today()).hoursReturned, { value: null, low: null, high: null, n: 0 });
    const baseline = { minutes: 62, source: 'our study of spring' };
    assert.equal((await call('PUT', '/baselines/redaction', baseline, admin)).status, 204);
    const { hoursReturned, secondsInHand, minutesByHand } = await today();
    assert.equal(minutesByHand, 62);
    assert.ok(Math.abs(Number(hoursReturned.value) - 1) < 0.01);
    assert.deepEqual([hoursReturned.n, hoursReturned.low], [1, null]);
    assert.equal(Math.round(Number(secondsInHand.value) / 10), 12);
  });

  test('the queue shows the highest score first, and among equals what waits longest', async () => {
    const made = new Map<string, number>();
    for (const [index, score] of [0.5, null, 0.9, 0.5].entries()) {
      const id = randomUUID();
      made.set(id, index);
      await house.platform.db
        .insertInto('findings')
        .values({
          ...{ id, site_id: 'pier', case_id: things.caseId, use: 'redaction', kind: 'plate', score },
          ...{
            reasons: '[]',
            evidence: '{}',
            models: '[]',
            created_at: new Date(Date.UTC(2026, 0, 1 + index)),
          },
        })
        .execute();
    }
    const order: (number | undefined)[] = [];
    let cursor = '';
    for (let pages = 0; pages < 4; pages++) {
      const query = `kind=plate&order=score&limit=1${cursor}`;
      const page = (await call('GET', `/findings?${query}`)).body as { items: Finding[]; next?: string };
      order.push(...page.items.map(({ id }) => made.get(id)));
      cursor = `&cursor=${page.next ?? ''}`;
    }
    assert.deepEqual(order, [2, 0, 3, 1]);
    assert.equal(
      ((await call('GET', '/findings?kind=plate&score=0.5')).body as { items: unknown[] }).items.length,
      3,
    );
  });

  test('models tell their cards, refusals are for administrators', async () => {
    const models = (await call('GET', '/models')).body as { items: { id: string; limits: string }[] };
    assert.ok(models.items.length >= 6 && models.items.every(({ limits }) => limits.length > 10));
    assert.equal((await call('GET', '/refusals')).status, 403);
    const admin = await newSession(house, await newPerson(house, [{ site: '*', role: 'admin' }]));
    const refusals = (await call('GET', '/refusals?limit=1', undefined, admin)).body as {
      items: { kind: string; person: string }[];
    };
    assert.deepEqual(
      refusals.items.map(({ kind, person }) => [kind, person]),
      [['role', officer]],
    );
    const { status } = await call('GET', '/retention-classes');
    assert.equal(status, 200);
  });
});
