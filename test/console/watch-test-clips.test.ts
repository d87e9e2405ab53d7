import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { violations } from './browser.ts';
import { until } from '../platform/attack/redactions.ts';
import { keepClip } from '../watch/injection-house.ts';
import { alertOf } from '../watch/platform/desk.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk(async (_, { onState, onAlert, onIncident }) => {
  await onState?.({ state: 'live', since: Date.now() });
  await onAlert?.(alertOf(1, { at: Date.now() + 300 }), desk.picture);
  await onIncident?.({ id: 'gate-incident-1' } as never);
});
const { house, supervisor, operator } = desk;
const { db } = house.platform;

test('a supervisor plans a clip, and reads whether it was detected and how soon the desk answered', async () => {
  await desk.handlers.onState?.({ state: 'live', since: Date.now() });
  await keepClip(house, 'pier', supervisor.id, Readable.from([Buffer.from('a film')]));
  const { page, strays } = await desk.open(supervisor);
  await page.goto(`${house.url}/watch/test-clips`);
  await page.getByText('No clip is planned yet.').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Plan a clip' });
  await dialog.getByLabel('Film', { exact: true }).selectOption({ label: 'known.mp4' });
  await dialog.getByLabel('Rule that must alert').selectOption('dock-entry');
  await dialog.getByLabel('When').selectOption('repeat');
  await dialog.getByLabel('From hour').fill('22');
  await dialog.getByLabel('To hour').fill('5');
  assert.deepEqual(await violations(page), []);
  await dialog.getByLabel('Reason').fill('The night shift');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  const repeated = page.getByRole('row', { name: /The night shift Gate dock-entry within 10 s Every 24 h/ });
  await repeated.getByText('from 22:00 to 5:00 only').waitFor();

  await page.keyboard.press('n');
  await dialog.getByLabel('Film', { exact: true }).selectOption({ label: 'known.mp4' });
  await dialog.getByLabel('Reason').fill('A drill');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  const played = page.getByRole('row', { name: /Gate dock-entry Detected after/ });
  await played.getByText('Waits for somebody').waitFor();

  // The desk answers as it answers any incident.
  const test = () => db.selectFrom('watch_incidents').select('id').where('test', '=', true).execute();
  await until(async () => (await test()).length === 1, 'it is an incident');
  const path = `/watch/incidents/${(await test())[0]!.id}`;
  for (const step of [{ step: 'acknowledge' }, { step: 'confirm', note: 'somebody is there' }]) {
    const { etag } = await operator.call('GET', path);
    const { status } = await operator.call('POST', `${path}/steps`, step, { 'if-match': etag });
    assert.equal(status, 200);
  }
  await played.getByText('Confirmed: right').waitFor();
  assert.match((await played.textContent()) ?? '', /right[\d.]+ (s|min)/, 'with the time that it took');
  await page.getByRole('row', { name: /Gate 1 1 of 1 \(\d+% to 100%\)/ }).waitFor();
  assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Olga/, 'no person is named');
  assert.deepEqual(await violations(page), []);

  await page.getByRole('button', { name: 'End the plan “The night shift”' }).click();
  await repeated.getByText(/^Ended/).waitFor();
  assert.deepEqual(strays, []);
});
