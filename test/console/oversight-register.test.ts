import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { charter } from '../../src/uses/redaction/charter.ts';
import { ask, newSession } from '../platform/attack/house.ts';
import { violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, openAs } = await oversightDesk();

describe('registering a use in the oversight console', () => {
  test('who may puts a charter that came along before the offices, after reading what it lacks', async () => {
    const privacy = await openAs('privacy');
    await privacy.page.goto(`${house.url}/oversight/reviews`);
    await privacy.page.getByText('A supervisor, an admin or AI governance puts one forward.').waitFor();
    assert.equal(await privacy.page.getByRole('button', { name: 'Register a use' }).count(), 0);

    const { page, strays, id: author } = await openAs('supervisor');
    await page.goto(`${house.url}/oversight/reviews`);
    await page.getByRole('button', { name: 'Register a use' }).waitFor();
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog');
    // What is asked for takes a moment; then the keyboard is in the first field, not on Close.
    await dialog.locator('select:focus').waitFor();
    await dialog.getByLabel('Use').selectOption('watch');
    await dialog.getByText('Watching cameras while a site should be quiet').waitFor();
    await dialog.getByLabel('Use').selectOption('redaction');
    await dialog.getByText(charter.purpose).waitFor();
    await dialog.getByText(/^\d+ rules that nothing shows yet$/).click();
    assert.ok((await dialog.locator('details li').count()) > 3);
    assert.equal(await dialog.locator('code').count(), charter.models.length);
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Put it before the offices' }).click();
    await page.getByRole('heading', { name: `Redaction, version ${charter.revision}` }).waitFor();
    await page.getByText('You wrote this version').waitFor();

    const [row] = await house.platform.db.selectFrom('governance_registrations').selectAll().execute();
    assert.equal(row?.author_id, author);
    assert.deepEqual(row.charter, charter);
    assert.deepEqual(
      row.models.map(({ id }) => id),
      charter.models.map(({ id }) => id),
    );
    assert.deepEqual(row.purposes, ['redaction']);
    await page.goto(`${house.url}/oversight/reviews`);
    await page.getByRole('button', { name: 'Register a use' }).click();
    await dialog.getByText('Before the offices already: Redaction.').waitFor();
    assert.deepEqual(await dialog.getByLabel('Use').locator('option').allTextContents(), ['Watch']);

    // Somebody else was first: the dialog says so.
    const body = {
      charter: await watchCharter(author),
      purposes: ['watch'],
      models: [{ id: 'coco-ssdlite', digest: 'ab'.repeat(32), threshold: [0.2, 0.8] }],
    };
    const path = '/api/v1/governance/registrations';
    const headers = await newSession(house, author);
    assert.equal((await ask(house, { method: 'POST', path, headers, body })).status, 201);
    await dialog.getByRole('button', { name: 'Put it before the offices' }).click();
    await dialog.getByRole('alert').getByText('there is one on record already').waitFor();
    assert.deepEqual(strays, []);
    for (const one of [page, privacy.page]) await one.context().close();
  });
});

async function watchCharter(person: string): Promise<unknown> {
  const headers = await newSession(house, person);
  const reply = await ask(house, { path: '/api/v1/governance/built-in-charters', headers });
  const { items } = JSON.parse(reply.text) as { items: { charter: { use: string } }[] };
  return items.find(({ charter: { use } }) => use === 'watch')?.charter;
}
