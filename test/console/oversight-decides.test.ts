import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { keyFingerprint } from '../../src/core/signing-key.ts';
import { planSchema } from '../../src/governance/acceptance/plan.ts';
import type { CommitmentClaims, ReportClaims } from '../../src/governance/acceptance/signed.ts';
import { signClaims } from '../../src/governance/signed-claims.ts';
import { detectionPlan, newKey } from '../governance/acceptance-lab.ts';
import { modelDigest, openOffice } from '../governance/permit-office.ts';
import { ask, newSession } from '../platform/attack/house.ts';
import { violations } from './browser.ts';
import { oversightDesk } from './oversight-desk.ts';

const { house, openAs } = await oversightDesk();
const { db } = house.platform;
const use = 'face-lane';

describe('decisions in the oversight console', () => {
  let registration: string;

  before(async () => {
    const office = await openOffice(db, house.platform.keys);
    registration = await office.approved(use);
    const officer = await newSession(house, office.people.officer);
    for (let at = 0; at < 40; at++) {
      const id = randomUUID();
      await db
        .insertInto('findings')
        .values({
          ...{ id, site_id: 'pier', case_id: null, use, kind: 'label', score: at / 40, evidence: '{}' },
          ...{ reasons: '["looks like one"]', models: '[{"id":"m","digest":"d"}]' },
        })
        .execute();
      if (at >= 8) continue;
      const disposition = at % 2 === 0 ? 'dismissed' : 'confirmed';
      const path = `/api/v1/findings/${id}/decisions`;
      const body = { disposition, reason: 'looked at it' };
      const reply = await ask(house, { method: 'POST', path, headers: officer, body });
      assert.equal(reply.status, 201, reply.text);
    }
  });

  test('AI governance issues a permit for a version that lacks nothing; others see it', async () => {
    const { page } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/uses/${registration}`);
    await page.getByRole('button', { name: 'Issue a permit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Purpose').selectOption('release');
    await dialog.getByLabel('Site').selectOption('*');
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    await dialog.getByLabel('Ends after').fill(day(-2));
    await dialog.getByRole('button', { name: 'Issue a permit' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Ends after').fill(day(60));
    await dialog.getByRole('button', { name: 'Issue a permit' }).click();
    await dialog.waitFor({ state: 'detached' });
    const row = page
      .getByRole('table', { name: 'Permits' })
      .getByRole('row', { name: /^release Every site/ });
    await row.getByText('Holds').waitFor();
    assert.deepEqual(await violations(page), []);
    const other = await openAs('privacy');
    await other.page.goto(`${house.url}/oversight/uses/${registration}`);
    await other.page.getByRole('table', { name: 'Permits' }).getByText('Holds').waitFor();
    assert.equal(await other.page.getByRole('button', { name: 'Issue a permit' }).count(), 0);
    for (const one of [page, other.page]) await one.context().close();
  });

  test('a sealed set and a report of a lab are taken in; what nobody signed is refused; a failed one stops the use', async () => {
    const { page } = await openAs('ai-governance');
    await page.goto(`${house.url}/oversight/labs`);
    const key = newKey();
    const set: CommitmentClaims = {
      ...{ format: 'tidewaiter-acceptance-set-1', name: 'gate', items: 12, commitment: 'a'.repeat(64) },
      plan: planSchema.parse({ ...detectionPlan, use }),
      ...{ admitted: null, sealedAt: new Date().toISOString() },
    };
    await give(page, JSON.stringify(signClaims(set, key)));
    await page.getByText('The set is registered.').waitFor();
    await page.getByRole('table', { name: 'Sealed sets' }).getByText('gate').waitFor();
    const at = new Date().toISOString();
    const report: ReportClaims = {
      ...{ format: 'tidewaiter-acceptance-1', tool: { name: 'tidewaiter', version: '1' }, set },
      ...{ startedAt: at, madeAt: at, confinement: 'namespaces', answered: 12, fault: null },
      submission: {
        ...{ vendor: keyFingerprint(newKey().publicKey), kind: 'model', name: 'm.onnx', digest: modelDigest },
      },
      ...{ answers: '0'.repeat(64), measures: [], goals: [], verdict: 'failed' },
    };
    for (const bad of ['no JSON', '[]', JSON.stringify(signClaims(report, newKey()))]) {
      await give(page, bad);
      await page.getByRole('alert').waitFor();
    }
    await give(page, JSON.stringify(signClaims(report, key)));
    await page.getByText('it failed, and the use is stopped').waitFor();
    await page.getByRole('table', { name: 'Submissions' }).getByText('m.onnx').waitFor();
    assert.deepEqual(await violations(page), []);

    await page.getByLabel('From').fill('2000-01-01');
    await page.getByLabel('To', { exact: true }).fill('2000-01-02');
    await page.getByRole('button', { name: 'Set what drift is measured against' }).click();
    await page.getByRole('alert').getByText('E_DRIFT_BASELINE').waitFor();
    await page
      .getByLabel('To', { exact: true })
      .fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
    await page.getByRole('button', { name: 'Set what drift is measured against' }).click();
    await page.getByText('Set: 40 scores.').waitFor();
    const other = await openAs('supervisor');
    await other.page.goto(`${house.url}/oversight/labs`);
    await other.page.getByRole('table', { name: 'Submissions' }).waitFor();
    assert.equal(await other.page.getByLabel('File').count(), 0);
    for (const one of [page, other.page]) await one.context().close();
  });

  test('a queue is seeded, and its stock is filled', async () => {
    const { page } = await openAs('civil-rights');
    await page.goto(`${house.url}/oversight/seeds`);
    await page.getByLabel('Site').selectOption('pier');
    await page.getByLabel('Kind of finding').fill('label');
    await page.getByLabel('Seeds for each 100 findings').fill('10');
    await page.getByLabel('Reason').fill('To see whether people look.');
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByRole('button', { name: /^Make seeds for/ }).click();
    await page.getByRole('dialog').getByLabel('How many').fill('6');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('6 seeds were made.').waitFor();
    await page.getByRole('table', { name: 'Plans' }).getByRole('cell', { name: '6', exact: true }).waitFor();
    assert.deepEqual(await violations(page), []);
  });
});

async function give(page: Page, text: string): Promise<void> {
  const file = { name: 'lab.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.getByLabel('File').setInputFiles(file);
  await page.getByRole('button', { name: 'Take in a file of a lab' }).click();
}
