import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { alertOf } from '../watch/platform/desk.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, operator, supervisor } = desk;

describe('the alert list of several', () => {
  test('of two who answer at once the second is told who was first', async () => {
    const id = await desk.incident();
    const { page } = await desk.open(operator);
    // What the other does reaches this page late.
    await page.route('**/api/**/events*', (route) => route.abort());
    await page.goto(`${house.url}/watch/alerts`);
    await page.locator(`[data-incident="${id}"][aria-current=true]`).waitFor();
    const { etag } = await supervisor.call('GET', `/watch/incidents/${id}`);
    await supervisor.call(
      'POST',
      `/watch/incidents/${id}/steps`,
      { step: 'acknowledge' },
      { 'if-match': etag },
    );
    await page.locator('.ww-steps').getByRole('button', { name: 'Acknowledge' }).click();
    assert.match(
      (await page.getByRole('alert').textContent()) ?? '',
      /Sam Super acknowledged.*E_INCIDENT_TAKEN/,
    );
  });

  test('a connection that breaks off is said, and what came meanwhile is shown afterwards', async () => {
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/alerts`);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.context().setOffline(true);
    house.app.server.closeAllConnections();
    await page.getByText(/Connection lost/).waitFor();
    const id = await desk.incident();
    await page.context().setOffline(false);
    await page.locator(`[data-incident="${id}"]`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('what was dismissed and suppressed is found', async () => {
    const fox = await desk.incident();
    const { etag } = await operator.call('GET', `/watch/incidents/${fox}`);
    const step = { step: 'dismiss', reason: 'animal' };
    await operator.call('POST', `/watch/incidents/${fox}/steps`, step, { 'if-match': etag });
    await desk.handlers.onAlert?.(alertOf(900, { suppressed: 'cool-down' }), desk.picture);
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/alerts?show=dismissed`);
    await page.locator('[data-incident]').getByText('Dismissed').waitFor();
    assert.equal(await page.locator('[data-incident]').count(), 1);
    await page.getByLabel('Show').selectOption('suppressed');
    await page.getByText('Soon after another alert of the rule').waitFor();
    assert.deepEqual(await violations(page), []);
  });
});
