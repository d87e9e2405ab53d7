import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sequence } from '../../src/platform/ledger/ledger.ts';
import { keepLedger } from '../../src/server/keep-ledger.ts';
import { ask, newSession } from '../platform/attack/house.ts';
import { until } from '../platform/service-parts.ts';
import { violations } from './browser.ts';
import { signedIn } from './signed-in.ts';

const { house, things, personId, open } = await signedIn();
const localhost = house.url.replace('127.0.0.1', 'localhost');

describe('administration in the console', () => {
  const stopping = new AbortController();
  let keeping: Promise<void>;
  before(async () => {
    keeping = keepLedger(house.platform, stopping.signal, () => undefined);
    const headers = await newSession(house, personId);
    await ask(house, { path: `/api/v1/assets/${things.assetId}/content`, headers });
    await until('a signed head', async () => {
      const { text } = await ask(house, { path: '/api/v1/ledger/head', headers });
      return (JSON.parse(text) as { size: number }).size > 0;
    });
  });
  after(async () => {
    stopping.abort();
    await keeping;
    await sequence(house.platform.db);
  });

  test('the browser itself checks the signed head and that an entry is in its tree, and sees one that was changed', async () => {
    const { page } = await open();
    await page.goto(`${localhost}/admin/ledger`);
    await page.getByText('Holds: checked in this browser with the public key').waitFor();
    const check = page.getByRole('button', { name: /^Check entry/ }).first();
    await check.click();
    await page.getByText('In the signed tree').waitFor();
    assert.deepEqual(await violations(page), []);

    await page.route('**/api/v1/ledger/entries?from=*', async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      await route.fulfill({ response, body: text.replaceAll(personId, personId.replace(/.$/, 'x')) });
    });
    await page.route('**/api/v1/ledger/head', async (route) => {
      const response = await route.fetch();
      const head = (await response.json()) as { note: string };
      const note = head.note.replace(/time (\d)/, 'time 1');
      await route.fulfill({ response, json: { ...head, note } });
    });
    await page.reload();
    await page.getByText('Does not hold').waitFor();
    await page
      .getByRole('row', { name: /Content seen/ })
      .getByRole('button')
      .click();
    await page.getByText('Not in the signed tree').waitFor();
  });

  test('a passkey is added, listed and removed with an authenticator of the browser', async () => {
    const { page } = await open();
    const debug = await page.context().newCDPSession(page);
    await debug.send('WebAuthn.enable');
    await debug.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await page.goto(`${localhost}/admin/account`);
    await page.getByText('You have none yet.').waitFor();
    for (const name of ['Key on my ring', 'Key in the safe']) {
      await page.getByLabel('Name of the passkey').fill(name);
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await page.getByRole('rowheader', { name }).waitFor();
      // An authenticator holds one key for a person at a place: the next one is another device.
      await debug.send('WebAuthn.disable');
      await debug.send('WebAuthn.enable');
      await debug.send('WebAuthn.addVirtualAuthenticator', {
        options: { protocol: 'ctap2', transport: 'usb', automaticPresenceSimulation: true },
      });
    }
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Remove Key on my ring' }).click();
    await page.getByRole('rowheader', { name: 'Key on my ring' }).waitFor({ state: 'detached' });
    const rows = await house.platform.db.selectFrom('passkeys').select('name').execute();
    assert.deepEqual(rows, [{ name: 'Key in the safe' }]);
    // The last factor stays.
    await page.getByRole('button', { name: 'Remove Key in the safe' }).click();
    await page.getByRole('alert').waitFor();
  });

  test('time by hand is set with its source, and taken back', async () => {
    const { page } = await open();
    await page.goto(`${house.url}/admin/rules`);
    const redaction = page.locator('.tw-panel', { has: page.getByRole('heading', { name: 'Redaction' }) });
    await redaction.getByLabel('Minutes per item by hand').fill('42');
    await redaction.getByLabel('Source of the figure').fill('Time study, spring');
    await redaction.getByRole('button', { name: 'Set', exact: true }).click();
    await redaction.getByText('42 min').waitFor();
    await redaction.getByRole('button', { name: 'Take back' }).click();
    await redaction.getByText('Not known: no time by hand is set').waitFor();
  });

  test('how long files are kept is changed with a reason that the ledger commits to, and a class of the agency is added', async () => {
    const { page } = await open();
    await page.goto(`${house.url}/admin/rules`);
    await page.getByRole('button', { name: 'Change the class routine' }).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByLabel('Days').inputValue(), '30');
    await dialog.getByLabel('Days').fill('45');
    await dialog.getByLabel('Reason').fill('Schedule DAA-0000');
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^routine .* 45 when it came in/ }).waitFor();

    await page.getByRole('button', { name: 'Add a class' }).click();
    await dialog.getByLabel('Class').fill('drill');
    await dialog.getByLabel('Counted from').selectOption('when its case was closed');
    await dialog.getByLabel('Meaning').fill('Drills, for good.');
    await dialog.getByLabel('Reason').fill('Asked for by the records office');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^drill Drills, for good. Never erased/ }).waitFor();

    const { db } = house.platform;
    const rows = await db
      .selectFrom('retention_classes')
      .select(['name', 'days', 'counts_from'])
      .where('name', 'in', ['routine', 'drill'])
      .orderBy('name')
      .execute();
    assert.deepEqual(rows, [
      { name: 'drill', days: null, counts_from: 'case-closed' },
      { name: 'routine', days: 45, counts_from: 'created' },
    ]);
    // Entries stand in the tree within a second or so, and the page shows those of its head.
    const changed = page.getByRole('cell', { name: 'Retention changed' });
    for (let tries = 0; tries < 60 && (await changed.count()) < 2; tries++) {
      await page.goto(`${house.url}/admin/ledger`);
      await page.getByRole('cell').first().waitFor();
    }
    assert.equal(await changed.count(), 2);
  });
});
