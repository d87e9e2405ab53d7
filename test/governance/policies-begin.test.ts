import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { addDays, dayOf } from '../../src/governance/charters/days.ts';
import { policiesAsTheyAre } from '../../src/governance/charters/enforced.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { policySchema, type Policy } from '../../src/governance/charters/policy.ts';
import { PermitGate } from '../../src/governance/permits/gate.ts';
import { exportPermit, listPermits } from '../../src/governance/permits/list.ts';
import { runChild } from '../../src/host/run-child.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import type { Trick } from '../workers/tricks.ts';
import { charterOf, DAY_MS, newKeys, openOffice, type PermitOffice } from './permit-office.ts';

const server = await startTestServer();
const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-policies-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const today = dayOf(new Date());
const lacking = (what: RegExp) => ({ code: 'E_PERMIT_LACKS', message: what });

/** Evidence of the fixtures is older than a month. */
const ofPort = (effective: string, ends?: string): Policy =>
  policySchema.parse({
    ...{ schema: 1, id: 'port', version: '1', title: 'Policy of a port', issuer: 'Port', source: 'Order 12' },
    ...{ effective, ...(ends === undefined ? {} : { ends }) },
    provisions: [
      {
        ...{ id: 'fresh-appeal', title: 'Appeals are looked at each month', section: '1', waivable: false },
        ...{ shownBy: { evidence: ['appeal'] }, maxAgeMonths: 1 },
      },
    ],
  });

async function newOffice(...more: Policy[]): Promise<PermitOffice> {
  const { db } = await server.database(wholeSchema);
  return openOffice(db, newKeys(), [...builtInPolicies, ...more]);
}

const wantedBy = ({ people }: PermitOffice) => ({
  ...{ use: 'lanes', purpose: 'release', site: 'pier', person: people.officer },
});

test('a worker is ended on the day on which a policy begins that its charter does not meet', async () => {
  const tomorrow = addDays(today, 1);
  const office = await newOffice(ofPort(tomorrow, tomorrow));
  const permit = await office.issued(await office.approved('lanes'));
  const source = await office.gate.open(wantedBy(office));
  // Away from here nobody asks again: it ends the day before.
  const carried = await exportPermit(office, permit.claims.id);
  assert.equal(carried.permit.claims.expires, `${tomorrow}T00:00:00.000Z`);
  const started = Promise.withResolvers<number>();
  const work = runChild<Trick, unknown, number>({
    ...{ entry: new URL('../workers/tricks.ts', import.meta.url), params: { trick: 'spin' }, permit: source },
    ...{ onMessage: started.resolve, memoryLimitBytes: 512 << 20, stallSeconds: 60 },
  });
  const ended = assert.rejects(work, lacking(/policy port\/fresh-appeal \(appeal\)/));
  await started.promise;
  office.clock.laterMs = DAY_MS;
  await ended;
  const [view] = await listPermits(office, office.now());
  assert.deepEqual([view?.state, view?.lacks], ['lacking', ['policy port/fresh-appeal (appeal)']]);
  // And when it ended, what rested on it holds again.
  office.clock.laterMs = 2 * DAY_MS;
  await source.renew();
});

test('evidence that ends leaves a provision open, and what runs stops on that day', async () => {
  const office = await newOffice();
  const charter = charterOf('lanes');
  const evidence = charter.evidence.map((each) =>
    each.kind === 'test-report' ? { ...each, expires: addDays(today, 3) } : each,
  );
  await office.issued(await office.approved('lanes', 1, { ...charter, evidence }));
  const source = await office.gate.open(wantedBy(office));
  office.clock.laterMs = 3 * DAY_MS;
  await source.renew();
  office.clock.laterMs = 4 * DAY_MS;
  await assert.rejects(source.renew(), lacking(/policy dhs-139-08\/safe \(test-report\)/));
});

test('a policy file of the agency that is changed, or gone, stops what runs', async () => {
  const office = await newOffice();
  const path = join(folder, 'port.json');
  writeFileSync(path, JSON.stringify(ofPort(addDays(today, 10))));
  const policies = policiesAsTheyAre([path]);
  assert.equal(await policies(), await policies());
  const gate = new PermitGate({ ...office, mode: 'enforced', policies });
  await office.issued(await office.approved('lanes'));
  const source = await gate.open(wantedBy(office));
  await source.renew();
  writeFileSync(path, JSON.stringify(ofPort(today)));
  await assert.rejects(source.renew(), lacking(/policy port\/fresh-appeal/));
  writeFileSync(path, JSON.stringify(ofPort(addDays(today, 10))));
  await source.renew();
  rmSync(path);
  await assert.rejects(source.renew(), { code: 'E_POLICY_FILE', message: /no file .*port\.json/ });
  writeFileSync(path, '{');
  await assert.rejects(source.renew(), { code: 'E_POLICY_FILE', message: /port\.json cannot be read/ });
});

test('a policy file is read again though its size and its time are those of before', async () => {
  const path = join(folder, 'copied.json');
  const put = (titled: string): void => {
    writeFileSync(path, JSON.stringify({ ...ofPort(today), title: titled }));
    utimesSync(path, 0, 0);
  };
  put('One');
  const policies = policiesAsTheyAre([path]);
  const title = async (): Promise<string | undefined> => (await policies()).at(-1)?.title;
  assert.equal(await title(), 'One');
  await wait(20);
  put('Two');
  assert.equal(await title(), 'Two');
});
