import { after } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { buildConsole } from '../../scripts/build-console.ts';
import type { Alert } from '../../src/uses/watch/alert.ts';
import type { CameraHandlers, Snapshot } from '../../src/uses/watch/live.ts';
import { openHouse, type House } from '../platform/attack/house.ts';
import { until } from '../platform/attack/redactions.ts';
import {
  addGate,
  alertOf,
  person,
  runServices,
  ScriptedCamera,
  type Person,
} from '../watch/platform/desk.ts';

/** A browser before a house whose gate is watched, and whose camera does what a test says. */
export interface WatchDesk {
  readonly house: House;
  readonly supervisor: Person;
  readonly operator: Person;
  readonly cameraId: string;
  readonly handlers: CameraHandlers;
  readonly picture: Snapshot;
  /** Lets the camera tell an alert with a picture. @returns the id of the incident. */
  incident(change?: Partial<Alert>): Promise<string>;
  /** A page as somebody sees it, and what went wrong in it. */
  open(who: Person, width?: number, height?: number): Promise<{ page: Page; strays: string[] }>;
}

export async function watchDesk(): Promise<WatchDesk> {
  await buildConsole();
  const house = await openHouse({
    settings: (usual) => ({ ...usual, listen: { ...usual.listen, port: 0 } }),
  });
  const { db } = house.platform;
  const [supervisor, operator] = [await person(house, 'supervisor'), await person(house, 'operator')];
  await db.updateTable('people').set({ name: 'Sam Super' }).where('id', '=', supervisor.id).execute();
  await db.updateTable('people').set({ name: 'Olga Operator' }).where('id', '=', operator.id).execute();
  const camera = new ScriptedCamera();
  runServices(house, camera.run);
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
    ...{ house, supervisor, operator, cameraId, handlers, picture },
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
