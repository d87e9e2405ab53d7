import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { eventually } from '../../../test/platform/embedded/server.ts';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { append, sequence } from '../../platform/ledger/ledger.ts';
import { refused } from '../../platform/people/refusals.ts';
import { wholeSchema } from '../../uses/platform.ts';
import { followSecurity } from './follow.ts';
import type { SecurityEvent } from './message.ts';

const server = await startTestServer();
const database = await server.database(wholeSchema);

describe('events of security', () => {
  test('are told once each, by their ids, and without addresses', async () => {
    const { db } = database;
    const ledger = async (kind: string): Promise<void> => {
      const event = { kind, at: new Date(), actor: 'system', subjects: { person: 'p1' } };
      await db.transaction().execute((tx) => append(tx, event));
      await sequence(db);
    };
    await ledger('person.before');
    await refused(db, { kind: 'rate', address: '192.0.2.1', at: new Date(Date.now() - 5_000) });
    const told: (SecurityEvent | undefined)[] = [];
    const stopping = new AbortController();
    const log = (_line: string, _level?: 'error', event?: SecurityEvent): void => void told.push(event);
    const following = followSecurity({ db, now: () => new Date() }, log, stopping.signal, 30);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await refused(db, { kind: 'sign-in', address: '192.0.2.1', at: new Date() });
    await refused(db, { kind: 'paused', address: '192.0.2.1', at: new Date() });
    // A transaction that was slow: its row is older than some that were told.
    await refused(db, { kind: 'scope', address: '192.0.2.1', at: new Date(Date.now() - 100) });
    await ledger('token.created');
    await eventually(() => told.length >= 4, 'all four are told');
    await new Promise((resolve) => setTimeout(resolve, 200));
    stopping.abort();
    await following;
    assert.deepEqual(told.map((event) => event?.id).sort(), [
      'refused.paused',
      'refused.scope',
      'refused.sign-in',
      'token.created',
    ]);
    assert.ok(!JSON.stringify(told).includes('192.0.2'));
    assert.deepEqual(told.find((event) => event?.id === 'token.created')?.fields, {
      entry: '1',
      actor: 'system',
      person: 'p1',
    });
  });

  test('tell of a session that somebody opened', async () => {
    const { db } = database;
    const [person, session, now] = [randomUUID(), randomUUID(), new Date()];
    await db
      .insertInto('people')
      .values({
        id: person,
        login: 'clerk',
        name: 'A. Clerk',
        password: 'x',
        disabled_at: null,
        created_at: now,
      })
      .execute();
    const told: SecurityEvent[] = [];
    const stopping = new AbortController();
    const log = (_line: string, _level?: 'error', event?: SecurityEvent): void => {
      if (event !== undefined) told.push(event);
    };
    const following = followSecurity({ db, now: () => new Date() }, log, stopping.signal, 30);
    await db
      .insertInto('sessions')
      .values({
        id: session,
        token_hash: 'a'.repeat(64),
        person_id: person,
        created_at: new Date(Date.now() + 50),
        expires_at: new Date(Date.now() + 60_000),
        seen_at: now,
        proved_at: now,
        second_factor_at: null,
        banner_at: null,
      })
      .execute();
    await eventually(() => told.length === 1, 'it is told');
    stopping.abort();
    await following;
    assert.deepEqual(told, [{ id: 'session.opened', fields: { session, person } }]);
  });
});
