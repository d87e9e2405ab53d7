import { homedir } from 'node:os';
import { z } from 'zod';
import { permitClaimsSchema, type PermitClaims } from '../../core/permit.ts';
import { defaultCacheDir } from '../../models/cache.ts';
import { findModel } from '../../models/registry.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { charterSchema, type Charter } from '../charters/charter.ts';
import { dayOf } from '../charters/days.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import { judgeCharter } from '../charters/judge.ts';
import { registrars, tag, useName } from './shared.ts';

const offered = z
  .object({
    charter: charterSchema,
    purposes: z.array(useName).describe('What its work asks permits for.'),
    models: permitClaimsSchema.shape.models.describe('At any threshold: profiles and site files choose it.'),
    registered: z.boolean().describe('Whether this version was put before the offices already.'),
    broken: z
      .array(z.string())
      .describe('Rules that the charter breaks; it is not registered before none is.'),
    open: z
      .array(
        z.object({
          policy: z.string(),
          provision: z.string(),
          title: z.string(),
          missing: z.array(z.string()),
        }),
      )
      .describe('Provisions that nothing shows yet; it runs for evaluation only while there are any.'),
  })
  .meta({ id: 'BuiltInCharter' });

/** The charters that come along with the uses, ready to be registered as they are. */
export function builtInCharterRoutes(
  { db, kinds, now, settings }: Platform,
  charters: readonly Charter[],
): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/governance/built-in-charters', id: 'listBuiltInCharters', tag },
      summary: 'Charters of the uses that come along, with their models, and what each still lacks',
      access: { kind: 'role', roles: registrars, scope: 'read', at: 'everywhere' },
      answer: z.object({ items: z.array(offered) }),
      handle: async () => {
        const policies = await enforcedPolicies(settings.policies);
        const rows = await db.selectFrom('governance_registrations').select(['use', 'version']).execute();
        const items = [];
        for (const charter of charters) {
          const { findings, open } = judgeCharter(charter, policies, dayOf(now()));
          const works = [...kinds.values()].filter(({ use }) => use === charter.use);
          items.push({
            charter,
            purposes: [...new Set([charter.use, ...works.map(({ use, purpose = use }) => purpose)])],
            models: await modelsOf(charter),
            registered: rows.some(({ use, version }) => use === charter.use && version === charter.revision),
            broken: findings.filter(({ level }) => level === 'error').map(({ message }) => message),
            open: open.map(({ missing, policy, provision, title }) => ({
              ...{ policy, provision, title, missing: [...missing] },
            })),
          });
        }
        return { body: { items } };
      },
    }),
  ];
}

async function modelsOf({ models }: Charter): Promise<PermitClaims['models']> {
  const places = { cacheDir: defaultCacheDir(process.env, homedir()) };
  return Promise.all(
    models.map(async ({ id }) => {
      const { card } = await findModel(id, places);
      return { id, digest: card.digest, threshold: [0, 1] as [number, number] };
    }),
  );
}
