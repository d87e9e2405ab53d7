import assert from 'node:assert/strict';
import { after } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { buildConsole } from '../../scripts/build-console.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import type { CameraHandlers, Snapshot } from '../../src/uses/watch/live.ts';
import { openHouse, type House } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import type { PlayClip } from '../../src/uses/watch/injection/play.ts';
import { runWithClips } from '../watch/injection-house.ts';
import { cutTables, violations } from './browser.ts';
import { addGate, alertOf, person, ScriptedCamera, type Person } from '../watch/platform/desk.ts';

/** A browser before a house whose gate is watched, and whose camera does what a test says. */
export interface WatchDesk {
  readonly house: House;
  readonly supervisor: Person;
  readonly operator: Person;
  readonly cameraId: string;
  readonly handlers: CameraHandlers;
  /** Further cameras that are added do what a test says too. */
  readonly camera: ScriptedCamera;
  readonly picture: Snapshot;
  /** Lets the camera tell an alert with a picture. @returns the id of the incident. */
  incident(change?: Partial<Alert>): Promise<string>;
  /** A page as somebody sees it, and what went wrong in it. */
  open(who: Person, width?: number, height?: number): Promise<{ page: Page; strays: string[] }>;
}

/** @param play what plays test clips; the real one when left out. */
export async function watchDesk(play?: PlayClip): Promise<WatchDesk> {
  await buildConsole();
  const house = await openHouse({
    settings: (usual) => ({
      ...usual,
      listen: { ...usual.listen, port: 0 },
      // Receivers of alerts stand on this machine.
      webhooks: { ...usual.webhooks, networks: ['127.0.0.0/8'] },
    }),
  });
  const { db } = house.platform;
  const [supervisor, operator] = [await person(house, 'supervisor'), await person(house, 'operator')];
  await db.updateTable('people').set({ name: 'Sam Super' }).where('id', '=', supervisor.id).execute();
  await db.updateTable('people').set({ name: 'Olga Operator' }).where('id', '=', operator.id).execute();
  const camera = new ScriptedCamera();
  runWithClips(house, camera.run, play);
  const cameraId = await addGate(supervisor);
  const { handlers } = await camera.begun();
  const jpeg = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#246' } })
    .jpeg()
    .toBuffer();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  after(() => browser.close());
  const picture = { jpeg, width: 640, height: 480 };
  let last = 0;
  return {
    ...{ house, supervisor, operator, cameraId, handlers, camera, picture },
    incident: async (change = {}) => {
      last += 1;
      const time = last;
      await handlers.onAlert?.(alertOf(time, change), picture);
      const find = async (): Promise<string | undefined> => {
        const rows = await db.selectFrom('watch_alerts').select(['incident_id', 'alert']).execute();
        return rows.find(({ alert }) => alert.time === time)?.incident_id ?? undefined;
      };
      await until(async () => (await find()) !== undefined, 'the alert is there');
      return (await find()) ?? '';
    },
    open: async (who, width = 1366, height = 768) => {
      const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US' });
      const [name = '', value = ''] = (who.headers['cookie'] ?? '').split('=');
      await context.addCookies([{ name, value, url: house.url }]);
      const page = await context.newPage();
      const strays: string[] = [];
      page.on('request', (request) => {
        if (!/^blob:/.test(request.url()) && !request.url().startsWith(house.url)) strays.push(request.url());
      });
      page.on('pageerror', (error) => strays.push(String(error)));
      return { page, strays };
    },
  };
}

/** That axe finds nothing on pages of the desk, and none is wider than its screen; those of `wide` on 4K too, and none of them dark on a phone. */
export async function checkLooks(
  { house, open }: WatchDesk,
  who: Person,
  places: readonly string[],
  wide: readonly string[] = [],
): Promise<void> {
  const { page, strays } = await open(who);
  for (const place of places) {
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.goto(`${house.url}/watch/${place}`);
    await page.locator('.ww-page h1').waitFor();
    await page.locator('.ww-page .tw-title ~ *:not(.usa-sr-only)').first().waitFor();
    for (const [width, height] of [
      [1366, 768],
      [3840, 2160],
      [320, 640],
    ] as const) {
      if (width > 1366 && !wide.includes(place)) continue;
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme: width > 320 ? 'light' : 'dark' });
      assert.deepEqual(await violations(page), [], `${place}, ${width} wide`);
      const over = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      assert.equal(await page.evaluate(over), 0, `${place}, ${width} wide`);
      if (width > 320) assert.deepEqual(await cutTables(page), [], `${place}, ${width} wide`);
    }
  }
  assert.deepEqual(strays, []);
}
