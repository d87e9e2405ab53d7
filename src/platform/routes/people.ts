import { z } from 'zod';
import { notFound } from '../http/problem.ts';
import { route, type Route } from '../http/route.ts';
import { append, type LedgerEvent } from '../ledger/ledger.ts';
import { createPerson, disablePerson, enablePerson } from '../people/accounts.ts';
import { freshlyProved } from '../people/enrolment.ts';
import { grantRole, revokeRole } from '../people/grants.ts';
import { roles, scopes } from '../people/roles.ts';
import { authenticate, sessionError } from '../people/session-state.ts';
import { createToken, listTokens, revokeToken } from '../people/tokens.ts';
import type { Platform } from '../platform.ts';
import { idParams } from './access.ts';
import { isSecure, sessionToken } from './cookie.ts';

const siteId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');

const personView = z
  .object({
    id: z.uuid(),
    login: z.string(),
    name: z.string(),
    disabled: z.boolean(),
    grants: z.array(z.object({ site: z.string(), role: z.enum(roles) })),
  })
  .meta({ id: 'Person' });

const siteView = z.object({ id: siteId, name: z.string(), timeZone: z.string() }).meta({ id: 'Site' });

const tokenView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    usedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Token' });

/** Sites, people, their roles, and everybody's own tokens. */
export function peopleRoutes({ db, people, settings, now }: Platform): Route[] {
  const admin = { kind: 'role', roles: ['admin'], scope: 'people', at: 'everywhere' } as const;
  const tell = (event: Omit<LedgerEvent, 'at'>): Promise<void> =>
    db.transaction().execute((tx) => append(tx, { ...event, at: now() }));
  const grant = z.strictObject({ site: z.union([z.literal('*'), siteId]), role: z.enum(roles) });
  return [
    route({
      method: 'GET',
      path: '/sites',
      id: 'listSites',
      tag: 'Sites',
      summary: 'All sites',
      access: { kind: 'signed-in', scope: 'read' },
      answer: z.object({ items: z.array(siteView) }),
      handle: async () => {
        const rows = await db.selectFrom('sites').selectAll().orderBy('id').execute();
        return { body: { items: rows.map(({ id, name, time_zone: timeZone }) => ({ id, name, timeZone })) } };
      },
    }),
    route({
      method: 'POST',
      path: '/sites',
      id: 'createSite',
      tag: 'Sites',
      summary: 'Add a site',
      access: { ...admin, scope: 'settings' },
      body: z.strictObject({
        id: siteId,
        name: z.string().trim().min(1).max(200),
        timeZone: z.string().refine(isTimeZone, 'write an IANA name such as America/New_York'),
      }),
      answer: siteView,
      status: 201,
      handle: async ({ body, principal }) => {
        await db.transaction().execute(async (tx) => {
          await tx
            .insertInto('sites')
            .values({ id: body.id, name: body.name, time_zone: body.timeZone })
            .execute();
          await append(tx, {
            kind: 'site.created',
            at: now(),
            actor: principal.personId,
            siteId: body.id,
            subjects: {},
          });
        });
        return { body };
      },
    }),
    route({
      method: 'GET',
      path: '/people',
      id: 'listPeople',
      tag: 'People',
      summary: 'Everybody with an account, and their roles',
      access: admin,
      answer: z.object({ items: z.array(personView) }),
      handle: async () => {
        const rows = await db.selectFrom('people').selectAll().orderBy('login').execute();
        const grants = await db.selectFrom('grants').selectAll().execute();
        const items = rows.map(({ id, login, name, disabled_at: disabledAt }) => ({
          id,
          login,
          name,
          disabled: disabledAt !== null,
          grants: grants.filter((one) => one.person_id === id).map(({ site, role }) => ({ site, role })),
        }));
        return { body: { items } };
      },
    }),
    route({
      method: 'POST',
      path: '/people',
      id: 'createPerson',
      tag: 'People',
      summary: 'Make an account; it has no roles yet',
      access: admin,
      body: z.strictObject({
        login: z.string().max(200),
        name: z.string().max(200),
        password: z.string().max(1024),
      }),
      answer: z.object({ id: z.uuid() }),
      status: 201,
      handle: async ({ body, principal }) => {
        const id = await createPerson(db, people, { person: body, now: now() });
        await tell({ kind: 'person.created', actor: principal.personId, subjects: { person: id } });
        return { body: { id } };
      },
    }),
    ...(['grant', 'revoke'] as const).map((what) =>
      route({
        method: what === 'grant' ? 'POST' : 'DELETE',
        path: '/people/:id/grants',
        id: `${what}Role`,
        tag: 'People',
        summary: what === 'grant' ? 'Give somebody a role at a site' : 'Take a role away',
        access: admin,
        params: idParams,
        body: grant,
        status: 204,
        handle: async ({ params, body, principal }) => {
          const change = { personId: params.id, grant: body, now: now() };
          await (what === 'grant' ? grantRole(db, change) : revokeRole(db, change));
          await tell({
            kind: `person.role-${what === 'grant' ? 'given' : 'taken'}`,
            actor: principal.personId,
            subjects: { person: params.id },
            facts: body,
          });
          return { body: undefined };
        },
      }),
    ),
    ...(['disable', 'enable'] as const).map((what) =>
      route({
        method: 'POST',
        path: `/people/:id/${what}`,
        id: `${what}Person`,
        tag: 'People',
        summary: what === 'disable' ? 'Shut an account: its sessions and tokens end' : 'Open a shut account',
        access: admin,
        params: idParams,
        status: 204,
        handle: async ({ params, principal }) => {
          if (what === 'disable') await disablePerson(db, { personId: params.id, now: now() });
          else await enablePerson(db, params.id);
          await tell({ kind: `person.${what}d`, actor: principal.personId, subjects: { person: params.id } });
          return { body: undefined };
        },
      }),
    ),
    route({
      method: 'GET',
      path: '/tokens',
      id: 'listTokens',
      tag: 'Tokens',
      summary: 'Your API tokens',
      access: { kind: 'signed-in', scope: 'read' },
      answer: z.object({ items: z.array(tokenView) }),
      handle: async ({ principal }) => {
        const tokens = await listTokens(db, principal.personId);
        const items = tokens.map(({ createdAt, expiresAt, usedAt, revokedAt, ...rest }) => ({
          ...rest,
          scopes: [...rest.scopes],
          createdAt: createdAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
          usedAt: usedAt?.toISOString() ?? null,
          revokedAt: revokedAt?.toISOString() ?? null,
        }));
        return { body: { items } };
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      id: 'createToken',
      tag: 'Tokens',
      summary: 'Make an API token; it is shown once. Takes a proof of who you are in the last ten minutes',
      access: { kind: 'session' },
      body: z.strictObject({
        name: z.string().max(200),
        scopes: z.array(z.enum(scopes)),
        expiresAt: z.iso.datetime(),
      }),
      answer: z.object({ id: z.uuid(), token: z.string() }),
      status: 201,
      handle: async ({ body, principal, headers }) => {
        const { personId } = principal;
        // Whoever finds an open session must not leave with something that lasts a year.
        const session = await authenticate(
          db,
          people,
          sessionToken(headers, isSecure(settings)) ?? '',
          now(),
        );
        if (session === undefined) throw sessionError();
        freshlyProved(session, now());
        const made = await createToken(db, {
          personId,
          name: body.name,
          scopes: body.scopes,
          expiresAt: new Date(body.expiresAt),
          now: now(),
        });
        await tell({ kind: 'token.created', actor: personId, subjects: { token: made.id } });
        return { body: made };
      },
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:id',
      id: 'revokeToken',
      tag: 'Tokens',
      summary: 'End one of your API tokens',
      access: { kind: 'session' },
      params: idParams,
      status: 204,
      handle: async ({ params, principal }) => {
        const { personId } = principal;
        if (!(await revokeToken(db, { id: params.id, personId, now: now() }))) throw notFound();
        await tell({ kind: 'token.revoked', actor: personId, subjects: { token: params.id } });
        return { body: undefined };
      },
    }),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
