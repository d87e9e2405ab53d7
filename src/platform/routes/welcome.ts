import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import type { Platform } from '../platform.ts';

/** What a page must know before anybody has signed in. It says nothing about who has an account. */
export function welcomeRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      method: 'GET',
      path: '/welcome',
      id: 'getWelcome',
      tag: 'Session',
      summary: 'Whether the first administrator is still to come',
      access: { kind: 'open' },
      answer: z
        .object({ firstRun: z.boolean().describe('The code that the server printed is waited for.') })
        .meta({ id: 'Welcome' }),
      handle: async () => {
        const waiting = await db
          .selectFrom('first_run')
          .select('single')
          .where('expires_at', '>', now())
          .executeTakeFirst();
        return { body: { firstRun: waiting !== undefined } };
      },
    }),
  ];
}
