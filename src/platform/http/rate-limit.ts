import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sha256 } from '../../core/digest.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { networkOf } from '../people/network.ts';
import { refused } from '../people/refusals.ts';
import type { Platform } from '../platform.ts';
import { isSecure, sessionToken } from '../routes/cookie.ts';
import { base, type Doorkeeper } from './register.ts';

/** Callers that are told apart at a time; beyond it, who was quiet longest is forgotten. About 100 bytes each. */
const mostCallers = 50_000;

/** A token bucket for each caller: a minute's worth at once, and then as it drips back. */
export class Buckets {
  readonly #perMinute: number;
  readonly #most: number;
  /** In the order of last use. */
  readonly #levels = new Map<string, { readonly left: number; readonly at: number }>();

  /** @param most callers that are kept. */
  constructor(perMinute: number, most = mostCallers) {
    this.#perMinute = perMinute;
    this.#most = most;
  }

  get size(): number {
    return this.#levels.size;
  }

  /**
   * Takes one from a caller's bucket.
   * @param atMs of a clock that does not jump.
   * @returns 0, or the seconds until there is one again.
   */
  take(caller: string, atMs: number): number {
    const before = this.#levels.get(caller) ?? { left: this.#perMinute, at: atMs };
    const dripped = ((atMs - before.at) / 60_000) * this.#perMinute;
    const level = Math.min(this.#perMinute, before.left + dripped);
    const left = level < 1 ? level : level - 1;
    this.#levels.delete(caller);
    this.#levels.set(caller, { left, at: atMs });
    if (this.#levels.size > this.#most) this.#levels.delete(this.#levels.keys().next().value ?? '');
    return level < 1 ? ((1 - level) / this.#perMinute) * 60 : 0;
  }
}

/** Where passwords, codes and keys are given. */
const signIns: ReadonlySet<string> = new Set(
  [
    'POST /first-run',
    'POST /session',
    'POST /session/new-password',
    'POST /session/second-factor',
    'PUT /session/enrolment',
    'POST /session/unlock',
    'PUT /session/password',
    'POST /session/passkey',
    'POST /session/passkey/challenge',
    'PUT /session/passkeys/enrolment',
    'GET /session/oidc',
    'GET /session/oidc/return',
  ].map((one) => one.replace(' ', ` ${base}`)),
);

/** Refusals are written this often at most; in between they are counted. */
const writtenMs = 60_000;

/**
 * Refuses whoever asks too often, before anything is looked up for them: strangers by their address, people and programs by
 * the session or token they have proved to hold, so that an office behind one address is many. Each process counts for itself.
 * @returns the door to use from here on: it learns who is who from the one it is given.
 */
export function limitRates(
  server: FastifyInstance,
  door: Doorkeeper,
  platform: Pick<Platform, 'settings' | 'db' | 'now'>,
): Doorkeeper {
  const { settings } = platform;
  const { limits } = settings;
  const secure = isSecure(settings);
  const strangers = new Buckets(limits.strangers);
  const signing = new Buckets(limits.signIns);
  const callers = new Buckets(limits.callers);
  const proved = new Recent(mostCallers);
  const counts = new RefusalCounts(platform);
  server.addHook('onClose', () => counts.close());
  const take = (request: FastifyRequest): number => {
    const now = performance.now();
    const network = networkOf(request.ip);
    const strict = signIns.has(`${request.method} ${request.routeOptions.url ?? ''}`);
    const wait = strict ? signing.take(network, now) : 0;
    if (wait > 0) return wait;
    const credential = credentialOf(request, secure);
    return credential !== undefined && proved.has(credential)
      ? callers.take(credential, now)
      : strangers.take(network, now);
  };
  // After the hooks that give every answer its headers, and before a body is read.
  server.addHook('preParsing', async (request, reply, payload) => {
    // Pages and their files cost little, and whoever watches over the server asks outside of the API.
    const wait = request.routeOptions.url?.startsWith(base) === true ? take(request) : 0;
    if (wait === 0) return payload;
    await counts.add(request.ip);
    const seconds = Math.max(1, Math.ceil(wait));
    void reply.header('retry-after', String(seconds));
    throw new TidewaiterError(
      'E_RATE',
      'That is more than one caller may ask',
      `Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    );
  });
  return {
    ...door,
    identify: async (request) => {
      const credential = credentialOf(request, secure);
      const note = (isTrue: boolean): void => {
        if (credential !== undefined) proved.note(credential, isTrue);
      };
      const principal = await door.identify(request).catch((error: unknown) => {
        // A session that has a step to go is somebody's.
        if (error instanceof TidewaiterError) note(error.code === 'E_SESSION');
        throw error;
      });
      note(principal !== undefined);
      return principal;
    },
    refused: async (refusal) => {
      // What another site makes a browser send is refused before it is counted above.
      const counted = refusal.kind !== 'cross-site';
      if (counted || strangers.take(networkOf(refusal.address), performance.now()) === 0) {
        await door.refused(refusal);
      } else await counts.add(refusal.address);
    },
  };
}

/** What a request would prove itself with, hashed: tokens are kept nowhere, not even here. */
function credentialOf({ headers }: FastifyRequest, secure: boolean): string | undefined {
  const token = headers.authorization ?? sessionToken(headers, secure);
  return token === undefined ? undefined : sha256(token);
}

/** The last few of what was true. */
class Recent {
  readonly #kept = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  has(one: string): boolean {
    return this.#kept.has(one);
  }

  note(one: string, isTrue: boolean): void {
    this.#kept.delete(one);
    if (isTrue) this.#kept.add(one);
    if (this.#kept.size > this.#most) this.#kept.delete(this.#kept.keys().next().value ?? '');
  }
}

/** Writes down that callers were refused for asking too often: the first one at once, and then how many more, now and then. */
class RefusalCounts {
  readonly #platform: Pick<Platform, 'db' | 'now'>;
  /** By network: an address of it, and how many are not written so far. */
  readonly #unwritten = new Map<string, { readonly address: string; count: number }>();
  readonly #timer: NodeJS.Timeout;
  /** Written one after the other, so that whoever closes waits for what is on its way. */
  #writing: Promise<void> = Promise.resolve();

  constructor(platform: Pick<Platform, 'db' | 'now'>) {
    this.#platform = platform;
    this.#timer = setInterval(() => void this.#writeAll(), writtenMs).unref();
  }

  async add(address: string): Promise<void> {
    const network = networkOf(address);
    const known = this.#unwritten.get(network);
    if (known !== undefined) known.count++;
    if (known !== undefined || this.#unwritten.size >= mostCallers) return;
    this.#unwritten.set(network, { address, count: 1 });
    await this.#write(network);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writeAll();
  }

  /** Forgets the networks that were quiet since the last time. */
  async #writeAll(): Promise<void> {
    for (const [network, { count }] of [...this.#unwritten]) {
      if (count === 0) this.#unwritten.delete(network);
      else await this.#write(network);
    }
    await this.#writing;
  }

  #write(network: string): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow(network));
    return this.#writing;
  }

  /** What cannot be written now is written with the next, and is no reason to answer otherwise. */
  async #writeNow(network: string): Promise<void> {
    const row = this.#unwritten.get(network);
    if (row === undefined || row.count === 0) return;
    const { address, count } = row;
    row.count = 0;
    const { db, now } = this.#platform;
    await refused(db, { kind: 'rate', address, count, at: now() }).catch(() => (row.count += count));
  }
}
