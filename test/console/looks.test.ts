import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const addresses = [
  ...['/', '/cases', '/library', '/findings', '/nowhere'],
  ...[
    'jobs',
    'services',
    'people',
    'sites',
    'account',
    'tokens',
    'webhooks',
    'health',
    'models',
    'rules',
    'ledger',
    'refusals',
  ].map((part) => `/admin/${part}`),
];

// Colours do not depend on the size, nor the layout on the colours. 320: a page enlarged to 400 % (WCAG 1.4.10), or a phone.
const looks = [
  [1366, 768, 'light'],
  [1366, 768, 'dark'],
  [3840, 2160, 'dark'],
  [320, 640, 'dark'],
] as const;

const { house, things, open } = await signedIn();

describe('the pages of the console', () => {
  const all = (): string[] => [...addresses, `/cases/${things.caseId}`, `/library/${things.assetId}`];

  test('axe finds nothing on any page, on a laptop, a wall and a phone, light and dark; none is wider than its screen; nothing is asked of others', async () => {
    const { page, strays } = await open();
    for (const address of all()) {
      await page.goto(`${house.url}${address}`);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      for (const [width, height, colorScheme] of looks) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        assert.deepEqual(await violations(page), [], `${address}, ${width} wide, ${colorScheme}`);
        const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(over), 0, `${address}, ${width} wide`);
      }
    }
    assert.deepEqual(strays, []);
  });

  test('a person chooses light or dark, whatever the system says, and this browser keeps it', async () => {
    const { page } = await open();
    await page.emulateMedia({ colorScheme: 'light' });
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = 'rgb(255, 255, 255)';
    await page.goto(house.url);
    const me = page.locator('[popovertarget]');
    await me.click();
    assert.equal(await ground(), light);
    await page.getByText('Dark', { exact: true }).click();
    const dark = await ground();
    assert.notEqual(dark, light);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Dark' }).waitFor({ state: 'hidden' });

    await page.reload();
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    assert.equal(await ground(), dark);
    await me.click();
    await page.getByText('As the system says').click();
    assert.equal(await ground(), light);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await ground(), dark);
  });
});
