import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

  test('a place is disarmed with a reason and an end, and that is ended', async () => {
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/arming`);
    await page.getByLabel('Reason').fill('Cleaning crew');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await page.getByRole('button', { name: 'End what is set for The whole site' }).click();
    await page.getByText('Ended by Olga Operator').first().waitFor();
  });
});
