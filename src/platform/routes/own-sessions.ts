import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import { endSessions, listSessions } from '../people/own-sessions.ts';
import { authenticate, sessionError } from '../people/session-state.ts';
import type { Platform } from '../platform.ts';
import { idParams } from './access.ts';
import { isSecure, sessionToken } from './cookie.ts';

const ownSession = z
  .object({
    id: z.uuid(),
    here: z.boolean().describe('The one that asks.'),
    startedAt: z.iso.datetime(),
    usedAt: z.iso.datetime().describe('A few seconds behind.'),
    expiresAt: z.iso.datetime(),
    address: z.string().nullable().describe('From where it was last used.'),
    device: z.string().nullable().describe('What the browser says it is.'),
  })
  .meta({ id: 'OwnSession' });

/** Where somebody is signed in, for that person alone. */
export function ownSessionRoutes({ db, people, settings, now }: Platform): Route[] {
  const idHere = async (headers: Readonly<Record<string, string | undefined>>): Promise<string> => {
    const session = await authenticate(db, people, sessionToken(headers, isSecure(settings)) ?? '', now());
    if (session === undefined) throw sessionError();
    return session.id;
  };
  const common = { tag: 'Session', access: { kind: 'session' } } as const;
  return [
    route({
      ...common,
      method: 'GET',
      path: '/sessions',
      id: 'listSessions',
      summary: 'Where you are signed in',
      answer: z.object({ items: z.array(ownSession) }),
      handle: async ({ principal, headers }) => {
        const [here, sessions] = await Promise.all([
          idHere(headers),
          listSessions(db, { personId: principal.personId, now: now() }),
        ]);
        const items = sessions.map(({ id, startedAt, seenAt, expiresAt, ...where }) => ({
          id,
          here: id === here,
          startedAt: startedAt.toISOString(),
          usedAt: seenAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          ...where,
        }));
        return { body: { items } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/sessions/:id',
      id: 'endSession',
      summary: 'End one of your sessions',
      params: idParams,
      status: 204,
      handle: async ({ params, principal: { personId } }) => {
        // One that is over already is no error.
        await endSessions(db, { personId, which: { id: params.id }, now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/sessions',
      id: 'endOtherSessions',
      summary: 'End all of your sessions but this one; API tokens stay',
      answer: z.object({ ended: z.int() }),
      handle: async ({ principal: { personId }, headers }) => {
        const which = { not: await idHere(headers) };
        return { body: { ended: await endSessions(db, { personId, which, now: now() }) } };
      },
    }),
  ];
}
