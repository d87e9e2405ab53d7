import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keepLedger } from '../../src/server/keep-ledger.ts';
import { sequence } from '../../src/platform/ledger/ledger.ts';
import { charterOf, modelDigest } from '../governance/permit-office.ts';
import { ask, newPerson, newSession } from '../platform/attack/house.ts';
import { until } from '../platform/service-parts.ts';
import { violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, localhost, openAs } = await oversightDesk();
const use = 'face-lane';

describe('the oversight console', () => {
  const stopping = new AbortController();
  let keeping: Promise<void>;
  let registration: string;
  let author: string;

  before(async () => {
    keeping = keepLedger(house.platform, stopping.signal, () => undefined);
    author = await newPerson(house, [{ site: '*', role: 'ai-governance' }]);
    const headers = await newSession(house, author);
    const reply = await ask(house, {
      ...{ method: 'POST', path: '/api/v1/governance/registrations', headers },
      body: {
        charter: charterOf(use),
        purposes: ['release'],
        models: [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }],
      },
    });
    assert.equal(reply.status, 201, reply.text);
    registration = (JSON.parse(reply.text) as { id: string }).id;
  });
  after(async () => {
    stopping.abort();
    await keeping;
    await sequence(house.platform.db);
  });

  test('each office reviews and signs by keys alone; who wrote it is told why they cannot', async () => {
    for (const [role, office] of [
      ['privacy', 'Privacy Office'],
      ['civil-rights', 'Civil Rights and Civil Liberties'],
      ['admin', 'Chief Information Officer'],
      ['ai-governance', 'Chief AI Officer'],
    ] as const) {
      const { page } = await openAs(role);
      await page.goto(house.url);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await page.getByRole('rowheader', { name: `${use}, version 1` }).waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `${use}, version 1`, level: 1 }).waitFor();
      await page.getByRole('button', { name: 'Sign or return' }).waitFor();
      await page.keyboard.press('s');
      await page.getByRole('dialog').waitFor();
      assert.equal(await page.locator('dialog select').first().locator('option').textContent(), office);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.type('Read, and agreed to.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('row', { name: new RegExp(`^${office} Signed`) }).waitFor();
      await page.context().close();
    }
    const { page } = await openAs('ai-governance', author);
    await page.goto(`${house.url}/oversight/uses/${registration}`);
    await page.getByText('nobody signs their own work').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sign or return' }).count(), 0);
  });

  test('an assessment is written, edited, compared; it is sealed by somebody else', async () => {
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/uses/${registration}`);
    await page.getByRole('button', { name: 'Write: Privacy threshold analysis' }).click();
    await page.getByRole('button', { name: 'Edit answers' }).click();
    const fields = page.locator('dialog textarea');
    for (let at = 0; at < (await fields.count()); at++)
      if ((await fields.nth(at).inputValue()) === '') await fields.nth(at).fill('Answered by the office.');
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('Version 2 · Not signed off · All questions are answered').waitFor();
    await page.getByRole('table', { name: 'Changes since version' }).waitFor();
    await page.getByText('somebody else of the office signs it off').waitFor();
    assert.deepEqual(await violations(page), []);
    const other = await openAs('privacy');
    await other.page.goto(`${house.url}/oversight/uses/${registration}`);
    await other.page.getByRole('button', { name: 'Sign this version off' }).click();
    await other.page.getByText(/Version 2 · Signed off/).waitFor();
    const download = other.page.waitForEvent('download');
    await other.page.getByRole('link', { name: 'Download PDF' }).click();
    assert.match((await download).suggestedFilename(), /\.pdf$/);
  });

  test('a use is stopped with one button and a reason, and lifted by another person', async () => {
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/stops`);
    await page.getByRole('button', { name: 'Stop a use' }).click();
    await page.getByText('ends within seconds').waitFor();
    await page.getByRole('dialog').getByLabel('Use').selectOption(use);
    await page.getByLabel('Why').fill('The lane kept pictures.');
    await page.getByRole('button', { name: 'Stop it now' }).click();
    await page.getByText(/^Stopped\. Told: \d+ people/).waitFor();
    await page.getByText('You stopped it: somebody else lifts it.').waitFor();
    assert.deepEqual(await violations(page), []);
    const other = await openAs('ai-governance');
    await other.page.goto(`${house.url}/oversight/stops`);
    await other.page.getByRole('button', { name: `Lift the stop of ${use}` }).click();
    await other.page.getByLabel('Why').fill('The lane was mended.');
    await other.page.getByRole('dialog').getByRole('button', { name: 'Lift' }).click();
    await other.page.getByText('Nothing is stopped.').waitFor();
  });

  test('the browser checks a proof, refuses an entry that was changed, and that one head continues another', async () => {
    const { page, id } = await openAs('ai-governance');
    const heads = async (): Promise<number> => {
      const headers = await newSession(house, id);
      const path = '/api/v1/governance/oversight/heads';
      return (JSON.parse((await ask(house, { path, headers })).text) as { items: unknown[] }).items.length;
    };
    await until('two signed heads', async () => (await heads()) >= 2);
    await page.goto(`${localhost}/oversight/ledger?kind=governance`);
    await page.getByText('Holds: checked in this browser with the public key').waitFor();
    await page.getByRole('button', { name: 'Check both heads' }).click();
    await page.getByText('It does: nothing of the older tree').waitFor();
    await page
      .getByRole('button', { name: /^Check entry/ })
      .last()
      .click();
    await page.getByText('In the signed tree').waitFor();
    await page.route('**/governance/oversight/ledger?*', async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      await route.fulfill({ response, body: text.replaceAll(use, 'other-lane') });
    });
    await page.route('**/ledger/growth?*', async (route) => {
      const response = await route.fetch();
      const { proof } = (await response.json()) as { proof: string[] };
      await route.fulfill({ response, json: { proof: proof.map(() => 'A'.repeat(43) + '=') } });
    });
    await page.reload();
    await page
      .getByRole('button', { name: /^Check entry/ })
      .last()
      .click();
    await page.getByText('Not in the signed tree').waitFor();
    await page.getByRole('button', { name: 'Check both heads' }).click();
    await page.getByText('It does not: the newer tree').waitFor();
  });
});
