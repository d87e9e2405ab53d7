import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, operator } = desk;
const stateOf = async (id: string): Promise<unknown> =>
  (await operator.call('GET', `/watch/incidents/${id}`)).body['state'];

describe('the alert list', () => {
  test('shows an alert as it comes, and answers it by keys alone', async () => {
    const { page, strays } = await desk.open(operator);
    await page.goto(house.url);
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    for (const key of 'gw') await page.keyboard.press(key);
    await page.getByText('Nothing waits').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const first = await desk.incident();
    const row = page.locator(`[data-incident="${first}"]`);
    await row.waitFor();
    await row.getByText(/left to acknowledge/).waitFor();
    await page.getByText('New alert, severity High, Gate').waitFor({ state: 'attached' });
    assert.deepEqual(await violations(page), []);

    await page.keyboard.press('a');
    await row.getByText('Acknowledged by Olga Operator').waitFor();
    assert.equal(await stateOf(first), 'acknowledged');

    await page.keyboard.press('c');
    await page.keyboard.type('Two men with a ladder');
    await page.keyboard.press('Control+Enter');
    await row.waitFor({ state: 'detached' });
    assert.equal(await stateOf(first), 'confirmed');

    const [fox, other] = [await desk.incident(), await desk.incident({ severity: 'medium' })];
    await page.locator(`[data-incident="${other}"]`).waitFor();
    // The most severe is first and chosen.
    await page.locator(`[data-incident="${fox}"][aria-current=true]`).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('dialog', { name: 'Dismiss' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('1');
    await page.locator(`[data-incident="${fox}"]`).waitFor({ state: 'detached' });
    const dismissed = await operator.call('GET', `/watch/incidents/${fox}`);
    assert.deepEqual([dismissed.body['state'], dismissed.body['dismissal']], ['dismissed', 'animal']);

    await page.keyboard.press('e');
    await page.keyboard.press('Tab');
    await page.keyboard.type('They climb over the fence');
    await page.keyboard.press('Control+Enter');
    await page.locator(`[data-incident="${other}"]`).getByText('Escalated').waitFor();
    const escalated = await operator.call('GET', `/watch/incidents/${other}`);
    assert.deepEqual([escalated.body['state'], escalated.body['escalatedTo']], ['escalated', 'supervisor']);
    assert.deepEqual(strays, []);
  });
});
