import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import type { Database } from './database.ts';
import { keepObservations, preparePartitions, type NewObservation } from './observations.ts';

const server = await startTestServer();

function seen(at: string, changes: Partial<NewObservation> = {}): NewObservation {
  return {
    siteId: 'pier',
    seenAt: new Date(at),
    at: 1.5,
    class: 'person',
    score: 0.5,
    box: { x: 1, y: 2, width: 3, height: 4 },
    model: 'made-up',
    modelDigest: 'abc',
    ...changes,
  };
}

const keep = (db: Database, batch: NewObservation[]): Promise<void> =>
  db.transaction().execute((tx) => keepObservations(tx, batch));

describe('observations', () => {
  test('lie in the partition of their month, and come back as they were', async () => {
    const { db } = await server.database([store]);
    await preparePartitions(db, new Date('2025-12-31T23:59:59Z'), new Date('2026-02-01T00:00:00Z'));
    const last = '2025-12-31T23:59:59.999Z';
    const first = '2026-01-01T00:00:00Z';
    const text = "O'Brien; drop table observations -- \u{1F6A2}";
    await keep(db, [seen(last), seen(first, { text, track: 't', score: 1 }), seen('2031-05-05T00:00:00Z')]);
    const { rows } = await sql<{ place: string; seen_at: Date }>`
      select tableoid::regclass::text as place, seen_at from observations order by seen_at`.execute(db);
    assert.deepEqual(
      rows.map(({ place }) => place),
      ['observations_2025_12', 'observations_2026_01', 'observations_other'],
    );
    const row = await db
      .selectFrom('observations')
      .selectAll()
      .where('seen_at', '=', new Date(first))
      .executeTakeFirstOrThrow();
    assert.deepEqual([row.text, row.track, row.score, row.at], [text, 't', 1, 1.5]);
    assert.deepEqual(row.box, { x: 1, y: 2, width: 3, height: 4 });
  });

  test('that came in before their partition was made go there, with their numbers', async () => {
    const { db } = await server.database([store]);
    await keep(db, [
      seen('2027-03-05T00:00:00Z'),
      seen('2027-03-31T23:59:59.999Z'),
      seen('2027-05-01T00:00:00Z'),
    ]);
    const rows = () => db.selectFrom('observations').selectAll().orderBy('id').execute();
    const before = await rows();
    assert.equal(await preparePartitions(db, new Date('2027-02-03'), new Date('2027-04-01T00:00:00Z')), 3);
    assert.deepEqual(await rows(), before);
    const { rows: places } = await sql<{ place: string }>`
      select tableoid::regclass::text as place from observations order by id`.execute(db);
    assert.deepEqual(
      places.map(({ place }) => place),
      ['observations_2027_03', 'observations_2027_03', 'observations_other'],
    );
    assert.equal(await preparePartitions(db, new Date('2027-02-03'), new Date('2027-05-01T00:00:00Z')), 1);
    assert.deepEqual(await rows(), before);
  });

  test('are counted into their hours, also when several batches come in at once', async () => {
    const { db } = await server.database([store]);
    const batch = (minutes: number): NewObservation[] =>
      Array.from({ length: 60 }, (_, minute) =>
        seen(new Date(Date.UTC(2026, 0, 1, 10, minute + minutes)).toISOString(), {
          class: minute % 3 === 0 ? 'vehicle' : 'person',
        }),
      );
    await Promise.all([
      keep(db, batch(0)),
      keep(db, batch(0)),
      keep(db, batch(30).toReversed()),
      keep(db, []),
    ]);
    const hours = await db
      .selectFrom('observation_hours')
      .selectAll()
      .orderBy('hour')
      .orderBy('class')
      .execute();
    assert.deepEqual(
      hours.map(({ hour, class: name, count }) => [hour.toISOString(), name, count]),
      [
        ['2026-01-01T10:00:00.000Z', 'person', 100],
        ['2026-01-01T10:00:00.000Z', 'vehicle', 50],
        ['2026-01-01T11:00:00.000Z', 'person', 20],
        ['2026-01-01T11:00:00.000Z', 'vehicle', 10],
      ],
    );
  });

  test('of a batch that is refused are neither kept nor counted', async () => {
    const { db } = await server.database([store]);
    await assert.rejects(
      keep(db, [seen('2026-01-01T00:00:00Z'), seen('2026-01-01T00:00:00Z', { score: 1.5 })]),
    );
    assert.deepEqual(await db.selectFrom('observation_hours').selectAll().execute(), []);
    assert.deepEqual(await db.selectFrom('observations').selectAll().execute(), []);
  });

  test('get their partitions once, whoever asks', async () => {
    const { db } = await server.database([store]);
    const [from, to] = [new Date('2026-03-10T00:00:00Z'), new Date('2026-06-01T00:00:00Z')];
    await Promise.all([preparePartitions(db, from, to), preparePartitions(db, from, to)]);
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from pg_inherits where inhparent = 'observations'::regclass`.execute(db);
    assert.equal(rows[0]?.count, 5);
  });
});
