import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, TidewaiterClient, type Operations } from '../../../client/index.ts';
import { TidewaiterError } from '../../../core/errors.ts';

/** Where a platform is, and what is shown there. */
export interface Address {
  /** `https://tidewaiter.example` */
  readonly url: string;
  /** An API token. */
  readonly token: string;
}

export interface TalkOptions {
  readonly address: Address;
  /** Ends everything under way. */
  readonly signal?: AbortSignal;
  /** Told when the platform stops to answer, and when it answers again. */
  readonly tell: (line: string) => Promise<void>;
  /** How long a platform that does not answer is waited for. Ten minutes by default. */
  readonly patienceMs?: number;
}

type Call<Id extends keyof Operations> = Parameters<TidewaiterClient['call']>[1] &
  Omit<Operations[Id], 'answer'>;

const PATIENCE_MS = 600_000;
const ANSWER_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/** Requests to a platform that may restart, or be out of reach for a while, in the middle of a piece of work. */
export class Talk {
  readonly client: TidewaiterClient;
  readonly #options: TalkOptions;
  #patienceMs: number;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#patienceMs = options.patienceMs ?? PATIENCE_MS;
    this.client = new TidewaiterClient(options.address);
  }

  /** One request that may be sent twice, until there is an answer to it. */
  async ask<Id extends keyof Operations>(id: Id, given: Call<Id>): Promise<Operations[Id]['answer']> {
    return this.persist(() => this.once(id, given));
  }

  /** One request, sent once. */
  async once<Id extends keyof Operations>(id: Id, given: Call<Id>): Promise<Operations[Id]['answer']> {
    const { body } = await this.client.call(id, { ...given, signal: this.until(ANSWER_MS) });
    return body;
  }

  /**
   * A request of a form that the typed client does not know, sent once.
   * @param path below `/api/v1`. @throws ProblemError for what was refused; of HEAD the answer comes whatever it is.
   */
  async raw(path: string, init: RequestInit & { readonly signal: AbortSignal }): Promise<Response> {
    const { url, token } = this.#options.address;
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(`${url}/api/v1${path}`, { ...init, headers });
    // Answers to HEAD have no body that says more than their status.
    if (response.ok || init.method === 'HEAD') return response;
    throw new ProblemError((await response.json()) as ProblemError['problem']);
  }

  /** Whether the work was stopped from outside. */
  get stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Aborted by whoever stops the work, and after a time or by another signal. */
  until(end: number | AbortSignal): AbortSignal {
    const { signal } = this.#options;
    const other = typeof end === 'number' ? AbortSignal.timeout(end) : end;
    return signal === undefined ? other : AbortSignal.any([other, signal]);
  }

  /**
   * Does something again until it is answered. Who is out of reach for longer than the patience is given up for good: the next
   * attempt is the last.
   * @param work calls `alive` whenever something came: patience begins anew then.
   * @throws TidewaiterError what the platform says, or `E_PLATFORM_GONE`.
   */
  async persist<T>(work: (alive: () => void) => Promise<T>): Promise<T> {
    const { signal, tell, address } = this.#options;
    let goneSince: number | undefined;
    let pause = FIRST_PAUSE_MS;
    const alive = (): void => {
      goneSince = undefined;
      pause = FIRST_PAUSE_MS;
    };
    for (;;) {
      signal?.throwIfAborted();
      try {
        const result = await work(alive);
        if (goneSince !== undefined) await tell('The platform answers again.');
        return result;
      } catch (error) {
        signal?.throwIfAborted();
        if (!isGone(error)) throw asOurs(error);
        if (goneSince === undefined && this.#patienceMs > 0)
          await tell(
            `The platform does not answer; waiting for it, ${Math.ceil(this.#patienceMs / 60_000)} min at most.`,
          );
        goneSince ??= performance.now();
        if (performance.now() - goneSince >= this.#patienceMs) {
          this.#patienceMs = 0;
          throw new TidewaiterError(
            'E_PLATFORM_GONE',
            `The platform at ${address.url} does not answer`,
            'See whether it runs, and start again; or work without it with --alone.',
            { cause: error },
          );
        }
        await sleep(pause, undefined, signal === undefined ? {} : { signal });
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    }
  }

  /**
   * Makes something by a request that must not be sent twice: when its answer did not come, what it made is looked for first.
   * @param list what there is, the newest first. @returns the id of what was made.
   */
  async make(
    list: () => Promise<readonly { readonly id: string }[]>,
    request: () => Promise<string>,
  ): Promise<string> {
    const before = new Set((await this.persist(list)).map(({ id }) => id));
    let asked = false;
    return this.persist(async () => {
      const made = asked ? (await list()).find(({ id }) => !before.has(id)) : undefined;
      asked = true;
      return made?.id ?? request();
    });
  }
}

/** No answer, one of a proxy before the server, or one that says that it is for later. */
const laterStates: ReadonlySet<number> = new Set([423, 429, 502, 503, 504]);

function isGone(error: unknown): boolean {
  if (error instanceof ProblemError) return laterStates.has(error.problem.status);
  // `fetch` names connections that fail or break, and answers that are no JSON, by these.
  if (error instanceof TypeError || error instanceof SyntaxError) return true;
  return error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError');
}

function asOurs(error: unknown): unknown {
  if (!(error instanceof ProblemError)) return error;
  const { code, title, remedy } = error.problem;
  return new TidewaiterError(code, title, remedy, { cause: error });
}
