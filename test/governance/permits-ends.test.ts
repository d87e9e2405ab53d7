import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sha256 } from '../../src/core/digest.ts';
import { verifySigned, type SignedPermit } from '../../src/core/permit.ts';
import { parseVerifyKey } from '../../src/core/signing-key.ts';
import type { CharterInput } from '../../src/governance/charters/charter.ts';
import { addDays, addMonths, dayOf } from '../../src/governance/charters/days.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { grantWaiver, recordTest, recordTraining } from '../../src/governance/permits/evidence.ts';
import { exportPermit, listPermits } from '../../src/governance/permits/list.ts';
import { offices } from '../../src/governance/permits/offices.ts';
import { register, signOff } from '../../src/governance/permits/registrations.ts';
import { suspend } from '../../src/governance/permits/suspensions.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { proxyTests, testersPolicy } from './proxy-tests.ts';
import {
  charterOf,
  DAY_MS,
  modelDigest,
  newKeys,
  openOffice,
  purposes,
  type PermitOffice,
} from './permit-office.ts';

const server = await startTestServer();
const lacks = (what: RegExp) => ({ name: 'TidewaiterError', code: 'E_PERMIT_LACKS', message: what });

async function newOffice(): Promise<PermitOffice> {
  return openOffice((await server.database(wholeSchema)).db, newKeys(), [...builtInPolicies, testersPolicy]);
}

/** Everything holds but tests, for a use whose charter takes one field more. */
async function signed(office: PermitOffice, use: string, input?: CharterInput): Promise<string> {
  const { people } = office;
  const [charter, now] = [charterOf(use), office.now()];
  const inputs = input === undefined ? charter.inputs : [...charter.inputs, input];
  const models = [{ id: 'm', digest: modelDigest, threshold: [0.25, 0.75] as [number, number] }];
  const registration = await register(office, {
    ...{ charter: { ...charter, inputs }, purposes, models, by: people.author, now },
    policies: office.policies,
  });
  for (const name of offices)
    await signOff(office, {
      ...{ registration, office: name, verdict: 'signed', reason: 'read', by: people[name], now },
    });
  await recordTraining(office, {
    ...{ personId: people.officer, use, module: 'basics', completedAt: now, by: people.caio, now },
    expires: new Date(now.getTime() + 900 * DAY_MS),
  });
  return registration;
}

async function tested(office: PermitOffice, use: string, days: number, passed = true): Promise<Date> {
  const now = office.now();
  const expires = new Date(now.getTime() + days * DAY_MS);
  await recordTest(office, {
    ...{ use, kind: 'accuracy', modelDigest, reportDigest: sha256('report'), passed },
    ...{ testedAt: now, expires, by: office.people.caio, now },
  });
  return expires;
}

async function carried(office: PermitOffice, { claims }: SignedPermit): Promise<Date> {
  const { permit, publicKey } = await exportPermit(office, claims.id);
  const key = parseVerifyKey(publicKey, 'the key');
  const expires = new Date(permit.claims.expires);
  verifySigned(permit, { publicKey: key, now: new Date(expires.getTime() - 1) });
  assert.throws(() => verifySigned(permit, { publicKey: key, now: expires }), { code: 'E_PERMIT_EXPIRED' });
  assert.deepEqual({ ...permit.claims, expires: '' }, { ...claims, expires: '' });
  return expires;
}

describe('a permit to carry away', () => {
  test('ends with what it rests on', async () => {
    const office = await newOffice();
    const { people } = office;
    const registration = await signed(office, 'carried');
    const end = await tested(office, 'carried', 90);
    const short = await office.issued(registration, { days: 30 });
    assert.deepEqual(await carried(office, short), new Date(short.claims.expires));
    const long = await office.issued(registration, { days: 200 });
    assert.deepEqual(await carried(office, long), end);
    // Waived at one site, and not reported to OMB: it stands for 30 days.
    const waived = await signed(office, 'waived');
    const written = 'A pilot at one lane, with every output looked at by two officers.';
    const now = office.now();
    await grantWaiver(office, {
      ...{ registration: waived, kind: 'pilot', requirement: 'tests', site: 'pier', by: people.caio, now },
      ...{ reason: written, publicSummary: written, expires: new Date(now.getTime() + 100 * DAY_MS) },
    });
    assert.deepEqual(
      await carried(office, await office.issued(waived)),
      new Date(now.getTime() + 30 * DAY_MS),
    );
  });

  test('is not given out while anything is lacking', async () => {
    const office = await newOffice();
    const { db, people } = office;
    const permit = await office.issued(await office.approved('stopped'));
    const failed = await office.issued(await office.approved('failed'));
    await tested(office, 'failed', 90, false);
    await assert.rejects(carried(office, failed), lacks(/test of m, suspended/));
    await carried(office, permit);
    const why = { cause: 'person', reason: 'stop', by: people.privacy, now: office.now() } as const;
    await db.transaction().execute((tx) => suspend(tx, { use: 'stopped', ...why }));
    await assert.rejects(carried(office, permit), lacks(/suspended/));
    const over = await office.issued(await office.approved('over'), { days: 2 });
    office.clock.laterMs = 3 * DAY_MS;
    await assert.rejects(carried(office, over), { code: 'E_PERMIT_EXPIRED' });
  });
});

describe('what a charter names with an end', () => {
  const field = {
    ...{ meaning: 'x', personal: true, source: 'x', flows: ['used'] },
  } satisfies Partial<CharterInput>;
  const today = dayOf(new Date());
  const ending: Readonly<Record<string, { readonly input: CharterInput; readonly last: string }>> = {
    'legal basis': {
      input: {
        ...{ ...field, name: 'nationality' },
        legalBasis: {
          ...{ citation: '8 U.S.C. 1187', expires: addDays(today, 40) },
          civilRightsSignOff: { by: 'CRCL', on: today },
        },
      },
      last: addDays(today, 40),
    },
    'test of a proxy': {
      input: {
        ...{ ...field, name: 'zip_code', proxyFor: ['race', 'ethnicity', 'national-origin'] },
        proxyTests: proxyTests(
          'zip_code',
          ['race', 'ethnicity', 'national-origin'],
          addDays(addMonths(today, -12), 45),
        ),
      },
      last: addDays(addMonths(addDays(addMonths(today, -12), 45), 12), -1),
    },
  };
  for (const [what, { input, last }] of Object.entries(ending))
    test(`a ${what} that ended stops what was permitted`, async () => {
      const office = await newOffice();
      const { clock, gate, people } = office;
      const registration = await signed(office, 'fields', input);
      await tested(office, 'fields', 300);
      const permit = await office.issued(registration);
      assert.deepEqual(await carried(office, permit), new Date(`${addDays(last, 1)}T00:00:00Z`));
      const wanted = { use: 'fields', purpose: 'release', site: 'pier', person: people.officer };
      const source = await gate.open(wanted);
      clock.laterMs = Date.parse(`${last}T23:59:00Z`) - Date.now();
      await source.renew();
      clock.laterMs += 120_000;
      await assert.rejects(source.renew(), lacks(/charter (protected\/nationality|proxy\/untested)/));
      await assert.rejects(gate.open(wanted), lacks(new RegExp(input.name)));
      await assert.rejects(exportPermit(office, permit.claims.id), lacks(new RegExp(input.name)));
      const [view] = await listPermits(office, office.now());
      assert.equal(view?.state, 'lacking');
    });
});
