import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RedactionReview } from '../../src/client/index.ts';
import type { ReviewBase } from '../../src/uses/redaction/review/base.ts';
import type { ReviewDoubt } from '../../src/uses/redaction/review/doubts.ts';
import { questionsOf } from '../../src/uses/redaction/review/questions.ts';
import { clipFile, groupPhoto, workplace } from '../redaction/clips.ts';
import { settled } from '../redaction/review/office.ts';
import { violations } from './browser.ts';
import { goToFrame } from './studio-pixels.ts';
import { openStudioPlace, type StudioPlace } from './studio-place.ts';

const folder = workplace();
let place: StudioPlace;

before(async () => {
  place = await openStudioPlace();
});
after(async () => {
  await place.close();
  folder.remove();
});

test('doubts are judged side by side, what was put aside stays open, and one dialog submits and renders', async () => {
  const one = await place.hire('one', 'officer');
  const clip = await clipFile(await groupPhoto({ seconds: 0.8 }), folder.path('yard.mp4'));
  const { review } = await one.review(clip, 'yard.mp4', 'standard');
  const page = await one.studio(review.id);
  const saved = () => page.getByText('All changes saved').waitFor();
  const path = `/redaction/reviews/${review.id}`;
  const open = async (): Promise<ReviewDoubt[]> =>
    (await one.call<{ items: ReviewDoubt[] }>('GET', `${path}/doubts`)).items.filter(
      ({ verdict }) => verdict === 'open',
    );

  // Tracks are cut in two with a gap, until there are two questions.
  const base = await one.call<ReviewBase>('GET', `${path}/base`);
  const select = async (track: string): Promise<void> => {
    await page.getByRole('tab', { name: 'Tracks' }).click();
    await page
      .locator('.st-list button')
      .filter({ has: page.getByText(track, { exact: true }) })
      .click();
    await page.locator('.st-overlay').focus();
  };
  let before: ReviewDoubt[] = [];
  for (const { id } of base.plan.regions.filter((region) => region.redact)) {
    await select(id);
    await goToFrame(page, 4);
    await page.keyboard.press('s');
    await page.getByText(`${id} was split; the second part is ${id}-part1.`).waitFor();
    await select(`${id}-part1`);
    await goToFrame(page, 7);
    await page.keyboard.press('[');
    await page.getByText(`${id}-part1 has a keyframe here.`).waitFor();
    await saved();
    before = await open();
    if (questionsOf(before, base.plan, base.clip).length >= 2) break;
  }
  assert.ok(before.length >= 2, JSON.stringify(before));

  await page.keyboard.press('g');
  const sheet = page.locator('.st-sheet[data-ready=true]');
  await sheet.waitFor();
  assert.deepEqual(await violations(page), []);
  const painted = await page.evaluate<number[]>(`[...document.querySelectorAll('.st-still canvas')].map(
    (one) => new Set(one.getContext('2d').getImageData(0, 0, one.width, one.height).data).size
  )`);
  assert.ok(painted.length >= 2 && painted.every((colours) => colours > 8), JSON.stringify(painted));
  await page.keyboard.press('1');
  await page.locator('.st-card[aria-pressed=true]').waitFor();
  assert.deepEqual(await violations(page), []);
  for (let turns = 0; (await page.locator('.st-sheet').count()) > 0 && turns < 5; turns++) {
    await sheet.waitFor();
    await page.keyboard.press('0');
    await saved();
  }
  const left = await open();
  assert.ok(left.length > 0 && left.length < before.length, `${left.length} of ${before.length} are left`);
  // It goes on with what was put aside.
  await page.locator(`.st-current[data-doubt="${left[0]!.id}"]`).waitFor();
  const { edits } = await one.call<{ edits: { do: Record<string, unknown> }[] }>('GET', `${path}/edits`);
  const fine = edits.flatMap(({ do: operation }) =>
    operation['op'] === 'doubt' ? [operation['verdict']] : [],
  );
  assert.deepEqual(
    fine,
    before.slice(left.length).map(() => 'fine'),
  );

  await page.keyboard.press('S');
  await page.getByRole('dialog', { name: 'Submit this review' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Enter');
  const end = await settled(() => one.call<RedactionReview>('GET', path), ['open', 'approved', 'rendering']);
  assert.equal(end.state, 'released');
  assert.deepEqual(one.strays, []);
});
