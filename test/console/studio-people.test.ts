import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { LoggedRedactionEdit } from '../../src/client/index.ts';
import { ffmpeg } from '../media-clips.ts';
import { clipFile, groupPhoto, workplace } from '../redaction/clips.ts';
import { violations } from './browser.ts';
import { goToFrame, shownFrame } from './studio-pixels.ts';
import { openStudioPlace, type StudioPlace, type Worker } from './studio-place.ts';

const folder = workplace();
let place: StudioPlace;
let one: Worker;
let two: Worker;
let clip = '';

before(async () => {
  place = await openStudioPlace();
  clip = await clipFile(await groupPhoto({ seconds: 0.8 }), folder.path('yard.mp4'));
  [one, two] = [await place.hire('one', 'officer'), await place.hire('two', 'officer')];
});
after(async () => {
  await place.close();
  folder.remove();
});

describe('the studio', () => {
  test('shows two people what the other does, keeps edits while offline, and names what did not fit together', async () => {
    const { review } = await one.review(clip, 'yard.mp4', 'standard');
    const [mine, theirs] = [await one.studio(review.id), await two.studio(review.id)];
    await mine.getByText('Also here: Officer two').waitFor();
    for (const page of [mine, theirs]) await page.keyboard.press('j');
    const track = (await mine.locator('.st-inspector h2').textContent()) ?? '';
    await mine.keyboard.press('x');
    await theirs.locator('.st-inspector .st-state', { hasText: 'Left visible' }).waitFor();
    await theirs.getByText('1 edit by others came in').waitFor();

    await two.context.setOffline(true);
    await theirs.keyboard.press('x');
    await theirs.getByText('Offline: 1 edit is kept here').waitFor();
    await theirs.keyboard.press('j');
    await theirs.keyboard.press('x');
    await theirs.getByText('Offline: 2 edits are kept here').waitFor();
    await goToFrame(mine, 4);
    await mine.keyboard.press('s');
    await mine.getByText(`${track} was split`).waitFor();
    await mine.getByText('All changes saved').waitFor();
    await two.context.setOffline(false);
    const dialog = theirs.getByRole('dialog', { name: 'Some of your edits were not kept' });
    await dialog.getByText(`region:${track}:redact`).waitFor();
    assert.deepEqual(await violations(theirs), []);
    await theirs.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await theirs.getByText('All changes saved').waitFor();
    const { edits } = await one.call<{ edits: LoggedRedactionEdit[] }>(
      'GET',
      `/redaction/reviews/${review.id}/edits`,
    );
    assert.equal(edits.length, 3, 'two of one person, and of the other what touched nothing of theirs');
    assert.deepEqual([...one.strays, ...two.strays], []);
  });

  test('shows a recording that no browser plays, frame by frame in both directions', async () => {
    const avi = folder.path('yard.avi');
    ffmpeg('-i', clip, '-an', '-c:v', 'mpeg4', '-q:v', '2', avi);
    const { review } = await one.review(avi, 'yard.avi', 'standard');
    const page = await one.studio(review.id);
    await goToFrame(page, 9);
    const first = await shownFrame(page);
    for (let frame = 8; frame >= 5; frame--) {
      await page.keyboard.press(',');
      await page.locator(`canvas[data-shows=redacted][data-frame="${frame}"]`).waitFor();
    }
    await goToFrame(page, 9);
    assert.deepEqual(await shownFrame(page), first);

    // Where the browser does not decode for pages it says so, and shows it all the same.
    await one.context.addInitScript('delete globalThis.VideoDecoder');
    const other = await one.studio(review.id);
    await other.getByText('frames are found by seeking').waitFor();
    await goToFrame(other, 3);
    assert.deepEqual(one.strays, []);
  });

  test('shows a picture, on which a box is drawn with the pointer', async () => {
    const jpeg = folder.path('desk.jpg');
    ffmpeg('-i', clip, '-frames:v', '1', jpeg);
    const { review } = await two.review(jpeg, 'desk.jpg', 'standard');
    const page = await two.studio(review.id);
    await page.keyboard.press('d');
    const overlay = page.locator('.st-overlay');
    const { x, y, width, height } = (await overlay.boundingBox())!;
    await page.mouse.move(x + width * 0.1, y + height * 0.6);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.2, y + height * 0.8, { steps: 4 });
    await page.mouse.up();
    await page.getByText('box-1 was added').waitFor();
    const { luma, ...size } = await shownFrame(page);
    const at = Math.round(size.height * 0.7) * size.width + Math.round(size.width * 0.15);
    assert.ok(luma[at]! < 8, `${luma[at]} in the middle of the box`);
    await page.keyboard.press('u');
    await page.getByText('Undone.').waitFor();
    const back = await shownFrame(page);
    assert.ok(back.luma[at]! > 8);
    assert.deepEqual(two.strays, []);
  });
});
