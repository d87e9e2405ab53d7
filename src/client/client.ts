import { operations, type Operations } from './operations.ts';

/** What went wrong, as the server says it. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly remedy: string;
  readonly request: string;
}

/** Thrown for every answer that is not a success. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.title}. ${problem.remedy}`);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Where the platform is: `https://tidewaiter.example`. Empty in a page that it served. */
  readonly url: string;
  /** An API token; without one the browser's session is used. */
  readonly token?: string;
}

/** What an operation takes: only the parts that it has. */
type Given<Id extends keyof Operations> = Omit<Operations[Id], 'answer'> & {
  /** ETag of what a change is based on. */
  readonly ifMatch?: string;
  /** Bytes of an upload. */
  readonly bytes?: Blob | ArrayBuffer | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
};

/** What came back. */
export interface Answered<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
}

/** Calls the API. Types of everything that goes in and comes out are made from the server's own description. */
export class TidewaiterClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /**
   * @param id an operation, such as `listCases`.
   * @throws ProblemError for what the server refused.
   */
  async call<Id extends keyof Operations>(
    id: Id,
    given: Given<Id>,
  ): Promise<Answered<Operations[Id]['answer']>> {
    const response = await this.fetch(id, given);
    const text = await response.text();
    return {
      body: (text === '' ? undefined : JSON.parse(text)) as Operations[Id]['answer'],
      etag: response.headers.get('etag') ?? undefined,
    };
  }

  /** The same, with the answer as it comes: for files and events. */
  async fetch<Id extends keyof Operations>(id: Id, given: Given<Id>): Promise<Response> {
    const [method, path] = operations[id];
    const { params, query, body, ifMatch, bytes, signal } = given as Loose;
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(params?.[name])),
    );
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) search.set(name, String(value));
    const tail = search.size === 0 ? '' : `?${search.toString()}`;
    const { url, token } = this.#options;
    const response = await fetch(`${url}/api/v1${filled}${tail}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(bytes === undefined
        ? {}
        : { body: bytes, ...(bytes instanceof ReadableStream ? { duplex: 'half' } : {}) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    throw new ProblemError((await response.json()) as Problem);
  }
}

/** What {@link Given} may hold, for any operation. */
interface Loose {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly bytes?: Blob | ArrayBuffer | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal;
}
