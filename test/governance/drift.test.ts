import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { Random } from '../../src/core/random.ts';
import { setBaseline } from '../../src/governance/drift/baseline.ts';
import { checkDrift, driftChore } from '../../src/governance/drift/chore.ts';
import { ksDistance, measureDrift, stabilityIndex } from '../../src/governance/drift/measure.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register } from '../../src/governance/permits/registrations.ts';
import { liftSuspension } from '../../src/governance/permits/suspensions.ts';
import { runChild } from '../../src/host/run-child.ts';
import { keepHouse } from '../../src/platform/housekeeping/keep-house.ts';
import type { Database } from '../../src/platform/store/database.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { charter as redaction } from '../../src/uses/redaction/charter.ts';
import { charter as watch } from '../../src/uses/watch/charter.ts';
import { needs } from '../needs.ts';
import { startTestServer } from '../platform/postgres.ts';
import type { Trick } from '../workers/tricks.ts';
import { charterOf, DAY_MS, modelDigest, openOffice, purposes, type PermitOffice } from './permit-office.ts';

function draws(seed: string, n: number, mean: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: n }, () => 1 / (1 + Math.exp(-(mean + random.normal()))));
}

describe('how far scores moved', () => {
  test('the distance of Kolmogorov and Smirnov is that of scipy, ties included', (t) => {
    if (!needs(t, 'python3')) return;
    const pairs = [
      [draws('a', 500, 0), draws('b', 300, 0)],
      [draws('a', 500, 0), draws('c', 800, 1)],
      [
        [1, 1, 2, 2, 3],
        [1, 2, 2, 2],
      ],
      [[0.5], [0.5]],
    ] as const;
    const program =
      'import json,sys\nfrom scipy.stats import ks_2samp\nprint(json.dumps([ks_2samp(*p).statistic for p in json.load(sys.stdin)]))';
    const said = JSON.parse(
      execFileSync('python3', ['-c', program], { input: JSON.stringify(pairs) }).toString(),
    ) as number[];
    for (const [index, [a, b]] of pairs.entries())
      assert.ok(Math.abs(ksDistance(a, b) - said[index]!) < 1e-12);
  });

  test('the stability index is what numpy and scipy give for tenths of the baseline', (t) => {
    if (!needs(t, 'python3')) return;
    const [then, now] = [draws('a', 997, 0), draws('d', 1500, 0.7)];
    const program = `
import json,sys,numpy as np
from scipy.special import rel_entr
a,b=map(np.array,json.load(sys.stdin))
cuts=np.quantile(a,np.arange(1,10)/10)
p=np.bincount(np.searchsorted(cuts,a,side='left'),minlength=10)/len(a)
q=np.bincount(np.searchsorted(cuts,b,side='left'),minlength=10)/len(b)
print(rel_entr(p,q).sum()+rel_entr(q,p).sum())`;
    const said = Number(
      execFileSync('python3', ['-c', program], { input: JSON.stringify([then, now]) }).toString(),
    );
    assert.ok(Math.abs(stabilityIndex(then, now) - said) < 1e-9, `${stabilityIndex(then, now)} ${said}`);
    assert.ok(said > 0.25);
    assert.ok(stabilityIndex(then, draws('e', 1500, 0)) < 0.05);
    assert.equal(stabilityIndex([0.5, 0.5], [0.5, 0.5]), 0);
  });

  test('too few scores or decisions, or an interval that reaches the bound, break nothing', () => {
    const bound = { days: 7, sample: 100, psi: 0.1, ks: 0.1, confirmed: 0.5 };
    const few = { baseline: draws('a', 500, 0), scores: draws('b', 99, 3), confirmed: 0, decided: 99 };
    assert.deepEqual(measureDrift(few, bound).beyond, []);
    const enough = { ...few, scores: draws('b', 100, 3), decided: 100 };
    assert.equal(measureDrift(enough, bound).beyond.length, 3);
    assert.deepEqual(measureDrift({ ...few, confirmed: 45, decided: 100 }, bound).beyond, []);
  });
});

describe('a use that moves', async () => {
  const server = await startTestServer();

  async function findings(
    db: Database,
    scores: readonly (number | null)[],
    at: Date,
    use = 'lanes',
  ): Promise<string[]> {
    const ids = scores.map(() => randomUUID());
    await sql`insert into findings (id, site_id, use, kind, score, reasons, evidence, models, created_at)
      select id, 'pier', ${use}, 'x', score, '[]', '[]', '[]', ${at}
      from unnest(${ids}::uuid[], ${scores}::real[]) as t (id, score)`.execute(db);
    return ids;
  }

  /** The first so many are decided as `first`, the others as `rest`. */
  async function decided(
    db: Database,
    ids: readonly string[],
    { first, rest, many, at, by }: { first: string; rest: string; many: number; at: Date; by: string },
  ): Promise<void> {
    await sql`insert into decisions (id, finding_id, disposition, reason, decided_by, created_at)
      select gen_random_uuid(), id, case when n <= ${many} then ${first} else ${rest} end, 'x', ${by}, ${at}
      from unnest(${ids}::uuid[]) with ordinality as t (id, n)`.execute(db);
  }

  const before = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];

  async function openPier(): Promise<PermitOffice> {
    const { db } = await server.database(wholeSchema);
    await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
    return openOffice(db);
  }

  test('is suspended once, the offices are told, and it goes on when it was lifted', async () => {
    const office = await openPier();
    const { db, people } = office;
    const drift = { days: 7, sample: 100, psi: 0.25, confirmed: 0.5 };
    await office.registered('lanes', 1, { ...charterOf('lanes'), drift });
    let now = new Date();
    const look = (): Promise<unknown> =>
      driftChore({ ...office, now: () => now }).run(new AbortController().signal);
    const baseline = { use: 'lanes', from: before(now, 40), to: before(now, 20), by: people.caio, now };
    await assert.rejects(setBaseline(db, baseline), { code: 'E_DRIFT_BASELINE' });
    await findings(db, draws('then', 400, 0), before(now, 30));
    assert.equal(await setBaseline(db, baseline), 400);
    await findings(db, draws('same', 200, 0), before(now, 2));
    assert.deepEqual(await look(), { checked: 1, suspended: 0 });
    const pass = (minutes: number): void => void (now = new Date(now.getTime() + minutes * 60_000));
    pass(6);
    assert.deepEqual(await look(), { checked: 1, suspended: 0 }, 'what came late would count');
    pass(6);
    assert.deepEqual(await look(), { checked: 0, suspended: 0 }, 'nothing came');
    await findings(db, draws('moved', 400, 2), now);
    pass(0.5);
    assert.deepEqual(await look(), { checked: 1, suspended: 1 });
    assert.deepEqual(await look(), { checked: 1, suspended: 0 });
    pass(6);
    assert.deepEqual(await look(), { checked: 1, suspended: 0 });
    pass(6);
    assert.deepEqual(await look(), { checked: 0, suspended: 0 }, 'all was looked at');
    pass(60);
    assert.deepEqual(await look(), { checked: 1, suspended: 0 }, 'the span moved on');
    const [suspension, ...more] = await db.selectFrom('governance_suspensions').selectAll().execute();
    assert.equal(more.length, 0);
    assert.equal(suspension?.cause, 'drift');
    assert.match(suspension.reason, /stability index of scores is \d\.\d+, more than 0\.25 \(n = 600\)/);
    assert.deepEqual(suspension.told.toSorted(), offices.map((name) => people[name]).toSorted());
    const { rows } = await sql<{ kind: string }>`
      select event ->> 'kind' as kind from ledger_outbox where event ->> 'kind' in ('governance.suspended', 'governance.drifted') order by id`.execute(
      db,
    );
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['governance.suspended', 'governance.drifted'],
    );
    await liftSuspension(office, {
      id: suspension.id,
      by: people.privacy,
      reason: 'a camera was mended',
      now,
    });
    assert.equal((await checkDrift(office, 'lanes', drift, now)).suspension, undefined);
    // People dismiss most of what it finds now.
    const later = new Date(now.getTime() + 3 * DAY_MS);
    const ids = await findings(db, draws('then', 150, 0), before(later, 1));
    await decided(db, ids, {
      ...{
        first: 'confirmed',
        rest: 'dismissed',
        many: 30,
        by: people.officer,
        at: new Date(later.getTime() - 1000),
      },
    });
    const { suspension: second, result } = await checkDrift(office, 'lanes', drift, later);
    assert.ok(second !== undefined);
    assert.match(result.beyond.join(), /confirmed 30 of 150/);
  });

  test('keeps the bound of the version that is permitted, whatever is put before the offices', async () => {
    const office = await openPier();
    const { db, people } = office;
    const drift = { days: 7, sample: 100, confirmed: 0.5 };
    const registration = await office.approved('lanes', 1, { ...charterOf('lanes'), drift });
    await office.issued(registration);
    const { drift: _, ...unbounded } = charterOf('lanes', 2);
    await office.registered('lanes', 2, unbounded);
    const now = office.now();
    const ids = await findings(db, new Array<null>(100).fill(null), before(now, 1));
    await decided(db, ids, {
      first: 'confirmed',
      rest: 'dismissed',
      many: 20,
      by: people.officer,
      at: before(now, 1),
    });
    const said = await driftChore(office).run(new AbortController().signal);
    assert.deepEqual(said, { checked: 1, suspended: 1 });
  });

  test('ends what runs within its lease', async () => {
    const office = await openPier();
    const { db, people } = office;
    const drift = { days: 7, sample: 100, psi: 0.25, ks: 0.2 };
    await office.issued(await office.approved('lanes', 1, { ...charterOf('lanes'), drift }));
    const wanted = { use: 'lanes', purpose: 'release', site: 'pier', person: people.officer };
    const begun = Promise.withResolvers<undefined>();
    const work = runChild<Trick, unknown, number>({
      ...{ entry: new URL('../workers/tricks.ts', import.meta.url), params: { trick: 'spin' } },
      ...{ onMessage: () => begun.resolve(undefined), permit: await office.gate.open(wanted) },
      ...{ memoryLimitBytes: 512 << 20, stallSeconds: 60 },
    });
    const ended = assert.rejects(work, { code: 'E_PERMIT_SUSPENDED' });
    await begun.promise;
    const now = office.now();
    await findings(db, draws('then', 400, 0), before(now, 30));
    await setBaseline(db, {
      ...{ use: 'lanes', from: before(now, 40), to: before(now, 20), by: people.caio, now },
    });
    await findings(db, draws('moved', 400, 2), before(now, 1));
    const stop = new AbortController();
    const house = keepHouse({
      ...{ db, chores: [driftChore(office)], signal: stop.signal },
      onError: (_, error) => {
        throw error;
      },
    });
    await ended;
    stop.abort();
    await house;
    await assert.rejects(office.gate.open(wanted), { code: 'E_PERMIT_SUSPENDED' });
    const [{ told = [] } = {}] = await db.selectFrom('governance_suspensions').select('told').execute();
    assert.deepEqual([...told].sort(), offices.map((name) => people[name]).toSorted());
  });

  test('as our own charters say: what is little, ordinary or new stops nothing, what is beyond doubt does', async () => {
    const office = await openPier();
    const { db, people } = office;
    for (const charter of [redaction, watch])
      await register(office, {
        ...{ charter, purposes, by: people.author, now: office.now() },
        models: charter.models.map(({ id }) => ({ ...models[0]!, id })),
      });
    const now = office.now();
    const look = (): Promise<unknown> => driftChore(office).run(new AbortController().signal);
    const at = before(now, 0.01);
    // A first day: a camera whose alerts are nearly all dismissed, reviews that are nearly all returned.
    const alerts = await findings(db, draws('night', 299, 1), at, 'watch');
    await decided(db, alerts, { first: 'confirmed', rest: 'dismissed', many: 5, by: people.officer, at });
    const reviews = await findings(db, new Array<null>(49).fill(null), at, 'redaction');
    await decided(db, reviews, { first: 'approved', rest: 'returned', many: 2, by: people.officer, at });
    assert.deepEqual(await look(), { checked: 2, suspended: 0 });
    // Weeks of ordinary work, scores of another camera among them, without a baseline.
    const usual = await findings(db, draws('day', 900, -2), at, 'watch');
    await decided(db, usual, { first: 'confirmed', rest: 'dismissed', many: 700, by: people.officer, at });
    const more = await findings(db, new Array<null>(200).fill(null), at, 'redaction');
    await decided(db, more, { first: 'approved', rest: 'returned', many: 160, by: people.officer, at });
    assert.deepEqual(await look(), { checked: 2, suspended: 0 });
    // Small baselines are not compared, large ones that fit stop nothing.
    for (const [seed, n] of [
      ['small', 120],
      ['large', 1200],
    ] as const) {
      const span = { from: before(now, 30 + n), to: before(now, 28 + n) };
      await findings(
        db,
        [...draws(seed, n / 4, 1), ...draws(`${seed} day`, (n * 3) / 4, -2)],
        before(now, 29 + n),
        'watch',
      );
      await setBaseline(db, { ...span, use: 'watch', by: people.caio, now });
      assert.deepEqual(await look(), { checked: 2, suspended: 0 }, seed);
    }
    // Nobody approves any more, and alerts are dismissed by the hundred.
    const returned = await findings(db, new Array<null>(400).fill(null), at, 'redaction');
    await decided(db, returned, { first: 'approved', rest: 'returned', many: 20, by: people.officer, at });
    const wrong = await findings(db, draws('night', 1000, 1), at, 'watch');
    await decided(db, wrong, { first: 'confirmed', rest: 'dismissed', many: 100, by: people.officer, at });
    assert.deepEqual(await look(), { checked: 2, suspended: 2 });
    const kept = await db
      .selectFrom('governance_suspensions')
      .select(['use', 'reason'])
      .orderBy('use')
      .execute();
    assert.match(kept[0]?.reason ?? '', /^It moved .*: people confirmed 182 of 649 /);
    assert.match(
      kept[1]?.reason ?? '',
      /stability index .*Kolmogorov-Smirnov.*people confirmed 805 of 2199 /,
    );
  });
});
