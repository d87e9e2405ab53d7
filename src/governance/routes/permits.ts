import { z } from 'zod';
import { signedPermitSchema } from '../../core/permit.ts';
import { route, type Route } from '../../platform/http/route.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams } from '../../platform/routes/access.ts';
import { enforcedPolicies } from '../charters/enforced.ts';
import type { Policy } from '../charters/policy.ts';
import { issuePermit, revokePermit } from '../permits/issue.ts';
import { exportPermit, listPermits } from '../permits/list.ts';
import { confirmEvaluation, decidedMode, proposeEvaluation } from '../permits/mode.ts';
import { deciding, lower, moment, personOf, reason, seeing, tag, useName } from './shared.ts';

const permitView = z
  .object({
    id: z.uuid(),
    registration: z.uuid(),
    use: z.string(),
    site: z.string(),
    purpose: z.string(),
    models: z.array(z.string()),
    issuedBy: z.uuid(),
    issuedAt: moment,
    expires: moment,
    state: z.enum(['live', 'expired', 'revoked', 'lacking']),
    lacks: z.array(z.string()).describe('What it rests on that no longer holds.'),
  })
  .meta({ id: 'PermitView' });

const mode = z.enum(['evaluation', 'enforced']);

/** Permits, and whether models run under them only. */
export function permitRoutes(platform: Platform): Route[] {
  const { db, keys, now, settings } = platform;
  const enforced = (): Promise<readonly Policy[]> => enforcedPolicies(settings.policies);
  return [
    route({
      ...{ method: 'GET', path: '/governance/permits', id: 'listPermits', tag },
      summary: 'Permits, newest first, and whether each still holds',
      access: seeing,
      answer: z.object({ items: z.array(permitView) }),
      handle: async () => ({
        body: { items: await listPermits({ ...platform, policies: await enforced() }, now()) },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/permits', id: 'issuePermit', tag },
      summary: 'Issue a permit, if all that it rests on holds',
      access: deciding(['ai-governance']),
      body: z.strictObject({
        registration: lower,
        site: z.string().min(1).max(63).describe('Id of a site, or `*` for all.'),
        purpose: useName,
        expires: moment,
      }),
      answer: signedPermitSchema,
      status: 201,
      handle: async ({ body, principal }) => {
        const by = personOf(principal);
        const expires = new Date(body.expires);
        const policies = await enforced();
        return {
          body: await issuePermit({ ...platform, policies }, { ...body, expires, by, now: now() }),
        };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/permits/:id', id: 'exportPermit', tag },
      summary: 'A permit as a file to carry to a machine without a store, with the key to verify it',
      access: { kind: 'role', roles: ['ai-governance', 'admin'], scope: 'read', at: 'everywhere' },
      params: idParams,
      answer: z.object({ permit: signedPermitSchema, publicKey: z.string() }),
      handle: async ({ params }) => ({
        body: await exportPermit({ ...platform, policies: await enforced() }, params.id),
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/permits/:id/revoke', id: 'revokePermit', tag },
      summary: 'Take a permit back for good',
      access: deciding(['ai-governance', 'privacy', 'civil-rights', 'admin']),
      params: idParams,
      body: z.strictObject({ reason }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await revokePermit(db, { id: params.id, ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/mode', id: 'getMode', tag },
      summary: 'Whether models run under permits only',
      access: seeing,
      answer: z.object({ mode }),
      handle: async () => ({
        body: { mode: settings.governance === 'enforced' ? 'enforced' : await decidedMode(db, keys.seals) },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/mode', id: 'proposeEvaluation', tag },
      summary: 'Propose to go back to evaluation; somebody of the other office confirms',
      access: deciding(['ai-governance', 'admin']),
      body: z.strictObject({ mode: z.literal('evaluation'), reason }),
      answer: z.object({ proposal: z.int() }),
      status: 201,
      handle: async ({ body, principal }) => {
        const by = personOf(principal);
        return {
          body: { proposal: await proposeEvaluation(platform, { by, reason: body.reason, now: now() }) },
        };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/mode/:proposal/confirm', id: 'confirmEvaluation', tag },
      summary: 'Confirm a proposal to go back to evaluation, as the other office',
      access: deciding(['ai-governance', 'admin']),
      params: z.object({ proposal: z.coerce.number().int().min(1) }),
      status: 204,
      handle: async ({ params, principal }) => {
        await confirmEvaluation(platform, { proposal: params.proposal, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
