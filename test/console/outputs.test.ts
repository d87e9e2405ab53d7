import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { firstRun, openConsole, violations, type Console } from './browser.ts';

describe('what a redaction made, in the console', () => {
  let opened: Console | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-outputs-'));
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await opened?.close();
  });

  test('the output says its verdict and who asked; records are read here; jobs and reviews are found', async () => {
    opened = await openConsole();
    const { page, url, strays } = opened;
    await firstRun(opened);
    await page.getByLabel('Name').fill('Harbor office');
    await page.getByRole('button', { name: 'Add this site' }).click();
    await page.getByRole('button', { name: 'Redact a sample' }).click();
    const exhibits = page.getByRole('region', { name: 'Exhibits' });
    const output = exhibits.getByRole('link', { name: 'sample.redacted.jpg', exact: true });
    await output.waitFor({ timeout: 240_000 });

    await page.getByRole('link', { name: 'Redaction: sample.jpg', exact: true }).waitFor();
    assert.ok((await page.getByRole('link', { name: 'On its page' }).count()) > 0, 'originals say where');
    for (const [name, type, bytes] of [
      ['empty.mp4', 'video/mp4', ''],
      ['letter.mp4', 'video/mp4', '%PDF-1.4\n1 0 obj<<>>endobj\n'],
    ] as const) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      await page.locator('input[type=file]').first().setInputFiles(path);
      const said = page.locator('.tw-sending', { hasText: name });
      await said.getByText(/it is empty|another kind/).waitFor();
      assert.ok(type);
    }
    assert.deepEqual(await violations(page), []);

    await output.click();
    const verdict = page.locator('.tw-section', { hasText: 'What came of it' });
    await verdict.getByText('Standard', { exact: true }).waitFor();
    const text = (await verdict.textContent()) ?? '';
    assert.match(text, /check (found nothing|lists \d+ spot)/);
    assert.match(text, /face 2; .*text \d+; code \d/);
    assert.match(text, /What the models did not find stays open/);
    await verdict.getByText('On the way to a release').waitFor();
    const steps = await verdict.getByRole('listitem').allTextContents();
    assert.deepEqual(
      [steps[0], steps[2], steps[3]],
      [
        'Done: Redacted',
        'To do: Looked at by a person in a review',
        'To do: Release, the last step: it is recorded in the case',
      ],
    );
    assert.match(text, /Ada Pier/);
    assert.deepEqual(await violations(page), []);

    const asset = page.url().split('/').at(-1) ?? '';
    const { case: caseId } = (await (await page.request.get(`${url}/api/v1/assets/${asset}`)).json()) as {
      case: string;
    };
    const handed = { asset, recipient: 'Harbor news', basis: 'Request TW-1' };
    const made = await page.request.post(`${url}/api/v1/cases/${caseId}/releases`, { data: handed });
    assert.equal(made.status(), 201);
    await page.reload();
    await verdict.getByText('Done: Release, the last step').waitFor();
    assert.equal(await verdict.getByRole('link', { name: 'To the case' }).count(), 0);

    await verdict.getByRole('link', { name: 'Signed record (JSON)' }).click();
    await page.getByRole('region', { name: /Text of sample.record.json/ }).waitFor();
    assert.match(
      (await page.locator('.tw-document').textContent()) ?? '',
      /"format": "tidewaiter-redaction-record"/,
    );
    await page.goBack();
    await page.getByRole('link', { name: 'Report (PDF)' }).click();
    const [pages] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Open' }).click(),
    ]);
    assert.match(pages.url(), /^blob:/);
    await pages.close();

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Redaction' }).click();
    await page.getByRole('heading', { name: 'Redaction reviews', level: 1 }).waitFor();
    await page.goto(`${url}/admin/jobs`);
    await page.getByRole('link', { name: 'Redaction: sample.jpg', exact: true }).waitFor();
    assert.deepEqual(strays, []);
  });
});
