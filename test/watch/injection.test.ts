import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { incidentMessages } from '../../src/uses/watch/outputs/facts.ts';
import type { PlayClip } from '../../src/uses/watch/injection/play.ts';
import { nextPlay } from '../../src/uses/watch/injection/schedule.ts';
import { openHouse } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import { keepClip, runWithClips } from './injection-house.ts';
import { addGate, alertOf, person, ScriptedCamera, type Person } from './platform/desk.ts';

const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#246' } })
  .jpeg()
  .toBuffer();
const snapshot = { jpeg, width: 64, height: 48 };

test('the next play is drawn from half to one and a half times its hours, in the hours of the day that were given', () => {
  const from = new Date('2026-11-01T12:00:00Z');
  const hours = { from: 22, to: 5 };
  for (let n = 0; n < 200; n++) {
    const at = nextPlay({ everyHours: 24, hours: undefined }, from, 'UTC', Math.random);
    const later = (at.getTime() - from.getTime()) / 3.6e6;
    assert.ok(later >= 12 && later <= 36, String(later));
    const night = nextPlay({ everyHours: 2, hours }, from, 'America/Chicago', Math.random);
    // Six hours behind: 22 to 5 is 4 to 11 there.
    assert.ok(night.getUTCHours() >= 3 && night.getUTCHours() < 11, night.toISOString());
  }
});

describe('a known clip', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const operator = await person(house, 'operator');
  const investigator = await person(house, 'investigator');
  const camera = new ScriptedCamera();
  let played = 0;
  const play: PlayClip = async (_, { onState, onAlert, onIncident }) => {
    await onState?.({ state: 'live', since: Date.now() });
    played++;
    await onAlert?.(alertOf(1, { at: Date.now() + 300 }), snapshot, snapshot);
    await onIncident?.({ id: 'gate-incident-1' } as never);
  };
  runWithClips(house, camera.run, play);
  const cameraId = await addGate(supervisor);
  const { handlers } = await camera.begun();
  await handlers.onState?.({ state: 'live', since: Date.now() });
  const clip = await keepClip(house, 'pier', supervisor.id, Readable.from([Buffer.from('a film')]));
  const plan = (by: Person, change: object = {}) =>
    by.call('POST', '/watch/sites/pier/injection-plans', {
      ...{ camera: cameraId, clip, expect: { rule: 'dock-entry', withinSeconds: 5 }, reason: 'drill' },
      ...change,
    });
  const incidents = async (): Promise<Record<string, never>[]> =>
    (await operator.call('GET', '/watch/incidents?state=waiting')).body['items'] as never;
  const tests = () => db.selectFrom('watch_incidents').selectAll().where('test', '=', true).execute();
  const get = (id: string, by = operator) => by.call('GET', `/watch/incidents/${id}`);
  const step = async (id: string, body: object) =>
    operator.call('POST', `/watch/incidents/${id}/steps`, body, { 'if-match': (await get(id)).etag });
  const pictured = async (id: string): Promise<void> =>
    until(async () => {
      const { body } = await get(id);
      const [alert] = body['alerts'] as unknown as { hasSnapshot: boolean }[];
      return alert?.hasSnapshot === true && (body['over'] as unknown) === true;
    }, 'it has its picture');
  const span = `from=${new Date(Date.now() - 3.6e6).toISOString()}&to=${new Date(Date.now() + 3.6e6).toISOString()}`;
  const today = async () =>
    (await supervisor.call('GET', '/today')).body['decided'] as unknown as { findings: number };
  const play1 = async (): Promise<string> => {
    const before = (await tests()).map(({ id }) => id);
    assert.equal((await plan(supervisor)).status, 201);
    const fresh = async () => (await tests()).find(({ id }) => !before.includes(id))?.id;
    await until(async () => (await fresh()) !== undefined, 'it was played');
    await until(async () => {
      const rows = await db.selectFrom('watch_injections').select('state').execute();
      return rows.every(({ state }) => state === 'detected');
    }, 'it is noted');
    return (await fresh())!;
  };

  test('is planned by supervisors only, for a camera, a rule and a film of the site', async () => {
    assert.equal((await plan(operator)).status, 403);
    for (const change of [
      { clip: cameraId },
      { camera: clip },
      { expect: { rule: 'nothing', withinSeconds: 5 } },
    ]) {
      const refused = await plan(supervisor, change);
      assert.equal(refused.body['code'], 'E_WATCH_INJECTION');
    }
    assert.equal((await operator.call('GET', '/watch/sites/pier/injection-plans')).status, 403);
    assert.equal((await operator.call('GET', `/watch/sites/pier/injections?${span}`)).status, 403);
    const later = await plan(supervisor, { repeat: { everyHours: 12, hours: { from: 22, to: 5 } } });
    assert.ok(Date.parse(String(later.body['nextAt'])) > Date.now());
    const ended = await supervisor.call('POST', `/watch/injection-plans/${String(later.body['id'])}/end`);
    assert.equal(ended.body['nextAt'], null);
  });

  test('looks to operators like what is real, and is told once it is answered', async () => {
    await handlers.onAlert?.(alertOf(41), snapshot, snapshot);
    await handlers.onIncident?.({ id: 'gate-incident-41' } as never);
    await until(async () => (await incidents()).length === 1, 'the real one is there');
    const real = String((await incidents())[0]?.['id']);
    const id = await play1();
    await pictured(real);
    await pictured(id);
    assert.deepEqual(shapeOf((await get(id)).body), shapeOf((await get(real)).body));
    assert.deepEqual((await get(id)).body['tracks'], ['person-42'], 'it counts on');
    const finding = (of: string) => operator.call('GET', `/findings/${of}`);
    assert.deepEqual(shapeOf((await finding(id)).body), shapeOf((await finding(real)).body));
    // Both stand there from the same moment on, whatever the film's clock says.
    const { created_at } = await db
      .selectFrom('watch_incidents')
      .select('created_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const seeded = await db
      .selectFrom('seeded_findings')
      .select('created_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    assert.deepEqual(seeded.created_at, created_at);
    const listed = await incidents();
    const told = await operator.call('GET', '/watch/incidents?test=yes');
    assert.deepEqual(told.body['items'], []);
    assert.deepEqual(listed.map(shapeOf)[0], listed.map(shapeOf)[1]);
    assert.doesNotMatch(JSON.stringify(listed), /"test":true/);
    const alerts = (await operator.call('GET', '/watch/alerts')).body['items'] as unknown as object[];
    assert.deepEqual(shapeOf(alerts[0]), shapeOf(alerts[1]));
    const handover = (await operator.call('GET', `/watch/sites/pier/handover?${span}`)).body;
    assert.deepEqual(handover['tests'], []);

    const before = await today();
    assert.equal((await step(id, { step: 'acknowledge' })).body['test'], false);
    const answer = await step(id, { step: 'confirm', note: 'somebody is at the dock' });
    assert.deepEqual(answer.body['tested'], { right: true });
    assert.equal(answer.body['test'], true);
    assert.equal(answer.body['state'], 'closed');
    const tested = await operator.call('GET', '/watch/incidents?test=yes');
    assert.deepEqual(
      (tested.body['items'] as unknown as { id: string }[]).map((one) => one.id),
      [id],
    );
    const after = (await operator.call('GET', `/watch/sites/pier/handover?${span}`)).body['tests'];
    assert.equal((after as unknown as object[]).length, 1);

    assert.equal((await today()).findings, before.findings, 'it is no decision');
    assert.deepEqual(await db.selectFrom('decisions').selectAll().execute(), []);
    assert.equal((await finding(id)).status, 404, 'and has left the queue');
    const sure = await step(real, { step: 'confirm', note: 'somebody is at the dock' });
    assert.equal(sure.body['tested'], undefined);
    assert.equal((await today()).findings, before.findings + 1);
  });

  test('is in no load, no evidence and no output', async () => {
    const load = (await supervisor.call('GET', `/watch/sites/pier/load?${span}`)).body;
    assert.equal(load['incidents'], 1);
    assert.deepEqual(load['decided'], { n: 1, dismissed: 0 });
    const [one] = await tests();
    const evidence = await investigator.call('GET', `/watch/incidents/${one!.id}/evidence?reason=case+7`);
    assert.equal(evidence.status, 404);
    const ids = (await db.selectFrom('watch_incidents').select('id').execute()).map(({ id }) => id);
    const messages = await incidentMessages(db, ids, { receiver: 'x', base: 'http://x' });
    assert.ok(messages.length > 0 && messages.every(({ incident }) => incident !== one!.id));
    const events = await db.selectFrom('ledger_outbox').select('event').execute();
    const about = events.map(({ event }) => event as { kind: string; subjects: Record<string, string> });
    const kinds = about
      .filter(({ subjects }) => subjects['incident'] === one!.id)
      .map(({ kind }) => kind)
      .sort();
    assert.deepEqual(kinds, [
      'watch.incident-acknowledged',
      'watch.injection-alert',
      'watch.injection-answered',
      'watch.injection-played',
    ]);
  });

  test('is missed when its clock runs out, and wrong when it is dismissed; the report says both, of nobody', async () => {
    const missed = await play1();
    await db
      .updateTable('watch_incidents')
      .set({ due_at: new Date(Date.now() - 1000) })
      .where('id', '=', missed)
      .execute();
    await until(async () => ((await get(missed)).body['state'] as unknown) === 'closed', 'it ends');
    assert.equal((await get(missed)).body['test'], true);
    assert.equal((await get(missed)).body['escalatedTo'], null);
    const wrong = await play1();
    const answer = await step(wrong, { step: 'dismiss', reason: 'animal' });
    assert.deepEqual(answer.body['tested'], { right: false });
    assert.equal(played, 3);
    const { body } = await supervisor.call('GET', `/watch/sites/pier/injections?${span}`);
    const [figures, ...more] = body['cameras'] as unknown as Record<string, { some: number; of: number }>[];
    assert.deepEqual(more, []);
    assert.equal(figures!['played'], 3);
    const { some, of } = figures!['detected']!;
    assert.deepEqual([some, of], [3, 3]);
    const part = (name: string) => [figures![name]!.some, figures![name]!.of];
    assert.deepEqual(part('acknowledgedInTime'), [2, 3]);
    assert.deepEqual(part('decidedRightly'), [1, 2]);
    assert.equal(figures!['missed'], 1);
    assert.ok(Math.abs(Number(figures!['latencyMedian']) - 0.3) < 0.1);
    assert.doesNotMatch(JSON.stringify(body), new RegExp(operator.id));
  });
});

/** Names and kinds of values, at every depth. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)]));
}
