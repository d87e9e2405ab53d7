import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPerson } from '../../src/platform/people/accounts.ts';
import { Client, totp } from '../platform/serving.ts';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const { house, open } = await signedIn();
const { db, people } = house.platform;
const password = 'seven tides at the quiet pier';

describe('one’s own account in the console', () => {
  test('lists where one is signed in and ends what is not there any more; another app takes the place of the first with its word', async () => {
    const person = { login: 'maria', name: 'Maria Lopez', password };
    await createPerson(db, people, { person, now: new Date() });
    const client = new Client(house.url);
    const old = await client.enrol('maria', password);
    const { page, strays } = await open();
    await page.context().clearCookies();
    await page.goto(`${house.url}/admin/account`);
    await page.getByLabel('Login').fill('maria');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('Six-digit code').fill(totp(old, Date.now() + 30_000));
    await page.getByRole('button', { name: 'Sign in' }).click();
    const accept = page.getByRole('button', { name: 'I accept' });
    const own = page.getByRole('table', { name: 'Where you are signed in' });
    await accept.or(own).first().waitFor();
    if (await accept.isVisible()) await accept.click();
    await client.call('GET', '/cases');
    await page.reload();

    await own.getByRole('row', { name: /node/ }).waitFor();
    assert.equal(await own.getByRole('row').count(), 3);
    assert.match(
      (await own.getByRole('row', { name: /This one/ }).textContent()) ?? '',
      /Chrome on Linux127\.0\.0\.1/,
    );
    assert.deepEqual(await violations(page), []);
    // By keys only.
    await own.getByRole('button', { name: /^End the session of .*, node$/ }).focus();
    await page.keyboard.press('Enter');
    await own.getByRole('row', { name: /node/ }).waitFor({ state: 'detached' });
    assert.equal((await client.call('GET', '/cases')).status, 401);
    await page.getByRole('button', { name: 'End all others' }).click();
    await page.getByText('0 sessions were ended.').waitFor();
    await own.getByRole('row', { name: /This one/ }).waitFor();

    await page.getByRole('button', { name: 'Replace the app' }).focus();
    await page.keyboard.press('Enter');
    const secret = ((await page.locator('.tw-secret').textContent()) ?? '').replaceAll(' ', '');
    await page.keyboard.type(totp(secret));
    await page.getByLabel('Code of the app that you have').fill('000000');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Confirm' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /E_SIGN_IN/);
    const [factor] = await db.selectFrom('second_factors').select('last_step').execute();
    // Each code counts once, and that of the next half minute was the sign-in's: time goes on in the database.
    await db
      .updateTable('second_factors')
      .set({ last_step: (factor?.last_step ?? 0) - 4 })
      .execute();
    await page.getByLabel('Code of the new app').fill(totp(secret));
    await page.getByLabel('Code of the app that you have').fill(totp(old));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('The new app is set up').waitFor();
    assert.equal(await page.locator('.tw-codes li').count(), 10);
    assert.deepEqual(await violations(page), []);
    await own.getByRole('row', { name: /This one/ }).waitFor();
    assert.deepEqual(strays, []);
  });
});
