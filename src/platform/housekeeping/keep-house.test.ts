import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer } from '../../../test/platform/postgres.ts';
import { until } from '../../../test/platform/service-parts.ts';
import { store } from '../migrations/2026-11-22-1700-store.ts';
import { vault } from '../migrations/2026-11-22-1720-vault.ts';
import { housekeeping } from '../migrations/2026-11-22-1800-housekeeping.ts';
import type { Database } from '../store/database.ts';
import type { Chore } from './chore.ts';
import { choreStates, type ChoreState } from './chore-rows.ts';
import { keepHouse } from './keep-house.ts';

const server = await startTestServer();
const stopping: (() => Promise<void>)[] = [];
after(() => Promise.all(stopping.map((stop) => stop())));

const newDatabase = async (): Promise<Database> => (await server.database([store, vault, housekeeping])).db;

interface House {
  readonly errors: string[];
  stop(): Promise<void>;
}

function keep(db: Database, chores: readonly Chore[]): House {
  const done = new AbortController();
  const errors: string[] = [];
  const kept = keepHouse({
    db,
    chores,
    signal: done.signal,
    onError: (what, error) => errors.push(`${what}: ${error instanceof Error ? error.message : ''}`),
    times: { lookMs: 50, leaseMs: 2000 },
  });
  const stop = async (): Promise<void> => {
    done.abort();
    await kept;
  };
  stopping.push(stop);
  return { errors, stop };
}

const chore = (name: string, run: Chore['run'], everySeconds = 3600): Chore => ({ name, everySeconds, run });
const asleep = (signal: AbortSignal): Promise<void> => sleep(600_000, undefined, { signal });

/** Of a chore that is known, or will be when the house has begun. */
async function stateOf(db: Database, name: string): Promise<ChoreState> {
  let state: ChoreState | undefined;
  await until(`${name} is known`, async () => {
    state = (await choreStates(db)).find((one) => one.name === name);
    return state !== undefined;
  });
  return state ?? assert.fail();
}

describe('housekeeping', () => {
  test('does what is due, keeps what came of it, and does it again when its time has come', async () => {
    const db = await newDatabase();
    let times = 0;
    keep(db, [
      chore('once', () => Promise.resolve({ things: 7 })),
      chore('often', () => Promise.resolve({ times: ++times }), 1),
    ]);
    await until('it was done twice', () => times >= 2);
    const once = await stateOf(db, 'once');
    assert.deepEqual(
      [once.state, once.result, once.error, once.failures],
      ['waiting', { things: 7 }, null, 0],
    );
    assert.ok(once.dueAt.getTime() - (once.finishedAt?.getTime() ?? 0) >= 3_599_000);
  });

  test('goes on with the others when one fails or hangs, and tries the one that failed again', async () => {
    const db = await newDatabase();
    let tries = 0;
    const { errors } = keep(db, [
      chore('hangs', async (signal) => (await asleep(signal), {})),
      chore('fails', () =>
        ++tries === 1 ? Promise.reject(new Error('no luck')) : Promise.resolve({ tries }),
      ),
      chore('works', () => Promise.resolve({ well: 1 })),
    ]);
    await until('both are over', async () => {
      const [fails, works] = [await stateOf(db, 'fails'), await stateOf(db, 'works')];
      return fails.state === 'failing' && works.result !== null;
    });
    const failed = await stateOf(db, 'fails');
    assert.deepEqual([failed.error?.code, failed.failures, failed.result], ['E_INTERNAL', 1, null]);
    assert.doesNotMatch(failed.error?.message ?? '', /luck/);
    const pause = failed.dueAt.getTime() - (failed.startedAt?.getTime() ?? 0);
    assert.ok(pause >= 60_000 && pause < 3_600_000, `again after ${pause} ms`);
    assert.deepEqual(errors, ['fails: no luck']);
    await db
      .updateTable('chores')
      .set({ due_at: new Date(0) })
      .where('name', '=', 'fails')
      .execute();
    await until('it was tried again', async () => (await stateOf(db, 'fails')).state === 'waiting');
    const mended = await stateOf(db, 'fails');
    assert.deepEqual([mended.result, mended.error, mended.failures], [{ tries: 2 }, null, 0]);
    assert.equal((await stateOf(db, 'hangs')).state, 'running', 'longer than its lease');
  });

  test('of several processes does each chore in one at a time', async () => {
    const db = await newDatabase();
    let [now, most, runs] = [0, 0, 0];
    const busy = chore('busy', async () => {
      most = Math.max(most, ++now);
      await sleep(30);
      now -= 1;
      return { runs: ++runs };
    });
    for (let process = 0; process < 4; process++) keep(db, [busy]);
    for (let round = 1; round <= 5; round++) {
      // Only what was put down is due again.
      await until(
        `round ${round} is over`,
        async () => (await stateOf(db, 'busy')).result?.['runs'] === round,
      );
      await db
        .updateTable('chores')
        .set({ due_at: new Date(0) })
        .execute();
    }
    assert.equal(most, 1);
  });

  test('takes over from a process that is not heard of any more, which notices', async () => {
    const db = await newDatabase();
    const ended: string[] = [];
    const long = (who: string): Chore =>
      chore('long', async (signal) => {
        await asleep(signal).catch(() => undefined);
        ended.push(who);
        return {};
      });
    keep(db, [long('first')]);
    await until('it runs', async () => (await stateOf(db, 'long')).state === 'running');
    await db.updateTable('chores').set({ holder: randomUUID() }).execute();
    await until('the first has ended', () => ended.length === 1);
    assert.equal((await stateOf(db, 'long')).result, null, 'what it found is not kept');
    await until('it is taken up again', async () => (await stateOf(db, 'long')).state === 'running');
  });

  test('stops at once; what ran is still due', async () => {
    const db = await newDatabase();
    const house = keep(db, [chore('long', async (signal) => (await asleep(signal), {}))]);
    await until('it runs', async () => (await stateOf(db, 'long')).state === 'running');
    await house.stop();
    const { state, dueAt, error } = await stateOf(db, 'long');
    assert.deepEqual([state, error, dueAt.getTime() <= Date.now()], ['waiting', null, true]);
    assert.deepEqual(house.errors, []);
  });
});
