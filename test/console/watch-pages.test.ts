import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, supervisor, operator } = desk;
const id = await desk.incident();

describe('the pages of the desk', () => {
  test('axe finds nothing on any, on a laptop, the list and the wall also on 4K; none is wider than its screen', async () => {
    const { page, strays } = await desk.open(supervisor);
    const places = [
      'alerts',
      'wall',
      'plan',
      'coverage',
      'load',
      'handover',
      'arming',
      'rules',
      'suppressions',
    ];
    for (const place of [...places, `incidents/${id}`]) {
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.goto(`${house.url}/watch/${place}`);
      await page.locator('.ww-page h1').waitFor();
      await page.locator('.ww-page h1 ~ *, .ww-page .tw-title ~ *').first().waitFor();
      for (const [width, height] of [
        [1366, 768],
        [3840, 2160],
      ] as const) {
        if (width > 1366 && !['wall', 'alerts'].includes(place)) continue;
        await page.setViewportSize({ width, height });
        assert.deepEqual(await violations(page), [], `${place}, ${width} wide`);
        const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(over), 0, `${place}, ${width} wide`);
      }
    }
    assert.deepEqual(strays, []);
  });

  test('a snapshot is shown as it was seen for a reason, which is on record', async () => {
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/incidents/${id}`);
    await page.getByRole('button', { name: 'Show the picture' }).click();
    await page.getByLabel('Reason').fill('Is it the night guard?');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('canvas.ww-canvas').waitFor();
    assert.equal(await page.locator('polyline.ww-path').count(), 1);
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

  test('a corner is moved, a zone drawn and a rule made by keys; a mistake is named; the file is saved', async () => {
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/rules`);
    const yaml = page.getByLabel('Site file');
    await page.getByRole('button', { name: /^dock, corner 1 of 4/ }).focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('button', { name: 'dock, corner 1 of 4, 25% from the left' }).waitFor();
    assert.match(await yaml.inputValue(), /\[ 0\.25, 0\.4 \]/);

    await page.getByLabel('Name of the new one').fill('corner');
    await page.getByRole('button', { name: 'Draw', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('application').waitFor();
    for (const key of ['Space', 'Shift+ArrowRight', 'Space', 'Shift+ArrowDown', 'Space', 'Enter'])
      await page.keyboard.press(key);
    await page.getByText('Added.').waitFor();
    assert.match(await yaml.inputValue(), /id: corner, polygon: \[ \[ 0\.5, 0\.5 \], \[ 0\.55, 0\.5 \]/);

    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('lingering');
    await page.getByLabel('Kind').selectOption('dwell');
    await page.getByLabel('Zone', { exact: true }).selectOption('corner');
    await page.getByLabel('Seconds', { exact: true }).fill('60');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Put into the file' }).click();
    const good = await yaml.inputValue();
    await yaml.fill(good.replace('kind: dwell', 'kind: dwel'));
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /line \d+.*E_SITE_FILE/);
    await yaml.fill(good);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Saved as version 2/).waitFor();
  });
});
