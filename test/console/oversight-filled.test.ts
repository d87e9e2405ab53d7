import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { openLane, type SimulatedLane } from '../governance/redress-lane.ts';
import { violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, openAs } = await oversightDesk();

describe('pages of the oversight console with something on them', () => {
  let lane: SimulatedLane;

  before(async () => {
    lane = await openLane(house);
    assert.equal((await lane.publish()).status, 201);
  });

  test('the calendar has a row for what ends', async () => {
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/calendar?days=365`);
    await page.getByRole('row', { name: /Permit .*19\d days left/ }).waitFor();
    await page.getByRole('row', { name: /Notice .*19 days left/ }).waitFor();
    assert.equal(await page.getByRole('row', { name: /days left/ }).count(), 4);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

  test('an incident is reported on the page, and closed with what came of it', async () => {
    const { page } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/stops`);
    await page.getByRole('button', { name: 'Report an incident' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Severity').selectOption('serious');
    await dialog.getByLabel('What happened').fill('The camera kept pictures.');
    await dialog.getByLabel('When').fill('2026-01-02T03:04');
    await dialog.getByLabel('Offices outside that were told').fill('Inspector General');
    await dialog.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText(/^Reported\. Told: \d+ people of the offices\.$/).waitFor();
    const row = page.getByRole('row', { name: /Serious The camera kept pictures\..* Open/ });
    await row.getByRole('button', { name: 'Close' }).click();
    await dialog.getByLabel('What came of it').fill('The camera was replaced.');
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await page.getByRole('row', { name: /Serious .*: The camera was replaced\./ }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

  test('an office returns a version with its reason, and everybody reads it', async () => {
    const { page } = await openAs('civil-rights', lane.office.people['civil-rights']);
    await page.goto(`${house.url}/oversight/uses/${lane.registration}`);
    await page.getByRole('button', { name: 'Sign or return' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your word').selectOption('Return');
    await dialog.getByLabel('Reason').fill('Test more groups.');
    await dialog.getByRole('button', { name: 'Put on record' }).click();
    await dialog.waitFor({ state: 'detached' });
    const returned = /^Civil Rights and Civil Liberties Returned .*Test more groups\./;
    await page.getByRole('row', { name: returned }).waitFor();
    const other = await openAs('privacy');
    await other.page.goto(`${house.url}/oversight/uses/${lane.registration}`);
    await other.page.getByRole('row', { name: returned }).waitFor();
  });
});
