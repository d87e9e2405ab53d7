import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { Random } from '../../src/core/random.ts';
import { fisherExact, mannWhitney, medianDifference } from '../../src/governance/redress/compare.ts';
import { compareLanes, type Served } from '../../src/governance/redress/equal-service.ts';
import { ask, openHouse } from '../platform/attack/house.ts';
import { needs } from '../needs.ts';
import { openLane, said, use, type GateSays, type SimulatedLane } from './redress-lane.ts';

/** Simulated service: waiting times are log-normal, as those of queues are nearly. */
function simulated(
  random: Random,
  { lane, optedOut, slower, count }: { lane: string; optedOut: boolean; slower: number; count: number },
): Served[] {
  return Array.from({ length: count }, () => {
    const waited = Math.round(Math.exp(4 + random.normal() * 0.5)) + (optedOut ? slower : 0);
    const outcome = random.next() < 0.06 ? 'referred' : random.next() < 0.02 ? 'refused' : 'passed';
    return { site: 'pier', lane, optedOut, waited, processed: 20 + random.integer(30), outcome };
  });
}

describe('the equal-service check', () => {
  test('ranks and medians agree with scipy', (t) => {
    if (!needs(t, 'python3')) return;
    const random = new Random('scipy');
    const samples = [0, 15, 40].map((slower) =>
      [false, true].map((optedOut) => {
        const served = simulated(random, { lane: 'a', optedOut, slower, count: optedOut ? 70 : 200 });
        return served.map(({ waited }) => waited);
      }),
    );
    const script = `
import json, sys
import numpy as np
from scipy.stats import mannwhitneyu, bootstrap
out = []
for captured, opted in json.load(sys.stdin):
    p = mannwhitneyu(opted, captured, method='asymptotic', use_continuity=True).pvalue
    b = bootstrap((np.array(opted, float), np.array(captured, float)), lambda x, y, axis: np.median(x, axis=axis) - np.median(y, axis=axis),
        n_resamples=4000, method='percentile', vectorized=True, random_state=7).confidence_interval
    out.append([p, b.low, b.high])
print(json.dumps(out))`;
    const answer = execFileSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify(samples) });
    const theirs = JSON.parse(answer.toString()) as [number, number, number][];
    for (const [index, [p, low, high]] of theirs.entries()) {
      const [captured, opted] = samples[index] as [number[], number[]];
      const ours = mannWhitney(opted, captured);
      assert.ok(Math.abs(ours - p) <= 1e-9 * Math.max(p, 1e-6), `${ours} and ${p}`);
      const found = medianDifference(opted, captured, { seed: 'x', resamples: 4000 });
      // Two bootstraps draw other numbers: ends of intervals of medians move by a second or so.
      assert.ok(
        Math.abs(found.low - low) <= 2 && Math.abs(found.high - high) <= 2,
        `${found.low}..${found.high}`,
      );
    }
    assert.equal(mannWhitney([1, 1], [1, 1, 1]), 1);
  });

  test('exact chances of counts agree with scipy', (t) => {
    if (!needs(t, 'python3')) return;
    const random = new Random('counts');
    const tables = Array.from({ length: 200 }, (_, index) => {
      const [n, m] = [1 + random.integer(120), 1 + random.integer(index < 100 ? 120 : 2000)];
      const share = random.next() ** 3;
      const [count, other] = [n, m].map((all) => Math.min(all, Math.round(all * share * 2 * random.next())));
      return [count!, n, other!, m] as const;
    });
    const script =
      'import json,sys\nfrom scipy.stats import fisher_exact\nprint(json.dumps([fisher_exact([[a,n-a],[b,m-b]])[1] for a,n,b,m in json.load(sys.stdin)]))';
    const answer = execFileSync('/usr/bin/python3', ['-c', script], { input: JSON.stringify(tables) });
    for (const [index, p] of (JSON.parse(answer.toString()) as number[]).entries()) {
      const [count, n, other, m] = tables[index]!;
      const ours = fisherExact({ count, n }, { count: other, n: m });
      assert.ok(
        Math.abs(ours - p) <= 1e-9 * Math.max(p, 1e-6),
        `${ours} and ${p} of ${tables[index]?.join()}`,
      );
    }
  });

  /** Four lanes, each with people of both processes; those who opted out wait longer at one of them, or at none. */
  const lanesOf = (seed: string, slower: number): ReturnType<typeof compareLanes> => {
    const random = new Random(seed);
    return compareLanes(
      ['a', 'b', 'c', 'd'].flatMap((lane) =>
        [false, true].flatMap((optedOut) =>
          simulated(random, {
            lane,
            optedOut,
            slower: lane === 'b' ? slower : 0,
            count: optedOut ? 80 : 300,
          }),
        ),
      ),
    );
  };

  // More than nine of a hundred happen in one of forty to a check that keeps its 5 %.
  test('calls about one of twenty fair uses unequal at most, by whichever lane and measure', () => {
    const called = Array.from({ length: 100 }, (_, seed) => lanesOf(`fair/${seed}`, 0)).filter((lanes) =>
      lanes.some(({ comparisons }) => comparisons.some(({ verdict }) => verdict !== 'no-difference-found')),
    ).length;
    assert.ok(called <= 9, `${called} of 100 fair sets were called unequal`);
  });

  test('finds a lane that makes people wait in nine of ten, and says it of no other', () => {
    const waits = Array.from({ length: 40 }, (_, seed) =>
      lanesOf(`slow/${seed}`, 38).map(
        ({ lane, comparisons }) =>
          `${lane} ${comparisons.find(({ measure }) => measure === 'waiting')?.verdict}`,
      ),
    );
    const found = waits.filter((lanes) => lanes.includes('b worse')).length;
    const others = waits.filter((lanes) => lanes.some((lane) => /^[acd] (worse|better)/.test(lane))).length;
    assert.ok(found >= 36, `${found} of 40 slow lanes were found`);
    assert.ok(others <= 2, `${others} of 40 sets had another lane called so`);
  });

  test('says nothing of too few', () => {
    const random = new Random('few');
    const few = [false, true].flatMap((optedOut) =>
      simulated(random, { lane: 'a', optedOut, slower: 300, count: optedOut ? 59 : 300 }),
    );
    const [lane] = compareLanes(few);
    assert.deepEqual(
      lane?.comparisons.map(({ verdict, p, difference }) => [verdict, p, difference]),
      Array.from({ length: 4 }, () => ['not-estimable', null, null]),
    );
    assert.match(lane.comparisons[0]!.finding, /59 passages of one process, and 60 of each/);
    assert.deepEqual(compareLanes([]), []);
  });
});

const house = await openHouse();

describe('a simulated lane that asks the gate for every traveller', () => {
  let lane: SimulatedLane;
  before(async () => {
    lane = await openLane(house);
    assert.equal((await lane.publish()).status, 201);
  });

  test('captures nobody who opted out, and its unequal service is found', async () => {
    const random = new Random('lane');
    const travellers = simulated(random, { lane: 'lane-1', optedOut: false, slower: 0, count: 65 }).concat(
      simulated(random, { lane: 'lane-1', optedOut: true, slower: 60, count: 62 }),
    );
    const pass = async ({ optedOut, waited, processed, outcome }: Served): Promise<string> => {
      const answer = said<GateSays>(await lane.say('capture-gate/questions', lane.question({ optedOut })));
      const at = { site: 'pier', lane: 'lane-1' };
      if (answer.token !== undefined) {
        assert.equal((await lane.say('capture-gate/captures', { ...at, token: answer.token })).status, 201);
      }
      const service = { waitedSeconds: waited, processedSeconds: processed, outcome };
      const path = `capture-gate/passages/${answer.id}/complete`;
      assert.equal((await lane.say(path, { ...at, ...service })).status, 204);
      return answer.verdict;
    };
    const mixed = random.shuffle(travellers);
    for (let from = 0; from < mixed.length; from += 8) {
      const some = mixed.slice(from, from + 8);
      assert.deepEqual(
        await Promise.all(some.map(pass)),
        some.map(({ optedOut }) => (optedOut ? 'alternative' : 'capture')),
      );
    }
    const path = `/api/v1/governance/equal-service?use=${use}`;
    const reply = await ask(house, { path, headers: lane.headers.privacy });
    assert.equal(reply.status, 200, reply.text);
    const { lanes } = said<{ lanes: ReturnType<typeof compareLanes> }>(reply);
    assert.deepEqual([lanes[0]?.captured.passages, lanes[0]?.optedOut.passages], [65, 62]);
    assert.deepEqual(
      lanes[0]?.comparisons.map(({ measure, verdict }) => [measure, verdict]),
      [
        ['waiting', 'worse'],
        ['processing', 'no-difference-found'],
        ['referred', 'no-difference-found'],
        ['refused', 'no-difference-found'],
      ],
    );
    assert.match(
      lanes[0].comparisons[0]!.finding,
      /^Travellers who opted out waited longer: median \+\d+ s \(95 % CI \+\d+ to \+\d+\)/,
    );
    const direct = await lane.office.db
      .selectFrom('capture_passages')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('opted_out', '=', true)
      .where('captured_at', 'is not', null)
      .executeTakeFirstOrThrow();
    assert.equal(Number(direct.n), 0);
  });
});
