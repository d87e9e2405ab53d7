import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { TidewaiterError } from '../../../src/core/errors.ts';
import { keepHouse } from '../../../src/platform/housekeeping/keep-house.ts';
import { append } from '../../../src/platform/ledger/ledger.ts';
import { faultInWords } from '../../../src/server/fault-words.ts';
import { keepLedger } from '../../../src/server/keep-ledger.ts';
import { openHouse } from '../attack/house.ts';
import { until } from '../service-parts.ts';

const house = await openHouse();
const { db } = house.platform;
const name = 'Ottilie Quersprung';

const faultOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.fail('it went well'),
    (error: unknown) => error,
  );

describe('what the log says of a fault', () => {
  test('is what it is and where, and never the values it was about', async () => {
    const cast = await faultOf(sql`select ${name}::text::integer`.execute(db));
    assert.match(String(cast), /Quersprung/);
    assert.match(faultInWords(cast), /^DatabaseError 22P02 at /);
    const twice = await faultOf(
      sql`insert into sites (id, name, time_zone) values ('twice', ${name}, 'UTC'), ('twice', ${name}, 'UTC')`.execute(
        db,
      ),
    );
    assert.match(faultInWords(twice), /^DatabaseError 23505 table sites constraint sites_pkey/);
    const inWorker = new TidewaiterError('E_INTERNAL', name, 'Report it.');
    inWorker.cause = `Error: ${name}\n    at look (file:///engine.ts:7:3)\n    at pass (file:///pass.ts:1:1)`;
    assert.equal(faultInWords(inWorker), 'E_INTERNAL in a worker at look (file:///engine.ts:7:3)');
    for (const error of [cast, twice, new Error(name), new RangeError(name, { cause: cast }), name])
      assert.doesNotMatch(faultInWords(error), /Ottilie|Quersprung/);
  });

  test('is whole where we wrote it ourselves', () => {
    const error = new TidewaiterError('E_SERVICE_STUCK', 'The service 7 has not ended', 'Wait.');
    assert.equal(faultInWords(error), 'E_SERVICE_STUCK: The service 7 has not ended');
  });

  test('is so of a chore and of the ledger too', async () => {
    const done = new AbortController();
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    await db
      .transaction()
      .execute((tx) => append(tx, { kind: 'case.opened', at: new Date(), actor: 'system', subjects: {} }));
    await sql`alter table ledger add constraint none check (event ->> 'kind' = ${sql.lit(name)})`.execute(db);
    const kept = [
      keepLedger(house.platform, done.signal, log),
      keepHouse({
        db,
        chores: [
          {
            name: 'broken',
            everySeconds: 3600,
            run: async () => ({
              made: Number((await sql`select ${name}::text::integer`.execute(db)).rows.length),
            }),
          },
        ],
        signal: done.signal,
        onError: (what, error) => log(`${what}: ${faultInWords(error)}`),
        times: { lookMs: 50, leaseMs: 10_000 },
      }),
    ];
    const saw = (wanted: RegExp) => () => lines.some((line) => wanted.test(line));
    await until('the ledger says so', saw(/^ledger: DatabaseError 23514 table ledger constraint none/));
    await until('the chore says so', saw(/^broken: DatabaseError 22P02/));
    await sql`alter table ledger drop constraint none`.execute(db);
    done.abort();
    await Promise.all(kept);
    assert.doesNotMatch(lines.join('\n'), /Ottilie|Quersprung/);
  });
});
