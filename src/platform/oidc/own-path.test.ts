import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownPath } from './own-path.ts';
import { isSafeToReach } from './reach.ts';

test('only paths of the console itself are returned to', () => {
  const own = [
    ['/', '/'],
    ['/cases/7?tab=files#last', '/cases/7?tab=files#last'],
    ['/a/../b', '/b'],
    ['/?to=https://elsewhere.example/', '/?to=https://elsewhere.example/'],
    ['/line\r\nset-cookie: a=b', '/lineset-cookie:%20a=b'],
    ['/größe', '/gr%C3%B6%C3%9Fe'],
  ] as const;
  for (const [path, expected] of own) assert.equal(ownPath(path), expected, path);
  const others = [
    '',
    'cases',
    'https://elsewhere.example/',
    'javascript:alert(1)',
    '//elsewhere.example/',
    '///elsewhere.example/',
    '/\\elsewhere.example/',
    '\\\\elsewhere.example',
    '/\t/elsewhere.example/',
    '/\n\\elsewhere.example/',
    '/.//elsewhere.example/',
    '/a/..//elsewhere.example/',
    '/%2e//elsewhere.example/',
    ' //elsewhere.example/',
    `/${'x'.repeat(1000)}`,
  ];
  for (const path of others) assert.equal(ownPath(path), undefined, path);
});

test('secrets go over TLS, or stay on this machine', () => {
  const safe = [
    'https://id.example/',
    'http://localhost:3000',
    'http://127.0.0.1/x',
    'http://127.8.9.10',
    'http://[::1]:1',
  ];
  const unsafe = [
    'http://id.example/',
    'http://127.0.0.1.example/',
    'http://localhost.example/',
    'http://user@10.0.0.1/',
    'http://127.0.0.1@id.example/',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'id.example',
    '',
  ];
  for (const address of safe) assert.ok(isSafeToReach(address), address);
  for (const address of unsafe) assert.ok(!isSafeToReach(address), address);
});
