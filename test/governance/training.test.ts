import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { recordTraining } from '../../src/governance/permits/evidence.ts';
import { trainingModules } from '../../src/governance/training/modules/index.ts';
import { moduleDigest, passMark } from '../../src/governance/training/module.ts';
import type { Role } from '../../src/platform/people/roles.ts';
import {
  ask,
  codeOf,
  newPerson,
  newSession,
  newThings,
  openHouse,
  type Reply,
} from '../platform/attack/house.ts';

const house = await openHouse();
const module = trainingModules.find(({ id }) => id === 'redaction-review')!;

interface Person {
  readonly id: string;
  readonly headers: Record<string, string>;
}

async function person(role: Role): Promise<Person> {
  const id = await newPerson(house, [{ site: '*', role }]);
  return { id, headers: await newSession(house, id) };
}

const call = (method: string, path: string, by: Person, body?: unknown): Promise<Reply> =>
  ask(house, {
    method,
    path: `/api/v1${path}`,
    headers: by.headers,
    ...(body === undefined ? {} : { body }),
  });
const json = <T>({ text, status }: Reply, wanted = 200): T => {
  assert.equal(status, wanted, text);
  return JSON.parse(text) as T;
};

let [officer, caio, privacy]: Person[] = [];
let finding = '';
const decide = (by: Person): Promise<Reply> =>
  call('POST', `/findings/${finding}/decisions`, by, { disposition: 'dismissed', reason: 'nothing there' });

before(async () => {
  [officer, caio, privacy] = [
    await person('officer'),
    await person('ai-governance'),
    await person('privacy'),
  ];
  ({ findingId: finding } = await newThings(house, 'pier', officer.id));
});

interface Attempt {
  id: string;
  needed: number;
  cases: { id: string; finding: string }[];
}

async function attempt(by: Person): Promise<Attempt> {
  return json<Attempt>(await call('POST', `/governance/training/${module.id}/attempts`, by), 201);
}

/** Answers of an attempt, so many of them wrong. */
function answersOf({ cases }: Attempt, wrong: number): Record<string, string> {
  return Object.fromEntries(
    cases.map(({ id }, index) => {
      const right = module.cases.find((one) => one.id === id)!.answer;
      const other = module.choices.find((choice) => choice.id !== right)!.id;
      return [id, index < wrong ? other : right];
    }),
  );
}

describe('training', () => {
  test('modules hold enough to draw from, and every answer is one of their choices', () => {
    for (const { id, cases, choices, lessons, draws, passShare } of trainingModules) {
      assert.ok(cases.length >= 8 && draws <= cases.length && lessons.length >= 4, id);
      assert.equal(new Set(cases.map((one) => one.id)).size, cases.length, id);
      const known = new Set(choices.map((one) => one.id));
      for (const one of cases) assert.ok(known.has(one.answer) && one.why.length > 20, `${id}/${one.id}`);
      // Nobody passes by answering everything alike.
      for (const choice of known) {
        const alike = cases.filter(({ answer }) => answer === choice).length;
        assert.ok(alike < draws * passShare, `${id}: ${choice} is right too often`);
      }
      assert.match(moduleDigest(trainingModules.find((one) => one.id === id)!), /^[0-9a-f]{64}$/);
    }
  });

  test('is open only when an office other than oneself put it into force, and tells no answers before', async () => {
    const path = `/governance/training/${module.id}/attempts`;
    assert.equal(codeOf(await call('POST', path, officer!)), 'E_TRAINING_MODULE');
    assert.equal(
      codeOf(await call('POST', `/governance/training/${module.id}/release`, officer!)),
      'E_FORBIDDEN',
    );
    json(await call('POST', `/governance/training/${module.id}/release`, privacy!));
    assert.equal(codeOf(await call('POST', path, privacy!)), 'E_TRAINING_MODULE');
    const first = await attempt(officer!);
    assert.equal(first.needed, passMark(module));
    assert.equal(first.cases.length, module.draws);
    assert.deepEqual((await attempt(officer!)).id, first.id, 'an open one is given again');
    const lessons = await call('GET', `/governance/training/${module.id}`, officer!);
    for (const reply of [JSON.stringify(first), lessons.text])
      for (const { why } of module.cases) assert.ok(!reply.includes(why));
    const orders = new Set<string>();
    for (let index = 0; index < 4; index++)
      orders.add((await attempt(await person('officer'))).cases.map(({ id }) => id).join());
    assert.ok(orders.size > 1, 'people draw different cases');
  });

  test('gates decisions: refused without, let through after passing, refused again when it is over', async () => {
    const required = { required: true, module: module.id, reason: 'the use is high-impact' };
    const path = '/governance/uses/redaction/training-requirement';
    assert.equal(codeOf(await call('PUT', path, officer!, required)), 'E_FORBIDDEN');
    assert.equal(
      codeOf(await call('PUT', path, caio!, { ...required, module: 'watch-alerts' })),
      'E_TRAINING_MODULE',
    );
    assert.equal((await call('PUT', path, caio!, required)).status, 204);
    const refused = await decide(officer!);
    assert.equal(refused.status, 403);
    assert.equal(codeOf(refused), 'E_TRAINING');
    assert.match(refused.text, /redaction-review/);

    const failing = await attempt(officer!);
    const answer = (one: Attempt, answers: Record<string, string>): Promise<Reply> =>
      call('POST', `/governance/training-attempts/${one.id}/answers`, officer!, { answers });
    assert.equal(codeOf(await answer(failing, {})), 'E_TRAINING_ATTEMPT');
    const failed = json<{ passed: boolean; score: number; cases: { why: string }[] }>(
      await answer(failing, answersOf(failing, 3)),
    );
    assert.deepEqual([failed.passed, failed.score], [false, 5]);
    assert.ok(failed.cases.every(({ why }) => why.length > 20));
    assert.equal(codeOf(await answer(failing, answersOf(failing, 0))), 'E_TRAINING_ATTEMPT', 'answered once');
    assert.equal(codeOf(await decide(officer!)), 'E_TRAINING');

    const passing = await attempt(officer!);
    assert.equal(
      codeOf(
        await call('POST', `/governance/training-attempts/${passing.id}/answers`, caio!, { answers: {} }),
      ),
      'E_TRAINING_ATTEMPT',
    );
    const passed = json<{ passed: boolean; expires: string }>(await answer(passing, answersOf(passing, 2)));
    assert.ok(passed.passed && Date.parse(passed.expires) > Date.now() + 300 * 86_400_000);
    assert.equal((await decide(officer!)).status, 201);
    const { items } = json<{ items: { id: string; state: string; forMe: boolean }[] }>(
      await call('GET', '/governance/training', officer!),
    );
    assert.deepEqual(
      items.filter(({ id }) => id === module.id).map(({ state, forMe }) => [state, forMe]),
      [['passed', true]],
    );
    const [row] = await house.platform.db.selectFrom('governance_training').selectAll().execute();
    assert.deepEqual([row?.person_id, row?.recorded_by, row?.module], [officer!.id, privacy!.id, module.id]);
    // A row with an end that has passed: no clock of ours is asked.
    const late = await person('officer');
    const then = new Date(Date.now() - 500 * 86_400_000);
    await recordTraining(house.platform, {
      ...{ personId: late.id, use: 'redaction', module: module.id, by: caio!.id, completedAt: then },
      ...{ expires: new Date(then.getTime() + 300 * 86_400_000), now: new Date() },
    });
    assert.equal(codeOf(await decide(late)), 'E_TRAINING');
    assert.equal(
      (await call('PUT', path, caio!, { ...required, required: false, module: null })).status,
      204,
    );
    assert.equal((await decide(late)).status, 201);
  });
});

test('a notice is read before deciding, and again when it changes', async () => {
  const content = {
    summary: 'Software proposes where plates are. A person decides.',
    limits: ['It misses plates at an angle.'],
    models: [{ id: 'm', digest: 'ab'.repeat(32), threshold: [0.2, 0.8] }],
    errorRates: [{ kind: 'false-positive', errors: 3, trials: 100, source: 'test of May' }],
  };
  const put = { site: 'pier', content };
  assert.equal(
    codeOf(await call('POST', '/governance/uses/redaction/officer-notices', officer!, put)),
    'E_FORBIDDEN',
  );
  const read = async (): Promise<void> => {
    const refused = await decide(officer!);
    assert.equal(codeOf(refused), 'E_NOTICE_UNREAD');
    assert.equal(refused.status, 403);
    const { items } = json<{
      items: { id: string; readAt: string | null; content: { errorRates: { high: number }[] } }[];
    }>(await call('GET', '/governance/officer-notices', officer!));
    const unread = items.filter(({ readAt }) => readAt === null);
    assert.equal(unread.length, 1);
    assert.equal(unread[0]!.content.errorRates[0]?.high.toFixed(7), '0.0851761');
    assert.equal(
      (await call('POST', `/governance/officer-notices/${unread[0]!.id}/acknowledgement`, officer!)).status,
      204,
    );
    assert.equal(
      (await call('POST', `/governance/officer-notices/${unread[0]!.id}/acknowledgement`, officer!)).status,
      204,
    );
    assert.equal((await decide(officer!)).status, 201);
  };
  json(await call('POST', '/governance/uses/redaction/officer-notices', caio!, put), 201);
  await read();
  const again = json<{ version: number }>(
    await call('POST', '/governance/uses/redaction/officer-notices', caio!, put),
    201,
  );
  assert.equal(again.version, 2);
  await read();
});
