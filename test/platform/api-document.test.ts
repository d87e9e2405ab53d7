import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { version } from '../../src/core/version.ts';
import type { OpenApi } from '../../src/platform/http/openapi.ts';
import { allRoutes } from '../../src/server/routes.ts';
import { ask, openHouse } from './attack/house.ts';

const house = await openHouse();
const routes = allRoutes(house.platform);

/** Every object of a JSON value, with where it is. */
function* objects(value: unknown, at = ''): Generator<[at: string, object: Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* objects(inner, `${at}/${key}`);
}

describe('what the server says of its API', () => {
  test('is an OpenAPI 3.1 document of every route it serves', async () => {
    const reply = await ask(house, { path: '/api/v1/openapi.json' });
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
    const document = JSON.parse(reply.text) as OpenApi;
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.deepEqual([document.info.version, document.servers], [version, [{ url: '/api/v1' }]]);
    const said = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    assert.deepEqual(
      said.map(({ path, method, operation }) => `${method} ${path} ${operation.operationId}`).sort(),
      routes
        .map(({ path, method, id }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')} ${id}`)
        .sort(),
    );
    assert.equal(new Set(said.map(({ operation }) => operation.operationId)).size, routes.length);
    for (const { path, method, operation } of said) {
      const where = `${method} ${path}`;
      const inPath = operation.parameters.filter((one) => one.in === 'path');
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(inPath.map(({ name }) => name).sort(), named.sort(), where);
      assert.ok(
        inPath.every(({ required }) => required),
        where,
      );
      const names = operation.parameters.map((one) => `${one.in} ${one.name}`);
      assert.equal(new Set(names).size, names.length, where);
      assert.ok(
        Object.keys(operation.responses).every((status) => /^([1-5]\d\d|default)$/.test(status)),
        where,
      );
      for (const [name] of (operation.security ?? []).flatMap((one) => Object.entries(one)))
        assert.ok(name in document.components.securitySchemes, `${where}: ${name}`);
    }
    for (const [at, { $ref: ref, ...rest }] of objects(document)) {
      // Keywords of one schema only: of a property that is called so, the value is a schema itself.
      assert.ok(!('nullable' in rest) || typeof rest['nullable'] === 'object', `${at}: nullable is of 3.0`);
      if (typeof ref !== 'string') continue;
      const [, name = ''] = /^#\/components\/schemas\/([A-Za-z0-9._-]+)$/.exec(ref) ?? [];
      assert.ok(name in document.components.schemas, `${at}: ${ref} leads nowhere`);
    }
  });

  test('is a page with every route on it, whose links lead somewhere and whose style is allowed', async () => {
    const reply = await ask(house, { path: '/api' });
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get('content-type') ?? '', /^text\/html/);
    for (const { method, path } of routes) {
      const address = `/api/v1${path.replaceAll(/:(\w+)/g, '{$1}')}`;
      const named = reply.text.includes(`<code>${method} ${address}</code>`);
      assert.ok(named, `${method} ${address}`);
    }
    assert.doesNotMatch(reply.text, /<script|<style| style=|undefined|\[object /);
    for (const [, link = ''] of reply.text.matchAll(/href="([^"]+)"/g)) {
      if (link.startsWith('#')) assert.ok(reply.text.includes(`id="${link.slice(1)}"`), link);
      else assert.equal((await ask(house, { path: link })).status, 200, link);
    }
  });
});
