import { homedir } from 'node:os';
import { z } from 'zod';
import { route, type Route } from '../http/route.ts';
import { everybody } from './access.ts';

const model = z
  .object({
    id: z.string(),
    version: z.string(),
    digest: z.string().describe('SHA-256 of its weights.'),
    licence: z.string(),
    licenceClear: z.boolean().describe('False when such a model must be named to be used.'),
    state: z.enum(['installed', 'not installed', 'user']),
    purpose: z.string().describe('What it finds, for whom.'),
    limits: z.string().describe('What it is bad at.'),
    source: z.string(),
    family: z.string().describe('How its output is read.'),
    input: z.object({ width: z.int(), height: z.int(), dynamic: z.boolean() }),
    classes: z.array(z.string()),
  })
  .meta({ id: 'Model' });

/** The models that this installation knows, with what people must know about each. */
export function modelRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/models',
      id: 'listModels',
      tag: 'Models',
      summary: 'Every model with its card: what it is for, what it is bad at, where it comes from',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(model) }),
      handle: async () => {
        // Only who asks for cards needs what converts weights; no model is opened for it.
        const [{ describeModels }, { defaultCacheDir }] = await Promise.all([
          import('../../models/describe.ts'),
          import('../../models/cache.ts'),
        ]);
        const known = await describeModels({ cacheDir: defaultCacheDir(process.env, homedir()) });
        return {
          body: {
            items: known.map(({ classes, ...rest }) => ({
              ...rest,
              classes: classes.filter((name) => name !== ''),
            })),
          },
        };
      },
    }),
  ];
}
