import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violations } from './browser.ts';
import { httpReceiver } from '../watch/outputs/receivers.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, supervisor } = desk;

test('a channel is added, tested, changed, switched and removed; what does not arrive is said with its reason', async () => {
  let status = 200;
  const receiver = await httpReceiver(() => status);
  const { page, strays } = await desk.open(supervisor);
  await page.goto(`${house.url}/watch/channels`);
  await page.getByText('Incidents are sent nowhere yet.').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'Add a channel' });
  await dialog.getByLabel('Name', { exact: true }).fill('Control room');
  // Kinds ask for what they need, with words that assistive software reads.
  for (const kind of ['mqtt', 'email', 'vms-http']) {
    await dialog.getByLabel('Kind').selectOption(kind);
    assert.deepEqual(await violations(page), [], kind);
  }
  await dialog.getByLabel('Kind').selectOption('webhook');
  await dialog.getByLabel('Address').fill('http://10.0.0.1/in');
  // The box itself is drawn by its label.
  await dialog.getByText('Low', { exact: true }).click();
  await dialog.getByLabel('Monday').fill('22:00-06:00, 12:00-13:00');
  await dialog.getByRole('button', { name: 'Add a channel' }).click();
  assert.match((await dialog.getByRole('alert').textContent()) ?? '', /E_/, 'no address of that network');
  await dialog.getByLabel('Address').fill(receiver.url);
  await dialog.getByRole('button', { name: 'Add a channel' }).click();
  const secret = page.getByRole('dialog', { name: 'The secret of the webhook' });
  await secret.getByText(/^whsec_/).waitFor();
  await page.keyboard.press('Escape');
  const row = page.getByRole('row', { name: /Control room/ });
  await row.getByText('High, Medium; every step').waitFor();
  await row.getByText('Nothing sent yet').waitFor();
  const [made] = await house.platform.db.selectFrom('watch_channels').select('choice').execute();
  assert.deepEqual(made?.choice.quiet, { monday: ['22:00-06:00', '12:00-13:00'] });

  await row.getByRole('button', { name: 'Control room' }).click();
  await page.getByRole('heading', { name: 'Control room' }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('row', { name: /Test Arrived/ }).waitFor();
  await row.getByText('Works').waitFor();
  assert.equal(JSON.parse(receiver.received[0]!.body).status, 'test');

  status = 401;
  await page.keyboard.press('t');
  await page.getByRole('row', { name: /Test Given up .*401/ }).waitFor();
  await row.getByText(/Does not arrive:.*401/).waitFor();
  await row.getByText('1 given up.').waitFor();
  assert.deepEqual(await violations(page), []);
  status = 200;
  await page.getByRole('button', { name: 'Try all again now' }).click();
  await row.getByText('Works').waitFor();

  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const change = page.getByRole('dialog', { name: 'Change' });
  assert.equal(await change.getByLabel('Low', { exact: true }).isChecked(), false);
  assert.equal(await change.getByLabel('Monday').inputValue(), '22:00-06:00, 12:00-13:00');
  await change.getByLabel('Name', { exact: true }).fill('Night desk');
  await change.getByLabel('Messages in a minute').fill('3');
  await change.getByRole('button', { name: 'Change' }).click();
  const renamed = page.getByRole('row', { name: /Night desk/ });
  await renamed.waitFor();
  await page.getByRole('button', { name: 'Switch off' }).click();
  await renamed.getByText('Off', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('Incidents are sent nowhere yet.').waitFor();
  assert.deepEqual(strays, []);
});
