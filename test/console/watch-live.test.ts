import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../platform/attack/redactions.ts';
import { startRtspServer, type RtspServer } from '../../material/rtsp/server.ts';
import { clipFolder, ffmpeg } from '../media-clips.ts';
import { needs, pedestrianClip } from '../needs.ts';
import { firstRun, openConsole, type Console } from './browser.ts';

const siteFile = `site: Port of Example
timeZone: America/Chicago
cameras:
  - id: gate
    zones:
      - { id: walk, polygon: [[0, 0.1], [1, 0.1], [1, 1], [0, 1]] }
    rules:
      - { id: walk-entry, kind: zone-entry, zone: walk, severity: high }
`;

describe('a camera at the desk, from its stream to the screen', () => {
  const clips = clipFolder();
  let camera: RtspServer | undefined;
  let console: Console | undefined;
  before(async () => {
    console = await openConsole();
  });
  after(async () => {
    await console?.close();
    await camera?.stop();
    clips.remove();
  });

  test('is seen with people covered, tells what happens, and is seen as it is after a reason', async (t) => {
    if (!needs(t, 'gstreamer', 'opencv-doc', 'ffmpeg')) return;
    const { page, url, strays } = console!;
    ffmpeg('-i', pedestrianClip, '-frames:v', '120', '-q:v', '3', clips.path('%05d.jpg'));
    camera = await startRtspServer({
      mounts: { '/gate': { width: 768, height: 576, fps: 7, frames: clips.path('%05d.jpg') } },
    });
    await firstRun(console!);
    const ask = async (method: string, path: string, data?: object): Promise<Record<string, unknown>> => {
      const reply = await page.request.fetch(`${url}/api/v1${path}`, {
        method,
        ...(data === undefined ? {} : { data }),
      });
      assert.ok(reply.ok(), `${path}: ${await reply.text()}`);
      return reply.status() === 204 ? {} : ((await reply.json()) as Record<string, unknown>);
    };
    await ask('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'America/Chicago' });
    const { id: me } = (await ask('GET', '/session'))['person'] as { id: string };
    for (const role of ['supervisor', 'operator'])
      await ask('POST', `/people/${me}/grants`, { site: 'pier', role });
    await ask('PUT', '/watch/sites/pier', { text: siteFile });

    // The list is open before the camera is: what comes is told, not asked for.
    await page.goto(`${url}/watch/alerts`);
    await page.getByText('Live', { exact: true }).waitFor();
    await ask('POST', '/watch/cameras', {
      ...{ site: 'pier', slot: 'gate', name: 'Gate', source: { url: camera.url('/gate') } },
      recording: { preRoll: 2, postRoll: 2, continuousDays: 0 },
    });
    const row = page.locator('[data-incident]').first();
    await row.waitFor({ timeout: 60_000 });
    assert.match((await row.textContent()) ?? '', /High.*Gate/);

    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Incident at Gate' }).waitFor();
    const still = '.tw-stage img';
    // It is asked for again until it is there: the alert is told before its picture is kept.
    const width = '(image) => image?.naturalWidth ?? 0';
    await until(async () => (await on<number>(page, still, width)) > 0, 'the picture is there');
    assert.equal(await on(page, still, width), 480);
    await page.getByRole('button', { name: 'Show the clip' }).click({ timeout: 60_000 });
    await page.getByLabel('Reason').fill('Is it the night guard?');
    await page.getByRole('button', { name: 'Show it' }).click();
    await plays(page, '.tw-stage video');

    await page.goto(`${url}/watch/wall`);
    const tile = page.locator('[data-tile="0"]');
    const masked = '[data-tile="0"] canvas';
    await page.locator(masked).waitFor();
    const first = await pixels(page, masked);
    assert.ok(new Set(first).size > 8, 'it is a picture');
    const now = await on<string>(page, masked, '(canvas) => canvas.toDataURL()');
    await until(
      async () => (await on<string>(page, masked, '(canvas) => canvas.toDataURL()')) !== now,
      'the picture changes',
    );
    await tile.getByRole('button', { name: 'See it live' }).click();
    await page.getByLabel('Reason').fill('Case 17');
    await page.getByRole('button', { name: 'Show it' }).click();
    await plays(page, '[data-tile="0"] video');
    await tile.getByText('Live, unmasked').waitFor();
    await tile.getByRole('button', { name: 'Masked again' }).click();
    await page.locator(masked).waitFor();
    assert.deepEqual(
      strays.filter((stray) => !stray.startsWith('blob:')),
      [],
    );
  });
});

/** Calls a function, written for the page, with the element that a selector finds. */
function on<Result>(page: Page, selector: string, body: string): Promise<Result> {
  return page.evaluate<Result>(`(${body})(document.querySelector(${JSON.stringify(selector)}))`);
}

/** Waits until a video has gone on for a second and shows a picture. */
async function plays(page: Page, selector: string): Promise<void> {
  await page.locator(selector).waitFor({ timeout: 90_000 });
  const went = `(shown) => {
    if (shown.error !== null) throw new Error(shown.error.message);
    return shown.currentTime > 1;
  }`;
  await until(() => on<boolean>(page, selector, went), 'the video plays');
  const levels = new Set(await pixels(page, selector));
  assert.ok(levels.size > 8 && Math.max(...levels) > 100, 'a picture is shown');
}

/** Green of a grid of 32 by 24 points of what an element shows. */
function pixels(page: Page, selector: string): Promise<number[]> {
  return on(
    page,
    selector,
    `(source) => {
      const small = document.createElement('canvas');
      [small.width, small.height] = [32, 24];
      const context = small.getContext('2d');
      context.drawImage(source, 0, 0, 32, 24);
      return [...context.getImageData(0, 0, 32, 24).data].filter((_, at) => at % 4 === 1);
    }`,
  );
}
