import { z } from 'zod';
import { notFound } from '../http/problem.ts';
import { route, type Answer, type Call, type Route } from '../http/route.ts';
import { changePassword } from '../people/accounts.ts';
import { confirmEnrolment, startEnrolment } from '../people/enrolment.ts';
import { claimFirstRun } from '../people/first-run.ts';
import type { NewSession } from '../people/new-session.ts';
import { chooseNewPassword } from '../people/resets.ts';
import {
  acceptBanner,
  proveSecondFactor,
  signIn,
  signOut,
  signOutEverywhere,
  unlock,
} from '../people/sessions.ts';
import { authenticate, type Session } from '../people/session-state.ts';
import type { Platform } from '../platform.ts';
import { clearedCookie, isSecure, sessionCookie, sessionToken } from './cookie.ts';
import { passkeyRoutes } from './passkeys.ts';
import { sessionView, viewOf, type SessionView } from './session-view.ts';

const password = z.string().min(1).max(1024);
const code = z.string().min(1).max(64);

/** Signing in, step by step. Each answer says what comes next. */
export function sessionRoutes(platform: Platform): Route[] {
  const { db, people, secrets, settings, now } = platform;
  const secure = isSecure(settings);
  const toView = (session: Session | undefined): Promise<SessionView> => viewOf(db, settings, session);
  const begun = async ({ token, session }: NewSession, status = 200): Promise<Answer<SessionView>> => ({
    status,
    body: await toView(session),
    headers: { 'set-cookie': sessionCookie(token, secure) },
  });
  type AnyCall = Pick<Call<unknown, unknown, unknown>, 'headers' | 'address'>;
  const from = ({ headers, address }: AnyCall): { token: string; address: string; now: Date } => ({
    token: sessionToken(headers, secure) ?? '',
    address,
    now: now(),
  });
  const common = { tag: 'Session', access: { kind: 'open' } } as const;
  return [
    route({
      ...common,
      method: 'POST',
      path: '/first-run',
      id: 'claimFirstRun',
      summary: 'Become the first administrator, with the code that the server printed',
      body: z.strictObject({ code, login: z.string().max(200), name: z.string().max(200), password }),
      answer: z.object({ id: z.uuid() }),
      status: 201,
      handle: async ({ body, address }) => {
        const { code: given, ...person } = body;
        return {
          body: { id: await claimFirstRun(db, people, { code: given, person, address, now: now() }) },
        };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/session',
      id: 'getSession',
      summary: 'How far you are with signing in, and who you are',
      answer: sessionView,
      handle: async (call) => {
        const { token } = from(call);
        return { body: await toView(await authenticate(db, people, token, now())) };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session',
      id: 'signIn',
      summary: 'Sign in: login and password',
      body: z.strictObject({ login: z.string().max(200), password }),
      answer: sessionView,
      status: 201,
      handle: async ({ body, address }) =>
        begun(await signIn(db, people, { ...body, address, now: now() }), 201),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session/new-password',
      id: 'chooseNewPassword',
      summary:
        'Sign in with the code of an administrator in place of a forgotten password, and choose the next one; the second factor follows',
      body: z.strictObject({ login: z.string().max(200), code, password }),
      answer: sessionView,
      status: 201,
      handle: async ({ body, address }) => {
        const { password: next, ...rest } = body;
        return begun(await chooseNewPassword(db, people, { ...rest, next, address, now: now() }), 201);
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session/second-factor',
      id: 'proveSecondFactor',
      summary:
        'Sign in, second step: a code of the authenticator app, or a recovery code. For a passkey see askPasskey',
      body: z.strictObject({ code }),
      answer: sessionView,
      handle: async (call) =>
        begun(await proveSecondFactor(db, people, secrets, { ...from(call), code: call.body.code })),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session/enrolment',
      id: 'startEnrolment',
      summary: 'Get the secret for an authenticator app',
      answer: z.object({ uri: z.string(), secret: z.string() }),
      handle: async (call) => ({ body: await startEnrolment(db, people, secrets, from(call)) }),
    }),
    route({
      ...common,
      method: 'PUT',
      path: '/session/enrolment',
      id: 'confirmEnrolment',
      summary:
        'Prove that the app has the secret, with a code of the app that it replaces where there is one; gives recovery codes, shown once',
      body: z.strictObject({
        code,
        current: code.optional().describe('Of the app that is replaced, or a recovery code.'),
      }),
      answer: z.object({ recoveryCodes: z.array(z.string()), session: sessionView }),
      handle: async (call) => {
        const { recoveryCodes, ...made } = await confirmEnrolment(db, people, secrets, {
          ...from(call),
          ...call.body,
        });
        const answer = await begun(made);
        return { ...answer, body: { recoveryCodes: [...recoveryCodes], session: answer.body } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session/banner',
      id: 'acceptBanner',
      summary: 'Accept the terms of use',
      answer: sessionView,
      handle: async (call) => ({ body: await toView(await acceptBanner(db, people, from(call))) }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/session/unlock',
      id: 'unlockSession',
      summary: 'Give the password again: after a pause, or before something that asks for it',
      body: z.strictObject({ password }),
      answer: sessionView,
      handle: async (call) => ({
        body: await toView(await unlock(db, people, { ...from(call), password: call.body.password })),
      }),
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/session',
      id: 'signOut',
      summary: 'Sign out',
      status: 204,
      handle: async (call) => {
        const token = sessionToken(call.headers, secure);
        if (token === undefined) throw notFound();
        await signOut(db, token);
        return { body: undefined, headers: { 'set-cookie': clearedCookie(secure) } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/session/everywhere',
      id: 'signOutEverywhere',
      summary: 'Sign out here and wherever else you are signed in; API tokens stay',
      status: 204,
      handle: async (call) => {
        const session = await authenticate(db, people, from(call).token, now());
        if (session === undefined) throw notFound();
        await signOutEverywhere(db, session.personId);
        return { body: undefined, headers: { 'set-cookie': clearedCookie(secure) } };
      },
    }),
    route({
      ...common,
      access: { kind: 'session' },
      method: 'PUT',
      path: '/session/password',
      id: 'changePassword',
      summary: 'Change your password; your other sessions end',
      body: z.strictObject({ current: password, next: password }),
      status: 204,
      handle: async (call) => {
        await changePassword(db, people, { ...from(call), ...call.body });
        return { body: undefined };
      },
    }),
    ...passkeyRoutes(platform),
  ];
}
