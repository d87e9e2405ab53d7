import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { sha256 } from '../../src/core/digest.ts';
import { recordGroupTable } from '../../src/governance/oversight/disparity.ts';
import { grantWaiver, recordTest } from '../../src/governance/permits/evidence.ts';
import { DAY_MS, modelDigest } from '../governance/permit-office.ts';
import { openLane, passLane, use, type SimulatedLane } from '../governance/redress-lane.ts';
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
    await page.getByRole('row', { name: /^Permit for entry at pier .*19\d days left/ }).waitFor();
    await page.getByRole('row', { name: /^Notice in English, version 1 .*19 days left/ }).waitFor();
    assert.equal(await page.getByRole('row', { name: /days left/ }).count(), 4);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

  test('who opted out is counted, and tables by group and by process show what was counted by hand', async () => {
    await passLane(lane, { optedOut: false, count: 30, passed: 27 });
    await passLane(lane, { optedOut: true, count: 31, passed: 18 });
    const group = (name: string, wrong: number): object => ({
      ...{ name, fmr: { errors: 1, n: 10_000 }, fnmr: { errors: wrong, n: 400 } },
    });
    const report = JSON.stringify({
      claims: { format: 'tidewaiter-face-test-1', simulated: true, groups: [group('a', 8), group('b', 120)] },
      ...{ signature: null, key: null },
    });
    const now = new Date();
    const { people } = lane.office;
    const { id } = await recordTest(house.platform, {
      ...{ use, kind: 'recognition', modelDigest, reportDigest: sha256(report), passed: true, testedAt: now },
      ...{ expires: new Date(now.getTime() + 50 * DAY_MS), by: people.caio, now },
    });
    await recordGroupTable(house.platform, { test: id, report, by: people.caio, now });
    await grantWaiver(house.platform, {
      ...{ registration: lane.registration, kind: 'waiver', requirement: 'training', site: 'pier', now },
      ...{
        reason: 'A storm closed the training rooms for a week; a supervisor stands beside each officer.',
        publicSummary: 'Because of a storm, officers at the pier are trained a few weeks later.',
        by: people.caio,
      },
      expires: new Date(now.getTime() + 40 * DAY_MS),
    });
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/opt-outs`);
    const counts = page.getByRole('table', { name: 'Counts by month and lane' });
    await counts.getByRole('row', { name: /lane-1 .*Captured 30$/ }).waitFor();
    await counts.getByRole('row', { name: /lane-1 .*Opted out 31$/ }).waitFor();
    assert.deepEqual(await violations(page), []);

    await page.goto(`${house.url}/oversight/disparity?use=${use}`);
    const tested = page.getByRole('table', { name: /^recognition, tested / });
    // 8 of 400 and 120 of 400; true matches 0.98 and 0.70, of which the ratio is 0.714.
    await tested.getByRole('row', { name: /^a .*\b2(\.0+)? ?%/ }).waitFor();
    await tested.getByRole('row', { name: /^b .*\b30(\.0+)? ?%/ }).waitFor();
    await page.getByText('Below four fifths: it deserves a look, and is no verdict (0.71)').waitFor();
    // 27 of 30 and 18 of 31: 0.9 and 0.581, of which the ratio is 0.645.
    const outcomes = page.getByRole('table', { name: 'Passed without more than was planned' });
    await outcomes.getByRole('row', { name: /^Captured .*\b90(\.0+)? ?%/ }).waitFor();
    await outcomes.getByRole('row', { name: /^Opted out .*\b58(\.\d+)? ?%/ }).waitFor();
    await page.getByText('Below four fifths: it deserves a look, and is no verdict (0.65)').waitFor();
    assert.deepEqual(await violations(page), []);

    await page.goto(`${house.url}/oversight/calendar?days=365`);
    await page.getByRole('row', { name: /^Waiver of training at pier .*39 days left/ }).waitFor();
    await page.getByRole('row', { name: /^Test: recognition of model .*49 days left/ }).waitFor();
    await page.getByRole('row', { name: /^Report of a waiver to OMB is due .*29 days left/ }).waitFor();
    await page.context().close();
  });

  test('drift is shown by day, and too little of it is no verdict', async () => {
    const result = { scores: 3, psi: null, ks: null, decided: 1, confirmed: null, beyond: [] };
    await house.platform.db
      .insertInto('drift_checks')
      .values({ use, day: '2026-03-04', result: JSON.stringify(result), checked_at: new Date() })
      .execute();
    const { page } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/labs`);
    await page.getByRole('row', { name: /Mar 4, 2026 .*n = 1 Not estimable$/ }).waitFor();
    await page.context().close();
  });

  test('equal service is shown of the use that has passages, before anybody chooses', async () => {
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/opt-outs`);
    await page.getByRole('row', { name: /lane-1 Waiting time/ }).waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Use' }).inputValue(), use);
    // 3 of 60 who were captured, 13 of 60 who opted out.
    await passLane(lane, { optedOut: false, count: 30, passed: 30 });
    await passLane(lane, { optedOut: true, count: 29, passed: 29 });
    await page.reload();
    await page.getByRole('row', { name: /lane-1 Referred 16\.7 \(.*n = 60 \/ 60.*\+16\.7 points/ }).waitFor();
    await page.context().close();
  });

  test('an incident that is reported stops its use, which is said beforehand, and is closed with what came of it', async () => {
    const { page } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/stops`);
    await page.getByRole('button', { name: 'Report an incident' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByText(/^Reporting it stops the use at once: .*Only what is low does not stop it/)
      .waitFor();
    assert.equal(await dialog.getByLabel('Severity').inputValue(), '', 'nobody calls it low by leaving it');
    assert.equal(await dialog.getByLabel('Use').inputValue(), '', 'nobody stops the first use by leaving it');
    await dialog.getByLabel('Use').selectOption(use);
    await dialog.getByText(/^In the time of this browser: \w+/).waitFor();
    await dialog.getByLabel('Severity').selectOption('serious');
    await dialog.getByLabel('What happened').fill('The camera kept pictures.');
    await dialog.getByLabel('When').fill('2026-01-02T03:04');
    await dialog.getByLabel('Offices outside that were told').fill('Inspector General');
    await dialog.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText(/^Reported, and the use is stopped\. Told: \d+ people of the offices\.$/).waitFor();
    await page.getByRole('row', { name: /An incident Incident .* \(serious\): The camera kept/ }).waitFor();
    await page.getByText('You stopped it: somebody else lifts it.').waitFor();
    const row = page.getByRole('row', {
      name: /Serious The camera kept pictures\..* Open; it stopped the use/,
    });
    assert.equal(await row.getByRole('button', { name: 'Stop its use' }).count(), 0);
    await row.getByRole('button', { name: 'Close' }).click();
    await dialog.getByLabel('What came of it').fill('The camera was replaced.');
    await dialog.getByRole('button', { name: 'Close the incident' }).click();
    await page.getByRole('row', { name: /Serious .*: The camera was replaced\./ }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });

  test('a remark stops nothing; to stop its use takes a reason, as it does without one', async () => {
    const { page } = await openAs('privacy');
    await page.goto(`${house.url}/oversight/stops`);
    await page.getByRole('button', { name: 'Report an incident' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Use').selectOption(use);
    await dialog.getByLabel('Severity').selectOption('low');
    await dialog.getByLabel('What happened').fill('A fly sat on the lens.');
    await dialog.getByLabel('When').fill('2026-01-02T03:04');
    await dialog.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText(/^Reported\. Told: \d+ people of the offices\.$/).waitFor();
    const row = page.getByRole('row', { name: /Low A fly sat on the lens\./ });
    await row.getByRole('button', { name: 'Stop its use' }).click();
    assert.deepEqual(await violations(page), []);
    await dialog.getByLabel('Why').fill('The lane was blind.');
    await dialog.getByRole('button', { name: 'Stop it now' }).click();
    await page.getByRole('row', { name: /An incident Incident [-0-9a-f]+: The lane was blind\./ }).waitFor();
    await row.getByText('Open; it stopped the use').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
  });

  test('somebody who works with a use reports from where they are, of one that nobody put before the offices too', async () => {
    const { page } = await openAs('operator');
    await page.goto(`${house.url}/library`);
    await page.getByRole('button', { name: 'Report incident' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Use').selectOption('Watch');
    await dialog.getByLabel('Severity').selectOption('moderate');
    await dialog.getByLabel('What happened').fill('An alert named a neighbour.');
    await dialog.getByLabel('When').fill('2026-01-02T03:04');
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Report', exact: true }).click();
    await dialog.getByText(/^Reported, and the use is stopped\. Told: \d+ people/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
    const overseer = await openAs('privacy');
    await overseer.page.goto(`${house.url}/oversight/stops`);
    await overseer.page.getByRole('row', { name: /^Watch Moderate An alert named a neighbour/ }).waitFor();
    const viewer = await openAs('viewer');
    await viewer.page.goto(`${house.url}/library`);
    await viewer.page.locator('h1').waitFor();
    assert.equal(await viewer.page.getByRole('button', { name: 'Report incident' }).count(), 0);
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
