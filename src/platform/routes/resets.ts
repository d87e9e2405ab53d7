import { z } from 'zod';
import { route, type Call, type Route } from '../http/route.ts';
import { freshlyProved } from '../people/enrolment.ts';
import { askNewPassword, askNewSecondFactor, listResets, type Reset } from '../people/resets.ts';
import { authenticate, sessionError } from '../people/session-state.ts';
import type { Platform } from '../platform.ts';
import { idParams, onlyPeople } from './access.ts';
import { isSecure, sessionToken } from './cookie.ts';

const resetView = z
  .object({
    id: z.uuid(),
    what: z.enum(['password', 'second-factor']),
    reason: z.string().nullable(),
    askedBy: z.uuid(),
    askedAt: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable().describe('When the code was used to choose a password.'),
    signedInAt: z.iso.datetime().nullable().describe('When the person was next signed in in whole.'),
  })
  .meta({ id: 'PersonReset' });

/** Help for people who cannot sign in. Nobody learns a password by it, and nobody can do it for themselves. */
export function resetRoutes({ db, people, settings, now }: Platform): Route[] {
  const reset = async (
    call: Pick<
      Call<{ id: string }, unknown, { reason: string }>,
      'params' | 'body' | 'principal' | 'headers'
    >,
  ): Promise<Reset> => {
    onlyPeople(call.principal, 'Programs reset nobody’s sign-in');
    const at = now();
    const token = sessionToken(call.headers, isSecure(settings)) ?? '';
    const session = await authenticate(db, people, token, at);
    if (session === undefined) throw sessionError();
    // Whoever finds the open session of an administrator must not make accounts theirs.
    freshlyProved(session, at);
    return { personId: call.params.id, by: call.principal.personId, reason: call.body.reason, now: at };
  };
  const common = {
    tag: 'People',
    access: { kind: 'role', roles: ['admin'], scope: 'people', at: 'everywhere' },
    params: idParams,
  } as const;
  const body = z.strictObject({ reason: z.string().trim().min(1).max(1000) });
  return [
    route({
      ...common,
      method: 'POST',
      path: '/people/:id/password-reset',
      id: 'resetPassword',
      summary:
        'For who forgot the password: ends it and all sessions, and gives a one-time code with which the person chooses the next. Takes a proof of who you are in the last ten minutes',
      body,
      answer: z.object({ code: z.string(), expiresAt: z.iso.datetime() }),
      handle: async (call) => {
        const { code, expiresAt } = await askNewPassword(db, people, await reset(call));
        return { body: { code, expiresAt: expiresAt.toISOString() } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/people/:id/second-factor-reset',
      id: 'resetSecondFactor',
      summary:
        'For who lost keys, phone and recovery codes: removes them and ends all sessions; the next sign-in enrols anew. Takes a proof of who you are in the last ten minutes',
      body,
      status: 204,
      handle: async (call) => {
        await askNewSecondFactor(db, await reset(call));
        return { body: undefined };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/people/:id/resets',
      id: 'listResets',
      summary: 'What was reset for somebody, by whom and why',
      answer: z.object({ items: z.array(resetView) }),
      handle: async ({ params }) => {
        const rows = await listResets(db, params.id);
        const items = rows.map(({ askedAt, usedAt, signedInAt, ...rest }) => ({
          ...rest,
          askedAt: askedAt.toISOString(),
          usedAt: usedAt?.toISOString() ?? null,
          signedInAt: signedInAt?.toISOString() ?? null,
        }));
        return { body: { items } };
      },
    }),
  ];
}
