import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sha256 } from '../../src/core/digest.ts';
import { fourFifths } from '../../src/governance/oversight/disparity.ts';
import { recordTest } from '../../src/governance/permits/evidence.ts';
import { signOff } from '../../src/governance/permits/registrations.ts';
import { ask, codeOf, openHouse, type Reply } from '../platform/attack/house.ts';
import { DAY_MS, modelDigest } from './permit-office.ts';
import { openLane, said, use, type SimulatedLane } from './redress-lane.ts';

const house = await openHouse();
let lane: SimulatedLane;

before(async () => {
  lane = await openLane(house);
  assert.equal((await lane.publish()).status, 201);
});

const get = (path: string): Promise<Reply> =>
  ask(house, { path: `/api/v1/governance/oversight/${path}`, headers: lane.headers.privacy });
const send = (who: 'caio' | 'officer', path: string, body?: object): Promise<Reply> =>
  ask(house, {
    method: 'POST',
    path: `/api/v1/governance/oversight/${path}`,
    headers: lane.headers[who],
    body,
  });

describe('what the offices watch', () => {
  test('the calendar names what ends, soonest first, with days left', async () => {
    interface Entry {
      kind: string;
      use: string;
      daysLeft: number;
    }
    const within = async (days: number): Promise<[string, number][]> =>
      said<{ items: Entry[] }>(await get(`calendar?days=${days}`)).items.map(({ kind, daysLeft }) => [
        kind,
        daysLeft,
      ]);
    assert.deepEqual(await within(10), []);
    assert.deepEqual(await within(365), [
      ['notice', 19],
      ['training', 29],
      ['test', 59],
      ['permit', 199],
    ]);
    house.clock.laterMs = 40 * DAY_MS;
    // The session is older than that too: asked without the server.
    const { calendar } = await import('../../src/governance/oversight/calendar.ts');
    const late = await calendar(house.platform, 30, house.platform.now());
    house.clock.laterMs = 0;
    assert.deepEqual(
      late.map(({ kind, daysLeft }) => [kind, daysLeft]),
      [
        ['notice', -21],
        ['training', -11],
        ['test', 19],
      ],
    );
  });

  test('an incident is told to the offices, and stops the use', async () => {
    const incident = {
      ...{ use, severity: 'serious', what: 'The camera kept pictures after it was told not to.' },
      ...{ happenedAt: new Date().toISOString(), toldOutside: ['Office of Inspector General'] },
    };
    const reported = await send('officer', 'incidents', incident);
    assert.equal(reported.status, 201, reported.text);
    const { id, told, suspension } = said<{ id: string; told: string[]; suspension: string }>(reported);
    assert.equal(told.length, 4, 'all four offices');
    const asked = await lane.say('capture-gate/questions', lane.question());
    assert.equal(said<{ reason: string }>(asked).reason, 'E_PERMIT_SUSPENDED');
    const done = await send('caio', `incidents/${id}/close`, { resolution: 'The camera was replaced.' });
    assert.equal(done.status, 204);
    const { items } = said<{
      items: { suspension: string | null; resolution: string; toldOutside: string[] }[];
    }>(await get('incidents'));
    assert.equal(items[0]?.suspension, suspension);
    assert.deepEqual(
      [items[0].resolution, items[0].toldOutside],
      ['The camera was replaced.', incident.toldOutside],
    );
  });

  test('a test by somebody s word is of the past, and takes the place of none that a lab signed', async () => {
    const record = (change: object): Promise<Reply> => {
      const [reportDigest, now] = [sha256('report'), Date.now()];
      const dates = {
        testedAt: new Date(now).toISOString(),
        expires: new Date(now + 400 * DAY_MS).toISOString(),
      };
      return ask(house, {
        ...{ method: 'POST', path: `/api/v1/governance/uses/${use}/tests`, headers: lane.headers.caio },
        body: { kind: 'speed', modelDigest, reportDigest, passed: true, ...dates, ...change },
      });
    };
    assert.equal((await record({})).status, 201);
    const tomorrow = { testedAt: new Date(Date.now() + DAY_MS).toISOString() };
    for (const change of [tomorrow, { kind: 'acceptance' }, { kind: 'acceptance', passed: false }])
      assert.equal(codeOf(await record(change)), 'E_GOVERNANCE', JSON.stringify(change));
  });

  test('uses to review show offices, questions, evidence and what is lacking', async () => {
    const { people } = lane.office;
    const word = { registration: lane.registration, office: 'civil-rights', verdict: 'returned' } as const;
    await signOff(house.platform, {
      ...word,
      reason: 'test more groups',
      by: people['civil-rights'],
      now: new Date(),
    });
    interface Review {
      use: string;
      offices: { office: string; state: string; reason: string | null }[];
      questions: { question: string; answer: string }[];
      lacks: string[];
    }
    const reply = await get('reviews');
    assert.equal(reply.status, 200, reply.text);
    const [review] = said<{ items: Review[] }>(reply).items;
    assert.equal(review?.use, use);
    const crcl = review.offices.find(({ office }) => office === 'civil-rights');
    assert.deepEqual([crcl?.state, crcl?.reason], ['returned', 'test more groups']);
    assert.deepEqual(review.lacks, ['sign-off civil-rights', 'suspended']);
    assert.match(review.questions.find(({ question }) => /law/.test(question))!.answer, /8 U\.S\.C\. 1365b/);
  });

  test('tables by group come from the very report of a test', async () => {
    const estimate = (errors: number, n: number): object => ({ errors, n, rate: errors / n });
    const group = (name: string, wrong: number): object => ({
      ...{ name, fmr: estimate(1, 10_000), fnmr: estimate(wrong, 500) },
    });
    const claims = {
      format: 'tidewaiter-face-test-1',
      simulated: true,
      groups: [group('a', 5), group('b', 140)],
    };
    const report = JSON.stringify({ claims, signature: null, key: null });
    const now = new Date();
    const { id } = await recordTest(house.platform, {
      ...{ use, kind: 'by-group', modelDigest, reportDigest: sha256(report), passed: true, testedAt: now },
      ...{ expires: new Date(now.getTime() + 60 * DAY_MS), by: lane.office.people.caio, now },
    });
    const path = `tests/${id}/groups`;
    assert.equal(codeOf(await send('caio', path, { report: report.replace('140', '10') })), 'E_GROUP_TABLE');
    assert.equal(codeOf(await send('caio', path, { report: '{}' })), 'E_GROUP_TABLE');
    assert.equal((await send('caio', path, { report })).status, 201);
    interface Watch {
      tests: {
        simulated: boolean;
        groups: { name: string; fnmr: { count: number } }[];
        fourFifths: object;
      }[];
      outcomes: { fourFifths: { verdict: string } };
    }
    const reply = await get(`disparity?use=${use}`);
    assert.equal(reply.status, 200, reply.text);
    const { tests, outcomes } = said<Watch>(reply);
    assert.deepEqual(
      tests[0]?.groups.map(({ name, fnmr }) => [name, fnmr.count]),
      [
        ['a', 5],
        ['b', 140],
      ],
    );
    assert.deepEqual(
      [tests[0]?.simulated, tests[0]?.fourFifths],
      [true, { ratio: 360 / 495, verdict: 'below' }],
    );
    assert.equal(outcomes.fourFifths.verdict, 'not-estimable');
    assert.deepEqual(
      fourFifths([
        { good: 80, trials: 100 },
        { good: 100, trials: 100 },
      ]),
      { ratio: 0.8, verdict: 'kept' },
    );
    // A row from elsewhere makes the table another one, and so does a test from elsewhere: neither is shown.
    await house.platform.db
      .insertInto('oversight_group_rates')
      .values({
        ...{ test_id: id, group_name: 'c', metric: 'fnmr', errors: 0, trials: 500, simulated: false },
        seal: null,
      })
      .execute();
    const shown = await get(`disparity?use=${use}`);
    assert.equal(shown.status, 200, shown.text);
    assert.deepEqual(said<Watch>(shown).tests, []);
  });
});
