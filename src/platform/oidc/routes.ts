import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { base } from '../http/register.ts';
import { route, type Call, type Route } from '../http/route.ts';
import { refused } from '../people/refusals.ts';
import type { Platform } from '../platform.ts';
import { idParams } from '../routes/access.ts';
import { isSecure, sessionCookie } from '../routes/cookie.ts';
import { oidcError } from './errors.ts';
import { FlowCookies, flowEnd } from './flow.ts';
import { linkIdentity, listIdentities, unlinkIdentity } from './identities.ts';
import { ownPath } from './own-path.ts';
import { Provider } from './provider.ts';
import { signInConfirmed } from './sign-in.ts';

const returnPath = '/session/oidc/return';

/** What a provider may send back (RFC 6749, RFC 9207); what it adds to that is not looked at. */
const answerParams = z.object({
  state: z.string().max(200).optional(),
  code: z.string().max(8192).optional(),
  iss: z.string().max(1000).optional(),
  error: z.string().max(200).optional(),
});

const identity = z
  .object({
    issuer: z.url({ protocol: /^https?$/ }),
    subject: z.string().min(1).max(255).describe('The `sub` claim, as the provider writes it.'),
  })
  .meta({ id: 'Identity' });

type AnyCall = Pick<Call<unknown, unknown, unknown>, 'headers' | 'address'>;

/** Signing in through the agency's provider, and who people are there. */
export function oidcRoutes(platform: Platform): Route[] {
  return [...signInRoutes(platform), ...identityRoutes(platform)];
}

function signInRoutes({ db, people, secrets, settings, now }: Platform): Route[] {
  const { oidc, publicUrl } = settings;
  const secure = isSecure(settings);
  const cookies = new FlowCookies(secrets, secure);
  const provider =
    oidc === undefined
      ? undefined
      : new Provider(oidc, new URL(`${base}${returnPath}`, publicUrl).href, people.idleMinutes);
  const provided = (): Provider => {
    if (provider !== undefined) return provider;
    throw oidcError('No provider of identities is set up here', 'Sign in with your password.');
  };
  const finish = async (
    { headers, address }: AnyCall,
    answer: z.output<typeof answerParams>,
  ): Promise<{ readonly location: string; readonly cookies: string[] }> => {
    const flow = cookies.find(answer.state ?? '', headers['cookie'], now());
    if (flow === undefined) {
      await refused(db, { kind: 'sign-in', address, at: now() });
      throw oidcError('This sign-in was not begun in this browser, or took too long', 'Sign in again.');
    }
    const confirmed = await provided()
      .end(flow, new URLSearchParams(answer as Record<string, string>))
      .catch(async (error: unknown) => {
        if (error instanceof TidewaiterError) await refused(db, { kind: 'sign-in', address, at: now() });
        throw error;
      });
    const createPeople = oidc?.createPeople === true;
    const { token } = await signInConfirmed(db, people, { confirmed, createPeople, address, now: now() });
    return { location: flow.returnTo, cookies: [sessionCookie(token, secure), cookies.forget(flow)] };
  };
  const common = {
    tag: 'Session',
    access: { kind: 'open' },
    method: 'GET',
    status: 303,
    headers: { 'cache-control': 'no-store' },
  } as const;
  return [
    route({
      ...common,
      path: '/session/oidc',
      id: 'beginOidc',
      summary: 'Sign in through the agency’s provider: sends the browser there',
      query: z.object({
        to: z
          .string()
          .refine((path) => ownPath(path) !== undefined, 'write a path of this console, such as /cases')
          .default('/')
          .describe('Path of the console to end at.'),
      }),
      handle: async ({ query, headers }) => {
        const { location, ...begun } = await provided().begin();
        const flow = { ...begun, returnTo: ownPath(query.to) ?? '/', expires: flowEnd(now()) };
        const kept = cookies.keep(flow, headers['cookie']);
        return { body: undefined, headers: { location, 'set-cookie': kept } };
      },
    }),
    route({
      ...common,
      path: returnPath,
      id: 'endOidc',
      summary: 'Where the provider sends the browser back to; then ask /session what comes next',
      query: answerParams,
      handle: async (call) => {
        const { location, cookies: set } = await finish(call, call.query);
        return { body: undefined, headers: { location, 'set-cookie': set } };
      },
    }),
  ];
}

function identityRoutes({ db, now }: Platform): Route[] {
  const common = {
    path: '/people/:id/identities',
    tag: 'People',
    access: { kind: 'role', roles: ['admin'], scope: 'people', at: 'everywhere' },
    params: idParams,
  } as const;
  return [
    route({
      ...common,
      method: 'GET',
      id: 'listIdentities',
      summary: 'Who somebody is at the agency’s provider',
      answer: z.object({ items: z.array(identity) }),
      handle: async ({ params }) => ({ body: { items: await listIdentities(db, params.id) } }),
    }),
    ...(['link', 'unlink'] as const).map((what) =>
      route({
        ...common,
        method: what === 'link' ? 'POST' : 'DELETE',
        id: `${what}Identity`,
        summary:
          what === 'link'
            ? 'Let somebody sign in through the provider'
            : 'Take an identity away; the person’s sessions end',
        body: identity,
        status: 204,
        handle: async ({ params, body, principal }) => {
          const change = { personId: params.id, identity: body, actor: principal.personId, now: now() };
          await (what === 'link' ? linkIdentity(db, change) : unlinkIdentity(db, change));
          return { body: undefined };
        },
      }),
    ),
  ];
}
