import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Alert } from '../../src/uses/watch/alert.ts';
import { deliver, type RunOf } from '../../src/uses/watch/platform/ingest.ts';
import { openHouse } from '../platform/attack/house.ts';
import { addGate, alertOf, person, runServices, ScriptedCamera, siteFile } from './platform/desk.ts';

describe('a suppression that was learned', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const supervisor = await person(house, 'supervisor');
  const operator = await person(house, 'operator');
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  const cameraId = await addGate(supervisor);
  await camera.begun();
  const row = await db.selectFrom('watch_runs').selectAll().executeTakeFirstOrThrow();
  const run: RunOf = { id: row.id, cameraId, siteId: 'pier', generation: row.generation, models: [] };
  let told = 1000;
  const tell = async (
    at: number,
    change: Partial<Alert> = {},
  ): Promise<{ id: string; incident: string | null }> => {
    const alert = alertOf(++told, { at, picture: { width: 100, height: 200 }, ...change });
    await deliver(db, run, { kind: 'alert', alert, test: false, seq: told });
    const { id, incident_id } = await db
      .selectFrom('watch_alerts')
      .select(['id', 'incident_id'])
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();
    return { id, incident: incident_id };
  };
  const step = async (incident: string, body: object): Promise<void> => {
    // The clock escalates what is as old as this, and may be faster once.
    for (const wanted of [[200, 412], [200]]) {
      const { etag } = await operator.call('GET', `/watch/incidents/${incident}`);
      const path = `/watch/incidents/${incident}/steps`;
      const { status } = await operator.call('POST', path, body, { 'if-match': etag });
      assert.ok(wanted.includes(status), String(status));
      if (status === 200) return;
    }
  };
  const now = Date.now();
  for (let n = 0; n < 14; n++) {
    const { incident } = await tell(now - n * 86_400_000 - 60_000);
    await step(incident!, { step: 'dismiss', reason: 'animal' });
  }
  const offer = async (): Promise<Record<string, never>[]> =>
    (await supervisor.call('POST', '/watch/sites/pier/suppressions')).body['items'] as never;

  test('is proposed with what it would have hidden, and hides nothing until a supervisor approves it', async () => {
    const [proposal, ...more] = await offer();
    assert.deepEqual(more, []);
    assert.equal(proposal?.['state'], 'proposed');
    const evidence: unknown = proposal['evidence'];
    const { sentence } = evidence as { sentence: string };
    assert.equal(sentence, 'would have hidden 14 dismissed and 0 confirmed alerts of the last 30 days');
    assert.deepEqual(await offer(), [], 'once');
    const shown = await tell(Date.now());
    assert.ok(shown.incident !== null);
    const { body } = await operator.call('GET', `/watch/incidents/${shown.incident}`);
    const [alert] = body['alerts'] as unknown as { reason: { similar: { dismissal: string }[] } }[];
    assert.equal(alert?.reason.similar.length, 3);
    assert.equal(alert.reason.similar[0]?.dismissal, 'animal');
    const path = `/watch/suppressions/${String(proposal['id'])}`;
    const decision = { decision: 'approve', reason: 'the fox again' };
    assert.equal((await operator.call('POST', `${path}/decide`, decision)).status, 403);
    assert.equal((await supervisor.call('POST', `${path}/decide`, { ...decision, days: 91 })).status, 400);
    const approved = await supervisor.call('POST', `${path}/decide`, decision);
    assert.equal(approved.status, 200, JSON.stringify(approved.body));
    assert.equal(approved.body['state'], 'approved');

    assert.equal((await tell(Date.now())).incident, null, 'hidden');
    assert.ok((await tell(Date.now(), { box: { x: 10, y: 20, width: 90, height: 160 } })).incident !== null);
    const { body: listed } = await operator.call('GET', '/watch/alerts?suppressed=learned');
    const [hidden] = listed['items'] as unknown as { suppressed: string }[];
    assert.equal(hidden?.suppressed, `learned: ${String(proposal['id'])}`);

    // A zone that becomes protected is shown at once.
    const site = await supervisor.call('GET', '/watch/sites/pier');
    const text = siteFile.replace('[0.2, 0.9]] }', '[0.2, 0.9]], protected: true }');
    const put = await supervisor.call('PUT', '/watch/sites/pier', { text }, { 'if-match': site.etag });
    assert.equal(put.status, 200);
    const real = await tell(Date.now());
    assert.ok(real.incident !== null, 'protected');

    await step(real.incident, { step: 'confirm', note: 'somebody was there' });
    const { body: all } = await supervisor.call('GET', '/watch/sites/pier/suppressions');
    const [flagged] = all['items'] as unknown as { review: string; hidden: number }[];
    assert.equal(flagged?.review, real.incident, 'to be looked at again');
    assert.equal(flagged.hidden, 1);
    assert.equal(
      (await operator.call('POST', `${path}/end`, { reason: 'it hid too much' })).body['state'],
      'ended',
    );
    assert.equal((await operator.call('POST', `${path}/end`, { reason: 'again' })).status, 422);
  });

  test('cannot be approved any more once it would have hidden what was confirmed', async () => {
    const site = await supervisor.call('GET', '/watch/sites/pier');
    await supervisor.call('PUT', '/watch/sites/pier', { text: siteFile }, { 'if-match': site.etag });
    const past = await db
      .selectFrom('watch_incidents')
      .select('id')
      .where('outcome', '=', 'confirmed')
      .execute();
    assert.equal(past.length, 1);
    assert.deepEqual(await offer(), [], 'a confirmed one lies in the midst of them');
  });
});
