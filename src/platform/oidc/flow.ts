import type { SecretBox } from '../secrets/secret-box.ts';

/** A sign-in that was begun: what only this browser may end, and only with the answer that was asked for. */
export interface Flow {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
  /** A path of this console. */
  readonly returnTo: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const flowMinutes = 10;
/** More than this in one browser are forgotten: their cookies come with every request. */
const most = 4;
/** Distinguishes the flows of a browser. */
const idLength = 16;

const context = 'oidc:flow';
const names = { secure: '__Host-tidewaiter-oidc-', plain: 'tidewaiter-oidc-' } as const;

export function flowEnd(now: Date): number {
  return now.getTime() + flowMinutes * 60_000;
}

/**
 * Flows are kept in the browser, one cookie each, so that two windows can sign in side by side and strangers fill no
 * table. Lax, because the browser comes back from the provider's site.
 * @param secure the console is reached over TLS.
 */
export class FlowCookies {
  readonly #box: SecretBox;
  readonly #prefix: string;
  readonly #attributes: string;

  constructor(box: SecretBox, secure: boolean) {
    this.#box = box;
    this.#prefix = secure ? names.secure : names.plain;
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  }

  /** Headers that keep a new flow. @param header of the request that began it. */
  keep(flow: Flow, header: string | undefined): string[] {
    const others = [...this.#cookies(header).keys()];
    const sealed = this.#box.wrap(Buffer.from(JSON.stringify(flow)), context).toString('base64url');
    const kept = `${this.#name(flow.state)}=${sealed}; ${this.#attributes}; Max-Age=${flowMinutes * 60}`;
    return [kept, ...(others.length < most ? [] : others.map((name) => this.#cleared(name)))];
  }

  /** The flow that an answer with this state belongs to; undefined when it was not begun in this browser, or is over. */
  find(state: string, header: string | undefined, now: Date): Flow | undefined {
    const sealed = this.#cookies(header).get(this.#name(state));
    const flow = sealed === undefined ? undefined : this.#opened(sealed);
    return flow?.state === state && flow.expires > now.getTime() ? flow : undefined;
  }

  /** Header that forgets a flow. */
  forget({ state }: Flow): string {
    return this.#cleared(this.#name(state));
  }

  #name(state: string): string {
    return `${this.#prefix}${state.slice(0, idLength)}`;
  }

  #cleared(name: string): string {
    return `${name}=; ${this.#attributes}; Max-Age=0`;
  }

  #cookies(header = ''): Map<string, string> {
    const pairs = header.split(';').map((pair) => pair.trim().split('=', 2));
    return new Map(
      pairs.flatMap(([name = '', value = '']) =>
        name.startsWith(this.#prefix) ? [[name, value] as const] : [],
      ),
    );
  }

  /** What does not unwrap was not written here, or with another key. */
  #opened(sealed: string): Flow | undefined {
    try {
      const text = this.#box.unwrap(Buffer.from(sealed, 'base64url'), context).toString();
      return JSON.parse(text) as Flow;
    } catch {
      return undefined;
    }
  }
}
