import { sql } from 'kysely';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { recordFaceTest } from '../faces/bias-test.ts';
import { ACCEPTANCE, changeWaiver, grantWaiver, recordTest, recordTraining } from '../permits/evidence.ts';
import { forgedNames } from '../permits/seals.ts';
import { created, deciding, digest, lower, moment, personOf, seeing, tag, useName } from './shared.ts';

const name = z.string().trim().min(1).max(100);
const long = z.string().trim().min(40).max(8000);
const toDate = moment.transform((text) => new Date(text));

const waiverView = z
  .object({
    id: z.uuid(),
    registration: z.uuid(),
    kind: z.enum(['waiver', 'pilot']),
    requirement: z.enum(['tests', 'training']),
    site: z.string(),
    publicSummary: z.string(),
    grantedAt: moment,
    expires: moment,
    reportBy: moment.describe('When OMB must have been told; without it the waiver stands no more.'),
    reportedAt: moment.nullable(),
    revokedAt: moment.nullable(),
  })
  .meta({ id: 'Waiver' });

const REPORT_DAYS_MS = 30 * 86_400_000;

/** What permits rest on besides sign-offs: tests, training, waivers and pilots. */
export function evidenceRoutes(platform: Platform): Route[] {
  const { db, keys, now } = platform;
  return [
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/tests', id: 'recordTest', tag },
      summary: 'Record the result of a test of a model; one that failed suspends the use',
      access: deciding(['ai-governance']),
      params: z.object({ name: useName }),
      body: z.strictObject({
        kind: name,
        modelDigest: digest,
        reportDigest: digest,
        passed: z.boolean(),
        testedAt: toDate,
        expires: toDate.describe('At most 36 months after the test.'),
      }),
      answer: created.extend({ suspension: z.uuid().optional() }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        // Nobody's word takes the place of what a lab found.
        if (body.kind === ACCEPTANCE)
          throw new TidewaiterError(
            'E_GOVERNANCE',
            'An acceptance test is recorded from the report of the lab',
            'Give the report of the lab: see docs/acceptance.md.',
          );
        const by = personOf(principal);
        return { body: await recordTest(platform, { ...body, use: params.name, by, now: now() }) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/face-tests', id: 'recordFaceTest', tag },
      summary:
        'Record a test of faces for bias from the report that a lab signed; one that failed suspends the use',
      access: deciding(['ai-governance']),
      params: z.object({ name: useName }),
      body: z.strictObject({
        report: z.string().min(2).max(900_000).describe('report.json, unchanged.'),
        publicKey: z.string().max(2000).describe('Of the lab, as PEM.'),
        expires: toDate.describe('At most 36 months after the report was made.'),
      }),
      answer: created.extend({ suspension: z.uuid().optional() }),
      status: 201,
      handle: async ({ params, body, principal }) => {
        const by = personOf(principal);
        return { body: await recordFaceTest(platform, { ...body, use: params.name, by, now: now() }) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/training', id: 'recordTraining', tag },
      summary: 'Record that somebody passed a training module of a use',
      access: deciding(['ai-governance', 'supervisor']),
      params: z.object({ name: useName }),
      body: z.strictObject({ personId: lower, module: name, completedAt: toDate, expires: toDate }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await recordTraining(platform, { ...body, use: params.name, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/registrations/:id/waivers', id: 'grantWaiver', tag },
      summary: 'Waive tests or training of a use at one site for a time, or allow a pilot, in writing',
      access: deciding(['ai-governance']),
      params: idParams,
      body: z.strictObject({
        kind: z.enum(['waiver', 'pilot']),
        requirement: z.enum(['tests', 'training']),
        site: z.string().min(1).max(63),
        reason: long,
        publicSummary: long,
        expires: toDate.describe('At most one year from now.'),
      }),
      answer: created,
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: {
          id: await grantWaiver(platform, {
            ...body,
            registration: params.id,
            by: personOf(principal),
            now: now(),
          }),
        },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/waivers', id: 'listWaivers', tag },
      summary: 'Waivers and pilots, newest first',
      access: seeing,
      answer: z.object({ items: z.array(waiverView) }),
      handle: async () => {
        const forged = await forgedNames(db, keys.seals);
        const rows = await db
          .selectFrom('governance_waivers')
          .selectAll()
          .select(sql<Date | null>`governance_reported(id, ${forged})`.as('reported_at'))
          .where(sql<boolean>`governance_counts('governance_waivers', id::text, seal, ${forged})`)
          .orderBy('granted_at', 'desc')
          .limit(200)
          .execute();
        return {
          body: {
            items: rows.map((row) => ({
              ...{ id: row.id, registration: row.registration_id, kind: row.kind, site: row.site },
              ...{ requirement: row.requirement, publicSummary: row.public_summary },
              ...{ grantedAt: row.granted_at.toISOString(), expires: row.expires.toISOString() },
              reportBy: new Date(row.granted_at.getTime() + REPORT_DAYS_MS).toISOString(),
              reportedAt: row.reported_at?.toISOString() ?? null,
              revokedAt: row.revoked_at?.toISOString() ?? null,
            })),
          },
        };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/waivers/:id/:change', id: 'changeWaiver', tag },
      summary: 'Note that OMB was told of a waiver (`reported`), or take it back (`revoked`)',
      access: deciding(['ai-governance']),
      params: z.object({ id: lower, change: z.enum(['reported', 'revoked']) }),
      status: 204,
      handle: async ({ params, principal }) => {
        await changeWaiver(platform, { ...params, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
