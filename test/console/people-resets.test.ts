import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPerson } from '../../src/platform/people/accounts.ts';
import { newPerson, newSession } from '../platform/attack/house.ts';
import { Client, totp } from '../platform/serving.ts';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const { house, open } = await signedIn();
const { db, people } = house.platform;
const password = 'seven tides at the quiet pier';
const next = 'nine boats in a warm bay';

describe('people who cannot sign in, in the console', () => {
  test('get a code from an administrator who never learns the password that they choose with it', async () => {
    const person = { login: 'maria', name: 'Maria Lopez', password };
    const id = await createPerson(db, people, { person, now: new Date() });
    const secret = await new Client(house.url).enrol('maria', password);
    const { page, strays } = await open();
    await page.goto(`${house.url}/admin/people`);
    // By keys only.
    await page.getByRole('button', { name: 'Maria Lopez' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog').last();
    await dialog.getByRole('heading', { name: 'When this person cannot sign in' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Reset the password' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').waitFor();
    await page.keyboard.type('Forgot it; I called back on the number of the office');
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Code for Maria Lopez' }).waitFor();
    const code = (await page.locator('.tw-secret').textContent()) ?? '';
    assert.match(code, /^(\w{4}-){3}\w{4}$/);
    assert.deepEqual(await violations(page), []);
    await page.getByText('Not signed in since').waitFor();

    // The same administrator gets no further: with both halves they could be Maria.
    await page.getByRole('button', { name: 'Reset the second factor' }).click();
    await page.getByLabel('Reason').fill('Also lost the phone');
    await page.getByRole('button', { name: 'Reset the second factor now' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /E_RESET_BOTH/);

    const context = await page.context().browser()!.newContext({ locale: 'en-US' });
    const hers = await context.newPage();
    await hers.goto(house.url);
    await hers.getByRole('button', { name: 'I was given a code for a new password' }).click();
    await hers.getByLabel('Login').fill('maria');
    await hers.getByLabel('Code').fill(code.toLowerCase());
    await hers.getByLabel('New password').fill(next);
    assert.deepEqual(await violations(hers), []);
    await hers.getByRole('button', { name: 'Choose a new password' }).click();
    await hers.getByLabel('Six-digit code').fill(totp(secret, Date.now() + 30_000));
    await hers.getByRole('button', { name: 'Sign in' }).click();
    await hers
      .getByRole('button', { name: 'I accept' })
      .or(hers.getByRole('heading', { level: 1, name: 'Today' }))
      .first()
      .waitFor();

    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('button', { name: 'Maria Lopez' }).click();
    await page.getByText('Signed in again').waitFor();
    const reset = page.getByRole('button', { name: 'Reset the second factor' });
    await reset.click();
    await page.getByLabel('Reason').fill('Lost the phone on the ferry');
    await page.getByRole('button', { name: 'Reset the second factor now' }).click();
    await page.getByText('The next sign-in of this person sets up a new second factor.').waitFor();
    const left = await db.selectFrom('second_factors').selectAll().where('person_id', '=', id).execute();
    assert.deepEqual(left, []);
    assert.deepEqual(strays, []);
  });

  test('are not offered to be reset by themselves', async () => {
    const self = await newPerson(house, [{ site: '*', role: 'admin' }]);
    await db.updateTable('people').set({ name: 'Only Me' }).where('id', '=', self).execute();
    const [name = '', value = ''] = (await newSession(house, self))['cookie']?.split('=') ?? [];
    const { page } = await open();
    await page.context().clearCookies();
    await page.context().addCookies([{ name, value, url: house.url }]);
    await page.goto(`${house.url}/admin/people`);
    await page.getByRole('rowheader').getByRole('button', { name: 'Only Me' }).click();
    await page.getByRole('button', { name: 'Give this role' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Reset the password' }).count(), 0);
  });
});
