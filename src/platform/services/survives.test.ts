import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestServer, type TestDatabase } from '../../../test/platform/postgres.ts';
import { begin, kept, row, times, until, watching } from '../../../test/platform/service-parts.ts';
import { withServices, type Told } from '../../../test/platform/service-parts.ts';
import { listServices } from './services.ts';

const server = await startTestServer();
const children: ChildProcess[] = [];
after(() => {
  for (const child of children) child.kill('SIGKILL');
});

interface Process {
  readonly child: ChildProcess;
  readonly told: Told[];
}

function processes({ connection }: TestDatabase, count: number): Process[] {
  return Array.from({ length: count }, () => {
    const program = new URL('../../../test/platform/service-process.ts', import.meta.url);
    const child = fork(program, [JSON.stringify(connection)]);
    children.push(child);
    const told: Told[] = [];
    child.on('message', (one: Told) => told.push(one));
    return { child, told };
  });
}

/** Services that run in processes, each with as many as the others. */
async function running(database: TestDatabase, count: number, services: number) {
  const { db } = database;
  const all = processes(database, count);
  const runners = db.selectFrom('service_runners').select('id');
  await until('all are there', async () => (await runners.execute()).length === count);
  const kind = watching(db, () => undefined);
  const ids: string[] = [];
  for (let n = 0; n < services; n++) ids.push(await begin(db, kind));
  await until('all run', async () => {
    const results = await Promise.all(ids.map((id) => kept(db, id)));
    return results.every(({ length }) => length > 3);
  });
  return { db, all, ids };
}

/** Ids of services that began in a process and have not ended. */
const heldBy = ({ told }: Process): string[] =>
  told
    .filter(({ what }) => what === 'begun')
    .filter((one) => !told.some(({ what, id }) => what === 'ended' && id === one.id))
    .map(({ id }) => id);

const now = (): bigint => process.hrtime.bigint();

/** No run begins before the one before it has ended, or its process was killed or halted. */
function inTurn(all: readonly Process[], cut: ReadonlyMap<Process, bigint>): void {
  const runs = all.flatMap((process) =>
    process.told
      .filter(({ what }) => what === 'begun')
      .map(({ id, generation, at }) => {
        const end = process.told.find(
          (one) => one.what === 'ended' && one.id === id && one.generation === generation,
        );
        const ended = cut.get(process) ?? (end === undefined ? undefined : BigInt(end.at));
        return { id, generation, begun: BigInt(at), ended };
      }),
  );
  for (const run of runs)
    for (const later of runs)
      if (later.id === run.id && later.generation > run.generation)
        assert.ok(
          run.ended !== undefined && run.ended <= later.begun,
          `two at once: ${JSON.stringify(run.id)}`,
        );
}

async function resultsInOrder(db: TestDatabase['db'], ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const generations = await kept(db, id);
    assert.deepEqual(
      generations,
      generations.toSorted((a, b) => a - b),
    );
  }
}

describe('services', () => {
  test('of processes that are killed run elsewhere soon after the lease', async () => {
    const { db, all, ids } = await running(await withServices(server), 3, 6);
    const cut = new Map<Process, bigint>();
    for (const victim of all.slice(0, 2)) {
      const lost = heldBy(victim);
      assert.ok(lost.length >= 2);
      const before = await Promise.all(lost.map(async (id) => (await row(db, id)).generation));
      victim.child.kill('SIGKILL');
      await once(victim.child, 'exit');
      cut.set(victim, now());
      const killed = Date.now();
      await until('others have them', async () => {
        const rows = await Promise.all(lost.map((id) => row(db, id)));
        return rows.every(({ generation }, n) => generation > (before[n] ?? 0));
      });
      assert.ok(Date.now() - killed < times.leaseMs + 3_000);
      await sleep(300);
    }
    assert.equal(heldBy(all[2] as Process).length, 6);
    assert.ok((await listServices(db)).every(({ state }) => state === 'running'));
    inTurn(all, cut);
    await resultsInOrder(db, ids);
  });

  test('of a process that was halted end when it wakes up, and nothing more of them is kept', async () => {
    const { db, all, ids } = await running(await withServices(server), 2, 4);
    const [halted, other] = all as [Process, Process];
    const lost = heldBy(halted);
    assert.equal(lost.length, 2);
    halted.child.kill('SIGSTOP');
    await sleep(times.leaseMs / 4);
    halted.child.kill('SIGCONT');
    await sleep(times.beatMs * 2);
    for (const id of lost) assert.equal((await row(db, id)).generation, 1, 'a moment does no harm');
    halted.child.kill('SIGSTOP');
    const cut = new Map([[halted, now()]]);
    await until('the other has them', () => heldBy(other).length === 4);
    await sleep(500);
    inTurn(all, cut);
    const woken = now();
    halted.child.kill('SIGCONT');
    await until('it has noticed', () => heldBy(halted).every((id) => !lost.includes(id)));
    const ends = halted.told.filter(({ what, at }) => what === 'ended' && BigInt(at) > woken);
    assert.equal(ends.length, 2);
    for (const { at } of ends) assert.ok(BigInt(at) - woken < 1_500_000_000n);
    await sleep(300);
    await resultsInOrder(db, ids);
    assert.equal(heldBy(other).length, 4, 'what was taken over stays');
  });
});
