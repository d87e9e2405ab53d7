import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { stockSeeds } from '../seeding/make.ts';
import { LEAST_PEOPLE, overrideByGroup, ownOverride } from '../seeding/measure.ts';
import { endSeeds, planSeeds } from '../seeding/plans.ts';
import { created, deciding, moment, personOf, reason, useName } from './shared.ts';

const tag = 'Seeded findings';
/** Those of the offices who decide about no findings themselves. */
const overseers: readonly Role[] = ['privacy', 'civil-rights', 'ai-governance'];

const share = z
  .object({ value: z.number().nullable(), low: z.number(), high: z.number(), n: z.int() })
  .meta({ id: 'SeededShare' });
const override = z.object({
  override: share.describe('Share of wrong seeds against which people decided.'),
  rejectedRight: share.describe('Share of right seeds, the control, against which people decided.'),
  bias: share.describe('Accepted wrong ones less rejected right ones: above 0 people lean to the machine.'),
});

const planView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    use: z.string(),
    kind: z.string(),
    rate: z.number(),
    wrongShare: z.number(),
    reason: z.string(),
    setAt: moment,
    endedAt: moment.nullable(),
    stock: z.int().describe('Seeds that wait for their turn. When there are none, none are shown.'),
  })
  .meta({ id: 'SeedPlan' });

const since = z.object({ months: z.coerce.number().int().min(1).max(24).default(12) });

/** Findings that are put into queues on purpose, and what they tell of whether people still look. */
export function seedingRoutes({ db, now }: Platform): Route[] {
  const from = (months: number): Date => {
    const at = now();
    return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - months + 1, 1));
  };
  return [
    route({
      ...{ method: 'GET', path: '/governance/seeding/plans', id: 'listSeedPlans', tag },
      summary: 'Which queues are seeded, and how many seeds are left',
      access: { kind: 'role', roles: overseers, scope: 'read', at: 'everywhere' },
      answer: z.object({ items: z.array(planView) }),
      handle: async () => {
        const rows = await db
          .selectFrom('seed_plans')
          .selectAll()
          .select((eb) =>
            eb
              .selectFrom('seed_marks')
              .innerJoin('seeded_findings', 'seeded_findings.id', 'seed_marks.finding_id')
              .select((inner) => inner.fn.countAll<number>().as('n'))
              .whereRef('seed_marks.plan_id', '=', 'seed_plans.id')
              .where('seed_marks.shown_from', 'is', null)
              .as('stock'),
          )
          .orderBy('set_at', 'desc')
          .limit(200)
          .execute();
        const items = rows.map((row) => ({
          ...{ id: row.id, site: row.site_id, use: row.use, kind: row.kind, rate: row.rate },
          ...{ wrongShare: row.wrong_share, reason: row.reason, setAt: row.set_at.toISOString() },
          ...{ endedAt: row.ended_at?.toISOString() ?? null, stock: row.stock ?? 0 },
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/seeding/plans', id: 'planSeeds', tag },
      summary: 'Begin to seed a queue',
      access: deciding(overseers),
      body: z.strictObject({
        site: z.string().min(1).max(63),
        use: useName,
        kind: z.string().min(1).max(63).describe('Kind of the findings.'),
        rate: z.number().gt(0).max(0.2).describe('Seeds for each finding that arrives.'),
        wrongShare: z.number().min(0).max(1).default(0.7).describe('The others are right, as a control.'),
        reason,
      }),
      answer: created,
      status: 201,
      handle: async ({ body, principal }) => ({
        body: { id: await planSeeds(db, { ...body, by: personOf(principal), now: now() }) },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/seeding/plans/:id/stock', id: 'stockSeeds', tag },
      summary: 'Make seeds for a plan out of findings that were decided',
      access: deciding(overseers),
      params: idParams,
      body: z.strictObject({ count: z.int().min(1).max(500) }),
      answer: z.object({ made: z.int() }),
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: {
          made: await stockSeeds(db, { plan: params.id, ...body, by: personOf(principal), now: now() }),
        },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/seeding/plans/:id/end', id: 'endSeeds', tag },
      summary: 'End a plan; seeds that nobody decided leave the queue',
      access: deciding(overseers),
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await endSeeds(db, { id: params.id, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/seeding/measures', id: 'measureSeeds', tag },
      summary: `How often people override the machine when it is wrong; of ${LEAST_PEOPLE} people or more together`,
      access: { kind: 'role', roles: overseers, scope: 'read', at: 'everywhere' },
      query: since,
      answer: z.object({
        items: z.array(
          z.object({ use: z.string(), month: z.string(), people: z.int(), measured: override.nullable() }),
        ),
      }),
      handle: async ({ query }) => {
        const groups = await overrideByGroup(db, from(query.months));
        const items = groups.map(({ measured = null, ...group }) => ({ ...group, measured }));
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/seeding/mine', id: 'listMySeeds', tag },
      summary:
        'Seeded findings that you decided, what they were, and your own figures, which nobody else is shown',
      access: { kind: 'session' },
      query: since,
      answer: z.object({
        decided: z.array(
          z.object({
            finding: z.uuid(),
            at: moment,
            truth: z.enum(['wrong', 'right']),
            agreed: z.boolean(),
            counts: z.boolean().describe('False when you had decided the original.'),
            explanation: z.string(),
          }),
        ),
        measures: z.array(override.extend({ use: z.string() })),
      }),
      handle: async ({ query, principal: { personId } }) => {
        const rows = await db
          .selectFrom('seed_marks')
          .selectAll()
          .where('decided_by', '=', personId)
          .where('decided_at', '>=', from(query.months))
          .orderBy('decided_at', 'desc')
          .limit(200)
          .execute();
        const decided = rows.map((row) => ({
          ...{ finding: row.finding_id, at: (row.decided_at ?? now()).toISOString(), truth: row.truth },
          ...{ agreed: row.agreed === true, counts: row.counts === true, explanation: row.explanation },
        }));
        return { body: { decided, measures: await ownOverride(db, personId, from(query.months)) } };
      },
    }),
  ];
}
