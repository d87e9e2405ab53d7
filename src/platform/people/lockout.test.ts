import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { platformSchema } from '../migrations/index.ts';
import { openDatabase } from '../store/database.ts';
import { createPerson } from './accounts.ts';
import { afterFailure } from './lockout.ts';
import { networkOf } from './network.ts';
import { signIn } from './sessions.ts';
import { sweepPeople } from './sweep.ts';

const server = await startTestServer();
const settings = { fips: false, idleMinutes: 15, sessionHours: 12 };
const password = 'four gulls over a cold harbour';
const start = new Date('2026-11-22T08:00:00Z');
const at = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

describe('pauses', () => {
  const fresh = { key: 'login x', recent: [], pauses: 0, paused_until: null, failed_at: start };

  test('begin with the fifth failure within fifteen minutes', () => {
    let count = fresh as Parameters<typeof afterFailure>[0];
    for (const minutes of [0, 1, 2, 3]) count = { ...count, ...afterFailure(count, at(minutes)) };
    assert.equal(count.paused_until, null);
    assert.deepEqual(afterFailure(count, at(14)).paused_until, at(15));
    assert.equal(afterFailure(count, at(15)).paused_until, null, 'the first is too long ago');
  });

  test('double up to an hour, and are short again after a day', () => {
    let count = fresh as Parameters<typeof afterFailure>[0];
    let minutes = 0;
    const lengths: number[] = [];
    for (let pause = 0; pause < 8; pause++) {
      for (let failure = 0; failure < 5; failure++) count = { ...count, ...afterFailure(count, at(minutes)) };
      const until = ((count.paused_until ?? start).getTime() - start.getTime()) / 60_000;
      lengths.push(until - minutes);
      minutes = until;
    }
    assert.deepEqual(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
    assert.equal(afterFailure(count, at(minutes + 23 * 60)).pauses, 8);
    assert.equal(afterFailure(count, at(minutes + 25 * 60)).pauses, 0);
  });

  test('come later for an address, which may be a whole office', () => {
    let count = { ...fresh, key: '192.0.2.1' } as Parameters<typeof afterFailure>[0];
    for (let failure = 0; failure < 49; failure++) count = { ...count, ...afterFailure(count, start) };
    assert.equal(count.paused_until, null);
    assert.deepEqual(afterFailure(count, start).paused_until, at(1));
  });
});

test('addresses of one IPv6 network count as one', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  const one = networkOf('2001:db8:0:7::1');
  for (const same of [
    '2001:DB8::7:aaaa:bbbb:cccc:dddd',
    '2001:0db8:0000:0007:1:2:3:4',
    '2001:db8:0:7:ffff::%eth0',
  ]) {
    assert.equal(networkOf(same), one);
  }
  assert.notEqual(networkOf('2001:db8:0:8::1'), one);
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
});

describe('failures', () => {
  const attempt = { login: 'maria', address: '192.0.2.1' };
  const wrong = { ...attempt, password: 'not the password at all' };
  const right = { ...attempt, password };
  const make = async () => {
    const made = await server.database(platformSchema);
    const person = { login: 'maria', name: 'Maria Lopez', password };
    return { ...made, personId: await createPerson(made.db, settings, { person, now: start }) };
  };

  test('pause the account, also after a restart, and for the right password', async () => {
    const { db, connection } = await make();
    for (let failure = 0; failure < 5; failure++) {
      await assert.rejects(signIn(db, settings, { ...wrong, now: start }), { code: 'E_SIGN_IN' });
    }
    const restarted = openDatabase(connection, () => undefined);
    try {
      await assert.rejects(signIn(restarted, settings, { ...right, now: at(0.5) }), {
        code: 'E_SIGN_IN_PAUSE',
        remedy: 'Try again in 1 minute.',
      });
      await signIn(restarted, settings, { ...right, now: at(1) });
    } finally {
      await restarted.destroy();
    }
  });

  test('made in parallel give no more guesses than in turn', async () => {
    const { db } = await make();
    const guesses = Array.from({ length: 20 }, () => signIn(db, settings, { ...wrong, now: start }));
    const codes = (await Promise.allSettled(guesses)).map((result) =>
      result.status === 'rejected' ? (result.reason as { code?: string }).code : 'done',
    );
    assert.equal(codes.filter((code) => code === 'E_SIGN_IN').length, 5);
    assert.equal(codes.filter((code) => code === 'E_SIGN_IN_PAUSE').length, 15);
  });

  test('of an unknown login look and count like those of a known one', async () => {
    const { db } = await make();
    const answers = async (login: string): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for (let failure = 0; failure < 7; failure++) {
        await signIn(db, settings, { ...wrong, login, now: start }).catch((error: unknown) => {
          const { code, message, remedy } = error as Record<string, unknown>;
          seen.push({ code, message, remedy });
        });
      }
      return seen;
    };
    const known = await answers('maria');
    assert.equal(known.length, 7);
    assert.deepEqual(await answers('nobody'), known);
    const counts = await db
      .selectFrom('sign_in_counts')
      .select(['recent', 'pauses', 'paused_until', 'failed_at'])
      .where('key', 'like', 'login %')
      .execute();
    assert.equal(counts.length, 2);
    assert.deepEqual(counts[0], counts[1]);
  });

  test('are all in the log, without what was typed', async () => {
    const { db, personId } = await make();
    await signIn(db, settings, { ...wrong, now: start }).catch(() => undefined);
    const secret = 'my password, typed into the wrong field';
    for (let failure = 0; failure < 6; failure++) {
      await signIn(db, settings, { ...wrong, login: secret, now: at(1) }).catch(() => undefined);
    }
    const log = await db.selectFrom('refusals').selectAll().orderBy('id').execute();
    assert.deepEqual(
      log.map(({ kind }) => kind),
      [...Array.from({ length: 6 }, () => 'sign-in'), 'paused'],
    );
    assert.deepEqual(
      log.map(({ person_id: id }) => id),
      [personId, ...Array.from({ length: 6 }, () => null)],
    );
    assert.deepEqual([log[0]?.address, log[0]?.at], ['192.0.2.1', start]);
    const counts = await db.selectFrom('sign_in_counts').selectAll().execute();
    assert.ok(!JSON.stringify([log, counts]).includes('typed into'));
  });

  test('pause an address that tries many logins', async () => {
    const { db } = await make();
    for (let round = 0; round < 5; round++) {
      const logins = Array.from({ length: 10 }, (_, index) => `nobody${round}-${index}`);
      await Promise.allSettled(logins.map((login) => signIn(db, settings, { ...wrong, login, now: start })));
    }
    await assert.rejects(signIn(db, settings, { ...right, now: start }), { code: 'E_SIGN_IN_PAUSE' });
    await signIn(db, settings, { ...right, address: '192.0.2.2', now: start });
  });

  test('are swept away after a day, and sessions when they are over', async () => {
    const { db } = await make();
    await signIn(db, settings, { ...wrong, now: start }).catch(() => undefined);
    await signIn(db, settings, { ...right, now: start });
    const left = async (): Promise<number[]> => {
      const counts = await db.selectFrom('sign_in_counts').select('key').execute();
      const sessions = await db.selectFrom('sessions').select('id').execute();
      return [counts.length, sessions.length];
    };
    await sweepPeople(db, at(9));
    assert.deepEqual(await left(), [2, 1]);
    await sweepPeople(db, at(10));
    assert.deepEqual(await left(), [2, 0]);
    await sweepPeople(db, at(24 * 60 + 1));
    assert.deepEqual(await left(), [0, 0]);
  });
});
