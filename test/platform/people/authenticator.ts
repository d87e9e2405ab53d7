import { after } from 'node:test';
import { chromium, type CDPSession, type Page } from 'playwright-core';

/** What came back from the API, as the page saw it. */
export interface PageReply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** Credentials as pages send them; what tests change of them. */
export interface Credential extends Record<string, unknown> {
  readonly id: string;
}

/** A real browser with an authenticator of its own making, on a page of the console. */
export class KeyHolder {
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #authenticatorId: string;

  constructor(page: Page, cdp: CDPSession, authenticatorId: string) {
    this.page = page;
    this.#cdp = cdp;
    this.#authenticatorId = authenticatorId;
  }

  async call(method: string, path: string, body?: unknown): Promise<PageReply> {
    const init = { method, body: body === undefined ? undefined : JSON.stringify(body) };
    return this.page.evaluate(`(async () => {
      const headers = ${body === undefined ? '{}' : '{ "content-type": "application/json" }'};
      const response = await fetch(${JSON.stringify(`/api/v1${path}`)}, { ...${JSON.stringify(init)}, headers });
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
    })()`);
  }

  /** Has the authenticator make a key. @param options as the API gives them. */
  async create(options: unknown): Promise<Credential> {
    return this.page.evaluate(`(async () => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)});
      return (await navigator.credentials.create({ publicKey })).toJSON();
    })()`);
  }

  /** Has the authenticator sign. @param options as the API gives them. */
  async get(options: unknown): Promise<Credential> {
    return this.page.evaluate(`(async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)});
      return (await navigator.credentials.get({ publicKey })).toJSON();
    })()`);
  }

  /** Enrols a key in the session of the page. */
  async enrol(name: string): Promise<PageReply> {
    const { body } = await this.call('POST', '/session/passkeys/enrolment');
    const response = await this.create(body);
    return this.call('PUT', '/session/passkeys/enrolment', { name, response });
  }

  /** Proves itself with a key. */
  async prove(): Promise<PageReply> {
    const { body } = await this.call('POST', '/session/passkey/challenge');
    return this.call('POST', '/session/passkey', { response: await this.get(body) });
  }

  /** What a copy of the key would do that was made when it had signed fewer times. */
  async setCounter(signCount: number): Promise<void> {
    const authenticatorId = this.#authenticatorId;
    const { credentials } = await this.#cdp.send('WebAuthn.getCredentials', { authenticatorId });
    for (const credential of credentials) {
      const { credentialId } = credential;
      await this.#cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId });
      await this.#cdp.send('WebAuthn.addCredential', {
        authenticatorId,
        credential: { ...credential, signCount },
      });
    }
  }

  /** Whether the right finger is on it from now on. */
  async setUserVerified(isUserVerified: boolean): Promise<void> {
    const authenticatorId = this.#authenticatorId;
    await this.#cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  }
}

/** @returns opens browsers, each with an empty authenticator, on a page of any origin; all are closed after the tests of the file. */
export async function startBrowser(): Promise<(url: string) => Promise<KeyHolder>> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  after(() => browser.close());
  return async (url) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new KeyHolder(page, cdp, authenticatorId);
  };
}
