import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { Random } from '../../src/core/random.ts';
import { setBaseline } from '../../src/governance/drift/baseline.ts';
import { checkDrift, driftChore } from '../../src/governance/drift/chore.ts';
import { ksDistance, measureDrift, stabilityIndex } from '../../src/governance/drift/measure.ts';
import { register } from '../../src/governance/permits/registrations.ts';
import { liftSuspension } from '../../src/governance/permits/suspensions.ts';
import type { Database } from '../../src/platform/store/database.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { needs } from '../needs.ts';
import { startTestServer } from '../platform/postgres.ts';
import { charterOf, DAY_MS, modelDigest, openOffice, purposes } from './permit-office.ts';

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

  async function findings(db: Database, scores: readonly number[], at: Date): Promise<string[]> {
    const ids = scores.map(() => randomUUID());
    await sql`insert into findings (id, site_id, use, kind, score, reasons, evidence, models, created_at)
      select id, 'pier', 'lanes', 'x', score, '[]', '[]', '[]', ${at}
      from unnest(${ids}::uuid[], ${scores}::real[]) as t (id, score)`.execute(db);
    return ids;
  }

  test('is suspended once, the offices are told, and it goes on when it was lifted', async () => {
    const { db } = await server.database(wholeSchema);
    const office = await openOffice(db);
    await db.insertInto('sites').values({ id: 'pier', name: 'Pier', time_zone: 'UTC' }).execute();
    const drift = { days: 7, sample: 100, psi: 0.25, confirmed: 0.5 };
    await register(db, {
      ...{ charter: { ...charterOf('lanes'), drift }, purposes, by: office.people.author, now: office.now() },
      models: [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }],
    });
    const now = new Date();
    const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
    const baseline = { use: 'lanes', from: before(40), to: before(20), by: office.people.caio, now };
    await assert.rejects(setBaseline(db, baseline), { code: 'E_DRIFT_BASELINE' });
    await findings(db, draws('then', 400, 0), before(30));
    assert.equal(await setBaseline(db, baseline), 400);
    await findings(db, draws('same', 200, 0), before(2));
    const chore = driftChore({ db, now: () => now });
    assert.deepEqual(await chore.run(new AbortController().signal), { checked: 1, suspended: 0 });
    await findings(db, draws('moved', 400, 2), before(1));
    assert.deepEqual(await chore.run(new AbortController().signal), { checked: 1, suspended: 1 });
    assert.deepEqual(await chore.run(new AbortController().signal), { checked: 1, suspended: 0 });
    const [suspension, ...more] = await db.selectFrom('governance_suspensions').selectAll().execute();
    assert.equal(more.length, 0);
    assert.equal(suspension?.cause, 'drift');
    assert.match(suspension.reason, /stability index of scores is \d\.\d+, more than 0\.25 \(n = 600\)/);
    assert.equal(suspension.told.length, 4);
    const { rows } = await sql<{ kind: string }>`
      select event ->> 'kind' as kind from ledger_outbox where event ->> 'kind' in ('governance.suspended', 'governance.drifted') order by id`.execute(
      db,
    );
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['governance.suspended', 'governance.drifted'],
    );
    await liftSuspension(db, {
      id: suspension.id,
      by: office.people.privacy,
      reason: 'a camera was mended',
      now: new Date(),
    });
    assert.equal((await checkDrift(db, 'lanes', drift, new Date())).suspension, undefined);
    // People dismiss most of what it finds now.
    const later = new Date(Date.now() + 3 * DAY_MS);
    const ids = await findings(db, draws('then', 150, 0), new Date(later.getTime() - DAY_MS));
    await sql`insert into decisions (id, finding_id, disposition, reason, decided_by, created_at)
      select gen_random_uuid(), id, case when n <= 30 then 'confirmed' else 'dismissed' end, 'x', gen_random_uuid(), ${new Date(later.getTime() - 1000)}
      from unnest(${ids}::uuid[]) with ordinality as t (id, n)`.execute(db);
    const { suspension: second, result } = await checkDrift(db, 'lanes', drift, later);
    assert.ok(second !== undefined);
    assert.match(result.beyond.join(), /confirmed 30 of 150/);
  });
});
