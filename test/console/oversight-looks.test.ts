import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { register } from '../../src/governance/permits/registrations.ts';
import { charterOf, modelDigest } from '../governance/permit-office.ts';
import { newPerson } from '../platform/attack/house.ts';
import { until } from '../platform/service-parts.ts';
import { cutTables, violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, openAs } = await oversightDesk();
const use = 'face-lane';

describe('the pages of the oversight console', () => {
  let registration: string;

  before(async () => {
    const by = await newPerson(house, [{ site: '*', role: 'ai-governance' }]);
    registration = await register(house.platform, {
      ...{ charter: charterOf(use), purposes: ['release'], by, now: new Date() },
      models: [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }],
    });
  });

  test('the public record is previewed and comes as an inventory and as a page that loads nothing', async () => {
    const { page, strays } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/public`);
    for (const [label, text] of [
      ['Agency, abbreviated', 'DHS'],
      ['Agency, full name', 'Department of <Harbours>'],
      ['Component', 'Port Authority'],
      ['E-mail for inquiries', 'ai@agency.example'],
    ] as const)
      await page.getByLabel(label).fill(text);
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.locator('summary').click();
    await page.getByRole('row', { name: /use_case_name/ }).waitFor();
    assert.deepEqual(await violations(page), []);
    const saved = async (name: RegExp): Promise<string> => {
      const download = page.waitForEvent('download');
      await page.getByRole('link', { name }).click();
      const pieces: Buffer[] = [];
      for await (const piece of await (await download).createReadStream()) pieces.push(piece as Buffer);
      return Buffer.concat(pieces).toString();
    };
    assert.match(await saved(/CSV/), /^\uFEFFagency.*\r\nDHS,Department of <Harbours>/s);
    const html = await saved(/HTML/);
    assert.match(html, /Department of &lt;Harbours&gt;/);
    assert.doesNotMatch(html, /<script|src=|https?:/);
    await page.setContent(html);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(strays, []);
  });

  test('axe finds nothing on any part, on a laptop, a wall and, dark, a phone, and none is wider than its screen', async () => {
    const { page, strays } = await openAs('ai-governance');
    const parts = ['reviews', 'calendar', 'calendar?view=month', 'stops', 'opt-outs', 'redress', 'disparity'];
    for (const part of [...parts, 'ledger', 'public', 'labs', 'seeds', 'training', `uses/${registration}`]) {
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.goto(`${house.url}/oversight/${part}`);
      await page.locator('h1').waitFor();
      await page.waitForLoadState('networkidle');
      assert.equal(await page.getByRole('alert').count(), 0, part);
      for (const [width, height] of [
        [1366, 768],
        [3840, 2160],
        [320, 640],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: width > 320 ? 'light' : 'dark' });
        assert.deepEqual(await violations(page), [], `${part}, ${width} wide`);
        const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
        assert.equal(await page.evaluate(over), 0, `${part}, ${width} wide`);
        if (width > 320) assert.deepEqual(await cutTables(page), [], `${part}, ${width} wide`);
      }
    }
    assert.deepEqual(strays, []);
  });

  test('somebody without an office sees their own training only, takes it, and is told why', async () => {
    const office = await openAs('privacy');
    await office.page.goto(`${house.url}/oversight/training`);
    const release = office.page.getByRole('button', { name: /^Put into force/ });
    await release.first().waitFor();
    for (let left = await release.count(); left > 0; left--) {
      await release.first().click();
      await until('one less', async () => (await release.count()) < left);
    }
    const { page } = await openAs('officer');
    await page.goto(`${house.url}/oversight`);
    await page.getByRole('heading', { name: 'My training', level: 1 }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Ledger explorer' }).count(), 0);
    await page.locator('tbody th button').first().click();
    await page.getByRole('button', { name: 'Go to the cases' }).click();
    const cases = page.locator('fieldset');
    await cases.first().waitFor();
    for (let at = 0; at < (await cases.count()); at++) await cases.nth(at).locator('label').first().click();
    await page.getByRole('button', { name: 'Hand in the answers' }).click();
    await page.getByText(/of \d+ right: /).waitFor();
    await page.getByText('Why:').first().waitFor();
    assert.deepEqual(await violations(page), []);
  });
});
