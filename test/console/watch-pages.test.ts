import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, supervisor, operator } = desk;
const id = await desk.incident();

describe('the pages of the desk', () => {
  test('a snapshot is shown as it was seen for a reason, which is on record', async () => {
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/incidents/${id}`);
    await page.getByRole('button', { name: 'Show the picture' }).click();
    await page.getByLabel('Reason').fill('Is it the night guard?');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('canvas.ww-canvas').waitFor();
    assert.equal(await page.locator('polyline.ww-path').count(), 1);
    // A further alert of the incident is there to choose, and does not take away what is looked at.
    assert.equal(await desk.incident({ incident: 'gate-incident-1' }), id);
    await page.getByLabel('Alert', { exact: true }).waitFor();
    assert.equal(await page.locator('canvas.ww-canvas').count(), 1);
    const reveals = await house.platform.db
      .selectFrom('watch_reveals')
      .select(['reason', 'made_by'])
      .execute();
    assert.deepEqual(reveals, [{ reason: 'Is it the night guard?', made_by: supervisor.id }]);
    const { page: other } = await desk.open(operator);
    await other.goto(`${house.url}/watch/incidents/${id}`);
    await other.getByRole('heading', { name: 'Why it was told' }).waitFor();
    assert.equal(await other.getByRole('button', { name: 'Show the picture' }).count(), 0);
  });

  test('two alerts of one minute are told apart by their seconds', async () => {
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    const two = await desk.incident({ incident: 'gate-incident-two', at: minute - 50_000 });
    assert.equal(await desk.incident({ incident: 'gate-incident-two', at: minute - 30_000 }), two);
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/incidents/${two}`);
    const choice = page.getByLabel('Alert', { exact: true });
    await choice
      .getByRole('option', { name: /:\d\d:30 [AP]M \S+, dock-entry$/ })
      .waitFor({ state: 'attached' });
    assert.match(await choice.getByRole('option').first().innerText(), /:\d\d:10 [AP]M \S+, dock-entry$/);
    await page.goto(`${house.url}/watch/handover`);
    // By its address: another incident of this site may have begun at the same second of another minute.
    const open = page.getByRole('table', { name: 'Open now' }).locator(`a[href$="/watch/incidents/${two}"]`);
    await open.waitFor();
    assert.match(await open.innerText(), /:\d\d:10 [AP]M \S+$/);
    // What is open stands there once.
    assert.equal(await page.getByRole('table', { name: 'What else happened' }).count(), 0);
  });

  test('an hour that was hardly seen is not shown as none of it', async () => {
    const { db } = house.platform;
    const { id: run_id } = await db.selectFrom('watch_runs').select('id').executeTakeFirstOrThrow();
    // Three hours ago, when the camera was not there yet: 7 s of 3600 s.
    const from = new Date((Math.floor(Date.now() / 3_600_000) - 3) * 3_600_000);
    const until = new Date(from.getTime() + 7000);
    await db
      .insertInto('watch_spans')
      .values({
        run_id,
        camera_id: desk.cameraId,
        started_at: from,
        until,
        seeing: true,
        why: 'seeing',
        open: false,
      })
      .execute();
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/coverage`);
    await page.getByText('not watched, seen 0.2%').waitFor();
    await page.getByRole('row', { name: 'Seen in all 0.1%' }).waitFor();
  });

  test('a place is disarmed with a reason and an end, and that is ended', async () => {
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/arming`);
    await page.getByLabel('Reason').fill('Cleaning crew');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('button', { name: 'End now what is set for The whole site' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'End now what is set for The whole site' }).click();
    await page.getByText('Ended by Olga Operator').first().waitFor();
  });
});
