import { z } from 'zod';
import { permitClaimsSchema } from '../../core/permit.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { charterSchema } from '../charters/charter.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import { officeMembers, offices, officeRoles, lacksOf } from '../permits/offices.ts';
import { register, signOff } from '../permits/registrations.ts';
import { countedWord, forgedNames } from '../permits/seals.ts';
import { liftSuspension, suspend, suspensionsOf } from '../permits/suspensions.ts';
import {
  checkUse,
  created,
  deciding,
  digest,
  lower,
  moment,
  personOf,
  reason,
  registrars,
  seeing,
  tag,
  useName,
} from './shared.ts';

const nameParams = z.object({ name: useName });

const registrationView = z
  .object({
    id: z.uuid(),
    use: z.string(),
    version: z.int(),
    charterDigest: digest,
    impact: z.string(),
    purposes: z.array(z.string()),
    models: permitClaimsSchema.shape.models,
    author: z.uuid(),
    registeredAt: moment,
    signOffs: z.array(
      z.object({
        office: z.enum(offices as [string, ...string[]]),
        person: z.uuid(),
        verdict: z.enum(['signed', 'returned']),
        reason: z.string(),
        at: moment,
      }),
    ),
    openQuestions: z.int().describe('Questions of offices that are not settled.'),
    lacks: z.array(z.string()).describe('What stands between it and a permit for every site.'),
  })
  .meta({ id: 'UseRegistration' });

const suspensionView = z
  .object({
    id: z.uuid(),
    use: z.string(),
    cause: z.enum(['person', 'test', 'drift', 'incident']),
    reason: z.string(),
    by: z.string(),
    at: moment,
    told: z.array(z.uuid()),
    liftedAt: moment.nullable(),
    liftedBy: z.uuid().nullable(),
    liftReason: z.string().nullable(),
  })
  .meta({ id: 'Suspension' });

/**
 * Uses of AI: their versions, what the offices say of them, and the button that stops them.
 * @param builtIn names of the uses that come along.
 */
export function useRoutes(platform: Platform, builtIn: readonly string[]): Route[] {
  const { db, keys, now, settings } = platform;
  return [
    route({
      ...{ method: 'GET', path: '/governance/registrations', id: 'listRegistrations', tag },
      summary: 'Versions of uses that were put before the offices, newest first, with what each lacks',
      access: seeing,
      query: z.object({ use: useName.optional() }),
      answer: z.object({ items: z.array(registrationView) }),
      handle: async ({ query }) => ({
        body: {
          items: await db.transaction().execute(async (tx) => {
            let wanted = tx.selectFrom('governance_registrations').selectAll();
            if (query.use !== undefined) wanted = wanted.where('use', '=', query.use);
            const rows = await wanted.orderBy('registered_at', 'desc').orderBy('id').limit(200).execute();
            const forged = await forgedNames(tx, keys.seals, query.use);
            const items = [];
            for (const row of rows) {
              const said = await tx
                .selectFrom('governance_sign_offs')
                .selectAll()
                .where('registration_id', '=', row.id)
                .where(countedWord(forged))
                .orderBy('place')
                .execute();
              const { open } = await tx
                .selectFrom('oversight_questions')
                .select((eb) => eb.fn.countAll<number>().as('open'))
                .where('registration_id', '=', row.id)
                .where('settled_at', 'is', null)
                .executeTakeFirstOrThrow();
              items.push({
                ...{ id: row.id, use: row.use, version: row.version, charterDigest: row.charter_digest },
                ...{ impact: row.impact, purposes: [...row.purposes], models: row.models },
                ...{ author: row.author_id, registeredAt: row.registered_at.toISOString() },
                signOffs: said.map(({ office, person_id: person, verdict, reason: why, at }) => ({
                  ...{ office, person, verdict, reason: why, at: at.toISOString() },
                })),
                openQuestions: Number(open),
                lacks: await lacksOf(tx, keys.seals, { registration: row.id, site: '*', now: now() }),
              });
            }
            return items;
          }),
        },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/registrations', id: 'registerUse', tag },
      summary: 'Put a version of a use before the offices: its charter, purposes and models',
      access: deciding(registrars),
      body: z.strictObject({
        charter: charterSchema,
        purposes: z.array(useName).min(1).max(20),
        models: permitClaimsSchema.shape.models,
      }),
      answer: created,
      status: 201,
      handle: async ({ body, principal }) => ({
        body: {
          id: await register(platform, {
            ...body,
            ...{ by: personOf(principal), now: now() },
            policies: await enforcedPolicies(settings.policies),
          }),
        },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/registrations/:id/sign-offs', id: 'signUse', tag },
      summary: 'Sign a version of a use for your office, or return it with a reason',
      access: deciding(officeMembers),
      params: idParams,
      body: z.strictObject({
        office: z.enum(Object.keys(officeRoles) as (keyof typeof officeRoles)[]),
        verdict: z.enum(['signed', 'returned']),
        reason,
      }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await signOff(platform, { ...body, registration: params.id, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/suspend', id: 'suspendUse', tag },
      summary: 'Stop a use everywhere: what runs of it ends within seconds',
      access: deciding([...officeMembers, 'supervisor']),
      params: nameParams,
      body: z.strictObject({ reason, cause: z.enum(['person', 'drift', 'incident']).default('person') }),
      answer: z.object({ id: z.uuid(), told: z.array(z.uuid()) }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        const by = personOf(principal);
        const use = params.name;
        await checkUse(platform, builtIn, use);
        const done = await db.transaction().execute((tx) => suspend(tx, { use, ...body, by, now: now() }));
        return { body: { id: done.id, told: [...done.told] } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/suspensions', id: 'listSuspensions', tag },
      summary: 'Suspensions, those that stand first',
      access: seeing,
      answer: z.object({ items: z.array(suspensionView) }),
      handle: async () => {
        const rows = await suspensionsOf(db, keys.seals);
        return {
          body: {
            items: rows.map((row) => ({
              ...{ id: row.id, use: row.use, cause: row.cause, reason: row.reason, by: row.suspended_by },
              ...{ at: row.suspended_at.toISOString(), told: [...row.told] },
              ...{ liftedAt: row.lifted_at?.toISOString() ?? null, liftedBy: row.lifted_by },
              liftReason: row.lift_reason,
            })),
          },
        };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/suspensions/:id/lift', id: 'liftSuspension', tag },
      summary: 'End a suspension that somebody else began',
      access: deciding(['ai-governance']),
      params: z.object({ id: lower }),
      body: z.strictObject({ reason }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await liftSuspension(platform, { id: params.id, ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
