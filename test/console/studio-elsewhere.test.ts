import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Finding, LoggedRedactionEdit } from '../../src/client/index.ts';
import type { Operation } from '../../src/uses/redaction/review/edit.ts';
import { clipFile, groupPhoto, workplace } from '../redaction/clips.ts';
import { violations } from './browser.ts';
import { goToFrame } from './studio-pixels.ts';
import { openStudioPlace, type StudioPlace, type Worker } from './studio-place.ts';

const folder = workplace();
let place: StudioPlace;
let one: Worker;
let id = '';
let page: Page;

before(async () => {
  place = await openStudioPlace();
  const clip = await clipFile(await groupPhoto({ seconds: 0.8 }), folder.path('yard.mp4'));
  one = await place.hire('one', 'officer');
  id = (await one.review(clip, 'yard.mp4', 'public-release')).review.id;
  page = await one.studio(id);
});
after(async () => {
  await place.close();
  folder.remove();
});

const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const status = (): Promise<string | null> => page.locator('.st-messages [role=status]').textContent();
const chosen = (): Promise<string | null> => page.locator('.st-inspector h2').textContent();

describe('following by keys, and findings that the studio decides', () => {
  test('a drawn box is followed while another track is looked at, and becomes one step', async () => {
    await goToFrame(page, 4);
    await press('d', 'ArrowUp', 'Enter');
    await page.getByText('box-1 was added').waitFor();
    await press('f');
    await page.getByText('box-1 is being followed').first().waitFor();
    await press('j');
    assert.notEqual(await chosen(), 'box-1');
    await page.getByText(/box-1 (was followed from|could not be followed)/).waitFor({ timeout: 20_000 });
    assert.match((await status()) ?? '', /box-1 was followed from 00:00\.\d+ to 00:00\.\d+/);
    await page.getByText('All changes saved').waitFor();
    const { edits } = await one.call<{ edits: LoggedRedactionEdit[] }>(
      'GET',
      `/redaction/reviews/${id}/edits`,
    );
    const operations = edits.map((edit) => edit.do as Operation);
    assert.deepEqual(
      operations.map((operation) => [operation.op, 'region' in operation && operation.region]),
      [
        ['add', 'box-1'],
        ['path', 'box-1'],
      ],
    );
    await press('u');
    await page.getByText('Undone.').waitFor();
    await press('U');
  });

  test('a review that waits is decided in the studio, not among the findings', async () => {
    const chief = await place.hire('chief', 'supervisor');
    await press('S', 'Tab', 'Enter');
    await page.getByText('Waits for a second person').waitFor();
    const { items } = await chief.call<{ items: Finding[] }>('GET', '/findings?kind=redaction-review');
    const answer = await chief.context.request.post(
      `${chief.url}/api/v1/findings/${items[0]?.id}/decisions`,
      { data: { disposition: 'confirmed', reason: 'looks good from here' } },
    );
    assert.equal(((await answer.json()) as { code: string }).code, 'E_FINDING_OWN');
    const findings = await chief.open('/findings');
    await findings.getByText('This is decided where the work is done').waitFor();
    assert.equal(await findings.getByLabel('Your decision').count(), 0);
    assert.deepEqual(await violations(findings), []);
    await findings.getByRole('link', { name: /in the studio/ }).click();
    await findings.locator('canvas[data-shows][data-frame]').first().waitFor();
    assert.deepEqual([...one.strays, ...chief.strays], []);
  });
});
