import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { webhookKinds } from '../../web/app/pages/admin/webhook-kinds.ts';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const kinds = Object.values(webhookKinds).flat();

test('each event that a webhook is offered is one that the server tells of', () => {
  const src = fileURLToPath(new URL('../../src', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`${src}/${name}`, 'utf8'))
    .join('\n');
  assert.deepEqual(
    kinds.filter((kind) => !code.includes(`'${kind}'`)),
    [],
  );
});

test('the events of a webhook are chosen from a list, by keys only, and others are typed', async () => {
  const { house, open } = await signedIn();
  const { page, strays } = await open();
  await page.goto(`${house.url}/admin/webhooks`);
  await page.getByRole('button', { name: 'Add a webhook' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').waitFor();
  await page.keyboard.type('https://93.184.216.34/hook');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await dialog.getByLabel('File received (asset.received)').focus();
  await page.keyboard.press('Space');
  await dialog.getByLabel('Other events').fill('asset.viewed, case.opened');
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');
  await page
    .getByRole('heading', { name: 'Secret of the webhook' })
    .or(page.getByRole('alert'))
    .first()
    .waitFor();
  const rows = await house.platform.db.selectFrom('webhooks').select('kinds').execute();
  assert.deepEqual(rows, [{ kinds: ['case.opened', 'asset.received', 'asset.viewed'] }]);
  assert.deepEqual(strays, []);
});
