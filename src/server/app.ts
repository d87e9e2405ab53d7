import { readFile } from 'node:fs/promises';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { TidewaiterError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { openApi } from '../platform/http/openapi.ts';
import { toProblem } from '../platform/http/problem.ts';
import { base, register, type Doorkeeper, type Refusal } from '../platform/http/register.ts';
import type { Route } from '../platform/http/route.ts';
import { refused, type RefusalKind } from '../platform/people/refusals.ts';
import type { Principal } from '../platform/people/roles.ts';
import { authenticate, type Session } from '../platform/people/session-state.ts';
import { touchSession } from '../platform/people/sessions.ts';
import { authenticateToken } from '../platform/people/tokens.ts';
import type { Platform } from '../platform/platform.ts';
import { sessionToken } from '../platform/routes/cookie.ts';
import { platformRoutes } from '../platform/routes/index.ts';
import { useRoutes } from '../uses/platform.ts';
import { apiPage, apiPageStyle } from './api-page.ts';

/** JSON bodies are small; files go through routes that stream. */
const LARGEST_BODY = 1024 * 1024;
/** A client that sends nothing for this long is let go. */
const IDLE_MS = 60_000;

/** The server over a platform; it does not listen yet. */
export async function createApp(platform: Platform, log: (line: string) => void): Promise<FastifyInstance> {
  const { settings } = platform;
  const server = fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    connectionTimeout: IDLE_MS,
    trustProxy: settings.trustProxy,
    routerOptions: { maxParamLength: 200 },
    ...(settings.tls === undefined
      ? {}
      : { https: { cert: await readFile(settings.tls.certificate), key: await readFile(settings.tls.key) } }),
  }) as FastifyInstance;
  server.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  const routes = [...platformRoutes(platform), ...useRoutes(platform)];
  answerErrors(server, log);
  guard(server);
  for (const route of routes) register(server, route, doorkeeper(platform));
  describe(server, routes);
  operate(server, platform);
  return server;
}

function answerErrors(server: FastifyInstance, log: (line: string) => void): void {
  server.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(fastifyFault(error), request.id);
    // What is ours to mend goes into the log; it never holds what the caller sent.
    if (problem.status >= 500)
      log(`request ${request.id} ${request.method} ${request.routeOptions.url ?? ''}: ${String(error)}`);
    // A body that was refused is not read to its end.
    if (!request.raw.complete) void reply.header('connection', 'close');
    await reply.status(problem.status).type('application/problem+json').send(problem);
  });
  server.setNotFoundHandler(async (request, reply) => {
    const error = new TidewaiterError(
      'E_NOT_FOUND',
      'There is nothing at this address',
      'See /api for what there is.',
    );
    await reply.status(404).type('application/problem+json').send(toProblem(error, request.id));
  });
}

/** Faults that the HTTP library found in a request. */
function fastifyFault(error: unknown): unknown {
  if (!(error instanceof Error) || !('statusCode' in error)) return error;
  const status = error.statusCode;
  if (status === 413)
    return new TidewaiterError('E_TOO_LARGE', 'The request is too large', 'Send less, or use an upload.');
  if (status === 415)
    return new TidewaiterError('E_MEDIA_TYPE', 'The body is of a kind that is not taken here', 'Send JSON.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new TidewaiterError('E_REQUEST', error.message, 'Check the form of the request.');
  return error;
}

/** Headers for every answer, and the door for requests that another site made a browser send. */
function guard(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy':
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      'cross-origin-resource-policy': 'same-origin',
      'x-request-id': request.id,
    });
    if (request.method !== 'GET' && request.method !== 'HEAD' && isCrossSite(request))
      throw new TidewaiterError(
        'E_CROSS_SITE',
        'Another site made your browser send this',
        'Do it from the console itself.',
      );
    await Promise.resolve();
  });
}

/** Programs with a token are no browsers; browsers say where a request comes from. */
function isCrossSite({ headers }: FastifyRequest): boolean {
  if (headers.authorization !== undefined) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (headers.origin === undefined) return false;
  return URL.parse(headers.origin)?.host !== headers.host;
}

function doorkeeper({ db, people, now }: Platform): Doorkeeper {
  return {
    identify: async ({ headers }) => {
      const { authorization } = headers;
      if (authorization !== undefined) {
        const [, token] = /^Bearer (\S+)$/.exec(authorization) ?? [];
        return token === undefined ? undefined : authenticateToken(db, token, now());
      }
      const token = sessionToken(headers);
      if (token === undefined) return undefined;
      const session = await authenticate(db, people, token, now());
      if (session === undefined) return undefined;
      const principal = openPrincipal(session);
      // What a page asks by itself does not keep a session awake that nobody sits at.
      if (headers['x-tidewaiter-background'] === undefined)
        await touchSession(db, people, { sessionId: session.id, now: now() });
      return principal;
    },
    refused: ({ code, address, personId }: Refusal) =>
      refused(db, {
        kind: refusalKinds[code] ?? 'role',
        address,
        at: now(),
        ...(personId === undefined ? {} : { personId }),
      }),
  };
}

const refusalKinds: Readonly<Record<string, RefusalKind>> = {
  E_NOT_SIGNED_IN: 'session',
  E_CROSS_SITE: 'cross-site',
};

/** @throws TidewaiterError `E_SESSION` for one that has a step to go. */
function openPrincipal(session: Session): Principal {
  if (session.state === 'open') return session.principal;
  const steps = {
    'second-factor': 'give the code of your authenticator app',
    enrol: 'enrol an authenticator app',
    locked: 'give your password again',
    banner: 'accept the terms of use',
  };
  throw new TidewaiterError(
    'E_SESSION',
    `You are not signed in yet: ${steps[session.state]}`,
    'Ask /api/v1/session how far you are.',
  );
}

function describe(server: FastifyInstance, routes: readonly Route[]): void {
  const document = openApi(routes, version);
  const page = apiPage(document);
  server.get(`${base}/openapi.json`, () => document);
  server.get('/api/page.css', async (_request, reply) => reply.type('text/css').send(apiPageStyle));
  server.get('/api', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
}

/** What whoever runs the server watches. None of it says anything about people. */
function operate(server: FastifyInstance, { db }: Platform): void {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'tidewaiter_request_seconds',
    help: 'Time to answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers,
  });
  const refusals = new Counter({
    name: 'tidewaiter_refusals_total',
    help: 'Requests refused with 401 or 403.',
    registers,
  });
  const waiting = new Gauge({
    name: 'tidewaiter_jobs',
    help: 'Jobs by state.',
    labelNames: ['state'],
    registers,
    collect: async () => {
      const rows = await db
        .selectFrom('jobs')
        .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute();
      waiting.reset();
      for (const { state, count } of rows) waiting.set({ state }, Number(count));
    },
  });
  server.addHook('onResponse', async (request, reply) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    requests.observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    if (reply.statusCode === 401 || reply.statusCode === 403) refusals.inc();
    await Promise.resolve();
  });
  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const ready = await sql`select 1`.execute(db).then(
      () => true,
      () => false,
    );
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'database does not answer' });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
