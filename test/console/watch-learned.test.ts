import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './browser.ts';
import { deliver, type RunOf } from '../../src/uses/watch/platform/ingest.ts';
import { alertOf } from '../watch/platform/desk.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, supervisor, operator, cameraId } = desk;
const { db } = house.platform;

/** Ten days of alerts that operators dismissed as animals. */
async function dismissals(): Promise<void> {
  const row = await db.selectFrom('watch_runs').selectAll().executeTakeFirstOrThrow();
  const run: RunOf = { id: row.id, cameraId, siteId: 'pier', generation: row.generation, models: [] };
  for (let day = 0; day < 10; day++) {
    const at = Date.now() - day * 86_400_000 - 60_000;
    const alert = alertOf(1000 + day, { at, picture: { width: 100, height: 200 } });
    await deliver(db, run, { kind: 'alert', alert, test: false, seq: 1000 + day });
    const { incident_id } = await db
      .selectFrom('watch_alerts')
      .select('incident_id')
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow();
    const path = `/watch/incidents/${incident_id}`;
    // The clock escalates what is as old as this, and may be faster once.
    for (let tries = 0; tries < 2; tries++) {
      const { etag } = await operator.call('GET', path);
      const step = { step: 'dismiss', reason: 'animal' };
      if ((await operator.call('POST', `${path}/steps`, step, { 'if-match': etag })).status === 200) break;
    }
  }
}

test('what was learned is looked for, seen on the picture, approved for some days, and ended by an operator', async () => {
  await dismissals();
  await desk.handlers.onMasked?.({ ...desk.picture, at: Date.now() });
  const { page, strays } = await desk.open(supervisor);
  await page.goto(`${house.url}/watch/suppressions`);
  await page.getByText('Nothing was proposed yet.').waitFor();
  await page.getByRole('button', { name: 'Look for proposals' }).click();
  await page.getByText('1 proposal found.').waitFor();
  const one = page.locator('.ww-learned__one');
  await one.getByRole('heading', { name: 'Persons in dock, Gate' }).waitFor();
  await one.getByText('would have hidden 10 dismissed and 0 confirmed alerts of the last 30 days').waitFor();
  await one.locator('canvas').waitFor();
  assert.ok((await one.locator('.ww-zone').count()) === 1, 'its zone is drawn');
  assert.deepEqual(await violations(page), []);

  await one.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog', { name: 'Approve' }).waitFor();
  assert.deepEqual(await violations(page), []);
  // The reason has the focus; Tab goes to the days, and Enter there sends it.
  await page.keyboard.type('The fox of the dock');
  await page.keyboard.press('Tab');
  await page.keyboard.type('14');
  await page.keyboard.press('Enter');
  await one.getByText('In force').waitFor();
  await one.getByText('Reason: The fox of the dock').waitFor();
  const kept = await db.selectFrom('watch_suppressions').selectAll().executeTakeFirstOrThrow();
  const days = (kept.expires_at!.getTime() - kept.decided_at!.getTime()) / 86_400_000;
  assert.deepEqual([kept.state, Math.round(days)], ['approved', 14]);

  const { page: other } = await desk.open(operator);
  await other.goto(`${house.url}/watch/suppressions`);
  const same = other.locator('.ww-learned__one');
  await same.getByText('In force').waitFor();
  assert.equal(await other.getByRole('button', { name: 'Look for proposals' }).count(), 0);
  await same.getByRole('button', { name: 'End it now' }).click();
  await other.getByLabel('Reason').fill('The fox was caught');
  await other.getByRole('dialog').getByRole('button', { name: 'End it now' }).click();
  await same.getByText('Ended').waitFor();
  assert.deepEqual(strays, []);
});
