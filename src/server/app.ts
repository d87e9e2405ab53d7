import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { TidewaiterError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { openApi } from '../platform/http/openapi.ts';
import { limitRates } from '../platform/http/rate-limit.ts';
import { base, register, type Doorkeeper, type Refusal } from '../platform/http/register.ts';
import type { Route } from '../platform/http/route.ts';
import { deviceOf } from '../platform/people/device.ts';
import { refused } from '../platform/people/refusals.ts';
import type { Principal } from '../platform/people/roles.ts';
import { authenticate, type Session } from '../platform/people/session-state.ts';
import { touchSession } from '../platform/people/sessions.ts';
import { tokenReader } from '../platform/people/tokens.ts';
import type { Platform } from '../platform/platform.ts';
import { isSecure, sessionToken } from '../platform/routes/cookie.ts';
import { apiPage, apiPageStyle } from './api-page.ts';
import { serveConsole } from './console/serve-console.ts';
import { DatabaseWatch } from './database-watch.ts';
import { answerBrokenRequest, answerErrors, answerUnroutable, commonHeaders } from './faults.ts';
import type { Log } from './log.ts';
import { allRoutes } from './routes.ts';
import { createMetrics } from './metrics.ts';
import { readTls } from './tls.ts';

/** JSON bodies are small; files go through routes that stream. */
const LARGEST_BODY = 1024 * 1024;
/** A client that sends nothing for this long is let go; headers and JSON must be there in whole by then. */
const IDLE_MS = 60_000;
/** Time to end an answer when the server stops. */
const CLOSING_MS = 5_000;

/** The server over a platform; it does not listen yet. */
export async function createApp(
  platform: Platform,
  log: Log,
  { idleMs = IDLE_MS }: { readonly idleMs?: number } = {},
): Promise<FastifyInstance> {
  const { settings } = platform;
  const timing = { headersTimeout: idleMs, connectionsCheckingInterval: Math.ceil(idleMs / 4) };
  const server = fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    connectionTimeout: idleMs,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error, request, reply) =>
      answerUnroutable(error, request.id, reply as unknown as FastifyReply),
    // One proxy writes who it heard from at the end; what stands before that, anybody may have sent.
    trustProxy: (_address, hop) => settings.trustProxy && hop < 1,
    routerOptions: { maxParamLength: 200 },
    ...(settings.tls === undefined
      ? { http: timing }
      : {
          https: {
            ...timing,
            ...(await readTls(settings.tls)),
          },
        }),
  }) as FastifyInstance;
  // What a console says over a socket is short.
  await server.register(websocket, { options: { maxPayload: 4096 } });
  const files = ['application/octet-stream', 'application/offset+octet-stream'];
  server.addContentTypeParser(files, (_request, payload, done) => done(null, payload));
  server.removeContentTypeParser('text/plain');
  const routes = allRoutes(platform);
  const closing = new AbortController();
  const database = new DatabaseWatch();
  server.addHook('onListen', (done) => {
    void database.watch(platform.db, closing.signal);
    done();
  });
  server.addHook('preClose', (done) => {
    closing.abort();
    // Whoever is still being answered gets a moment; a connection whose answer has ended is closed at once.
    const idle = setInterval(() => server.server.closeIdleConnections(), 100);
    const all = setTimeout(() => server.server.closeAllConnections(), CLOSING_MS);
    server.server.once('close', () => {
      clearInterval(idle);
      clearTimeout(all);
    });
    done();
  });
  answerErrors(server, log);
  const door = limitRates(server, database.guardDoor(doorkeeper(platform, closing.signal)), platform);
  guard(server, door, idleMs);
  serveConsole(server);
  for (const route of routes) register(server, database.guard(route), door);
  describe(server, routes);
  operate(server, platform, database);
  return server;
}

/** Headers for every answer, and the door for requests that another site made a browser send. */
function guard(server: FastifyInstance, door: Doorkeeper, idleMs: number): void {
  server.addHook('onSend', async ({ raw }, reply) => {
    // What of a body nobody asked for is not read to its end: who drips it in would hold the connection for ever.
    if (!raw.complete) void reply.header('connection', 'close');
    await Promise.resolve();
  });
  server.addHook('onRequest', async (request, reply) => {
    letGoOfSlow(request, idleMs);
    void reply.headers({ ...commonHeaders, 'x-request-id': request.id });
    // A socket is opened by GET, and other sites could read it: the rule of one origin does not hold for it.
    const harmless = (request.method === 'GET' || request.method === 'HEAD') && !request.ws;
    if (harmless || !isCrossSite(request)) return;
    await door.refused({
      kind: 'cross-site',
      route: `${request.method} ${request.routeOptions.url ?? ''}`,
      address: request.ip,
    });
    throw new TidewaiterError(
      'E_CROSS_SITE',
      'Another site made your browser send this',
      'Do it from the console itself.',
    );
  });
}

/** JSON is small: who takes long to send it holds a connection for nothing. Files may take their time. */
function letGoOfSlow({ raw, headers }: FastifyRequest, idleMs: number): void {
  if (!/^application\/json/i.test(headers['content-type'] ?? '')) return;
  const timer = setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, idleMs).unref();
  raw.once('close', () => clearTimeout(timer));
}

/** Programs with a token are no browsers; browsers say where a request comes from. */
function isCrossSite({ headers }: FastifyRequest): boolean {
  if (headers.authorization !== undefined) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (headers.origin === undefined) return false;
  return URL.parse(headers.origin)?.host !== headers.host;
}

function doorkeeper({ db, people, settings, now }: Platform, closing: AbortSignal): Doorkeeper {
  const secure = isSecure(settings);
  const tokenHolder = tokenReader(db);
  return {
    closing,
    identify: async ({ headers, ip }) => {
      const { authorization } = headers;
      if (authorization !== undefined) {
        const [, token] = /^Bearer (\S+)$/i.exec(authorization) ?? [];
        return token === undefined ? undefined : tokenHolder(token, now());
      }
      const token = sessionToken(headers, secure);
      if (token === undefined) return undefined;
      const session = await authenticate(db, people, token, now());
      if (session === undefined) return undefined;
      const principal = openPrincipal(session);
      // What a page asks by itself does not keep a session awake that nobody sits at.
      if (headers['x-tidewaiter-background'] === undefined)
        await touchSession(db, people, {
          sessionId: session.id,
          address: ip,
          device: deviceOf(headers['user-agent']),
          now: now(),
        });
      return principal;
    },
    refused: ({ kind, address, personId }: Refusal) =>
      refused(db, {
        kind,
        address,
        at: now(),
        ...(personId === undefined ? {} : { personId }),
      }),
  };
}

/** @throws TidewaiterError `E_SESSION` for one that has a step to go. */
function openPrincipal(session: Session): Principal {
  if (session.state === 'open') return session.principal;
  const steps = {
    'second-factor': 'give the code of your authenticator app, or use your passkey',
    enrol: 'enrol an authenticator app or a passkey',
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

/** For whoever runs the server, and for what watches it. */
function operate(server: FastifyInstance, { db }: Platform, database: DatabaseWatch): void {
  const metrics = createMetrics(db, database);
  server.addHook('onResponse', (request, reply, done) => {
    const route = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    metrics.answered(route, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  server.get('/healthz', () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const asked = database.orGone(() => sql`select 1`.execute(db));
    const ready = await asked.then(
      () => true,
      () => false,
    );
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'database does not answer' });
  });
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
