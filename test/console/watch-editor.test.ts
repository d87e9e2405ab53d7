import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './browser.ts';
import { TrackRecorder } from '../../src/uses/watch/back-test/track-batch.ts';
import type { Seen } from '../../src/uses/watch/rules/firing.ts';
import { until } from '../platform/attack/redactions.ts';
import { watchDesk } from './watch-desk.ts';

const desk = await watchDesk();
const { house, supervisor, operator, handlers, picture } = desk;

describe('the editor of zones and rules', () => {
  test('zones lie on the masked picture of the camera, where a corner is dragged', async () => {
    await handlers.onMasked?.({ ...picture, at: Date.now() });
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/rules`);
    await page.locator('.ww-canvasbox canvas').waitFor();
    const blue = await page.evaluate<number[]>(`[...document.querySelector('.ww-canvasbox canvas')
      .getContext('2d').getImageData(320, 240, 1, 1).data]`);
    assert.ok(Math.abs(blue[0]! - 0x22) < 8 && Math.abs(blue[2]! - 0x66) < 8, String(blue));
    const field = (await page.locator('.ww-canvasbox .ww-sketch').boundingBox())!;
    const shown = (await page.locator('.ww-canvasbox canvas').boundingBox())!;
    for (const side of ['x', 'y', 'width', 'height'] as const)
      assert.ok(Math.abs(field[side] - shown[side]) < 1, `${side} of the zones is that of the picture`);
    const at = (x: number, y: number): [number, number] => [
      field.x + x * field.width,
      field.y + y * field.height,
    ];
    await page.mouse.move(...at(0.2, 0.4));
    await page.mouse.down();
    await page.mouse.move(...at(0.4, 0.5), { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'dock, corner 1 of 4, 40% from the left, 50% from' }).waitFor();
    assert.match(await page.getByLabel('Site file').inputValue(), /polygon: \[ \[ 0\.(4|39|40)/);
    assert.deepEqual(await violations(page), []);
  });

  test('what a change would have told in the last day is shown before it is saved', async () => {
    // Somebody walks into the dock and stays: eight looks a second for five seconds, an hour ago.
    const hourAgo = Date.now() - 3_600_000;
    const recorder = new TrackRecorder(1, { width: 640, height: 480 });
    for (let look = 0; look < 40; look++) {
      const box = { x: 60 + look * 6, y: 240, width: 30, height: 90 };
      const track = { id: 'person-1', class: 'person', box, scores: [0.9] };
      const seen = { track, identity: 'person-1' } as unknown as Seen;
      recorder.add([seen], look / 8, hourAgo + look * 125);
    }
    await handlers.onTracks?.(recorder.end()!);
    const entered = { at: hourAgo + 2000, track: 'person-1', identity: 'person-1' };
    await desk.incident({ ...entered, picture: { width: 640, height: 480 } });
    await until(
      async () => (await house.platform.db.selectFrom('watch_tracks').select('id').execute()).length > 0,
      'the tracks are kept',
    );
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/rules`);
    const tryIt = page.getByRole('button', { name: 'Try it on the last 24 hours' });
    await tryIt.click();
    await page.getByText(/dock-entry · Gate: 0 new, 0 gone, 1 the same/).waitFor();
    const yaml = page.getByLabel('Site file');
    const [before, changed] = ['[0.2, 0.4], [0.7, 0.4]', '[0.9, 0.4], [0.95, 0.4]'];
    const text = await yaml.inputValue();
    await yaml.fill(
      text.replace(before, changed).replace('[0.7, 0.9], [0.2, 0.9]', '[0.95, 0.9], [0.9, 0.9]'),
    );
    await page.getByText('The file was changed since').waitFor();
    await tryIt.click();
    await page.getByText(/dock-entry · Gate: 0 new, 1 gone, 0 the same/).waitFor();
    await page.getByText('0 were confirmed, 0 dismissed, 1 not decided').waitFor();
    assert.deepEqual(await violations(page), []);
    await yaml.fill('site: [');
    await page.getByRole('alert').waitFor();
    assert.equal(await tryIt.count(), 0, 'a file that cannot be read is not tried');
  });

  test('who may not change it sees it', async () => {
    const { page } = await desk.open(operator);
    await page.goto(`${house.url}/watch/rules`);
    await page.getByText('Supervisors and administrators change it; you see it.').waitFor();
    for (const name of ['Save', 'Draw', 'Add a rule', 'Try it on the last 24 hours'])
      assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
  });

  test('a corner is moved, a zone drawn and a rule made by keys; a mistake is named; the file is saved', async () => {
    const { page } = await desk.open(supervisor);
    await page.goto(`${house.url}/watch/rules`);
    const yaml = page.getByLabel('Site file');
    await page.getByRole('button', { name: /^dock, corner 1 of 4/ }).focus();
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByRole('button', { name: 'dock, corner 1 of 4, 25% from the left' }).waitFor();
    assert.match(await yaml.inputValue(), /\[ 0\.25, 0\.4 \]/);

    await page.getByLabel('Name of the new one').fill('corner');
    await page.getByRole('button', { name: 'Draw', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('application').waitFor();
    for (const key of ['Space', 'Shift+ArrowRight', 'Space', 'Shift+ArrowDown', 'Space', 'Enter'])
      await page.keyboard.press(key);
    await page.getByText('Added.').waitFor();
    assert.match(await yaml.inputValue(), /id: corner, polygon: \[ \[ 0\.5, 0\.5 \], \[ 0\.55, 0\.5 \]/);

    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('Name', { exact: true }).fill('lingering');
    await page.getByLabel('Kind').selectOption('dwell');
    await page.getByLabel('Zone', { exact: true }).selectOption('corner');
    await page.getByLabel('Seconds', { exact: true }).fill('60');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Put into the file' }).click();
    const good = await yaml.inputValue();
    await yaml.fill(good.replace('kind: dwell', 'kind: dwel'));
    await page.getByRole('button', { name: 'Save' }).click();
    assert.match((await page.getByRole('alert').textContent()) ?? '', /line \d+.*E_SITE_FILE/);
    await yaml.fill(good);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/Saved as version 2/).waitFor();
  });
});
