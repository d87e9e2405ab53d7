import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sha256 } from '../../src/core/digest.ts';
import { generateSigningKeyPem, parseSigningKey } from '../../src/core/signing-key.ts';
import type { Charter } from '../../src/governance/charters/charter.ts';
import { faceDeeds } from '../../src/governance/charters/words.ts';
import { recordFaceTest } from '../../src/governance/faces/bias-test.ts';
import { grantWaiver, recordTest } from '../../src/governance/permits/evidence.ts';
import { lacksOf } from '../../src/governance/permits/offices.ts';
import { sealRow } from '../../src/governance/permits/seals.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { ask, codeOf, newSession, openHouse } from '../platform/attack/house.ts';
import { startTestServer } from '../platform/postgres.ts';
import { faceReport, labKey } from './face-report.ts';
import {
  charterOf,
  DAY_MS,
  modelDigest,
  openOffice,
  otherDigest,
  type PermitOffice,
} from './permit-office.ts';

const faces = (use: string, deed = faceDeeds[0]!): Charter => ({ ...charterOf(use), does: [deed] });
const fair = faceReport();
const server = await startTestServer();

describe('a use of face recognition', () => {
  let office: PermitOffice;
  before(async () => {
    office = await openOffice((await server.database(wholeSchema)).db);
  });
  const lacks = (registration: string): Promise<string[]> =>
    office.db
      .transaction()
      .execute((tx) => lacksOf(tx, office.keys.seals, { registration, site: 'pier', now: office.now() }));
  const record = (use: string, report: string, publicKey = labKey): Promise<{ suspension?: string }> => {
    const now = office.now();
    const expires = new Date(now.getTime() + 90 * DAY_MS);
    return recordFaceTest(office, { use, report, publicKey, expires, by: office.people.caio, now });
  };
  const byHand = (use: string) => ({
    ...{ use, kind: 'face-bias', modelDigest, reportDigest: sha256(fair), passed: true },
    ...{ testedAt: office.now(), expires: new Date(office.now().getTime() + 90 * DAY_MS) },
    ...{ by: office.people.caio, now: office.now() },
  });

  test('lacks a test for bias, whatever else was tested or waived; to find faces is no such use', async () => {
    for (const [index, deed] of faceDeeds.entries()) {
      const registration = await office.approved(`faces-${index}`, 1, faces(`faces-${index}`, deed));
      assert.deepEqual(await lacks(registration), ['face-bias test of m'], deed);
    }
    assert.deepEqual(
      await lacks(await office.approved('blurring', 1, faces('blurring', 'detect-faces'))),
      [],
    );
    const registration = await office.approved('lane', 1, faces('lane'));
    const now = office.now();
    const written = 'A pilot at one lane, with every output looked at by two officers.';
    for (const kind of ['waiver', 'pilot'] as const)
      await grantWaiver(office, {
        ...{ registration, kind, requirement: 'tests', site: 'pier', by: office.people.caio, now },
        ...{ reason: written, publicSummary: written, expires: new Date(now.getTime() + 100 * DAY_MS) },
      });
    assert.deepEqual(await lacks(registration), ['face-bias test of m']);
    await assert.rejects(office.issued(registration), { message: /face-bias test of m/ });
  });

  test('takes nobody at their word, and no row that was written by hand', async () => {
    const registration = await office.approved('word', 1, faces('word'));
    await assert.rejects(recordTest(office, byHand('word')), { code: 'E_FACE_TEST' });
    // As a version before this one kept it, with a seal.
    await office.db.transaction().execute(async (tx) => {
      const { by, now: _, modelDigest: model_digest, reportDigest: report_digest, ...row } = byHand('word');
      const { testedAt: tested_at, ...rest } = row;
      const { place } = await tx
        .insertInto('governance_tests')
        .values({ ...rest, id: crypto.randomUUID(), model_digest, report_digest, tested_at, recorded_by: by })
        .returning('place')
        .executeTakeFirstOrThrow();
      await sealRow(tx, office.keys.seals, 'governance_tests', place);
    });
    assert.deepEqual(await lacks(registration), ['face-bias test of m']);
  });

  test('takes no report that is not signed by the lab, real, of its model, as large as planned', async () => {
    const registration = await office.approved('reports', 1, faces('reports'));
    const other = parseSigningKey(generateSigningKeyPem(), 'another lab');
    const tomorrow = new Date(office.now().getTime() + DAY_MS).toISOString();
    const wrongs: readonly (readonly [string, RegExp])[] = [
      [faceReport({}, undefined, other), /not what the key of the lab signed/],
      [fair.replace('"boarding"', '"exit"'), /not what the key of the lab signed/],
      [faceReport({}, () => ({ simulated: true })), /simulated/],
      [faceReport({}, ({ tested }) => ({ tested: { ...tested, model: 'matcher 3' } })), /SHA-256/],
      [faceReport({}, () => ({ madeAt: tomorrow })), /day to come/],
      [faceReport({}, ({ plan }) => ({ plan: { ...plan, ratio: 5 } })), /5 times/],
      [faceReport({}, ({ plan }) => ({ plan: { ...plan, power: 0.5 } })), /chance of 0\.5/],
      [faceReport({ subjects: 20 }), /not estimable/],
    ];
    for (const [report, message] of wrongs)
      await assert.rejects(record('reports', report), { code: 'E_FACE_TEST', message });
    await assert.rejects(record('reports', '{}'), { code: 'E_FACE_REPORT' });
    await assert.rejects(record('reports', fair, 'no key'), { code: 'E_VERIFY_KEY' });
    const now = office.now();
    const late = { use: 'reports', report: fair, publicKey: labKey, by: office.people.caio, now };
    const over = new Date(now.getTime() + 37 * 31 * DAY_MS);
    await assert.rejects(recordFaceTest(office, { ...late, expires: over }), { code: 'E_GOVERNANCE' });
    // Of another model.
    await record(
      'reports',
      faceReport({}, ({ tested }) => ({ tested: { ...tested, model: otherDigest } })),
    );
    assert.deepEqual(await lacks(registration), ['face-bias test of m']);
  });

  test('takes no test at a threshold that it is not registered for', async () => {
    const registration = await office.approved('threshold', 1, faces('threshold'));
    for (const threshold of [0.2, 0.8]) {
      await record(
        'threshold',
        faceReport({}, () => ({ threshold })),
      );
      assert.deepEqual(await lacks(registration), ['face-bias test of m']);
    }
    await record('threshold', fair);
    assert.deepEqual(await lacks(registration), []);
  });

  test('runs while its newest test holds, and stops when that is over or failed', async () => {
    const registration = await office.approved('runs', 1, faces('runs'));
    await record('runs', fair);
    assert.deepEqual(await lacks(registration), []);
    await office.issued(registration);
    const wanted = { use: 'runs', purpose: 'release', site: 'pier', person: office.people.officer };
    const source = await office.gate.open(wanted);
    await source.renew();
    office.clock.laterMs = 91 * DAY_MS;
    await assert.rejects(source.renew(), { code: 'E_PERMIT_LACKS', message: /face-bias test of m/ });
    await record('runs', fair);
    await source.renew();
    const { suspension } = await record('runs', faceReport({ ratio: 4 }));
    assert.ok(suspension);
    await assert.rejects(source.renew(), { code: 'E_PERMIT_SUSPENDED' });
  });
});

test('over the API, a test for bias is recorded from its report only', async () => {
  const house = await openHouse();
  const { db, keys } = house.platform;
  const office = await openOffice(db, keys);
  const headers = await newSession(house, office.people.caio);
  const post = (path: string, body: object) =>
    ask(house, { method: 'POST', path: `/api/v1/governance/${path}`, headers, body });
  const expires = new Date(Date.now() + 90 * DAY_MS).toISOString();
  const said = await post('uses/lane/tests', {
    ...{ kind: 'face-bias', modelDigest, reportDigest: sha256(fair), passed: true, expires },
    testedAt: new Date().toISOString(),
  });
  assert.equal(codeOf(said), 'E_FACE_TEST');
  const wrong = fair.replace('"boarding"', '"exit"');
  const forged = await post('uses/lane/face-tests', { report: wrong, publicKey: labKey, expires });
  assert.deepEqual([forged.status, codeOf(forged)], [said.status, 'E_FACE_TEST']);
  const taken = await post('uses/lane/face-tests', { report: fair, publicKey: labKey, expires });
  assert.equal(taken.status, 201, taken.text);
  const { id } = JSON.parse(taken.text) as { id: string };
  const groups = await post(`oversight/tests/${id}/groups`, { report: fair });
  assert.equal(groups.status, 201, groups.text);
  const row = await db.selectFrom('governance_tests').selectAll().executeTakeFirstOrThrow();
  assert.deepEqual([row.kind, row.passed, row.report_digest], ['face-bias', true, sha256(fair)]);
  assert.match(row.publisher ?? '', /^[0-9a-f]{64}$/);
});
