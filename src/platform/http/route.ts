import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import type { Principal, Role, Scope } from '../people/roles.ts';

/** Who may call a route. */
export type Access =
  /** Anybody, signed in or not. */
  | { readonly kind: 'open' }
  /** Anybody who signed in. */
  | { readonly kind: 'signed-in'; readonly scope: Scope }
  /** Anybody who sits at a screen: no token may. */
  | { readonly kind: 'session' }
  /**
   * Who holds one of the roles where the thing is. Lists hold a role anywhere and show only what lies at those sites.
   * What is absent and what lies at another site are answered alike, so that ids cannot be guessed.
   */
  | { readonly kind: 'role'; readonly roles: readonly Role[]; readonly scope: Scope; readonly at: Place };

/** Where a route's thing is: at no site in particular, at whichever sites the caller has, or found out for each call. */
export type Place = 'everywhere' | 'own-sites' | ((call: PlaceCall) => Promise<string | undefined>);

export interface PlaceCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** What a handler is given: everything is checked. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Absent only on open routes. */
  readonly principal: Principal;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Address of the caller, for limits and logs of refusals. */
  readonly address: string;
  /** Aborted when the caller leaves or the server stops. */
  readonly signal: AbortSignal;
  /** The bytes of the request, on routes that stream. */
  readonly stream?: Readable;
}

/** What a handler answers with. */
export interface Answer<Body> {
  readonly status?: number;
  /** Several of one name as a list: cookies. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body: Body;
}

/** One route as data: the server registers it, the OpenAPI document lists it, the typed client is made from it. */
export interface Route {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** Below `/api/v1`, with `:names` for parameters. */
  readonly path: string;
  /** Name of the client's method: `listCases`. */
  readonly id: string;
  /** Heading that it is listed under. */
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is not parsed but handed on as it comes in: uploads. A text names its type, other than plain bytes. */
  readonly stream?: boolean | 'application/offset+octet-stream';
  /** Sent with every answer, refusals too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Shape of the answer; absent when it has no JSON body. */
  readonly answer?: z.ZodType;
  readonly status: number;
  readonly handle: (call: Call<never, never, never>) => Promise<Answer<unknown>>;
  /**
   * Talks over a WebSocket, after the same checks: what is refused is refused before the handshake. Who asks without one
   * is answered by `handle`. What it throws closes the socket.
   */
  readonly socket?: (call: Call<never, never, never>, socket: WebSocket) => Promise<void>;
  /** Called when the server begins to stop, while requests are still running. */
  readonly close?: () => Promise<void>;
}

type Output<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type Input<Schema extends z.ZodType | undefined> = Schema extends z.ZodType ? z.input<Schema> : unknown;

/** Declares a route, so that its handler sees the types of its schemas. */
export function route<
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  Shape extends z.ZodType | undefined = undefined,
>(
  spec: Omit<Route, 'params' | 'query' | 'body' | 'answer' | 'status' | 'handle' | 'socket'> & {
    readonly params?: Params;
    readonly query?: Query;
    readonly body?: Body;
    readonly answer?: Shape;
    readonly status?: number;
    readonly handle: (
      call: Call<Output<Params>, Output<Query>, Output<Body>>,
    ) => Promise<Answer<Input<Shape>>>;
    readonly socket?: (
      call: Call<Output<Params>, Output<Query>, Output<Body>>,
      socket: WebSocket,
    ) => Promise<void>;
  },
): Route {
  return { status: 200, ...spec } as unknown as Route;
}
