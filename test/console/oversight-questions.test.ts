import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { register } from '../../src/governance/permits/registrations.ts';
import { charterOf, modelDigest } from '../governance/permit-office.ts';
import { newPerson } from '../platform/attack/house.ts';
import { violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, openAs } = await oversightDesk();

describe('questions in the oversight console', () => {
  let registration: string;
  let author: string;

  before(async () => {
    author = await newPerson(house, [{ site: '*', role: 'ai-governance' }]);
    registration = await register(house.platform, {
      ...{ charter: charterOf('face-lane'), purposes: ['release'], by: author, now: new Date() },
      models: [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }],
    });
  });

  test('an office asks by keys, who wrote it answers by keys, the others read it, and it is settled', async () => {
    const privacy = await openAs('privacy');
    const writer = await openAs('ai-governance', author);
    const other = await openAs('civil-rights');
    const path = `${house.url}/oversight/uses/${registration}`;
    const say = async (page: Page, key: string, said: string): Promise<void> => {
      await page.keyboard.press(key);
      await page.getByRole('dialog').waitFor();
      await page.getByRole('dialog').locator('textarea').focus();
      await page.keyboard.type(said);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    const opened = async (page: Page): Promise<void> => {
      await page.goto(path);
      await page.getByRole('heading', { name: 'Questions of the offices' }).waitFor();
    };
    await opened(privacy.page);
    await privacy.page.getByRole('button', { name: 'Ask a question' }).waitFor();
    await say(privacy.page, 'a', 'Who reads the pictures?');
    const thread = (page: Page): Locator =>
      page.getByRole('article', { name: 'Privacy Office: Who reads the pictures?' });
    await thread(privacy.page).getByText('does not sign before it is settled').waitFor();
    assert.deepEqual(await violations(privacy.page), []);

    await opened(writer.page);
    await thread(writer.page).getByRole('button', { name: 'Answer' }).waitFor();
    assert.equal(await writer.page.getByRole('button', { name: 'Ask a question' }).count(), 0);
    await say(writer.page, 'r', 'Officers of the lane.');
    await thread(writer.page).getByText('who wrote it').waitFor();

    // Another office reads all of it, with time and role, and is no side of it.
    await other.page.goto(`${house.url}/oversight/reviews`);
    await other.page.getByText('1 question is open').waitFor();
    await opened(other.page);
    await thread(other.page).getByText('Officers of the lane.').waitFor();
    assert.match((await thread(other.page).textContent()) ?? '', /Question: .*Privacy Office, .*\d:\d\d/);
    assert.equal(await thread(other.page).getByRole('button').count(), 0);

    await privacy.page.reload();
    await privacy.page.getByRole('button', { name: 'Sign or return' }).waitFor();
    await privacy.page.keyboard.press('s');
    await privacy.page.getByLabel('Reason').fill('Too early.');
    await privacy.page.getByRole('button', { name: 'Put on record' }).click();
    await privacy.page.getByText('a question of this office is open').waitFor();
    await privacy.page.keyboard.press('Escape');
    await thread(privacy.page).getByRole('button', { name: 'That is enough' }).press('Enter');
    await thread(privacy.page).getByText('Settled by').waitFor();
    for (const { page } of [privacy, writer, other]) await page.context().close();
  });
});
