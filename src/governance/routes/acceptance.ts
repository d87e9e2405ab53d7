import { sql } from 'kysely';
import { z } from 'zod';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { registerSet, takeReport } from '../acceptance/records.ts';
import { commitmentClaims, reportClaims, signedCommitment, signedReport } from '../acceptance/signed.ts';
import { setBaseline } from '../drift/baseline.ts';
import { driftResult } from '../drift/measure.ts';
import { created, deciding, digest, moment, personOf, seeing, tag, useName } from './shared.ts';

const setView = z
  .object({ claims: commitmentClaims, labKey: z.string(), registeredBy: z.uuid(), registeredAt: moment })
  .meta({ id: 'AcceptanceSet' });
const submissionView = z
  .object({
    ...{ id: z.uuid(), commitment: digest, claims: reportClaims, reportDigest: digest },
    ...{ submittedBy: z.uuid(), submittedAt: moment, test: z.uuid().nullable() },
  })
  .meta({ id: 'AcceptanceSubmission' });
const driftView = z
  .object({ use: z.string(), day: z.string(), result: driftResult, suspension: z.uuid().nullable() })
  .meta({ id: 'DriftCheck' });

/** Sealed sets, what labs found on them, and how far uses moved from what was accepted. */
export function acceptanceRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      ...{ method: 'GET', path: '/governance/acceptance/sets', id: 'listAcceptanceSets', tag },
      summary: 'Sealed sets, newest first: what was committed to, never what is in them',
      access: seeing,
      answer: z.object({ items: z.array(setView) }),
      handle: async () => {
        const rows = await db
          .selectFrom('acceptance_sets')
          .selectAll()
          .orderBy('registered_at', 'desc')
          .limit(200)
          .execute();
        const items = rows.map((row) => ({
          ...{ claims: row.claims, labKey: row.lab_key, registeredBy: row.registered_by },
          registeredAt: row.registered_at.toISOString(),
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/acceptance/sets', id: 'registerAcceptanceSet', tag },
      summary: 'Register a sealed set before anybody is tested on it: commitment.json as the lab signed it',
      access: deciding(['ai-governance']),
      body: signedCommitment,
      status: 204,
      handle: async ({ body, principal }) => {
        await registerSet(platform, body, { by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/acceptance/submissions', id: 'listAcceptanceSubmissions', tag },
      summary: 'What was tested on sealed sets, with figures and verdicts, newest first',
      access: seeing,
      answer: z.object({ items: z.array(submissionView) }),
      handle: async () => {
        const rows = await db
          .selectFrom('acceptance_submissions')
          .selectAll()
          .orderBy('submitted_at', 'desc')
          .limit(200)
          .execute();
        const items = rows.map((row) => ({
          ...{
            id: row.id,
            commitment: row.commitment,
            claims: row.report.claims,
            reportDigest: row.report_digest,
          },
          ...{
            submittedBy: row.submitted_by,
            submittedAt: row.submitted_at.toISOString(),
            test: row.test_id,
          },
        }));
        return { body: { items } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/acceptance/submissions', id: 'takeAcceptanceReport', tag },
      summary: 'Take in a report that a lab signed; its verdict is a test that permits rest on',
      access: deciding(['ai-governance']),
      body: signedReport,
      answer: created.extend({ test: z.uuid().optional(), suspension: z.uuid().optional() }),
      status: 201,
      handle: async ({ body, principal }) => ({
        body: await takeReport(platform, body, { by: personOf(principal), now: now() }),
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/uses/:name/drift-baseline', id: 'setDriftBaseline', tag },
      summary: 'Take the scores of a use in a span of time as those that were accepted',
      access: deciding(['ai-governance']),
      params: z.object({ name: useName }),
      body: z.strictObject({ from: moment, to: moment }),
      answer: z.object({ scores: z.int() }),
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: {
          scores: await setBaseline(db, {
            ...{ use: params.name, from: new Date(body.from), to: new Date(body.to) },
            ...{ by: personOf(principal), now: now() },
          }),
        },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/drift', id: 'listDriftChecks', tag },
      summary: 'How far each use was from what was accepted, day by day, newest first',
      access: seeing,
      answer: z.object({ items: z.array(driftView) }),
      handle: async () => {
        const rows = await db
          .selectFrom('drift_checks')
          // A day is no moment: the driver would make one of it.
          .select(['use', sql<string>`day::text`.as('day'), 'result', 'suspension_id as suspension'])
          .orderBy('drift_checks.day', 'desc')
          .orderBy('use')
          .limit(400)
          .execute();
        return { body: { items: rows } };
      },
    }),
  ];
}
