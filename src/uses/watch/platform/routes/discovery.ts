import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { TidewaiterError } from '../../../../core/errors.ts';
import { route, type Route } from '../../../../platform/http/route.ts';
import { discoverCameras, streamsOf, type FoundCamera } from '../../discover/discover.ts';

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
      const items = await Promise.all(
        (await foundInAllNetworks()).map(async ({ name, address, service }) => {
          const camera = { name, address, streams: [], problem: null };
          if (service === undefined || credentials === null) return camera;
          try {
            return { ...camera, streams: await streamsOf(service, credentials) };
          } catch (error) {
            return { ...camera, problem: error instanceof Error ? error.message.slice(0, 200) : 'unknown' };
          }
        }),
      );
      return { body: { items } };
    },
  });
}

/** A server often stands in a network of its own for cameras. @throws TidewaiterError `E_DISCOVER` when none can be asked. */
async function foundInAllNetworks(): Promise<readonly FoundCamera[]> {
  const networks = Object.keys(networkInterfaces());
  const answers = await Promise.allSettled(networks.map((name) => discoverCameras(WAIT_SECONDS, name)));
  const failed = answers.find((answer) => answer.status === 'rejected');
  if (failed !== undefined && answers.every(({ status }) => status === 'rejected')) throw failed.reason;
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  return [...new Map(found.map((one) => [`${one.address} ${one.service ?? ''}`, one])).values()];
}
