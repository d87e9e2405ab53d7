import { z } from 'zod';
import { route, type Access, type Route } from '../../platform/http/route.ts';
import { sitesOf, type Principal, type Role } from '../../platform/people/roles.ts';
import type { Platform } from '../../platform/platform.ts';
import { idParams, visibleSites } from '../../platform/routes/access.ts';
import { deciding, lower, moment, personOf, reason, tag } from '../routes/shared.ts';
import { listClocks, setClock } from './clocks.ts';
import { listRequests } from './request-list.ts';
import {
  addRecipient,
  decideRequest,
  extendRequest,
  lookUp,
  notifyRequest,
  receiveRequest,
  tellRecipient,
  type DoneTo,
} from './requests.ts';
import { aboutKinds, requestKinds } from './tables.ts';

const receivers: readonly Role[] = ['officer', 'analyst', 'supervisor', 'privacy', 'civil-rights'];
const deciders: readonly Role[] = ['supervisor', 'privacy', 'civil-rights'];
const readers: readonly Role[] = [...deciders, 'ai-governance', 'admin'];

/** For those who decide at any site; which requests they reach is found out for each. */
const anywhere: Access = { kind: 'role', roles: deciders, scope: 'write', at: 'own-sites' };

const newRequest = z.strictObject({
  kind: z.enum(requestKinds),
  about: z.enum(aboutKinds),
  aboutId: lower,
  caseReference: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .describe('The reference of the letter. No names: who asks stands in the letter.'),
  receivedAt: moment.transform((text) => new Date(text)),
});

const clockView = z.object({
  kind: z.enum(requestKinds),
  version: z.string().trim().min(1).max(100),
  source: z.string().trim().min(3).max(1000).describe('The law or policy that says so.'),
  workingDays: z.int().min(1).max(260),
  extensionDays: z.int().min(0).max(260).describe('Working days by which it may be extended, once.'),
  effective: z.iso.date().describe('First day on which requests are judged by it.'),
  ends: z.iso.date().nullable(),
});

const requestView = z
  .object({
    ...{ id: z.uuid(), site: z.string(), kind: z.enum(requestKinds), about: z.enum(aboutKinds) },
    ...{ aboutId: z.uuid(), caseReference: z.string(), rule: z.string(), receivedAt: moment, dueAt: moment },
    extension: z.object({ from: moment, reason: z.string(), by: z.uuid() }).nullable(),
    decision: z
      .object({
        ...{ outcome: z.enum(['granted', 'partly', 'denied']), reason: z.string(), by: z.uuid(), at: moment },
      })
      .nullable(),
    notifiedAt: moment.nullable(),
    recipients: z
      .array(z.object({ id: z.uuid(), recipient: z.string(), toldAt: moment.nullable() }))
      .describe('Who received what is corrected.'),
    open: z.enum(['decide', 'notify', 'tell']).nullable(),
    overdue: z.boolean(),
  })
  .meta({ id: 'RedressRequest' });

/** Corrections and appeals, their clocks, and who is told. */
export function requestRoutes({ db, now }: Platform): Route[] {
  const to = (principal: Principal, id: string): DoneTo => ({
    ...{ id, by: personOf(principal), now: now(), sites: sitesOf(principal, deciders) },
  });
  return [
    route({
      ...{ method: 'POST', path: '/governance/redress', id: 'receiveRedress', tag },
      summary:
        'Record a request to correct something, or an appeal; its clock is that of the day it was received',
      access: {
        ...{ kind: 'role', roles: receivers, scope: 'write' },
        at: async ({ body }) => {
          const { about, aboutId } = body as z.output<typeof newRequest>;
          return (await lookUp(db, about, aboutId))?.site;
        },
      },
      body: newRequest,
      answer: z.object({ id: z.uuid(), due: moment, rule: z.string() }),
      status: 201,
      handle: async ({ body, principal }) => {
        const { due, ...rest } = await receiveRequest(db, body, { by: personOf(principal), now: now() });
        return { body: { ...rest, due: due.toISOString() } };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/redress', id: 'listRedress', tag },
      summary: 'Corrections and appeals, open ones first by the day they are due',
      access: { kind: 'role', roles: readers, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(requestView) }),
      handle: async ({ principal }) => ({
        body: { items: await listRequests(db, visibleSites(principal), now()) },
      }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/redress/:id/extend', id: 'extendRedress', tag },
      summary: 'Extend the clock of a request, once, with a reason',
      access: anywhere,
      params: idParams,
      body: z.strictObject({ reason }),
      answer: z.object({ due: moment }),
      handle: async ({ params, body, principal }) => {
        const due = await extendRequest(db, { ...to(principal, params.id), ...body });
        return { body: { due: due.toISOString() } };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/redress/:id/decide', id: 'decideRedress', tag },
      summary: 'Decide a request, as somebody else than who decided first',
      access: anywhere,
      params: idParams,
      body: z.strictObject({ outcome: z.enum(['granted', 'partly', 'denied']), reason }),
      status: 204,
      handle: async ({ params, body, principal }) => {
        await decideRequest(db, { ...to(principal, params.id), ...body });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/redress/:id/notify', id: 'notifyRedress', tag },
      summary: 'Note that whoever asked was told the outcome',
      access: anywhere,
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        await notifyRequest(db, to(principal, params.id));
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'POST', path: '/governance/redress/:id/recipients', id: 'addRedressRecipient', tag },
      summary: 'Add an office that received what is corrected by another way than a release',
      access: anywhere,
      params: idParams,
      body: z.strictObject({
        recipient: z.string().trim().min(1).max(200).describe('An office, not a person.'),
      }),
      answer: z.object({ id: z.uuid() }),
      status: 201,
      handle: async ({ params, body, principal }) => ({
        body: { id: await addRecipient(db, { ...to(principal, params.id), ...body }) },
      }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/governance/redress/:id/recipients/:recipient/told',
        id: 'tellRedressRecipient',
        tag,
      },
      summary: 'Note that a recipient was told of a correction',
      access: anywhere,
      params: idParams.extend({ recipient: lower }),
      status: 204,
      handle: async ({ params, principal }) => {
        await tellRecipient(db, { ...to(principal, params.id), recipient: params.recipient });
        return { body: undefined };
      },
    }),
    route({
      ...{ method: 'GET', path: '/governance/redress/clocks', id: 'listRedressClocks', tag },
      summary: 'How long an office has to answer: rules of the agency, and the built-in ones',
      access: { kind: 'role', roles: receivers, scope: 'read', at: 'own-sites' },
      answer: z.object({ items: z.array(clockView) }),
      handle: async () => ({ body: { items: await listClocks(db) } }),
    }),
    route({
      ...{ method: 'POST', path: '/governance/redress/clocks', id: 'setRedressClock', tag },
      summary: 'Set how long an office has to answer from a day on',
      access: deciding(['privacy', 'civil-rights']),
      body: clockView.strict(),
      status: 204,
      handle: async ({ body, principal }) => {
        await setClock(db, { ...body, by: personOf(principal), now: now() });
        return { body: undefined };
      },
    }),
  ];
}
