import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { atRow, idParams } from '../../platform/routes/access.ts';
import { enforcementSchema } from '../enforcement/evidence.ts';
import {
  confirmEnforcement,
  importEnforcement,
  leadError,
  proposeEnforcement,
} from '../enforcement/records.ts';
import { created, deciding, lower, moment, personOf, tag } from './shared.ts';

const enforcers: readonly Role[] = ['officer', 'investigator', 'supervisor'];
const readers: readonly Role[] = [...enforcers, 'privacy', 'civil-rights', 'ai-governance', 'admin'];

const recordView = z
  .object({
    id: z.uuid(),
    site: z.string(),
    action: z.string(),
    authority: z.string(),
    proposedBy: z.uuid(),
    proposedAt: moment,
    confirmedBy: z.uuid().nullable(),
    confirmedAt: moment.nullable(),
    evidence: z.array(
      z.object({
        id: z.uuid(),
        kind: z.string(),
        label: z.enum(['lead', 'evidence']).describe('What an AI said is a lead.'),
        what: z.string(),
        foundBy: z.uuid().nullable(),
        restsOnAi: z.boolean(),
        finding: z.uuid().nullable(),
        model: z.string().nullable(),
        threshold: z.number().nullable(),
        errorRate: z
          .object({ kind: z.string(), errors: z.int(), trials: z.int(), low: z.number(), high: z.number() })
          .optional()
          .describe('At the threshold, with its 95 % interval (Clopper-Pearson).'),
      }),
    ),
  })
  .meta({ id: 'EnforcementRecord' });

/** Records of law and civil enforcement: none rests on AI alone, none on one person. */
export function enforcementRoutes({ db, now }: Platform): Route[] {
  return [
    route({
      ...{ method: 'POST', path: '/cases/:id/enforcement-records', id: 'proposeEnforcement', tag },
      summary: 'Propose a record of enforcement; it needs evidence that does not rest on AI',
      access: atRow(db, 'cases', enforcers, 'write'),
      params: idParams,
      body: enforcementSchema.omit({ case: true }),
      answer: created,
      status: 201,
      handle: async ({ params, body, principal }) => {
        const who = { by: personOf(principal), now: now() };
        return { body: { id: await proposeEnforcement(db, { ...body, case: params.id }, who) } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/cases/:id/enforcement-records', id: 'listEnforcement', tag },
      summary: 'Records of enforcement of a case, newest first; leads of AI with their error rates',
      access: atRow(db, 'cases', readers, 'read'),
      params: idParams,
      answer: z.object({ items: z.array(recordView) }),
      handle: async ({ params }) => {
        const rows = await db
          .selectFrom('enforcement_records')
          .selectAll()
          .where('case_id', '=', params.id)
          .orderBy('proposed_at', 'desc')
          .limit(200)
          .execute();
        const evidence = await db
          .selectFrom('enforcement_evidence')
          .selectAll()
          .where('record_id', 'in', (eb) =>
            eb.selectFrom('enforcement_records').select('id').where('case_id', '=', params.id),
          )
          .orderBy('id')
          .execute();
        return {
          body: {
            items: rows.map((row) => ({
              ...{ id: row.id, site: row.site_id, action: row.action, authority: row.authority },
              ...{ proposedBy: row.proposed_by, proposedAt: row.proposed_at.toISOString() },
              ...{ confirmedBy: row.confirmed_by, confirmedAt: row.confirmed_at?.toISOString() ?? null },
              evidence: evidence
                .filter(({ record_id: of }) => of === row.id)
                .map((one) => {
                  const errorRate = leadError(one);
                  return {
                    ...{ id: one.id, kind: one.kind, what: one.what, foundBy: one.found_by },
                    label: one.kind === 'ai-lead' ? ('lead' as const) : ('evidence' as const),
                    ...{ restsOnAi: one.rests_on_ai, finding: one.finding_id, model: one.model },
                    threshold: one.threshold,
                    ...(errorRate === undefined ? {} : { errorRate }),
                  };
                }),
            })),
          },
        };
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/cases/:id/enforcement-records/:record/confirm',
        id: 'confirmEnforcement',
        tag,
      },
      summary: 'Confirm a record of enforcement as a second person',
      access: atRow(db, 'cases', enforcers, 'write'),
      params: idParams.extend({ record: lower }),
      status: 204,
      handle: async ({ params, principal }) => {
        const { id: caseId, record: id } = params;
        await confirmEnforcement(db, { id, caseId, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/enforcement-records/import', id: 'importEnforcement', tag },
      summary: 'Take over records of another system, all or none, under the same rules',
      access: deciding(['admin']),
      body: z.strictObject({
        records: z
          .array(enforcementSchema.extend({ proposedBy: lower, confirmedBy: lower }))
          .min(1)
          .max(500),
      }),
      answer: z.object({ ids: z.array(z.uuid()) }),
      status: 201,
      handle: async ({ body, principal }) => ({
        body: { ids: await importEnforcement(db, body.records, { by: personOf(principal), now: now() }) },
      }),
    }),
  ];
}
