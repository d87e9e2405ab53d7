import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { PermitSource } from '../../src/host/permit-source.ts';
import { runChild } from '../../src/host/run-child.ts';
import { roles } from '../../src/platform/people/roles.ts';
import {
  ask,
  codeOf,
  newApiToken,
  newPerson,
  newSession,
  openHouse,
  type Reply,
} from '../platform/attack/house.ts';
import { until } from '../platform/service-parts.ts';
import type { Trick } from '../workers/tricks.ts';
import { openOffice, type PermitOffice } from './permit-office.ts';

const house = await openHouse();
const { db } = house.platform;
const entry = new URL('../workers/tricks.ts', import.meta.url);
const suspended = { code: 'E_PERMIT_SUSPENDED' };

type Headers = Readonly<Record<string, string>>;
interface Reported {
  readonly id: string;
  readonly suspension: string | null;
  readonly told: readonly string[];
}
interface Suspension {
  readonly id: string;
  readonly use: string;
  readonly cause: string;
  readonly reason: string;
  readonly by: string;
  readonly liftedAt: string | null;
  readonly told: readonly string[];
}

let office: PermitOffice;
let headers: Readonly<Record<'officer' | 'privacy' | 'caio', Headers>>;

before(async () => {
  office = await openOffice(db, house.platform.keys);
  const { officer, privacy, caio } = office.people;
  headers = {
    officer: await newSession(house, officer),
    privacy: await newSession(house, privacy),
    caio: await newSession(house, caio),
  };
});

const send = (who: Headers, path: string, body: object): Promise<Reply> =>
  ask(house, { method: 'POST', path: `/api/v1/governance/${path}`, headers: who, body });
const incidentOf = (use: string, change: object = {}): object => ({
  ...{ use, severity: 'serious', what: 'A traveller was turned back on the word of the machine.' },
  ...{ happenedAt: new Date().toISOString(), ...change },
});
const report = (who: Headers, use: string, change?: object): Promise<Reply> =>
  send(who, 'oversight/incidents', incidentOf(use, change));
async function reported(who: Headers, use: string, change?: object): Promise<Reported> {
  const reply = await report(who, use, change);
  assert.equal(reply.status, 201, reply.text);
  return JSON.parse(reply.text) as Reported;
}
async function suspensionsOf(use: string): Promise<Suspension[]> {
  const { text } = await ask(house, { path: '/api/v1/governance/suspensions', headers: headers.privacy });
  return (JSON.parse(text) as { items: Suspension[] }).items.filter((one) => one.use === use);
}
const lift = (who: Headers, id: string | null): Promise<Reply> =>
  send(who, `suspensions/${id}/lift`, { reason: 'it was looked into' });
const open = (use: string): Promise<PermitSource> =>
  office.gate.open({ use, purpose: 'release', site: 'pier', person: office.people.officer });
/** What the worker sends or answers. */
const work = (permit: PermitSource, params: Trick, onMessage?: (said: number) => void): Promise<unknown> =>
  runChild<Trick, unknown, number>({
    ...{ entry, params, permit, memoryLimitBytes: 512 << 20, stallSeconds: 120 },
    ...(onMessage === undefined ? {} : { onMessage }),
  });
function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
async function kept(use: string): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select ((select count(*) from oversight_incidents where use = ${use})
    + (select count(*) from governance_suspensions where use = ${use}))::int as count`.execute(db);
  return rows[0]!.count;
}

describe('an incident', () => {
  test('stops a use that comes along before anybody registered it', async () => {
    await open('watch');
    const { suspension } = await reported(headers.officer, 'watch');
    await assert.rejects(open('watch'), suspended);
    assert.equal((await lift(headers.caio, suspension)).status, 204);
    await open('watch');
    assert.equal((await send(headers.privacy, 'uses/watch/suspend', { reason: 'stop' })).status, 201);
  });

  test('ends what runs of its use, says who was told, and lets it run again once it is lifted', async () => {
    await office.issued(await office.approved('lanes'));
    const running = Promise.withResolvers<number>();
    const ended = assert.rejects(work(await open('lanes'), { trick: 'spin' }, running.resolve), suspended);
    const worker = await running.promise;
    assert.ok(alive(worker));
    const { id, suspension, told } = await reported(headers.officer, 'lanes');
    await ended;
    await until('the worker is gone', () => Promise.resolve(!alive(worker)));
    await assert.rejects(open('lanes'), suspended);

    const [stop, ...others] = await suspensionsOf('lanes');
    assert.deepEqual(others, []);
    assert.deepEqual(
      [stop?.id, stop?.cause, stop?.by, stop?.liftedAt, stop?.told],
      [suspension, 'incident', office.people.officer, null, told],
    );
    assert.equal(
      stop?.reason,
      `Incident ${id} (serious): A traveller was turned back on the word of the machine.`,
    );
    const { privacy, 'civil-rights': rights, ocio, caio } = office.people;
    assert.deepEqual(told, [privacy, rights, ocio, caio].sort());
    const { rows } = await sql<{ kind: string; facts: object }>`
      select event ->> 'kind' as kind, event -> 'facts' as facts
      from (select event from ledger_outbox union all select event from ledger) e
      where event -> 'subjects' ->> 'suspension' = ${suspension} order by kind`.execute(db);
    assert.deepEqual(rows, [
      { kind: 'governance.suspended', facts: { use: 'lanes', cause: 'incident', told: 4 } },
      { kind: 'oversight.incident', facts: { use: 'lanes', severity: 'serious', told: 4, stopped: true } },
    ]);
    const again = await send(headers.caio, `oversight/incidents/${id}/suspend`, { reason: 'once more' });
    assert.equal(codeOf(again), 'E_GOVERNANCE');

    assert.equal((await lift(headers.officer, suspension)).status, 403);
    assert.equal((await lift(headers.caio, suspension)).status, 204);
    assert.equal(await work(await open('lanes'), { trick: 'double', value: 21 }), 42);
  });

  test('is lifted by somebody else than who reported it, and each by itself', async () => {
    await office.issued(await office.approved('doors'));
    const first = await reported(headers.caio, 'doors');
    const second = await reported(headers.officer, 'doors', { severity: 'critical' });
    assert.equal(codeOf(await lift(headers.caio, first.suspension)), 'E_GOVERNANCE');
    assert.equal((await lift(headers.caio, second.suspension)).status, 204);
    await assert.rejects(open('doors'), suspended);
    const other = await newSession(house, await newPerson(house, [{ site: '*', role: 'ai-governance' }]));
    assert.equal((await lift(other, first.suspension)).status, 204);
    await open('doors');
  });

  test('that is low stops nothing by itself; in doubt it is moderate, and stops', async () => {
    await office.issued(await office.approved('yards'));
    const { id, suspension, told } = await reported(headers.officer, 'yards', { severity: 'low' });
    assert.deepEqual([suspension, await suspensionsOf('yards')], [null, []]);
    assert.ok(told.length >= 4);
    await open('yards');
    const path = `oversight/incidents/${id}/suspend`;
    assert.equal((await send(headers.officer, path, { reason: 'it is worse' })).status, 403);
    assert.equal((await send(headers.privacy, path, {})).status, 400);
    assert.equal((await send(headers.privacy, path, { reason: 'it is worse' })).status, 201);
    const [stop] = await suspensionsOf('yards');
    assert.equal(stop?.reason, `Incident ${id}: it is worse`);
    await assert.rejects(open('yards'), suspended);
    assert.equal((await lift(headers.caio, stop.id)).status, 204);
    await open('yards');
    assert.notEqual((await reported(headers.officer, 'yards', { severity: 'moderate' })).suspension, null);
    await assert.rejects(open('yards'), suspended);
  });

  test('is not for strangers: nothing is kept of what they say, and nothing stops', async () => {
    await office.registered('gates');
    const working = ['officer', 'analyst', 'operator', 'investigator', 'supervisor'];
    const offices = ['privacy', 'civil-rights', 'ai-governance', 'admin'];
    for (const role of roles) {
      const here = await newSession(house, await newPerson(house, [{ site: 'pier', role }]));
      assert.equal((await report(here, 'gates')).status, 403, `${role} of one site`);
      if ([...working, ...offices].includes(role)) continue;
      const everywhere = await newSession(house, await newPerson(house, [{ site: '*', role }]));
      assert.equal((await report(everywhere, 'gates')).status, 403, role);
    }
    assert.equal((await report({}, 'gates')).status, 401);
    const program = await newApiToken(house, office.people.privacy, ['read', 'write']);
    assert.equal((await report(program, 'gates')).status, 403);
    assert.equal(codeOf(await report(headers.officer, 'gatse')), 'E_GOVERNANCE_UNKNOWN');
    assert.deepEqual([await kept('gates'), await kept('gatse')], [0, 0]);
  });

  test('that is refused stops nothing: both are kept, or neither', async () => {
    const happenedAt = new Date(Date.now() + 3_600_000).toISOString();
    assert.equal(codeOf(await report(headers.officer, 'gates', { happenedAt })), 'E_GOVERNANCE');
    assert.equal(await kept('gates'), 0);
  });

  test('stands in no table beside a use that it did not stop, whichever way it comes in', async () => {
    const { suspension } = await reported(headers.officer, 'gates');
    const now = new Date();
    const row = {
      ...({ severity: 'serious', what: 'written by hand', happened_at: now, reported_at: now } as const),
      ...{ reported_by: office.people.officer, told: [], told_outside: [] },
    };
    const write = async (use: string, named: string | null): Promise<string> => {
      const id = randomUUID();
      const values = { ...row, id, use, suspension_id: named };
      await db.insertInto('oversight_incidents').values(values).execute();
      return id;
    };
    await assert.rejects(write('gates', null), /stops its use/);
    await assert.rejects(write('lanes', suspension), /its own use/);
    await assert.rejects(write('gates', suspension), /unique/);

    // One from before incidents stopped their use: the button is there for it, and it can be closed.
    const [old, older] = await db.transaction().execute(async (tx) => {
      await sql`alter table oversight_incidents disable trigger oversight_incidents_stop`.execute(tx);
      const ids = [randomUUID(), randomUUID()] as const;
      for (const id of ids)
        await tx
          .insertInto('oversight_incidents')
          .values({ ...row, id, use: 'gates', suspension_id: null })
          .execute();
      await sql`alter table oversight_incidents enable trigger oversight_incidents_stop`.execute(tx);
      return ids;
    });
    const end = { resolution: 'The camera was replaced.' };
    assert.equal((await send(headers.caio, `oversight/incidents/${old}/close`, end)).status, 204);
    const stopping = await send(headers.caio, `oversight/incidents/${older}/suspend`, { reason: 'still so' });
    assert.equal(stopping.status, 201, stopping.text);
  });
});
