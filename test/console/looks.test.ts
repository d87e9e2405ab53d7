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

const sizes = [
  [1366, 768],
  [3840, 2160],
] as const;

const { house, things, open } = await signedIn();

describe('the pages of the console', () => {
  const all = (): string[] => [...addresses, `/cases/${things.caseId}`, `/library/${things.assetId}`];

  test('axe finds nothing on any page, on a laptop and on a wall; none is wider than its screen; nothing is asked of others', async () => {
    const { page, strays } = await open();
    for (const address of all()) {
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.goto(`${house.url}${address}`);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        assert.deepEqual(await violations(page), [], `${address}, ${width} wide`);
        const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(over), 0, `${address}, ${width} wide`);
      }
    }
    assert.deepEqual(strays, []);
  });
});
