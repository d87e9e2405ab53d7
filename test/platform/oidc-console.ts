import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import fastify from 'fastify';
import { startIdentityProvider } from './identity-provider.ts';
import { startTestServer } from './postgres.ts';
import { base, register } from '../../src/platform/http/register.ts';
import { toProblem } from '../../src/platform/http/problem.ts';
import { platformSchema } from '../../src/platform/migrations/index.ts';
import { createPerson } from '../../src/platform/people/accounts.ts';
import { grantRole } from '../../src/platform/people/grants.ts';
import type { PeopleSettings } from '../../src/platform/people/settings.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { sessionRoutes } from '../../src/platform/routes/session.ts';
import { unwrapWith, wrappingKey, wrapWith } from '../../src/platform/secrets/wrap.ts';
import { settingsSchema } from '../../src/platform/settings/settings.ts';
import { linkIdentity } from '../../src/platform/oidc/identities.ts';
import type { OidcSettings } from '../../src/platform/oidc/provider.ts';
import { oidcRoutes } from '../../src/platform/oidc/routes.ts';

export const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-oidc-'));
export const server = await startTestServer();
export const { db } = await server.database(platformSchema);
const key = wrappingKey(randomBytes(32));
export const people: PeopleSettings = {
  fips: false,
  idleMinutes: 15,
  sessionHours: 12,
  banner: 'Use is recorded.',
};
export const password = 'four gulls over a cold harbour';
export const piv = 'urn:test:piv';

export const clock = { minutesAhead: 0 };
export const now = (): Date => new Date(Date.now() + clock.minutesAhead * 60_000);

const publicUrl = 'https://console.example';
export const redirect = `${publicUrl}${base}/session/oidc/return`;
export const idp = await startIdentityProvider(redirect);
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, `${idp.clientSecret}\n`);
after(async () => {
  await idp.close();
  rmSync(folder, { recursive: true });
});

/** The console, as if it stood behind a proxy with TLS. */
export function consoleWith(oidc: Partial<OidcSettings> | undefined = {}) {
  const settings = settingsSchema.parse({
    data: folder,
    publicUrl,
    oidc: {
      issuer: idp.issuer,
      clientId: idp.clientId,
      clientSecretFile: secretFile,
      requiredAcr: [piv],
      ...oidc,
    },
  });
  const secrets = {
    wrap: (bytes: Buffer, context: string) => wrapWith(key, bytes, context),
    unwrap: (bytes: Buffer, context: string) => unwrapWith(key, bytes, context),
  };
  const platform = { db, people, secrets, settings, now } as unknown as Platform;
  const app = fastify({ trustProxy: true });
  app.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(error, request.id);
    await reply.status(problem.status).type('application/problem+json').send(problem);
  });
  const door = {
    identify: async () => {
      const row = await db
        .selectFrom('people')
        .select(['id', 'name'])
        .where('login', '=', 'admin')
        .executeTakeFirst();
      const grants = [{ site: '*', role: 'admin' }] as const;
      return (
        row && ({ personId: row.id, name: row.name, grants, via: 'session', scopes: ['people'] } as const)
      );
    },
    refused: () => Promise.resolve(),
    closing: new AbortController().signal,
  };
  for (const one of [...oidcRoutes(platform), ...sessionRoutes(platform)]) register(app, one, door);
  return app;
}
type Console = ReturnType<typeof consoleWith>;

/** A browser with a jar for each site. */
export class Browser {
  readonly #console: Console;
  readonly jar = new Map<string, string>();
  readonly #theirs = new Map<string, string>();
  constructor(one: Console) {
    this.#console = one;
  }

  async get(path: string) {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const { statusCode, headers, payload } = await this.#console.inject({
      url: `${base}${path}`,
      headers: cookie === '' ? {} : { cookie },
    });
    const set = [headers['set-cookie'] ?? []].flat();
    keep(this.jar, set);
    const body = payload === '' ? {} : (JSON.parse(payload) as Record<string, unknown>);
    return { status: statusCode, location: headers.location ?? '', set, body };
  }

  /** Goes to the provider and through it. @returns where it sends the browser back to, as a path of the console. */
  async visit(location: string): Promise<string> {
    let next = location;
    for (let step = 0; step < 8; step++) {
      const cookie = [...this.#theirs].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(new URL(next, idp.issuer), { redirect: 'manual', headers: { cookie } });
      await response.arrayBuffer();
      keep(this.#theirs, response.headers.getSetCookie());
      next = response.headers.get('location') ?? '';
      if (next.startsWith(publicUrl)) return next.slice(`${publicUrl}${base}`.length);
    }
    throw new Error(`the provider sends nobody back: ${next}`);
  }

  async signIn(query = '') {
    return this.get(await this.visit((await this.get(`/session/oidc${query}`)).location));
  }

  async state(): Promise<unknown> {
    return (await this.get('/session')).body['state'];
  }
}

function keep(jar: Map<string, string>, cookies: readonly string[]): void {
  for (const cookie of cookies) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
}

/** Somebody with an account, and an identity linked to it. */
export async function linked(acr?: string): Promise<{ id: string; login: string; sub: string }> {
  const sub = randomUUID();
  const login = `person-${sub}`;
  const id = await createPerson(db, people, { person: { login, name: 'Maria Lopez', password }, now: now() });
  const identity = { issuer: idp.issuer, subject: sub };
  await linkIdentity(db, { personId: id, identity, actor: admin, now: now() });
  idp.holder = { sub, ...(acr === undefined ? {} : { acr }) };
  return { id, login, sub };
}

export const refusals = async (): Promise<{ kind: string; person_id: string | null }[]> =>
  db.selectFrom('refusals').select(['kind', 'person_id']).orderBy('id').execute();

export const admin = await createPerson(db, people, {
  person: { login: 'admin', name: 'Admin', password },
  now: now(),
});
await grantRole(db, { personId: admin, grant: { site: '*', role: 'admin' }, now: now() });
export const usual = consoleWith();
after(() => usual.close());

/** Signing in is refused, said so without secrets, and written down. */
export async function refusedWith(
  browser: Browser,
  answer: Awaited<ReturnType<Browser['get']>>,
  title: RegExp,
) {
  assert.deepEqual([answer.status, answer.body['code']], [401, 'E_OIDC']);
  assert.match(String(answer.body['title']), title);
  assert.ok(!JSON.stringify(answer.body).includes(idp.clientSecret));
  assert.equal(await browser.state(), 'none');
  assert.equal((await refusals()).at(-1)?.kind, 'sign-in');
}
