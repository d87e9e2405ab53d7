import type {} from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import type { RefusalKind } from '../people/refusals.ts';
import { holdsRole, type Principal } from '../people/roles.ts';
import { notFound } from './problem.ts';
import type { Access, Call, Route } from './route.ts';

/** What the server knows about callers. */
export interface Doorkeeper {
  /** Who calls, as far as it is proved; undefined for a stranger. @throws TidewaiterError for a session that must do something first. */
  identify(request: FastifyRequest): Promise<Principal | undefined>;
  /** Told of every refusal, to be kept. */
  refused(refusal: Refusal): Promise<void>;
  /** Aborted when the server stops: answers that go on and on end then. */
  readonly closing: AbortSignal;
}

export interface Refusal {
  readonly kind: RefusalKind;
  readonly route: string;
  readonly address: string;
  readonly personId?: string;
}

/** Where routes begin. */
export const base = '/api/v1';

/** Makes a route answer. Everything it is given was checked: who calls, where, and the form of it. */
export function register(server: FastifyInstance, route: Route, door: Doorkeeper): void {
  const name = `${route.method} ${route.path}`;
  const { headers = {}, close } = route;
  if (close !== undefined) server.addHook('preClose', close);
  const call = async (request: FastifyRequest, reply: FastifyReply): Promise<Call<never, never, never>> => {
    let principal: Principal | undefined;
    try {
      principal = await identified(request, route, door);
      return await admitted(request, reply, { route, principal, closing: door.closing });
    } catch (error) {
      await tellRefusal(error, principal, request);
      throw error;
    }
  };
  const tellRefusal = async (
    error: unknown,
    principal: Principal | undefined,
    { ip, headers }: FastifyRequest,
  ): Promise<void> => {
    if (!(error instanceof TidewaiterError)) return;
    const proof = headers.authorization === undefined ? 'session' : 'token';
    const kind = refusalKind(error.code, { access: route.access, principal, proof });
    if (kind === undefined) return;
    const who = principal === undefined ? {} : { personId: principal.personId };
    await door.refused({ kind, route: name, address: ip, ...who });
  };
  server.route({
    method: route.method,
    url: `${base}${route.path}`,
    onRequest: async (_request, reply) => {
      void reply.headers(headers);
      await Promise.resolve();
    },
    ...(route.socket === undefined ? {} : socketOf(route.socket, call)),
    handler: async (request, reply) => {
      const checked = await call(request, reply);
      try {
        return await answer(reply, route, checked);
      } catch (error) {
        await tellRefusal(error, checked.principal, request);
        throw error;
      }
    },
  });
}

type Checked = Call<never, never, never>;

/** Checks who calls before the handshake, and then lets the route talk. */
function socketOf(
  talk: NonNullable<Route['socket']>,
  check: (request: FastifyRequest, reply: FastifyReply) => Promise<Checked>,
): Pick<RouteOptions, 'preValidation' | 'wsHandler'> {
  const calls = new WeakMap<FastifyRequest, Checked>();
  return {
    preValidation: async (request, reply) => {
      if (request.ws) calls.set(request, await check(request, reply));
    },
    wsHandler: async (socket, request) => {
      const call = calls.get(request);
      if (call === undefined) {
        socket.close(SOCKET_REFUSED);
        return;
      }
      // The answer to the handshake ended with it: from here on it is the socket that is left.
      const left = new AbortController();
      socket.once('close', () => left.abort());
      socket.on('error', () => socket.terminate());
      const signal = AbortSignal.any([left.signal, call.signal]);
      try {
        await talk({ ...call, signal }, socket);
      } catch (error) {
        const code = error instanceof TidewaiterError ? error.code : 'E_INTERNAL';
        socket.close(SOCKET_REFUSED, code);
      }
    },
  };
}

/** The application refuses (RFC 6455, 7.4.2: 4000 to 4999 are its own); the reason is a code of ours. */
const SOCKET_REFUSED = 4000;

/** Why somebody was turned away, for the log of refusals; undefined for an error that is no refusal. */
function refusalKind(
  code: string,
  {
    access,
    principal,
    proof,
  }: {
    readonly access: Access;
    readonly principal: Principal | undefined;
    /** What the request came with, or should have. */
    readonly proof: 'session' | 'token';
  },
): RefusalKind | undefined {
  switch (code) {
    case 'E_NOT_SIGNED_IN':
    case 'E_SESSION':
    case 'E_PROVE_AGAIN':
      return proof;
    case 'E_FORBIDDEN':
      return principal !== undefined && !inScope(access, principal) ? 'scope' : 'role';
    // What lies at a site where the caller has no role is answered as if it were not there. Whoever holds the role
    // everywhere has all shown to them: what they do not find is not there.
    case 'E_NOT_FOUND':
      return principal !== undefined && access.kind === 'role' && holdsRole(principal, access.roles)
        ? undefined
        : 'role';
    case 'E_TRAINING':
    case 'E_NOTICE_UNREAD':
      return 'role';
    default:
      return undefined;
  }
}

async function identified(
  request: FastifyRequest,
  route: Route,
  door: Doorkeeper,
): Promise<Principal | undefined> {
  if (route.access.kind === 'open') return undefined;
  const principal = await door.identify(request);
  if (principal !== undefined) return principal;
  throw new TidewaiterError(
    'E_NOT_SIGNED_IN',
    'Nobody is signed in',
    'Sign in, or give a token that is valid.',
  );
}

async function admitted(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    route,
    principal,
    closing,
  }: {
    readonly route: Route;
    readonly principal: Principal | undefined;
    readonly closing: AbortSignal;
  },
): Promise<Call<never, never, never>> {
  if (principal !== undefined && !inScope(route.access, principal)) throw forbidden();
  checkMediaType(route, request.body);
  // Ids are checked before anything is looked up; what a stranger may not see is not told apart from what is not there.
  const params = parsed(route.params, request.params, 'the address') as Record<string, string>;
  const query = parsed(route.query, request.query, 'the query') as Record<string, unknown>;
  const body: unknown = parsed(route.body, request.body, 'the body');
  if (principal !== undefined) await checkPlace(route.access, principal, { params, query, body });
  const left = new AbortController();
  const leave = (): void => left.abort();
  closing.addEventListener('abort', leave);
  reply.raw.once('close', () => {
    closing.removeEventListener('abort', leave);
    if (!reply.raw.writableFinished) leave();
  });
  return {
    params,
    query,
    body,
    principal,
    headers: request.headers,
    address: request.ip,
    signal: left.signal,
    ...(route.stream === undefined ? {} : { stream: request.body }),
  } as unknown as Call<never, never, never>;
}

function inScope(access: Access, principal: Principal): boolean {
  if (access.kind === 'open') return true;
  return access.kind === 'session' ? principal.via === 'session' : principal.scopes.includes(access.scope);
}

async function checkPlace(
  access: Access,
  principal: Principal,
  call: { params: Record<string, string>; query: Record<string, unknown>; body: unknown },
): Promise<void> {
  if (access.kind !== 'role') return;
  if (access.at === 'everywhere') {
    if (!holdsRole(principal, access.roles)) throw forbidden();
    return;
  }
  if (access.at === 'own-sites') {
    if (!principal.grants.some(({ role }) => access.roles.includes(role))) throw forbidden();
    return;
  }
  const site = await access.at(call);
  if (site === undefined || !principal.grants.some((grant) => grant.site === '*' || grant.site === site))
    throw notFound();
  if (!holdsRole(principal, access.roles, site)) throw forbidden();
}

function forbidden(): TidewaiterError {
  return new TidewaiterError(
    'E_FORBIDDEN',
    'This takes a role that you do not have here',
    'Ask an administrator of the site.',
  );
}

/** Bytes come in as a stream, and only where they are wanted. */
function checkMediaType({ stream = false }: Route, body: unknown): void {
  if (body instanceof Readable === (stream !== false)) return;
  const type = stream === true ? 'application/octet-stream' : stream;
  throw new TidewaiterError(
    'E_MEDIA_TYPE',
    'The body is of a kind that is not taken here',
    type === false ? 'Send JSON.' : `Send the bytes of the file as ${type}.`,
  );
}

function parsed(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (schema === undefined) return value;
  const result = check(schema, value ?? {});
  if (result.success) {
    if (isText(result.data)) return result.data;
    throw new TidewaiterError(
      'E_REQUEST',
      `There is a character in ${what} that no text has`,
      'Leave out NUL and halves of surrogate pairs.',
    );
  }
  const misfit = misfitOf(result.error);
  const where = misfit.place === '' ? what : `${misfit.place} in ${what}`;
  throw new TidewaiterError(
    'E_REQUEST',
    `${where} does not fit: ${misfit.what}`,
    'See the documentation of this route.',
  );
}

/** The database keeps neither NUL nor half a character: the one is an error there, the other becomes something else. */
function isText(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => isText(key) && isText(inner));
}

async function answer(
  reply: FastifyReply,
  route: Route,
  call: Call<never, never, never>,
): Promise<FastifyReply> {
  const { status = route.status, headers = {}, body } = await route.handle(call);
  void reply.status(status).headers(headers);
  if (body === undefined) return reply.send();
  if (body instanceof Readable) return reply.send(body);
  // What leaves is what the schema says, and nothing that a row happens to hold besides.
  return reply.send(route.answer === undefined ? body : route.answer.parse(body));
}
