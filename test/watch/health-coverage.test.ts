import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CameraHealth } from '../../src/uses/watch/live.ts';
import { coverageOf, gapsAt } from '../../src/uses/watch/platform/coverage.ts';
import { openHouse } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import { addGate, person, runServices, ScriptedCamera } from './platform/desk.ts';

test('the coverage ledger tells what makes blind from what does not, for each that health knows', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  const id = await addGate(await person(house, 'supervisor'));
  const { handlers } = await camera.begun();
  const began = Date.now() - 60_000;
  let at = began;
  await handlers.onState?.({ state: 'live', since: at });
  const states = ['black', 'blurred', 'covered', 'frozen', 'moved', 'out-of-time', 'slow'] as const;
  const seeing = ['out-of-time', 'slow'];
  for (const state of states)
    for (const next of [state, 'good'] satisfies CameraHealth['state'][]) {
      at += 2000;
      await handlers.onHealth?.({ state: next, since: at });
    }
  const spans = () =>
    db.selectFrom('watch_spans').selectAll().where('camera_id', '=', id).orderBy('id').execute();
  await until(async () => (await spans()).length >= 2 * states.length + 2, 'all was told');
  const found = await spans();
  for (const state of states)
    assert.equal(found.find(({ why }) => why === state)?.seeing, seeing.includes(state), state);
  const [from, to] = [new Date(began), new Date(at)];
  const hours = await coverageOf(db, id, from, to);
  const sum = (what: 'seeing' | 'blind' | 'alerts'): number =>
    hours.reduce((all, hour) => all + hour[what], 0);
  assert.deepEqual([Math.round(sum('blind')), Math.round(sum('seeing')), sum('alerts')], [10, 18, 0]);
  const gaps = (await gapsAt(db, 'pier', from, to)).filter(({ camera: of }) => of === id);
  assert.ok(gaps.every(({ why }) => !seeing.includes(why)));
});

test('a camera that comes back and is slow was blind until it came back, since when ever it may be slow', async () => {
  const house = await openHouse();
  const { db } = house.platform;
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
  const id = await addGate(await person(house, 'supervisor'));
  const { handlers } = await camera.begun();
  const began = Date.now() - 60_000;
  const [lost, live, now] = [began + 10_000, began + 18_000, began + 25_000];
  await handlers.onState?.({ state: 'live', since: began });
  await handlers.onState?.({ state: 'lost', since: lost });
  await handlers.onState?.({ state: 'live', since: live });
  await handlers.onHealth?.({ state: 'slow', since: lost - 3000, leftOut: 0.7 });
  await handlers.onHealth?.({ state: 'good', since: now });
  await until(async () => {
    const spans = await db.selectFrom('watch_spans').selectAll().where('camera_id', '=', id).execute();
    return spans.some(({ why }) => why === 'slow') && spans.at(-1)?.why === 'good';
  }, 'all was told');
  const hours = await coverageOf(db, id, new Date(began), new Date(now));
  const blind = hours.reduce((sum, hour) => sum + hour.blind, 0);
  assert.equal(Math.round(blind), 8);
});
