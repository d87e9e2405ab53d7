import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { everybody, idParams, visibleSites } from '../../platform/routes/access.ts';
import { clopperPearsonInterval } from '../../stats/intervals.ts';
import { acknowledgeNotice, draftNotice, noticesFor, putNotice } from '../training/notices.ts';
import { deciding, digest, moment, personOf, useName } from './shared.ts';
import { trainingTag as tag } from './training.ts';

const errors = z.strictObject({
  kind: z.string().trim().min(1).max(100).describe('Such as `false-positive` or `missed`.'),
  errors: z.int().min(0),
  trials: z.int().min(1),
  source: z.string().trim().min(3).max(300).describe('The test that it is from.'),
});

const content = z.strictObject({
  summary: z.string().trim().min(20).max(4000).describe('What AI does in the queue, in plain words.'),
  limits: z.array(z.string().trim().min(3).max(500)).min(1).max(30),
  models: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        digest,
        threshold: z.tuple([z.number(), z.number()]),
      }),
    )
    .max(30),
  errorRates: z
    .array(errors.refine(({ errors: wrong, trials }) => wrong <= trials, 'more errors than trials'))
    .max(30)
    .describe('At the operating point.'),
});

const noticeView = z
  .object({
    id: z.uuid(),
    use: z.string(),
    site: z.string(),
    version: z.int(),
    putAt: moment,
    readAt: moment.nullable().describe('When you acknowledged it; null while you have to.'),
    stale: z.boolean().describe('The newest registration of the use has other models.'),
    content: z.object({
      ...content.shape,
      errorRates: z.array(errors.extend({ low: z.number(), high: z.number() })),
    }),
  })
  .meta({ id: 'OfficerNotice' });

/** What people of a queue are told of the AI in it before they decide. */
export function officerNoticeRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/governance/officer-notices', id: 'listOfficerNotices', tag },
      summary: 'Notices that hold where you work, and whether you acknowledged them',
      access: { kind: 'role', roles: everybody, scope: 'read', at: 'own-sites' },
      query: z.object({ use: useName.optional() }),
      answer: z.object({ items: z.array(noticeView) }),
      handle: async ({ query, principal }) => {
        const sites = visibleSites(principal);
        const rows = await noticesFor(db, { person: principal.personId, sites, use: query.use });
        const items = [];
        for (const row of rows) {
          const newest = await draftNotice(db, row.use).catch(() => undefined);
          const digests = (models: readonly { readonly digest: string }[]): string =>
            models
              .map((model) => model.digest)
              .toSorted()
              .join();
          items.push({
            ...{ id: row.id, use: row.use, site: row.site, version: row.version },
            ...{ putAt: row.put_at.toISOString(), readAt: row.read_at?.toISOString() ?? null },
            stale: newest !== undefined && digests(newest.models) !== digests(row.content.models),
            content: {
              ...{ summary: row.content.summary, limits: [...row.content.limits] },
              models: row.content.models.map((model) => ({
                ...model,
                threshold: [...model.threshold] as [number, number],
              })),
              errorRates: row.content.errorRates.map((rate) => ({
                ...rate,
                ...clopperPearsonInterval(rate.errors, rate.trials),
              })),
            },
          });
        }
        return { body: { items } };
      },
    }),
    route({
      ...{
        method: 'GET',
        path: '/governance/uses/:name/officer-notice-draft',
        id: 'draftOfficerNotice',
        tag,
      },
      summary: 'What a notice could say, from the charter and models of the newest registration',
      access: { kind: 'role', roles: ['ai-governance', 'supervisor'], scope: 'read', at: 'everywhere' },
      params: z.object({ name: useName }),
      answer: content.extend({ errorRates: z.array(errors) }),
      handle: async ({ params }) => {
        const { summary, limits, models } = await draftNotice(db, params.name);
        const copied = models.map((model) => ({
          ...model,
          threshold: [...model.threshold] as [number, number],
        }));
        return { body: { summary, limits: [...limits], models: copied, errorRates: [] } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/officer-notices', id: 'putOfficerNotice', tag },
      summary: 'Put a notice before the people of a queue, who acknowledge it before they decide again',
      access: deciding(['ai-governance']),
      params: z.object({ name: useName }),
      body: z.strictObject({ site: z.string().min(1).max(63).describe('`*` for every site.'), content }),
      answer: z.object({ id: z.uuid(), version: z.int() }),
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: await putNotice(db, { use: params.name, ...body, by: personOf(principal), now: now() }),
      }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/officer-notices/:id/acknowledgement',
        id: 'acknowledgeOfficerNotice',
        tag,
      },
      summary: 'Say that you read a notice',
      access: { kind: 'session' },
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await acknowledgeNotice(db, { id: params.id, person: principal.personId, now: now() });
        return { body: undefined };
      },
    }),
  ];
}
