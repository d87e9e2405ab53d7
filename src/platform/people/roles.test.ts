import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsRole, sitesOf, type Grant } from './roles.ts';

const here: Grant = { site: 'north-gate', role: 'officer' };
const everywhere: Grant = { site: '*', role: 'privacy' };

test('a role counts at its site and nowhere else', () => {
  assert.equal(holdsRole({ grants: [here] }, ['officer'], 'north-gate'), true);
  assert.equal(holdsRole({ grants: [here] }, ['analyst', 'officer'], 'north-gate'), true);
  assert.equal(holdsRole({ grants: [here] }, ['officer'], 'south-gate'), false);
  assert.equal(holdsRole({ grants: [here] }, ['admin'], 'north-gate'), false);
  assert.equal(holdsRole({ grants: [] }, ['officer'], 'north-gate'), false);
});

test('what belongs to no site takes a role at every site', () => {
  assert.equal(holdsRole({ grants: [here] }, ['officer']), false);
  assert.equal(holdsRole({ grants: [everywhere] }, ['privacy']), true);
  assert.equal(holdsRole({ grants: [everywhere] }, ['privacy'], 'south-gate'), true);
});

test('no role is enough when none is wanted', () => {
  assert.equal(holdsRole({ grants: [here, everywhere] }, [], 'north-gate'), false);
  assert.deepEqual(sitesOf({ grants: [here, everywhere] }, []), []);
});

test('sites are named once, or all of them at once', () => {
  const grants: Grant[] = [here, { site: 'north-gate', role: 'viewer' }, { site: 'pier', role: 'viewer' }];
  assert.deepEqual(sitesOf({ grants }, ['officer', 'viewer']), ['north-gate', 'pier']);
  assert.equal(sitesOf({ grants: [...grants, everywhere] }, ['viewer', 'privacy']), '*');
  assert.deepEqual(sitesOf({ grants }, ['admin']), []);
});
