import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { buildConsole } from '../../scripts/build-console.ts';
import { startServing, newDataFolder, removeDataFolder, totp, type Serving } from '../platform/serving.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const password = 'seven tides at the quiet pier';

/** A real server with the console as it is built now, and a browser before it. */
export interface Console {
  readonly url: string;
  readonly page: Page;
  /** The one-time code of the first start. */
  readonly code: string;
  /** Every request that did not go to the server itself, and what the page complained about. */
  readonly strays: readonly string[];
  close(): Promise<void>;
}

export async function openConsole(width = 1366, height = 768): Promise<Console> {
  await buildConsole();
  const data = newDataFolder();
  const serving: Serving = await startServing(data);
  const browser: Browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage({
    viewport: { width, height },
    locale: 'en-US',
    timezoneId: 'America/New_York',
  });
  const strays: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(serving.url)) strays.push(request.url());
  });
  page.on('pageerror', (error) => strays.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) strays.push(message.text());
  });
  return {
    url: serving.url,
    page,
    code: serving.firstRunCode ?? '',
    strays,
    close: async () => {
      await browser.close();
      await serving.stop();
      removeDataFolder(data);
    },
  };
}

/** From the one-time code to an open console, as a person does it. @returns the secret of the authenticator app. */
export async function firstRun({ page, url, code }: Console): Promise<string> {
  await page.goto(url);
  await page.getByLabel('One-time code').fill(code);
  await page.getByLabel('Your name').fill('Ada Pier');
  await page.getByLabel('Login').fill('ada');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Set up this place' }).click();
  const secret = ((await page.locator('.tw-secret').textContent()) ?? '').replaceAll(' ', '');
  await page.getByLabel('Six-digit code').fill(totp(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have saved them' }).click();
  await page.getByRole('button', { name: 'I accept' }).click();
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  return secret;
}

/** What axe finds wrong with the page as it is shown, in a line each. */
export async function violations(page: Page): Promise<string[]> {
  // Added by the debugger, which the content security policy does not bind.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: run } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const found = await run.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    );
  });
}

/** Tables of which a part is reached by scrolling sideways only, by their names. */
export async function cutTables(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.tw-table')]
    .filter((table) => table.scrollWidth > table.clientWidth)
    .map((table) => table.getAttribute('aria-label'))`);
}
