import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPlatform } from '../../src/server/open-platform.ts';
import { ask, newSession, openHouse } from '../platform/attack/house.ts';
import { newDataFolder, removeDataFolder } from '../platform/serving.ts';
import { charterOf, DAY_MS, modelDigest, openOffice } from './permit-office.ts';

const folder = newDataFolder();
after(() => removeDataFolder(folder));
const path = join(folder, 'port.yaml');
// Evidence of the fixtures is older than a month.
writeFileSync(
  path,
  `{ schema: 1, id: port, version: '1', title: Policy of a port, issuer: Port, source: Order 12, effective: 2026-01-01, provisions: [
    { id: fresh-appeal, title: Appeals are looked at each month, section: '1', shownBy: { evidence: [appeal] }, maxAgeMonths: 1, waivable: false }] }`,
);

test('a policy file of the agency that the settings name is enforced as the built-in ones are', async () => {
  const house = await openHouse({ settings: (usual) => ({ ...usual, policies: [path] }) });
  const { platform } = house;
  const office = await openOffice(platform.db, platform.keys);
  // Put before the offices while the file was not there.
  const registration = await office.approved('lanes');
  const caio = await newSession(house, office.people.caio);
  const call = (method: 'GET' | 'POST', to: string, body?: object) =>
    ask(house, {
      ...{ method, path: `/api/v1/governance/${to}`, headers: caio },
      ...(body === undefined ? {} : { body }),
    });
  const wanted = { registration, site: 'pier', purpose: 'release' };
  const expires = new Date(Date.now() + DAY_MS).toISOString();
  const refused = await call('POST', 'permits', { ...wanted, expires });
  assert.match(refused.text, /port\/fresh-appeal \(appeal\)","code":"E_CHARTER"/);
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] }];
  const next = { charter: charterOf('lanes', 2), purposes: ['release'], models };
  assert.match((await call('POST', 'registrations', next)).text, /port\/fresh-appeal.*"E_CHARTER"/);
  const inFull = await call('GET', `oversight/registrations/${registration}`);
  assert.match(inFull.text, /"provision":"fresh-appeal","title":"[^"]*","status":"not-met"/);
  const kind = { kind: 'ai-impact-assessment' };
  const written = await call('POST', `registrations/${registration}/documents`, kind);
  assert.equal(written.status, 201, written.text);
  const { id } = JSON.parse(written.text) as { id: string };
  assert.match((await call('GET', `documents/${id}`)).text, /port: Appeals are looked at each month/);
  // A file that is gone closes the way, and a server does not start without it.
  await rm(path);
  assert.match((await call('POST', 'permits', { ...wanted, expires })).text, /E_NOT_FOUND/);
  const { settings } = platform;
  const quiet = { log: () => undefined, onFailed: () => undefined };
  await assert.rejects(openPlatform({ settings, database: 'run', ...quiet }), { code: 'E_NOT_FOUND' });
});
