import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { LoggedRedactionEdit, RedactionRelease, RedactionReview } from '../../src/client/index.ts';
import { parsePlan } from '../../src/uses/redaction/plan.ts';
import type { Operation } from '../../src/uses/redaction/review/edit.ts';
import { frameTimes } from '../media-clips.ts';
import { clipFile, groupPhoto, workplace } from '../redaction/clips.ts';
import { greyFrames } from '../redaction/pixels.ts';
import { violations } from './browser.ts';
import { compareFrames, goToFrame, shownFrame } from './studio-pixels.ts';
import { openStudioPlace, type StudioPlace, type Worker } from './studio-place.ts';

const folder = workplace();
let place: StudioPlace;
let clip = '';

before(async () => {
  place = await openStudioPlace();
  clip = await clipFile(await groupPhoto({ seconds: 0.8 }), folder.path('yard.mp4'));
});
after(async () => {
  await place.close();
  folder.remove();
});

const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

const chosen = (page: Page) => page.locator('.st-inspector h2');

/** Steps through the tracks by key until one is chosen. */
async function choose(page: Page, track: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await press(page, 'j');
    if ((await chosen(page).textContent()) === track) return;
  }
  assert.fail(`${track} is not reached by j`);
}

/** What was sent to the server, undone edits left out. */
async function sent(worker: Worker, id: string): Promise<Operation[]> {
  const { edits } = await worker.call<{ edits: LoggedRedactionEdit[] }>(
    'GET',
    `/redaction/reviews/${id}/edits`,
  );
  return edits.map((edit) => edit.do as Operation);
}

test('a review is done by keys alone, and what was shown is what is rendered', async () => {
  const one = await place.hire('one', 'officer');
  const chief = await place.hire('chief', 'supervisor');
  const { review } = await one.review(clip, 'yard.mp4', 'public-release');
  const page = await one.studio(review.id);
  const saved = () => page.getByText('All changes saved').waitFor();
  assert.deepEqual(await violations(page), []);

  // One track is left visible, another is cut in two with a gap: that is a doubt.
  await choose(page, 'face-1');
  await press(page, 'x');
  await page.getByText('face-1 is left visible.').waitFor();
  await choose(page, 'face-2');
  await goToFrame(page, 4);
  await press(page, 's');
  await choose(page, 'face-2-part1');
  await goToFrame(page, 7);
  await press(page, '[');
  await page.locator('.st-list li', { hasText: 'face-2' }).first().waitFor();
  await press(page, 'n');
  await page.locator('.st-list .st-current', { hasText: 'face-2' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await press(page, '2');
  await page.locator('.st-verdict--mended').waitFor();

  // A box of one's own, moved by arrows; undone and done again.
  await goToFrame(page, 2);
  await press(page, 'd', 'ArrowLeft', 'ArrowLeft', 'ArrowDown', 'Shift+ArrowRight', 'Enter');
  await page.getByText('box-1 was added').waitFor();
  await press(page, 'u', 'U', 'Control+z', 'Control+Shift+Z');
  await goToFrame(page, 0);
  await press(page, 'Space');
  await page.locator('.st-overlay:not([data-frame="0"])').waitFor();
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await saved();
  const operations = await sent(one, review.id);
  assert.deepEqual(
    operations.map(({ op }) => op),
    ['mark', 'split', 'span', 'doubt', 'add', 'undo', 'redo', 'undo', 'redo'],
  );
  assert.deepEqual(operations[0], { op: 'mark', regions: ['face-1'], redact: false });

  // Help, merge and submission are asked in dialogs.
  await press(page, '?');
  await page.getByText('Cover the chosen track, or leave it visible').waitFor();
  assert.deepEqual(await violations(page), []);
  await press(page, 'Escape');
  await choose(page, 'face-3');
  await press(page, 'm');
  await page.getByRole('dialog', { name: 'Merge face-3 with' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await press(page, 'Escape', 'S');
  await page.getByRole('dialog', { name: 'Submit this review' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await press(page, 'Tab', 'Enter');
  await page.getByText('Waits for a second person').waitFor();

  // Shown now; kept to be compared with what is rendered.
  const frames = [0, 3, 5, 6, 9, 11];
  const shown = [];
  for (const frame of frames) {
    await goToFrame(page, frame);
    shown.push(await shownFrame(page));
  }

  const second = await chief.studio(review.id);
  await press(second, 'S');
  await second.getByRole('dialog', { name: 'Approve or return' }).waitFor();
  assert.deepEqual(await violations(second), []);
  await second.getByLabel('Reason', { exact: true }).last().focus();
  await second.keyboard.type('all of it was looked at');
  await press(second, 'Tab', 'Enter');
  await second.getByText('Approved.').waitFor();

  await press(page, 'R');
  await page.getByRole('button', { name: 'Render “Public”' }).waitFor();
  await press(page, 'Tab', 'Enter');
  const link = page.getByRole('link', { name: /Redacted file of public/ });
  await link.waitFor({ timeout: 60_000 });
  assert.deepEqual(await violations(page), []);
  const path = `/redaction/reviews/${review.id}`;
  const { items } = await one.call<{ items: RedactionRelease[] }>('GET', `${path}/releases`);
  const files = items[0]?.files ?? {};
  const plan = parsePlan((await one.content(files['plan'])).toString());
  mkdirSync(folder.path('out'));
  const output = folder.path('out', 'yard.mp4');
  writeFileSync(output, await one.content(files['output']));
  const rendered = greyFrames(output);
  const times = frameTimes(clip).map(Number);
  let [covered, clear] = [0, 0];
  for (const [index, frame] of frames.entries()) {
    assert.equal(shown[index]!.frame, frame);
    const counted = compareFrames(shown[index]!, rendered, plan, times[frame]!);
    covered += counted.covered;
    clear += counted.clear;
  }
  assert.ok(covered > 100 && clear > 500, `${covered} covered and ${clear} clear blocks were compared`);
  assert.equal((await one.call<RedactionReview>('GET', path)).state, 'released');

  // Who may not look is told so, once.
  const guard = await place.hire('guard', 'operator');
  const refused = await guard.open(path);
  await refused.getByRole('alert').getByText('E_FORBIDDEN').waitFor();
  assert.deepEqual([...one.strays, ...chief.strays, ...guard.strays], []);
});

for (const [width, height] of [
  [1366, 768],
  [3840, 2160],
] as const)
  test(`the list and the studio fit a screen ${width} wide, and axe finds nothing`, async () => {
    const worker = await place.hire(`wide-${width}`, 'officer', [width, height]);
    const list = await worker.open('/redaction/reviews');
    await list.locator('tbody a').first().click();
    await list.locator('canvas[data-frame]').first().waitFor();
    for (const name of ['Tracks', 'Classes', 'Sound', 'Releases', 'To look at']) {
      await list.getByRole('tab', { name }).click();
      assert.deepEqual(await violations(list), [], name);
    }
    assert.equal(
      await list.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
      false,
    );
    await list.goto(`${worker.url}/redaction/reviews`);
    await list.locator('tbody a').first().waitFor();
    assert.deepEqual(await violations(list), []);
    assert.deepEqual(worker.strays, []);
  });
