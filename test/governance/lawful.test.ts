import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { SignedPermit } from '../../src/core/permit.ts';
import type { Charter } from '../../src/governance/charters/charter.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { policySchema, type Policy } from '../../src/governance/charters/policy.ts';
import { issuePermit } from '../../src/governance/permits/issue.ts';
import { register, type NewRegistration } from '../../src/governance/permits/registrations.ts';
import { openPlatform } from '../../src/server/open-platform.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { ask, newSession, openHouse } from '../platform/attack/house.ts';
import { startTestServer } from '../platform/postgres.ts';
import { newDataFolder, removeDataFolder } from '../platform/serving.ts';
import { charterOf, DAY_MS, modelDigest, openOffice, type PermitOffice } from './permit-office.ts';

const server = await startTestServer();
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
  assert.match((await call('POST', 'permits', { ...wanted, expires })).text, /E_POLICY_FILE/);
  const { settings } = platform;
  const quiet = { log: () => undefined, onFailed: () => undefined };
  await assert.rejects(openPlatform({ settings, database: 'run', ...quiet }), { code: 'E_POLICY_FILE' });
});

const refused = (code: string, message: RegExp = /./): { code: string; message: RegExp } => ({
  code,
  message,
});

describe('a charter', () => {
  let office: PermitOffice;
  before(async () => {
    office = await openOffice((await server.database(wholeSchema)).db);
  });
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];
  const put = (charter: Charter, more: Partial<NewRegistration> = {}): Promise<string> =>
    register(office, {
      ...{ charter, purposes: ['release'], models, by: office.people.author, now: office.now(), ...more },
    });
  const issue = (registration: string, policies?: readonly Policy[]): Promise<SignedPermit> =>
    issuePermit(policies === undefined ? office : { ...office, policies }, {
      ...{ registration, site: 'pier', purpose: 'release', by: office.people.caio, now: office.now() },
      expires: new Date(office.now().getTime() + DAY_MS),
    });
  const ofPort = policySchema.parse({
    ...{ schema: 1, id: 'port', version: '1', title: 'No faces here', issuer: 'Port', source: 'Order 12' },
    effective: '2026-01-01',
    provisions: [
      {
        ...{ id: 'no-redaction', title: 'No pictures are looked at', section: '1', waivable: false },
        ...{ appliesTo: { does: charterOf('x').does }, shownBy: { evidence: ['appeal'] }, maxAgeMonths: 1 },
      },
    ],
  });

  test('that breaks a rule is not registered, nor with a model that it does not name', async () => {
    const scoring: Charter = { ...charterOf('scoring'), does: ['score-person-risk'] };
    await assert.rejects(put(scoring), refused('E_CHARTER', /red-line\/no-person-score/));
    const stranger = [{ id: 'other', digest: modelDigest, threshold: [0, 1] as [number, number] }];
    const strange = put(charterOf('strange'), { models: stranger });
    await assert.rejects(strange, refused('E_CHARTER_MODELS', /does not name the model other/));
  });

  test('of a use that works is not registered while a provision is open', async () => {
    const bare = { ...charterOf('bare'), evidence: [] };
    await assert.rejects(put(bare), refused('E_CHARTER', /m-25-21\/testing \(test-report\)/));
    await assert.rejects(
      put({ ...bare, stage: 'pilot' }),
      refused('E_CHARTER', /dhs-139-08\/safe \(test-report/),
    );
    await put({ ...bare, stage: 'pre-deployment' });
    const faces: Charter = { ...bare, does: ['search-faces'] };
    await assert.rejects(put(faces), refused('E_CHARTER', /dhs-026-11\/bias-test/));
  });

  test('whose evidence ended, or that is not in use yet, gets no permit, and the ledger says so', async () => {
    const { evidence } = charterOf('x');
    const expires = new Date(office.now().getTime() + DAY_MS).toISOString().slice(0, 10);
    const ending = { ...charterOf('ending'), evidence: evidence.map((each) => ({ ...each, expires })) };
    await issue(await office.approved('ending', 1, ending));
    const again = await office.approved('ending', 2, { ...ending, revision: 2 });
    office.clock.laterMs = 2 * DAY_MS;
    await assert.rejects(issue(again), refused('E_CHARTER', /m-25-21\/testing/));
    office.clock.laterMs = 0;
    const early: Charter = { ...charterOf('early'), stage: 'pre-deployment' };
    const trial = await office.approved('early', 1, early);
    await assert.rejects(issue(trial), refused('E_CHARTER', /says pre-deployment/));
    const { rows } =
      await sql`select 1 from ledger_outbox where event ->> 'kind' = 'governance.permit-refused'
      and event -> 'facts' ->> 'code' = 'E_CHARTER'`.execute(office.db);
    assert.equal(rows.length, 2);
  });

  test('is judged by the policies of the agency too', async () => {
    const registration = await office.approved('port');
    const policies = [...builtInPolicies, ofPort];
    const why = refused('E_CHARTER', /port\/no-redaction \(appeal\)/);
    await assert.rejects(issue(registration, policies), why);
    await assert.rejects(put(charterOf('port', 2), { policies }), why);
    await issue(registration);
  });
});
