import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Scene } from '../../src/scenes/scene.ts';
import type { ReviewBase } from '../../src/uses/redaction/review/base.ts';
import type { Similar } from '../../src/uses/redaction/review/similar.ts';
import { clipFile, groupPhoto, workplace } from '../redaction/clips.ts';
import { openStudioPlace, type StudioPlace, type Worker } from './studio-place.ts';

const folder = workplace();
let place: StudioPlace;
let one: Worker;
let id = '';
let page: Page;

/** Longer than anybody is followed without being seen. */
const AWAY_SECONDS = 4;

/** The same people twice, with nothing but grey in between. */
function twice(scene: Scene): Scene {
  const { ticks, width, height, timeBase, fps } = scene;
  const once = ticks.length;
  const away = AWAY_SECONDS * fps;
  const step = timeBase.den / timeBase.num / fps;
  const all = Array.from({ length: 2 * once + away }, (_, index) => Math.round(index * step));
  const grey = Buffer.alloc(width * height * 3, 128);
  const original = (index: number): number | undefined =>
    index < once ? index : index < once + away ? undefined : index - once - away;
  return {
    ...scene,
    ticks: all,
    times: all.map((tick) => (tick * timeBase.num) / timeBase.den),
    frame: (index) => {
      const shown = original(index);
      return shown === undefined ? grey : scene.frame(shown);
    },
    light: () => 1,
    truth: () => [],
  };
}

before(async () => {
  place = await openStudioPlace();
  const clip = await clipFile(twice(await groupPhoto({ seconds: 0.6 })), folder.path('twice.mp4'));
  one = await place.hire('one', 'officer');
  id = (await one.review(clip, 'twice.mp4', 'public-release')).review.id;
  page = await one.studio(id);
});
after(async () => {
  await place.close();
  folder.remove();
});

const chosen = async (): Promise<string> =>
  (await page.locator('.st-inspector h2').textContent())?.trim().split(' ')[0] ?? '';

test('the tracks that are perhaps the same are stepped through by a key, the likeliest first, and at last back', async () => {
  const path = `/redaction/reviews/${id}`;
  const { plan } = await one.call<ReviewBase>('GET', `${path}/base`);
  const similarTo = async (region: string): Promise<readonly Similar[]> =>
    (await one.call<{ items: Similar[] }>('GET', `${path}/regions/${region}/similar?limit=5`)).items;
  const comesAgain = await Promise.all(
    plan.regions.map(async ({ id: region, end }) => {
      const items = await similarTo(region);
      return items.some(({ start }) => start > end + AWAY_SECONDS / 2) ? { region, items } : undefined;
    }),
  );
  const first = comesAgain.find((found) => found !== undefined);
  assert.ok(first !== undefined, 'the same people come again');
  const { region: from, items } = first;
  await page.keyboard.press('j');
  for (let tries = 1; tries < plan.regions.length && (await chosen()) !== from; tries++)
    await page.keyboard.press('j');
  const list = page.getByText(`Perhaps the same as ${from}:`);
  await list.waitFor();
  for (const [index, { region }] of items.entries()) {
    await page.keyboard.press('a');
    await page
      .getByText(`${index + 1} of ${items.length}: ${region}, perhaps the same as ${from}.`)
      .waitFor();
    assert.equal(await chosen(), region);
    // The list goes on being that of the track it began with.
    await list.waitFor();
  }
  await page.keyboard.press('a');
  await page.getByText(`Back at ${from}.`).waitFor();
  assert.equal(await chosen(), from);
  assert.deepEqual(one.strays, []);
});
