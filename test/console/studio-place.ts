import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { RedactionReview } from '../../src/client/index.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { newDataFolder, removeDataFolder, startServing, totp, type Serving } from '../platform/serving.ts';
import { settled } from '../redaction/review/office.ts';

const password = 'seven tides at the quiet pier';

/** Somebody with a browser of their own. */
export class Worker {
  readonly context: BrowserContext;
  readonly url: string;
  /** Requests that went elsewhere, and errors of pages. */
  readonly strays: string[] = [];

  constructor(context: BrowserContext, url: string) {
    this.context = context;
    this.url = url;
  }

  /** Calls the API in the browser's session. */
  async call<Body>(method: string, path: string, data?: unknown): Promise<Body> {
    const response = await this.context.request.fetch(`${this.url}/api/v1${path}`, {
      method,
      ...(data === undefined ? {} : { data }),
    });
    assert.ok(response.ok(), `${method} ${path}: ${response.status()} ${await response.text()}`);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  async content(asset: string | undefined): Promise<Buffer> {
    const response = await this.context.request.get(`${this.url}/api/v1/assets/${asset}/content`);
    assert.equal(response.status(), 200);
    return response.body();
  }

  async signIn(login: string): Promise<void> {
    await this.call('POST', '/session', { login, password });
    const { secret } = await this.call<{ secret: string }>('POST', '/session/enrolment');
    await this.call('PUT', '/session/enrolment', { code: totp(secret) });
    await this.call('POST', '/session/banner');
  }

  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith(this.url)) this.strays.push(request.url());
    });
    page.on('pageerror', (error) => this.strays.push(String(error)));
    page.on('console', (message) => {
      const { url } = message.location();
      if (message.type() === 'error' && !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text()))
        this.strays.push(`${message.text()} ${url}`);
    });
    await page.goto(`${this.url}${path}`);
    return page;
  }

  /** Opens the studio of a review and waits for its first frame. */
  async studio(review: string): Promise<Page> {
    const page = await this.open(`/redaction/reviews/${review}`);
    await page.locator('canvas[data-shows][data-frame]').first().waitFor({ timeout: 60_000 });
    return page;
  }

  /** Brings a file into a case of its own and waits for its analysis. */
  async review(
    path: string,
    name: string,
    profile: string,
  ): Promise<{ readonly review: RedactionReview; readonly caseId: string; readonly assetId: string }> {
    const asked = { site: 'pier', use: 'redaction', title: `Request of ${name}` };
    const { id: caseId } = await this.call<{ id: string }>('POST', '/cases', asked);
    const sent = await this.context.request.post(
      `${this.url}/api/v1/cases/${caseId}/assets?name=${encodeURIComponent(name)}`,
      { data: readFileSync(path), headers: { 'content-type': 'application/octet-stream' } },
    );
    assert.equal(sent.status(), 201);
    const { id: assetId } = (await sent.json()) as { id: string };
    const { id } = await this.call<RedactionReview>('POST', '/redaction/reviews', {
      ...{ asset: assetId, profile, reasons: 'foia-us' },
    });
    const review = await settled(
      () => this.call<RedactionReview>('GET', `/redaction/reviews/${id}`),
      ['analysing'],
    );
    assert.equal(review.state, 'open');
    return { review, caseId, assetId };
  }
}

/** A real server with the console as it is built now, and browsers before it. */
export interface StudioPlace {
  readonly serving: Serving;
  readonly admin: Worker;
  hire(login: string, role: string, size?: readonly [width: number, height: number]): Promise<Worker>;
  close(): Promise<void>;
}

export async function openStudioPlace(): Promise<StudioPlace> {
  await buildConsole();
  const data = newDataFolder();
  const serving = await startServing(data);
  const browser: Browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const arrive = async ([width, height]: readonly [number, number]): Promise<Worker> =>
    new Worker(await browser.newContext({ viewport: { width, height }, locale: 'en-US' }), serving.url);
  const admin = await arrive([1366, 768]);
  await admin.call('POST', '/first-run', {
    ...{ code: serving.firstRunCode, login: 'admin', name: 'Administrator', password },
  });
  await admin.signIn('admin');
  await admin.call('POST', '/sites', { id: 'pier', name: 'Pier', timeZone: 'UTC' });
  return {
    serving,
    admin,
    hire: async (login, role, size = [1366, 768]) => {
      const person = { login, name: `Officer ${login}`, password };
      const { id } = await admin.call<{ id: string }>('POST', '/people', person);
      await admin.call('POST', `/people/${id}/grants`, { site: 'pier', role });
      const worker = await arrive(size);
      await worker.signIn(login);
      return worker;
    },
    close: async () => {
      await browser.close();
      await serving.stop();
      removeDataFolder(data);
    },
  };
}
