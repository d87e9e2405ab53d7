import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { buildConsole } from '../../scripts/build-console.ts';
import {
  newPerson,
  newSession,
  newThings,
  openHouse,
  type House,
  type Things,
} from '../platform/attack/house.ts';

/** A browser before a house with a case, an asset, a job and three findings, in which an administrator is signed in. */
export interface SignedIn {
  readonly house: House;
  readonly things: Things;
  readonly personId: string;
  /** @returns a page, and where requests are put that went anywhere else, with errors of the page. */
  open(width?: number, height?: number): Promise<{ readonly page: Page; readonly strays: string[] }>;
}

/**
 * Closed by itself when the file's tests are over. It is reached as `localhost` too, where passkeys work.
 */
export async function signedIn(): Promise<SignedIn> {
  await buildConsole();
  const house = await openHouse({
    settings: (usual) => ({ ...usual, listen: { ...usual.listen, port: 0 } }),
  });
  const personId = await newPerson(house, [{ site: '*', role: 'admin' }]);
  const things = await newThings(house, 'pier', personId);
  for (let more = 0; more < 2; more++) await newFinding(house, things.caseId);
  const [name = '', value = ''] = (await newSession(house, personId))['cookie']?.split('=') ?? [];
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  after(() => browser.close());
  return {
    house,
    things,
    personId,
    open: async (width = 1366, height = 768) => {
      const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US' });
      const urls = [house.url, house.url.replace('127.0.0.1', 'localhost')];
      await context.addCookies(urls.map((url) => ({ name, value, url })));
      const page = await context.newPage();
      const strays: string[] = [];
      page.on('request', (request) => {
        if (!urls.some((url) => request.url().startsWith(url))) strays.push(request.url());
      });
      page.on('pageerror', (error) => strays.push(String(error)));
      return { page, strays };
    },
  };
}

async function newFinding({ platform: { db } }: House, caseId: string): Promise<void> {
  await db
    .insertInto('findings')
    .values({
      id: randomUUID(),
      site_id: 'pier',
      case_id: caseId,
      use: 'redaction',
      kind: 'face',
      score: 0.7,
      reasons: JSON.stringify(['A face was seen in one frame']),
      evidence: JSON.stringify({ at: 1 }),
      models: JSON.stringify([{ id: 'some-model', digest: 'a'.repeat(64) }]),
    })
    .execute();
}
