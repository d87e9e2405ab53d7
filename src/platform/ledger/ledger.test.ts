import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { startTestServer } from '../../../test/platform/postgres.ts';
import type { Database } from '../store/database.ts';
import { append, checkLedger, commitment, ledgerSchema, sequence } from './ledger.ts';

const server = await startTestServer();

async function happen(db: Database, count: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (let n = 0; n < count; n++)
      await append(tx, {
        kind: 'test.happened',
        at: new Date(0),
        actor: 'system',
        subjects: { thing: String(n) },
        facts: { n },
      });
  });
}

describe('the ledger', () => {
  test('takes events in without gaps, whoever sequences', async () => {
    const { db } = await server.database([ledgerSchema]);
    await Promise.all([happen(db, 300), happen(db, 300), happen(db, 301)]);
    const placed = await Promise.all([sequence(db), sequence(db), sequence(db)]);
    assert.equal(
      placed.reduce((sum, n) => sum + n, 0),
      901,
    );
    const { rows } = await sql<{ count: number; last: number; waiting: number }>`
      select count(*) as count, max(index) as last, (select count(*) from ledger_outbox) as waiting from ledger`.execute(
      db,
    );
    assert.deepEqual(rows, [{ count: 901, last: 900, waiting: 0 }]);
    const { entries, head, brokenAt } = await checkLedger(db);
    assert.deepEqual([entries, brokenAt], [901, undefined]);
    assert.match(head, /^[0-9a-f]{64}$/);
  });

  test('knows nothing of what was rolled back', async () => {
    const { db } = await server.database([ledgerSchema]);
    await assert.rejects(
      db.transaction().execute(async (tx) => {
        await append(tx, { kind: 'test.never', at: new Date(0), actor: 'system', subjects: {} });
        throw new Error('no');
      }),
    );
    assert.equal(await sequence(db), 0);
  });

  test('refuses changes, and shows those that were made behind its back', async () => {
    const { db } = await server.database([ledgerSchema]);
    await happen(db, 10);
    await sequence(db);
    await assert.rejects(sql`update ledger set hash = ''`.execute(db), /append-only/);
    await assert.rejects(sql`delete from ledger where index = 3`.execute(db), /append-only/);
    await sql`alter table ledger disable trigger ledger_append_only`.execute(db);
    await sql`update ledger set event = jsonb_set(event, '{facts,n}', '99') where index = 4`.execute(db);
    const broken = await checkLedger(db);
    assert.deepEqual([broken.entries, broken.brokenAt], [4, 4]);
    await sql`delete from ledger where index = 2`.execute(db);
    assert.equal((await checkLedger(db)).brokenAt, 2);
  });

  test('commits to what is personal without saying it', () => {
    const [key, other] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    assert.equal(commitment(key, 'plate'), commitment(key, 'plate'));
    assert.notEqual(commitment(key, 'plate'), commitment(other, 'plate'));
    assert.match(commitment(key, 'plate'), /^[0-9a-f]{64}$/);
  });
});
