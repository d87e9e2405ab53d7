import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type RawBuilder } from 'kysely';
import { liftSuspension, suspend } from '../../src/governance/permits/suspensions.ts';
import { askGate } from '../../src/governance/redress/capture-gate.ts';
import { signClaims, writeToken } from '../../src/governance/redress/token.ts';
import { sweepRedress } from '../../src/governance/redress/sweep.ts';
import { openDatabase } from '../../src/platform/store/database.ts';
import { ask, codeOf, newPerson, newSession, openHouse, type Reply } from '../platform/attack/house.ts';
import { newKeys } from './permit-office.ts';
import { citation, openLane, purpose, said, use, type GateSays, type SimulatedLane } from './redress-lane.ts';

const house = await openHouse();
const { db, keys } = house.platform;
let lane: SimulatedLane;

before(async () => {
  lane = await openLane(house);
});

const gate = async (change: object = {}): Promise<GateSays> => {
  const reply = await lane.say('capture-gate/questions', lane.question(change));
  assert.equal(reply.status, 200, reply.text);
  return said<GateSays>(reply);
};
const capture = (token: string, at: object = {}): Promise<Reply> =>
  lane.say('capture-gate/captures', { site: 'pier', lane: 'lane-1', token, ...at });
const captured = async (): Promise<number> => {
  const { rows } = await sql<{
    n: number;
  }>`select count(*) as n from capture_passages where captured_at is not null`.execute(db);
  return Number(rows[0]?.n);
};
const kinds = async (): Promise<Record<string, number>> => {
  const reply = await ask(house, { path: '/api/v1/governance/opt-outs', headers: lane.headers.privacy });
  const { items } = said<{ items: { kind: string; passages: number }[] }>(reply);
  const sums: Record<string, number> = {};
  for (const { kind, passages } of items) sums[kind] = (sums[kind] ?? 0) + passages;
  return sums;
};

describe('the gate before a camera', () => {
  test('demands the current notice, and takes no draft', async () => {
    assert.deepEqual(await refusedFor(), 'notice-not-current');
    assert.equal(
      codeOf(await lane.publish({ notice: `DRAFT FOR COUNSEL ${'x'.repeat(40)}` })),
      'E_NOTICE_DRAFT',
    );
    assert.equal((await lane.publish()).status, 201);
    assert.equal((await gate()).verdict, 'capture');
    assert.equal(await refusedFor({ notice: null }), 'notice-not-shown');
    assert.equal(await refusedFor({ notice: { language: 'es', version: 1 } }), 'notice-not-current');
    assert.deepEqual(said(await lane.publish()), { ...said<object>(await lastNotice()), version: 2 });
    assert.equal(await refusedFor(), 'notice-not-current', 'version 1 was replaced');
    const soon = new Date(Date.now() + 1500).toISOString();
    assert.equal((await lane.publish({ ends: soon })).status, 201);
    assert.equal((await gate({ notice: { language: 'en', version: 3 } })).verdict, 'capture');
    await sleep(1600);
    assert.equal(await refusedFor({ notice: { language: 'en', version: 3 } }), 'notice-not-current');
    assert.equal((await lane.publish()).status, 201);
    const listed = await ask(house, { path: '/api/v1/governance/notices', headers: lane.headers.officer });
    const { items, drafts } = said<{
      items: { version: number; current: boolean }[];
      drafts: { language: string; status: string }[];
    }>(listed);
    assert.deepEqual(
      items.map(({ version, current }) => [version, current]),
      [
        [4, true],
        [3, false],
        [2, false],
        [1, false],
      ],
    );
    assert.deepEqual(
      drafts.map(({ language, status }) => [language, status]),
      [
        ['en', 'draft-for-counsel'],
        ['es', 'draft-for-counsel'],
      ],
    );
  });

  test('honours opting out, whatever else holds, and names the law where it does not', async () => {
    const out = await gate(shown({ optedOut: true }));
    assert.deepEqual([out.verdict, out.reason, out.token], ['alternative', 'opted-out', undefined]);
    const other = await gate({ optedOut: true, use: 'nobody-knows-it', notice: null });
    assert.equal(other.verdict, 'alternative', 'without a permit too');
    const done = { site: 'pier', lane: 'lane-1', waitedSeconds: 20, processedSeconds: 40, outcome: 'passed' };
    const path = `capture-gate/passages/${out.id}/complete`;
    assert.equal(codeOf(await lane.say(path, { ...done, lane: 'lane-2' })), 'E_GOVERNANCE_UNKNOWN');
    assert.equal((await lane.say(path, done)).status, 204);
    assert.equal(codeOf(await lane.say(path, done)), 'E_GOVERNANCE_UNKNOWN', 'once');
    const invented = await gate(shown({ optedOut: true, lawEnforcement: { authority: 'because' } }));
    assert.deepEqual([invented.verdict, invented.reason], ['refused', 'authority-not-in-charter']);
    const lawful = await gate({ optedOut: true, notice: null, lawEnforcement: { authority: citation } });
    assert.deepEqual([lawful.verdict, lawful.reason], ['capture', 'law-enforcement']);
    assert.equal((await capture(lawful.token!)).status, 201);
    const counted = await kinds();
    assert.equal(counted['exempt'], 1);
    assert.equal(counted['alternative'], 1);
    assert.equal(counted['offered'], 1);
  });

  test('knows standing opt-outs by a commitment alone, until they end', async () => {
    const document = 'C0123 4567-8';
    const at = { site: 'pier', document };
    assert.equal((await gate(shown({ document }))).verdict, 'capture');
    assert.equal((await lane.say('opt-outs/standing', { ...at, days: 30 })).status, 204);
    assert.equal((await lane.say('opt-outs/standing', { ...at, days: 10 })).status, 204, 'said twice');
    assert.equal((await gate(shown({ document: 'c01234567 8' }))).verdict, 'alternative');
    assert.equal((await gate(shown({ document: 'C01234569' }))).verdict, 'capture');
    const dump = await sql<{
      all: string;
    }>`select (select coalesce(string_agg(s::text, ' '), '') from redress_standing s)
      || (select string_agg(p::text, ' ') from capture_passages p) || (select string_agg(event::text, ' ') from ledger_outbox) as all`.execute(
      db,
    );
    assert.doesNotMatch(dump.rows[0]!.all, /0123\s?4567/);
    const nothing = await sweepRedress(db, new Date(), AbortSignal.timeout(5000));
    assert.equal(nothing.standing, 0);
    const later = new Date(Date.now() + 31 * 86_400_000);
    assert.equal((await sweepRedress(db, later, AbortSignal.timeout(5000))).standing, 1);
    assert.equal((await gate(shown({ document }))).verdict, 'capture', 'it is over');
    await lane.say('opt-outs/standing', { ...at, days: 30 });
    assert.equal((await lane.say('opt-outs/standing/withdraw', at)).status, 204);
    assert.equal((await gate(shown({ document }))).verdict, 'capture');
  });

  test('fails closed: no permit, a suspension, nobody trained, a store that is gone', async () => {
    assert.equal(await refusedFor(shown({ purpose: 'marketing' })), 'E_PERMIT_PURPOSE');
    assert.equal(await refusedFor(shown({ site: 'quay' })), 'E_PERMIT_SITE');
    const untrained = await newSession(house, await newPerson(house, [{ site: 'pier', role: 'officer' }]));
    const path = '/api/v1/governance/capture-gate/questions';
    const asked = await ask(house, {
      method: 'POST',
      path,
      headers: untrained,
      body: lane.question(shown()),
    });
    assert.equal(said<GateSays>(asked).reason, 'E_PERMIT_TRAINING');
    const gone = openDatabase({ host: '127.0.0.1', port: 1, user: 'x', database: 'x' }, () => undefined);
    const question = {
      site: 'pier',
      lane: 'lane-1',
      use,
      purpose,
      authority: citation,
      optedOut: false,
      by: 'x',
    };
    await assert.rejects(askGate({ ...house.platform, db: gone }, question), /ECONNREFUSED/);
    await gone.destroy();
    const waiting = await gate(shown());
    const { people } = lane.office;
    const why = { cause: 'person', reason: 'stop it', by: people.privacy, now: new Date() } as const;
    const { id } = await db.transaction().execute((tx) => suspend(tx, { use, ...why }));
    assert.equal(await refusedFor(shown()), 'E_PERMIT_SUSPENDED');
    assert.equal(codeOf(await capture(waiting.token!)), 'E_GOVERNANCE', 'the token of before serves no more');
    await liftSuspension(house.platform, { id, by: people.caio, reason: 'mended', now: new Date() });
    assert.equal((await gate(shown())).verdict, 'capture');
  });

  test('no attack captures: replayed, of another lane, expired, forged, clock moved back, SQL', async () => {
    const good = await gate(shown());
    assert.equal((await capture(good.token!)).status, 201, 'the legitimate neighbour captures');
    const before = await captured();
    const fresh = (await gate(shown())).token!;
    const [body, signature] = fresh.split('.') as [string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Parameters<typeof signClaims>[0];
    const forged = (change: object): string =>
      `${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}.${signature}`;
    const foreign = await newKeys().signing('capture-gate');
    const refused = async (why: string, code: string, reply: Promise<Reply>): Promise<void> =>
      assert.equal(codeOf(await reply), code, why);
    await refused('replayed', 'E_CAPTURE_TOKEN', capture(good.token!));
    await refused('of another lane', 'E_CAPTURE_TOKEN', capture(fresh, { lane: 'lane-2' }));
    await refused('of another site', 'E_CAPTURE_TOKEN', capture(fresh, { site: 'quay' }));
    for (const change of [
      { lane: 'lane-9' },
      { id: randomUUID() },
      { purpose: 'x' },
      { expires: '2099-01-01T00:00:00Z' },
    ])
      await refused(
        'altered',
        'E_CAPTURE_TOKEN',
        capture(forged(change), 'lane' in change ? { lane: change.lane } : {}),
      );
    await refused('no token', 'E_CAPTURE_TOKEN', capture('x'));
    await refused('garbage', 'E_CAPTURE_TOKEN', capture(`${body}.${'A'.repeat(86)}`));
    const alien = writeToken(claims, signClaims(claims, foreign.privateKey));
    await refused('of another installation', 'E_CAPTURE_TOKEN', capture(alien));
    const made = { ...claims, id: randomUUID() };
    const own = await keys.signing('capture-gate');
    const unasked = writeToken(made, signClaims(made, own.privateKey));
    await refused('signed but never asked for', 'E_CAPTURE_TOKEN', capture(unasked));
    house.clock.laterMs = 31_000;
    await refused('expired', 'E_CAPTURE_TOKEN', capture(fresh));
    for (const laterMs of [-61_000, -3_600_000]) {
      house.clock.laterMs = laterMs;
      await refused('clock moved back', 'E_GOVERNANCE', capture(fresh));
      await refused(
        'asked in the past',
        'E_GOVERNANCE',
        lane.say('capture-gate/questions', lane.question(shown())),
      );
    }
    house.clock.laterMs = 0;
    for (const [index, attack] of rowAttacks(claims.id).entries())
      await assert.rejects(
        attack.execute(db),
        { code: /^(P0001|23514|23503|0A000)$/ } as unknown as Error,
        `row ${index}`,
      );
    assert.equal(await captured(), before);
    assert.equal((await capture(fresh)).status, 201, 'the token was good all the time');
    const unsigned = await ask(house, {
      path: '/api/v1/governance/capture-gate/unsigned',
      headers: lane.headers.privacy,
    });
    assert.deepEqual(said(unsigned), { items: [] });
  });

  test('a row that follows every rule but was never asked for is found by its signature', async () => {
    const [id, person] = [randomUUID(), lane.office.people.officer];
    const notice = await db
      .selectFrom('redress_notices')
      .select('id')
      .where('version', '=', 4)
      .executeTakeFirstOrThrow();
    await inserted({ id, asked_by: person, notice_id: notice.id }).execute(db);
    await sql`update capture_passages set captured_at = now() where id = ${id}`.execute(db);
    const reply = await ask(house, {
      path: '/api/v1/governance/capture-gate/unsigned',
      headers: lane.headers.privacy,
    });
    assert.deepEqual(said(reply), { items: [id] });
  });

  test('passages leave counts, and nothing younger than their time is deleted', async () => {
    const before = await kinds();
    const early = sweepRedress(db, new Date(Date.now() + 401 * 86_400_000), AbortSignal.timeout(5000));
    await assert.rejects(early, /kept 400 days/, 'a clock set ahead deletes nothing');
    // Rows of long ago, as only who owns the database can put them in.
    await db.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      await sql`update capture_passages set asked_at = asked_at - interval '401 days'`.execute(tx);
    });
    const { passages } = await sweepRedress(db, new Date(), AbortSignal.timeout(5000));
    assert.equal(
      passages,
      Object.values(before).reduce((sum, n) => sum + n, 0),
    );
    assert.deepEqual(await kinds(), before);
    assert.equal((await sweepRedress(db, new Date(), AbortSignal.timeout(5000))).passages, 0);
  });
});

/** With the notice that is current from the first test on. */
const shown = (change: object = {}): object => ({ notice: { language: 'en', version: 4 }, ...change });

async function refusedFor(change: object = {}): Promise<string> {
  const { verdict, reason, token } = await gate(change);
  assert.deepEqual([verdict, token], ['refused', undefined]);
  return reason;
}

async function lastNotice(): Promise<Reply> {
  const row = await db
    .selectFrom('redress_notices')
    .select('id')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { status: 200, headers: new Headers(), text: JSON.stringify(row) };
}

/** A row of a passage as somebody would write it by hand. */
function inserted(change: object): RawBuilder<unknown> {
  const row = {
    ...{
      id: randomUUID(),
      site_id: 'pier',
      lane: 'lane-1',
      use,
      purpose,
      verdict: 'capture',
      reason: 'by hand',
    },
    ...{ opted_out: false, authority: null, permit_id: lane.permit, notice_id: null, captured_at: null },
    ...{ asked_by: lane.office.people.officer, asked_at: new Date().toISOString(), signature: 'x' },
    ...{ token_expires: new Date(Date.now() + 20_000).toISOString(), ...change },
  };
  return sql`insert into capture_passages select * from jsonb_populate_record(null::capture_passages, ${JSON.stringify(row)}::jsonb)`;
}

/** Direct SQL by the application's own role. */
function rowAttacks(open: string): RawBuilder<unknown>[] {
  const now = new Date().toISOString();
  const law = { authority: citation };
  return [
    inserted({}),
    inserted({ opted_out: true }),
    inserted({ authority: 'a law that I made up' }),
    inserted({ ...law, captured_at: now }),
    inserted({ ...law, permit_id: randomUUID() }),
    inserted({ ...law, permit_id: null }),
    inserted({ ...law, purpose: 'marketing' }),
    inserted({ ...law, site_id: 'quay' }),
    inserted({ ...law, use: 'another' }),
    inserted({ ...law, signature: null }),
    inserted({ ...law, asked_at: '2026-01-01T00:00:00Z', token_expires: '2026-01-01T00:00:20Z' }),
    inserted({ ...law, token_expires: '2099-01-01T00:00:00Z' }),
    inserted({ verdict: 'alternative', captured_at: now }),
    sql`update capture_passages set captured_at = now() where verdict <> 'capture'`,
    sql`update capture_passages set verdict = 'capture' where verdict = 'alternative'`,
    sql`update capture_passages set opted_out = false where opted_out`,
    sql`update capture_passages set token_expires = token_expires + interval '1 hour' where id = ${open}`,
    sql`update capture_passages set lane = 'lane-2' where id = ${open}`,
    sql`update capture_passages set captured_at = now() - interval '1 hour' where id = ${open}`,
    sql`update capture_passages set captured_at = null where captured_at is not null`,
    sql`delete from capture_passages`,
    sql`truncate capture_passages`,
    sql`update redress_notices set ends = ends + interval '1 year'`,
    sql`delete from redress_notices`,
    sql`insert into redress_notices select gen_random_uuid(), use, language, 99, notice, opting_out, counsel, effective, ends,
      ${lane.office.people.officer}::uuid, now() from redress_notices limit 1`,
  ];
}
