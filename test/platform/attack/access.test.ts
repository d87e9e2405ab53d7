import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { roles, scopes, type Role, type Scope } from '../../../src/platform/people/roles.ts';
import { createToken } from '../../../src/platform/people/tokens.ts';
import { allRoutes } from '../../../src/server/routes.ts';
import {
  ask,
  codeOf,
  newApiToken,
  newPerson,
  newSession,
  newAllThings,
  openHouse,
  type Reply,
  type Request,
  type AllThings,
} from './house.ts';
import { pages, rules, type Given, type Rule } from './routes.ts';
import { newCamera, newChannel, type WatchThings } from './watch-things.ts';

/** Somebody who tries every door. */
interface Caller {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly personId?: string;
  readonly grant?: { readonly site: string; readonly role: Role };
  readonly tokenScope?: Scope;
  /** Nobody, or not far enough with signing in. */
  readonly outside?: true;
}

type Outcome = 'unknown' | 'forbidden' | 'hidden' | 'in';

/** What must come of it, from the table alone. All things lie at the pier. */
function expected({ may, where, scope, noToken }: Rule, caller: Caller): Outcome {
  if (may === 'anybody') return 'in';
  if (caller.outside === true) return 'unknown';
  if (may === 'session') return caller.tokenScope === undefined ? 'in' : 'forbidden';
  if (caller.tokenScope !== undefined && caller.tokenScope !== scope) return 'forbidden';
  if (may === 'signed-in') return 'in';
  const { grant } = caller;
  const here = grant?.site === '*' || grant?.site === 'pier';
  if (where === 'there' && !here) return 'hidden';
  const counts = where === 'everywhere' ? grant?.site === '*' : true;
  if (grant === undefined || !may.includes(grant.role) || !counts) return 'forbidden';
  return noToken === true && caller.tokenScope !== undefined ? 'forbidden' : 'in';
}

function outcome(reply: Reply, method: string): Outcome {
  if (reply.status === 401) return method === 'HEAD' || isOutside(codeOf(reply)) ? 'unknown' : 'in';
  if (reply.status === 403) return method === 'HEAD' || codeOf(reply) === 'E_FORBIDDEN' ? 'forbidden' : 'in';
  return reply.status === 404 ? 'hidden' : 'in';
}

function isOutside(code: string | undefined): boolean {
  return code === 'E_NOT_SIGNED_IN' || code === 'E_SESSION';
}

const house = await openHouse();

describe('who may do what', () => {
  let things: AllThings;
  let othersUpload: string;
  const callers: Caller[] = [];

  before(async () => {
    const owner = await newPerson(house, []);
    things = await newAllThings(house, 'pier', owner);
    const officer = await newPerson(house, [{ site: 'pier', role: 'officer' }]);
    othersUpload = await beginUpload(await newSession(house, officer));
    callers.push({ name: 'a stranger', headers: {}, outside: true });
    for (const site of ['pier', 'quay', '*'])
      for (const role of roles) {
        const personId = await newPerson(house, [{ site, role }]);
        const headers = await newSession(house, personId);
        callers.push({ name: `${role} at ${site}`, headers, personId, grant: { site, role } });
      }
    const bare = await newPerson(house, []);
    callers.push({ name: 'no role', headers: await newSession(house, bare), personId: bare });
    const grant = { site: '*', role: 'admin' } as const;
    for (const scope of scopes) {
      const personId = await newPerson(house, [grant]);
      const headers = await newApiToken(house, personId, [scope]);
      callers.push({ name: `a token for ${scope}`, headers, personId, grant, tokenScope: scope });
    }
    for (const state of ['locked', 'enrol', 'second-factor', 'banner'] as const) {
      const personId = await newPerson(house, [grant]);
      const headers = await newSession(house, personId, state);
      callers.push({ name: `an admin in state ${state}`, headers, personId, grant, outside: true });
    }
    callers.push({
      name: 'a made-up session',
      headers: { cookie: `tidewaiter=${'A'.repeat(43)}` },
      outside: true,
    });
    callers.push({ name: 'a made-up token', headers: { authorization: 'Bearer tw_x' }, outside: true });
  });

  test('every route stands in the table, and nothing else is served', () => {
    const routes = allRoutes(house.platform);
    assert.deepEqual(routes.map(({ id }) => id).sort(), Object.keys(rules).sort());
    const served = servedBy(house.app.printRoutes({ commonPrefix: false }));
    assert.ok(served.length > routes.length, 'the list of what is served could be read');
    const described = routes.map(({ method, path }) => `${method} /api/v1${path}`);
    const open = pages.map((path) => `GET ${path}`);
    // The HTTP library answers HEAD where it answers GET, through the same door.
    const known = new Set([...described, ...open].flatMap((one) => [one, one.replace(/^GET /, 'HEAD ')]));
    for (const one of served) assert.ok(known.has(one), `${one} is served, and stands in no table`);
  });

  test('each caller gets what the table says, on every route', async () => {
    const wrong: string[] = [];
    const tryAll = async (caller: Caller): Promise<void> => {
      for (const [id, rule] of Object.entries(rules)) {
        // Signing in and out is open to anybody: one try as a stranger says all.
        if (rule.may === 'anybody' && caller.name !== 'a stranger') continue;
        const { given, headers } = await situation(caller, id);
        const request = rule.call(given);
        const reply = await ask(house, { ...request, headers: { ...request.headers, ...headers } });
        const method = request.method ?? 'GET';
        const got = rule.may === 'anybody' && reply.status < 500 ? anybody(reply) : outcome(reply, method);
        const want = expected(rule, caller);
        if (got !== want || reply.status >= 500)
          wrong.push(
            `${caller.name}: ${id} is ${got} (${reply.status}), not ${want}: ${reply.text.slice(0, 120)}`,
          );
        if (rule.where === 'anywhere' && caller.grant?.site === 'quay')
          for (const hidden of Object.values(things) as string[])
            if (reply.text.includes(hidden)) wrong.push(`${caller.name}: ${id} shows what lies at the pier`);
      }
    };
    for (let first = 0; first < callers.length; first += 8)
      await Promise.all(callers.slice(first, first + 8).map(tryAll));
    assert.deepEqual(wrong, []);
    assert.deepEqual(house.log, []);
  });

  test('what is not there and what lies elsewhere are answered with the same bytes', async () => {
    const personId = await newPerson(house, [{ site: 'quay', role: 'admin' }]);
    const headers = await newSession(house, personId);
    const spare = { personId: randomUUID(), tokenId: randomUUID(), webhookId: randomUUID() };
    const uploads = [othersUpload, randomUUID()];
    const [caseId, assetId, jobId, findingId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const [reviewId, releaseId] = [randomUUID(), randomUUID()];
    const [cameraId, incidentId, alertId, overrideId] = Array.from({ length: 4 }, () => randomUUID());
    const suppressionId = randomUUID();
    const watched = {
      channelId: randomUUID(),
      planId: randomUUID(),
      cameraId,
      incidentId,
      alertId,
      overrideId,
      suppressionId,
    } as WatchThings;
    const nothing = {
      ...{ serviceId: randomUUID(), caseId, assetId, jobId, findingId, reviewId, releaseId },
      ...watched,
    };
    for (const [id, rule] of Object.entries(rules)) {
      if (rule.where !== 'there' || id === 'openCase') continue;
      const seen: string[] = [];
      for (const [index, where] of [things, nothing].entries()) {
        const request = rule.call({ ...spare, ...where, uploadId: uploads[index] ?? '' });
        const reply = await ask(house, { ...request, headers: { ...request.headers, ...headers } });
        assert.equal(reply.status, 404, id);
        const told = [...reply.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
        const same = JSON.stringify([reply.text.replace(/"request":"[^"]+"/, ''), told]);
        // A request id may be longer than the one before.
        seen.push(same.replace(/"content-length","\d+"/, ''));
      }
      assert.equal(seen[0], seen[1], id);
    }
    const sites = ['pier', 'nowhere'].map((site) => ({ site, use: 'redaction', title: 'x' }));
    for (const body of sites) {
      const reply = await ask(house, { method: 'POST', path: '/api/v1/cases', headers, body });
      assert.equal(codeOf(reply), 'E_NOT_FOUND');
    }
  });

  test('each refusal is kept with its reason, and with who it was', async () => {
    const viewer = await newPerson(house, [{ site: 'quay', role: 'viewer' }]);
    const admin = await newPerson(house, [{ site: '*', role: 'admin' }]);
    const session = await newSession(house, viewer);
    const refusals: readonly [what: string, request: Request, kind: string, personId: string | null][] = [
      ['a role that is missing', { path: '/api/v1/webhooks', headers: session }, 'role', viewer],
      ['another site', { path: `/api/v1/cases/${things.caseId}`, headers: session }, 'role', viewer],
      [
        'a scope that is missing',
        { path: '/api/v1/webhooks', headers: await newApiToken(house, admin, ['read']) },
        'scope',
        admin,
      ],
      [
        'a token where only people may',
        { path: '/api/v1/session/passkeys', headers: await newApiToken(house, admin, ['read']) },
        'scope',
        admin,
      ],
      ['a bad token', { path: '/api/v1/cases', headers: { authorization: 'Bearer tw_x' } }, 'token', null],
      ['no session', { path: '/api/v1/cases' }, 'session', null],
      [
        'a page of another site',
        { method: 'POST', path: '/api/v1/cases', headers: { ...session, 'sec-fetch-site': 'cross-site' } },
        'cross-site',
        null,
      ],
    ];
    // Rows of a minute are few, and those of the tests before are spent.
    house.clock.laterMs = 120_000;
    try {
      for (const [what, request, kind, personId] of refusals) {
        await house.platform.db.deleteFrom('refusals').execute();
        const { status } = await ask(house, request);
        assert.ok([401, 403, 404].includes(status), `${what}: ${status}`);
        const rows = await house.platform.db
          .selectFrom('refusals')
          .select(['kind', 'person_id as personId'])
          .execute();
        assert.deepEqual(rows, [{ kind, personId }], what);
      }
    } finally {
      house.clock.laterMs = 0;
    }
  });

  /** Things for one call, with what must be the caller's own. */
  async function situation(
    caller: Caller,
    id: string,
  ): Promise<{ given: Given; headers: Readonly<Record<string, string>> }> {
    const { db } = house.platform;
    let [personId, tokenId, uploadId]: [string, string, string] = [randomUUID(), randomUUID(), othersUpload];
    if (rules[id]?.may !== 'anybody' && /Person$|Role$|Identity$|Identities$/.test(id))
      personId = await newPerson(house, []);
    const webhookId = randomUUID();
    if (/^(enable|delete)Webhook$/.test(id))
      await db
        .insertInto('webhooks')
        .values({
          id: webhookId,
          url: 'https://hooks.example/x',
          kinds: ['asset.received'],
          secret: Buffer.alloc(32),
          created_by: randomUUID(),
          created_at: new Date(),
        })
        .execute();
    if (id === 'revokeToken' && caller.personId !== undefined) {
      const now = new Date();
      const expiresAt = new Date(now.getTime() + 60_000);
      const token = { personId: caller.personId, name: 'x', scopes: ['read'] as const, expiresAt, now };
      tokenId = (await createToken(db, token)).id;
    }
    if (['askUpload', 'sendPiece', 'endUpload'].includes(id) && expected(rules[id]!, caller) === 'in')
      uploadId = await beginUpload(caller.headers);
    const channelId = id === 'removeChannel' ? await newChannel(db, 'pier') : things.channelId;
    const cameraId =
      id === 'removeCamera' ? await newCamera(db, { site: 'pier', by: randomUUID() }) : things.cameraId;
    const given = { ...things, cameraId, channelId, personId, tokenId, uploadId, webhookId };
    return { given, headers: caller.headers };
  }

  async function beginUpload(headers: Readonly<Record<string, string>>): Promise<string> {
    const reply = await ask(house, {
      method: 'POST',
      path: `/api/v1/cases/${things.caseId}/uploads`,
      headers: {
        ...headers,
        'tus-resumable': '1.0.0',
        'upload-length': '9',
        'upload-metadata': `filename ${Buffer.from('a.jpg').toString('base64')}`,
      },
    });
    return reply.headers.get('location')?.split('/').at(-1) ?? assert.fail(`no upload: ${reply.text}`);
  }
});

/** Routes that anybody may call look for themselves at what the caller has: none of their answers says that a role is missing. */
function anybody(reply: Reply): Outcome {
  return codeOf(reply) === 'E_NOT_SIGNED_IN' || codeOf(reply) === 'E_FORBIDDEN' ? 'forbidden' : 'in';
}

/** `GET /path` for each line of the tree of routes that the HTTP library prints. */
function servedBy(tree: string): string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] =
      /^([ │]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    if (part === '') return [];
    const depth = indent.length / 4;
    above.splice(depth, above.length, part);
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${above.join('')}`);
  });
}
