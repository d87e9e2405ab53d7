import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { totp } from '../platform/serving.ts';
import { firstRun, openConsole, password, violations, type Console } from './browser.ts';

const photograph = fileURLToPath(
  new URL('../../node_modules/@vladmandic/face-api/demo/sample2.jpg', import.meta.url),
);

describe('the console, from the one-time code on', () => {
  let opened: Console | undefined;
  after(() => opened?.close());

  test('a newcomer redacts the sample, signs in again with the second factor, and uploads a file', async () => {
    opened = await openConsole();
    const { page, url, strays } = opened;
    const secret = await firstRun(opened);

    await page.getByLabel('Name').fill('Harbor office');
    await page.getByRole('button', { name: 'Add this site' }).click();
    await page.getByRole('button', { name: 'Redact a sample' }).click();
    await page.getByRole('heading', { name: 'Sample request' }).waitFor();
    const output = page
      .getByRole('region', { name: 'Exhibits' })
      .getByRole('link', { name: 'sample.redacted.jpg', exact: true });
    await output.waitFor({ timeout: 240_000 });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download sample.redacted.jpg' }).click(),
    ]);
    const bytes = readFileSync(await download.path());
    await output.click();
    // Where the two drawn portraits have their eyes, on the screen and in the passport.
    for (const eyes of [
      { left: 425, top: 235, width: 36, height: 14 },
      { left: 625, top: 382, width: 60, height: 20 },
    ]) {
      const pixels = await sharp(bytes).extract(eyes).raw().toBuffer();
      assert.ok(Math.max(...pixels) < 40, 'the faces of the sample are covered');
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    assert.equal(await page.locator('.tw-hash').textContent(), hash);
    await page.getByRole('img', { name: 'Content of sample.redacted.jpg' }).waitFor();

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Login').fill('ada');
    await page.getByLabel('Password').fill('not this one at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /E_SIGN_IN/);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    // The code of this half minute was used up by the enrolment.
    await page.getByLabel('Six-digit code').fill(totp(secret, Date.now() + 30_000));
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'I accept' }).click();

    await page.goto(`${url}/cases`);
    await page.getByRole('link', { name: 'Sample request' }).click();
    await page.getByLabel('Choose files').setInputFiles(photograph);
    await page.getByRole('link', { name: 'sample2.jpg' }).first().click();
    await page.getByRole('button', { name: 'Reveal' }).waitFor();
    assert.equal(
      await page.locator('.tw-hash').textContent(),
      createHash('sha256').update(readFileSync(photograph)).digest('hex'),
    );
    assert.equal(await page.locator('.tw-stage img').count(), 0, 'nothing sensitive is loaded unasked');
    await page.getByRole('button', { name: 'Reveal' }).click();
    await page.getByRole('img', { name: 'Content of sample2.jpg' }).waitFor();
    await page.getByText('Content seen or downloaded').first().waitFor();
    assert.deepEqual(strays, []);
  });
});
