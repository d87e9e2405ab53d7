import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { findCameras } from '../../discover/find.ts';

/** A camera answers within a second or two; nobody waits longer at a screen. */
const WAIT_SECONDS = 4;

const foundView = z.object({
  name: z.string().describe('As it calls itself; not proven.'),
  address: z.string(),
  streams: z.array(z.object({ profile: z.string(), url: z.string() })),
  problem: z.string().nullable().describe('Why its streams are not known.'),
});

/** Asks the networks that this server stands in which cameras are there. */
export function discoveryRoute(): Route {
  return route({
    method: 'POST',
    path: '/watch/discoveries',
    id: 'discoverCameras',
    tag: 'Watch',
    summary:
      'Ask the network for ONVIF cameras; with a user and password for their streams too. Neither is kept',
    access: { kind: 'role', roles: ['admin'], scope: 'settings', at: 'everywhere' },
    body: z.strictObject({
      credentials: z.strictObject({ user: z.string().max(200), password: z.string().max(500) }).nullable(),
    }),
    answer: z.object({ items: z.array(foundView) }),
    handle: async ({ body: { credentials } }) => {
      if (credentials?.user === '')
        throw new TidewaiterError(
          'E_REQUEST',
          'The name of the user is empty',
          'Give it, or no credentials.',
        );
      const found = await findCameras({
        timeout: WAIT_SECONDS,
        // A server often stands in a network of its own for cameras.
        networks: Object.keys(networkInterfaces()),
        ...(credentials === null ? {} : { credentials }),
      });
      const items = found.map(({ name, address, streams, problem = null }) => ({
        ...{ name, address, streams: [...streams], problem },
      }));
      return { body: { items } };
    },
  });
}
