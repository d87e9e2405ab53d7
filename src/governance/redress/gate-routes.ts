import { z } from 'zod';
import { route, type Access, type Route } from '../../platform/http/route.ts';
import type { Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams, visibleSites } from '../../platform/routes/access.ts';
import type { Database } from '../../platform/store/database.ts';
import { moment, personOf, tag, useName } from '../routes/shared.ts';
import { askGate } from './capture-gate.ts';
import { equalService } from './equal-service.ts';
import { completePassage, laneCounts, recordCapture, unsignedCaptures } from './passages.ts';
import { forgetStanding, keepStanding, STANDING_DAYS } from './standing.ts';
import { outcomes } from './tables.ts';

const site = z.string().min(1).max(63);
const lane = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/);
const document = z.string().trim().min(4).max(40);
const seconds = z.number().min(0).max(86_400);
const DAY_MS = 86_400_000;

const atLane: readonly Role[] = ['officer', 'operator', 'supervisor'];
const keepers: readonly Role[] = ['officer', 'supervisor', 'privacy'];
/** Who sees how opting out goes. */
export const overseers: readonly Role[] = ['supervisor', 'privacy', 'civil-rights', 'ai-governance', 'admin'];
export const overseeing: Access = { kind: 'role', roles: overseers, scope: 'read', at: 'own-sites' };

/** Access at the site that the body names. */
function atNamedSite(db: Database, roles: readonly Role[]): Access {
  return {
    kind: 'role',
    ...{ roles, scope: 'write' },
    at: async ({ body }) => {
      const named = (body as { readonly site: string }).site;
      return (await db.selectFrom('sites').select('id').where('id', '=', named).executeTakeFirst())?.id;
    },
  };
}

const interval = { low: z.number(), high: z.number() };
const share = z
  .object({ count: z.int(), ...interval })
  .describe('Of passages, with its 95 % interval (Wilson).');
const process = z.object({ passages: z.int(), referred: share, refused: share });
const equalServiceView = z
  .object({
    use: z.string(),
    from: moment,
    planned: z.int().describe('Passages of each process that a lane needs before anything is said of it.'),
    lanes: z.array(
      z.object({
        site: z.string(),
        lane: z.string(),
        captured: process,
        optedOut: process,
        comparisons: z.array(
          z.object({
            measure: z.enum(['waiting', 'processing', 'referred', 'refused']),
            difference: z
              .object({ difference: z.number(), ...interval })
              .nullable()
              .describe('Opted out less captured, with its 95 % interval.'),
            p: z.number().nullable().describe('Adjusted for all lanes and measures (Holm).'),
            verdict: z.enum(['worse', 'better', 'no-difference-found', 'not-estimable']),
            finding: z.string(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'EqualService' });

/** The gate before a camera that may capture a face, the register of opt-outs, and whether they are served as well. */
export function gateRoutes(platform: Platform): Route[] {
  const { db, now } = platform;
  return [
    route({
      ...{ method: 'POST', path: '/governance/capture-gate/questions', id: 'askCaptureGate', tag },
      summary: 'Ask whether a camera lane may capture a face; only an answer with a token allows it',
      access: atNamedSite(db, atLane),
      body: z.strictObject({
        ...{ site, lane, use: useName, purpose: useName },
        notice: z
          .strictObject({ language, version: z.int().min(1) })
          .nullable()
          .describe('The notice that the traveller was shown; null when none.'),
        optedOut: z.boolean(),
        document: document.optional().describe('Looked up among standing opt-outs, and not kept.'),
        lawEnforcement: z
          .strictObject({ authority: z.string().trim().min(3).max(1000) })
          .nullable()
          .describe(
            'The law, as the charter cites it, under which nobody may opt out here; null outside it.',
          ),
      }),
      answer: z.object({
        id: z.uuid().describe('Names the passage when it is completed.'),
        verdict: z.enum(['capture', 'alternative', 'refused']),
        reason: z.string(),
        token: z.string().optional().describe('For one capture at this lane. Without it there is none.'),
        expires: moment.optional(),
      }),
      handle: async ({ body: { lawEnforcement, notice, ...asked }, principal }) => ({
        body: await askGate(platform, {
          ...{ ...asked, notice: notice ?? undefined, authority: lawEnforcement?.authority },
          by: principal.personId,
        }),
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/capture-gate/captures', id: 'recordCapture', tag },
      summary:
        'Record that a face was captured; refused without a token that is valid, of this lane, and not used',
      access: atNamedSite(db, atLane),
      body: z.strictObject({ site, lane, token: z.string().min(1).max(4000) }),
      answer: z.object({ passage: z.uuid() }),
      status: 201,
      handle: async ({ body, principal }) => ({
        body: { passage: await recordCapture(platform, { ...body, by: principal.personId }) },
      }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/capture-gate/passages/:id/complete',
        id: 'completePassage',
        tag,
      },
      summary: 'Record how a traveller was served, by whichever process',
      access: atNamedSite(db, atLane),
      params: idParams,
      body: z.strictObject({
        ...{ site, lane, waitedSeconds: seconds, processedSeconds: seconds, outcome: z.enum(outcomes) },
      }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await completePassage(db, { ...body, id: params.id, by: principal.personId, now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/opt-outs', id: 'countOptOuts', tag },
      summary: 'How many were captured, opted out, were exempt or refused, by month and lane',
      access: overseeing,
      answer: z.object({
        items: z.array(
          z.object({
            ...{ month: z.string(), site: z.string(), lane: z.string(), use: z.string() },
            kind: z.enum(['captured', 'exempt', 'alternative', 'offered', 'not-used', 'refused']),
            passages: z.int(),
          }),
        ),
      }),
      handle: async ({ principal }) => ({
        body: { items: await laneCounts(db, visibleSites(principal)) },
      }),
    }),
    route({
      ...{ method: 'GET', path: '/governance/capture-gate/unsigned', id: 'listUnsignedCaptures', tag },
      summary: 'Captures that the gate did not sign, though the database has them: there must be none',
      access: { kind: 'role', roles: overseers, scope: 'read', at: 'everywhere' },
      answer: z.object({ items: z.array(z.uuid()) }),
      handle: async () => ({ body: { items: await unsignedCaptures(platform) } }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/opt-outs/standing', id: 'keepStandingOptOut', tag },
      summary: 'Keep that whoever shows this document at the site opted out; only a commitment of it is kept',
      access: atNamedSite(db, keepers),
      body: z.strictObject({
        ...{ site, document },
        days: z.int().min(1).max(STANDING_DAYS).describe('Deleted by itself after so many days.'),
      }),
      status: 204,
      handle: async ({ body: { days, ...at }, principal }) => {
        const expires = new Date(now().getTime() + days * DAY_MS);
        await keepStanding(platform, { ...at, expires, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/opt-outs/standing/withdraw',
        id: 'withdrawStandingOptOut',
        tag,
      },
      summary: 'Forget a standing opt-out; says nothing of whether there was one',
      access: atNamedSite(db, keepers),
      body: z.strictObject({ site, document }),
      status: 204,
      handle: async ({ body, principal }) => {
        await forgetStanding(platform, { ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/equal-service', id: 'getEqualService', tag },
      summary: 'Whether travellers who opted out were served as well as those captured, by lane',
      access: overseeing,
      query: z.object({ use: useName, days: z.coerce.number().int().min(1).max(400).default(90) }),
      answer: equalServiceView,
      handle: async ({ query: { use, days }, principal }) => {
        const from = new Date(now().getTime() - days * DAY_MS);
        const found = await equalService(db, { use, from, sites: visibleSites(principal) });
        return { body: found };
      },
    }),
  ];
}
