import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import type { Database } from '../store/database.ts';
import { createPerson, findPerson } from './accounts.ts';
import { claimFirstRun, firstRunCode } from './first-run.ts';
import { grantsOf } from './session-state.ts';

const server = await startTestServer();
const settings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const now = new Date('2026-11-22T08:00:00Z');
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);

async function codeOf(db: Database, at = now): Promise<string> {
  const code = await firstRunCode(db, at);
  assert.ok(code !== undefined);
  return code;
}

async function claim(db: Database, code: string, login = 'maria', at = now): Promise<string> {
  const person = { login, name: 'Maria Lopez', password: 'four gulls over a cold harbour' };
  return claimFirstRun(db, settings, { code, person, address: '192.0.2.1', now: at });
}

describe('the first run', () => {
  test('makes an admin of all sites, once', async () => {
    const { db } = await server.database(platformSchema);
    const code = await codeOf(db);
    assert.match(code, /^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    const personId = await claim(db, code.toLowerCase().replaceAll('-', ' '));
    assert.deepEqual(await grantsOf(db, personId), [{ site: '*', role: 'admin' }]);
    await assert.rejects(claim(db, code, 'second'), { code: 'E_FIRST_RUN' });
    assert.equal(await firstRunCode(db, now), undefined, 'there is somebody now');
    const log = await db.selectFrom('refusals').select(['kind', 'address', 'at']).execute();
    assert.deepEqual(log, [{ kind: 'first-run', address: '192.0.2.1', at: now }]);
  });

  test('has one winner when several claim it at once', async () => {
    const { db } = await server.database(platformSchema);
    const code = await codeOf(db);
    const logins = ['ana', 'ben', 'cem', 'dee', 'eva', 'fay'];
    const claims = await Promise.allSettled(logins.map((login) => claim(db, code, login)));
    assert.equal(claims.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const result of claims) {
      if (result.status === 'rejected')
        assert.equal((result.reason as { code?: string }).code, 'E_FIRST_RUN');
    }
    const { count } = await db
      .selectFrom('people')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    assert.equal(count, 1);
  });

  test('goes by the code of the last start, for a day', async () => {
    const { db } = await server.database(platformSchema);
    const first = await codeOf(db);
    const second = await codeOf(db, later(1));
    await assert.rejects(claim(db, first, 'maria', later(2)), { code: 'E_FIRST_RUN' });
    await assert.rejects(claim(db, second, 'maria', later(25)), { code: 'E_FIRST_RUN' });
    await assert.rejects(claim(db, '', 'maria', later(2)), { code: 'E_FIRST_RUN' });
    await claim(db, second, 'maria', later(24.9));
  });

  test('is over when somebody came in by another way', async () => {
    const { db } = await server.database(platformSchema);
    const code = await codeOf(db);
    const person = { login: 'clerk', name: 'Clerk', password: 'four gulls over a cold harbour' };
    await createPerson(db, settings, { person, now });
    await assert.rejects(claim(db, code), { code: 'E_FIRST_RUN' });
  });

  test('keeps nothing that would give the code away', async () => {
    const { db } = await server.database(platformSchema);
    const code = await codeOf(db);
    const rows = JSON.stringify(await db.selectFrom('first_run').selectAll().execute());
    for (const part of code.split('-')) assert.ok(!rows.includes(part));
  });

  test('lets a password that is refused be chosen again', async () => {
    const { db } = await server.database(platformSchema);
    const code = await codeOf(db);
    const person = { login: 'maria', name: 'Maria Lopez', password: 'short' };
    await assert.rejects(claimFirstRun(db, settings, { code, person, address: '192.0.2.1', now }), {
      code: 'E_PASSWORD',
    });
    assert.equal(await findPerson(db, 'maria'), undefined);
    await claim(db, code);
  });
});
