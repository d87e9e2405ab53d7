import { totpCode, totpStep } from '../../src/platform/people/totp.ts';
import { operations, type Operations } from '../../src/client/operations.ts';

type Given<Id extends keyof Operations> = Omit<Operations[Id], 'answer'> & {
  readonly bytes?: Uint8Array<ArrayBuffer>;
  /** Of what is changed, as it was seen. */
  readonly version?: number;
};

/** Somebody who sits before the API as a browser would: with a session of their own. */
export class DemoPerson {
  readonly login: string;
  readonly password: string;
  readonly #url: string;
  #cookie = '';
  #secret: string;

  /** @param secret of the authenticator app, base32, of somebody who has one. */
  constructor(url: string, login: string, password: string, secret = '') {
    [this.#url, this.login, this.password, this.#secret] = [url, login, password, secret];
  }

  async call<Id extends keyof Operations>(id: Id, given: Given<Id>): Promise<Operations[Id]['answer']> {
    const { params, query, body, bytes, version } = given as {
      params?: Record<string, string>;
      query?: Record<string, string>;
      body?: unknown;
      bytes?: Uint8Array<ArrayBuffer>;
      version?: number;
    };
    const [method, template] = operations[id];
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => params?.[name] ?? '');
    const response = await fetch(`${this.#url}/api/v1${path}?${new URLSearchParams(query).toString()}`, {
      method,
      headers: {
        cookie: this.#cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(bytes === undefined ? {} : { body: bytes }),
    });
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    const text = await response.text();
    if (!response.ok) throw new Error(`${id}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Operations[Id]['answer'];
  }

  /** Signs in for the first time: password, an authenticator app, the terms of use. */
  async enrol(): Promise<void> {
    const { login, password } = this;
    await this.call('signIn', { body: { login, password } });
    const { secret } = await this.call('startEnrolment', {});
    this.#secret = secret;
    await this.call('confirmEnrolment', { body: { code: this.code() } });
    await this.call('acceptBanner', {});
  }

  /** What the authenticator app shows now. */
  code(): string {
    return totpCode(fromBase32(this.#secret), totpStep(new Date()), 'sha1');
  }

  /** What it takes to be this person again. */
  toJSON(): { readonly login: string; readonly password: string; readonly secret: string } {
    return { login: this.login, password: this.password, secret: this.#secret };
  }
}

function fromBase32(text: string): Buffer<ArrayBuffer> {
  const bits = [...text]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
