import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { violations } from './browser.ts';
import { SegmentRecorder, type Segment } from '../../src/media/live/record/index.ts';
import { keepSegment } from '../../src/uses/watch/platform/recording-segments.ts';
import { clipFolder } from '../media-clips.ts';
import { until } from '../platform/attack/redactions.ts';
import { cameraClip, streamOf } from '../watch/record-clips.ts';
import { watchDesk } from './watch-desk.ts';

const clips = clipFolder();
after(clips.remove);
const desk = await watchDesk();
const { house, supervisor, operator, cameraId } = desk;
const { db } = house.platform;

/** Records twelve seconds that began some minutes ago, with a pause of two minutes before the last four. */
async function record(): Promise<number> {
  const { head, fragments } = await streamOf(cameraClip(clips.path('camera.mp4'), 12));
  const began = Math.floor(Date.now() / 1000) * 1000 - 300_000;
  const segments: Segment[] = [];
  for (const [from, to, later] of [
    [0, 8, 0],
    [8, 12, 120_000],
  ] as const) {
    const recorder = new SegmentRecorder({
      ...{ camera: cameraId, folder: clips.path('plain'), seconds: 4 },
      onSegment: (segment) => void segments.push(segment),
      onError: (error) => assert.fail(error.message),
    });
    await recorder.start(head);
    for (const one of fragments.filter(({ time }) => time >= from && time < to))
      await recorder.push({ ...one, at: began + later + (one.time + one.duration) * 1000 });
    await recorder.end();
  }
  for (const segment of segments) await keepSegment(house.platform, cameraId, segment);
  return began;
}

test('a day is played for a reason, part by part; who may not see it is told, and sees clips with people covered', async () => {
  const began = await record();
  const settings = { preRoll: 2, postRoll: 2, continuousDays: 3, continuousGigabytes: 50 };
  await db
    .updateTable('watch_cameras')
    .set({ recording: JSON.stringify(settings) })
    .execute();
  await db.updateTable('sites').set({ time_zone: 'Asia/Kolkata' }).where('id', '=', 'pier').execute();
  const { page, strays } = await desk.open(supervisor);
  await page.goto(`${house.url}/watch/recordings`);
  await page.getByText('Kept for 3 days, and 50 GB at most').waitFor();
  await page.getByText('Days and times are those of Asia/Kolkata.').waitFor();
  await page.getByRole('cell', { name: '12 s' }).waitFor();
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: 'Asia/Kolkata', timeStyle: 'medium', hourCycle: 'h23' },
  });
  const spans = page.getByRole('button', { name: /^Play \d/ });
  assert.deepEqual(
    await spans.allTextContents(),
    [
      [began, began + 8000],
      [began + 128_000, began + 132_000],
    ].map(([from, to]) => `Play ${clock.format(from)} – ${clock.format(to)}`),
  );
  assert.deepEqual(await violations(page), []);

  await spans.first().click();
  await page.getByRole('dialog', { name: 'Why do you need to see it?' }).waitFor();
  await page.keyboard.type('Case 17');
  await page.getByRole('button', { name: 'Show it' }).click();
  await plays(page);
  await page.getByText(`It was ${clock.format(began).slice(0, 5)}`).waitFor();
  await page.getByText(/Not in it:.*not recorded/).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.locator('video').evaluate('(video) => video.blur()');
  await page.keyboard.press('n');
  await page.getByRole('alert').getByText('E_NOT_RECORDED').waitFor();
  const views = await db.selectFrom('watch_views').select(['what', 'reason', 'made_by']).execute();
  assert.deepEqual(views, [{ what: 'recording', reason: 'Case 17', made_by: supervisor.id }]);

  // What is typed is a time at the site.
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByLabel('From').fill(clock.format(began + 129_000));
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.getByLabel('Reason').fill('Case 17');
  await page.getByRole('button', { name: 'Show it' }).click();
  await plays(page);
  const [, second] = await db.selectFrom('watch_views').select('from_at').orderBy('at').execute();
  assert.equal(second?.from_at.getTime(), began + 129_000);

  const { page: other } = await desk.open(operator);
  await other.goto(`${house.url}/watch/recordings`);
  await other.getByText(/your role does not play it/).waitFor();
  assert.equal(await other.getByRole('button', { name: /^Play/ }).count(), 0);
  assert.deepEqual(await violations(other), []);
  assert.deepEqual(strays, []);
});

/** Waits until the video goes on. */
async function plays(page: Page): Promise<void> {
  await page.locator('video').waitFor();
  const went = `(() => {
    const shown = document.querySelector('video');
    if (shown.error !== null) throw new Error(shown.error.message);
    return shown.currentTime > 1;
  })()`;
  await until(() => page.evaluate<boolean>(went), 'the video plays');
}
