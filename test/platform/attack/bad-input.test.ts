import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { before, describe, test } from 'node:test';
import { openApi, type Operation } from '../../../src/platform/http/openapi.ts';
import { allRoutes } from '../../../src/server/routes.ts';
import {
  ask,
  codeOf,
  newPerson,
  newSession,
  newAllThings,
  openHouse,
  type Request,
  type AllThings,
} from './house.ts';
import { rules } from './routes.ts';

const house = await openHouse();

/** What no field of text takes. */
const badTexts = ['', '\0', 'a\0b', '\ud800', 'x\udfff', 'x'.repeat(200_000)];
const otherTypes: Readonly<Record<string, unknown>> = {
  null: null,
  boolean: true,
  number: 5,
  string: 'text',
  array: ['x'],
  object: { a: 1 },
};
const badQueries = [
  ...['', '%00', '%ff', '%', '-1', '0', '1e400', '1e-320', '99999999999999999999', 'NaN', '__proto__'],
  ...['%ED%A0%80', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', "'--", 'x'.repeat(5000)],
  Buffer.from('["2026-11-22T00:00:00.000000Z","no id"]').toString('base64url'),
  Buffer.from('999999999999999/999999999999999999').toString('base64url'),
];
const badIds = [
  ...['x', '%00', '%ff', '%', '..%2f..%2fetc%2fpasswd', '%2e%2e', '..%5c', '%E2%80%AE', 'a'.repeat(300)],
  ...['constructor', '__proto__', randomUUID().toUpperCase(), '00000000-0000-0000-0000-000000000000'],
];

describe('input that fits no form', () => {
  let things: AllThings;
  let headers: Record<string, string>;
  const document = openApi(allRoutes(house.platform), '0');
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

  before(async () => {
    const personId = await newPerson(house, [{ site: '*', role: 'admin' }]);
    // Somebody else, so that what succeeds does not shut the one who tries out.
    await newPerson(house, [{ site: '*', role: 'admin' }]);
    headers = await newSession(house, personId);
    things = await newAllThings(house, 'pier', personId);
  });

  function sound({ operationId }: Operation): Request {
    const nobody = randomUUID();
    const none = { personId: nobody, tokenId: nobody, uploadId: nobody, webhookId: nobody };
    const request = rules[operationId]?.call({ ...things, ...none });
    assert.ok(request !== undefined, operationId);
    // What needs a session of its own is tried without one: its form is looked at first.
    const open = rules[operationId]?.may === 'anybody';
    return { ...request, headers: { ...request.headers, ...(open ? {} : headers) } };
  }

  /** A problem that says it was the caller, with all headers of an answer. */
  async function refused(request: Request, what: string, mustFail = true): Promise<void> {
    const reply = await ask(house, request);
    assert.ok(reply.status < 500, `${what}: ${reply.status} ${reply.text} ${house.log.join('\n')}`);
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff', what);
    if (mustFail) assert.ok(reply.status >= 400, `${what}: ${reply.status} ${reply.text}`);
    if (reply.status < 400 || request.method === 'HEAD') return;
    assert.match(codeOf(reply) ?? '', /^E_/, `${what}: ${reply.text}`);
  }

  for (const operation of operations) {
    const { operationId: id, requestBody } = operation;
    const schema = requestBody?.content['application/json']?.schema;
    if (schema === undefined) continue;
    test(`the body of ${id}`, async () => {
      const request = sound(operation);
      const body = request.body as Record<string, unknown>;
      for (const [type, value] of Object.entries(otherTypes))
        if (type !== 'object')
          await refused({ ...request, body: JSON.stringify(value), headers: json(request) }, type);
      await refused({ ...request, body: { ...body, more: 1 } }, `${id}: one key more`);
      for (const [key, field] of Object.entries(schema.properties ?? {})) {
        const allowed = JSON.stringify(field);
        for (const [type, value] of Object.entries(otherTypes)) {
          const named = type === 'number' ? '(number|integer)' : type;
          const takes = new RegExp(`"(type|const)":(\\[[^\\]]*)?"${named}"`).test(allowed);
          if (takes || field['enum'] !== undefined) continue;
          await refused({ ...request, body: { ...body, [key]: value } }, `${id}: ${key} is ${type}`);
        }
        if (allowed.includes('"string"'))
          for (const text of badTexts) {
            const what = `${id}: ${key} is ${JSON.stringify(text.slice(0, 10))}`;
            await refused({ ...request, body: { ...body, [key]: text } }, what);
          }
        const { [key]: _, ...without } = body;
        const needed = schema.required?.includes(key) === true;
        await refused({ ...request, body: without }, `${id}: without ${key}`, needed);
      }
      const raw = [
        '{"__proto__":{"a":1}}',
        '{"constructor":{"prototype":{"a":1}}}',
        '{',
        '',
        '\0',
        '"\ud800"',
        '{"a":1e999}',
      ];
      for (const text of [...raw, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, ' '.repeat(2 << 20)])
        await refused({ ...request, body: text, headers: json(request) }, `${id}: ${text.slice(0, 20)}`);
      for (const type of [
        'text/plain',
        'application/octet-stream',
        'multipart/form-data; boundary=x',
        'x',
        '',
      ])
        await refused(
          { ...request, body: JSON.stringify(body), headers: { ...request.headers, 'content-type': type } },
          `${id} as ${type}`,
        );
      assert.equal(({} as { a?: number }).a, undefined, 'no prototype was changed');
    });
  }

  test('ids and paths', async () => {
    for (const operation of operations) {
      if (!operation.parameters.some((one) => one.in === 'path')) continue;
      const request = sound(operation);
      for (const id of badIds) {
        const path = request.path.replace(/[0-9a-f-]{36}/, id);
        // What a client takes out of an address before it asks leads to another route.
        const asked = new URL(path, house.url).pathname === path.split('?')[0];
        const mustFail =
          asked &&
          path !== request.path &&
          operation.operationId !== 'uploadsAbilities' &&
          operation.operationId !== 'uploadAbilities';
        // What takes any name, or says nothing of whether there was one.
        const anyName =
          /grants|enable|disable|identities|deliveries|baselines|v1\/sessions|governance\/uses/.test(path);
        await refused({ ...request, path }, `${operation.operationId}: ${id}`, mustFail && !anyName);
      }
    }
  });

  test('an id may be written in capitals', async () => {
    const path = `/api/v1/assets/${things.assetId.toUpperCase()}/content`;
    const reply = await ask(house, { path, headers });
    assert.deepEqual([reply.status, reply.text], [200, 'bytes of a file']);
  });

  test('queries', async () => {
    for (const operation of operations) {
      for (const { name, in: place } of operation.parameters) {
        if (place !== 'query') continue;
        const request = sound(operation);
        const url = new URL(request.path, house.url);
        url.searchParams.delete(name);
        const rest = `${url.pathname}?${url.searchParams.toString()}&${name}=`;
        for (const value of badQueries)
          await refused(
            { ...request, path: rest + value },
            `${operation.operationId}: ${name}=${value.slice(0, 40)}`,
            false,
          );
        await refused(
          { ...request, path: `${rest}a&${name}=b&${name}[c]=d` },
          `${operation.operationId}: ${name} thrice`,
        );
      }
    }
  });

  test('ranges and conditions', async () => {
    const path = `/api/v1/assets/${things.assetId}/content`;
    const ranges: [string, number][] = [
      ['bytes=0-', 206],
      ['bytes=-99999999999999999999', 206],
      ['bytes=0-99999999999999999999', 206],
      ['bytes=99999999999999999999-', 416],
      ['bytes=15-', 416],
      ['bytes=-0', 416],
      ['bytes=5-2', 200],
      ['bytes=0-1,3-4', 200],
      ['lines=0-1', 200],
      ['bytes=a-b', 200],
    ];
    for (const [range, status] of ranges)
      assert.equal((await ask(house, { path, headers: { ...headers, range } })).status, status, range);
    for (const match of ['*', '1', 'W/"1"', '"x"', '"99999999999999999999"', '"1", "2"', ''])
      await refused(
        {
          method: 'PATCH',
          path: `/api/v1/cases/${things.caseId}`,
          body: { title: 'x' },
          headers: { ...headers, 'if-match': match },
        },
        `If-Match ${match}`,
      );
  });

  test('what is no HTTP at all', async () => {
    const head = `Host: 127.0.0.1\r\n`;
    const tries: [string, RegExp][] = [
      ['\0\0\0\0\r\n\r\n', /^HTTP\/1.1 400 /],
      ['GET / HTTP/9.9\r\n\r\n', /^HTTP\/1.1 (400|505) /],
      [`GET /api/v1/cases HTTP/1.1\r\n${head}X: ${'y'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
      [`GET /%zz HTTP/1.1\r\n${head}Connection: close\r\n\r\n`, /^HTTP\/1.1 400 /],
      [`BREW / HTTP/1.1\r\n${head}\r\n`, /^HTTP\/1.1 400 /],
      [
        `POST /api/v1/session HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1`,
        /^HTTP\/1.1 400 /,
      ],
      [
        `POST /api/v1/session HTTP/1.1\r\n${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxx`,
        /^HTTP\/1.1 400 /,
      ],
      [
        `POST /api/v1/session HTTP/1.1\r\n${head}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n`,
        /^HTTP\/1.1 400 /,
      ],
    ];
    for (const [bytes, answer] of tries) {
      const text = await exchange(bytes);
      assert.match(text, answer, JSON.stringify(bytes.slice(0, 60)));
      assert.match(text, /application\/problem\+json/, text);
      assert.match(text, /x-content-type-options: nosniff/, text);
    }
  });

  test('nothing of all this was ours to mend', () => assert.deepEqual(house.log, []));
});

function json({ headers }: Request): Record<string, string> {
  return { ...headers, 'content-type': 'application/json' };
}

/** Sends bytes as they are. @returns what came back until the other side closed. */
async function exchange(bytes: string): Promise<string> {
  const socket = connect(house.port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  const timer = setTimeout(() => socket.destroy(), 5000);
  try {
    for await (const chunk of socket) text += String(chunk);
  } catch {
    // What came before it broke is what counts.
  }
  clearTimeout(timer);
  return text;
}
