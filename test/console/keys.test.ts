import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const { house, personId, open } = await signedIn();

describe('working in the console', () => {
  test('every page is reached and every finding decided by keys alone', async () => {
    const { page } = await open();
    await page.goto(house.url);
    const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
    await heading('Today').waitFor();
    for (const [keys, title] of [
      ['gc', 'Cases'],
      ['gl', 'Library'],
      ['ga', 'Jobs'],
      ['gt', 'Today'],
      ['gf', 'Findings'],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await heading(title).waitFor();
    }
    for (let left = 3; left > 0; left--) {
      await page
        .locator('.tw-queue li')
        .nth(left - 1)
        .waitFor();
      await page.getByRole('radio').first().waitFor();
      await page.keyboard.press('2');
      await page.keyboard.type('Nothing of the kind is there');
      await page.keyboard.press('Control+Enter');
      await page
        .locator('.tw-queue li')
        .nth(left - 1)
        .waitFor({ state: 'detached' });
      await page.evaluate('document.activeElement?.blur()');
    }
    const rows = await house.platform.db.selectFrom('decisions').selectAll().execute();
    assert.deepEqual(
      rows.map(({ disposition, decided_by: by, reason }) => [disposition, by, reason]),
      rows.map(() => ['dismissed', personId, 'Nothing of the kind is there']),
    );
    assert.equal(rows.length, 3);

    for (const key of 'gc') await page.keyboard.press(key);
    await page.getByRole('link', { name: 'A case' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await heading('A case').waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });

  test('each place of the main bar and of administration is reached by Tab', async () => {
    const { page } = await open();
    await page.goto(`${house.url}/admin/jobs`);
    await page.getByRole('link', { name: 'System health' }).waitFor();
    const reached = new Set<string>();
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate<string>(`document.activeElement?.textContent ?? ''`));
    }
    for (const name of [
      'Skip to main content',
      'Today',
      'Cases',
      'Library',
      'Findings',
      'Sign out',
      'People',
      'System health',
    ])
      assert.ok(
        [...reached].some((text) => text.includes(name)),
        `${name} is reached by Tab`,
      );
  });

  test('a case is opened and changed, what the server refuses is said with its code, and a pause locks', async () => {
    const { page } = await open();
    await page.goto(`${house.url}/cases`);
    await page.getByRole('button', { name: 'Open a case' }).waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Title', { exact: true }).fill('Request 17 <b>&');
    await page.getByLabel('Deadline').fill('2020-01-31');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Open this case' }).click();
    await page.getByRole('heading', { name: 'Request 17 <b>&' }).waitFor();
    await page.getByText(/^Overdue by/).waitFor();

    await page.getByRole('button', { name: 'Change' }).click();
    // Somebody else was faster.
    await house.platform.db
      .updateTable('cases')
      .set({ version: 9 })
      .where('title', 'like', 'Request 17%')
      .execute();
    await page.getByLabel('Title', { exact: true }).fill('Request 18');
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /E_CHANGED/);

    house.clock.laterMs = 3_600_000 * 0.9;
    await page.goto(`${house.url}/library`);
    await page.getByRole('heading', { name: 'Locked after a pause' }).waitFor();
    assert.deepEqual(await violations(page), []);
    house.clock.laterMs = 0;
  });
});
