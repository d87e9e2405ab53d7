import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dayOf } from '../../src/governance/charters/days.ts';
import { builtInPolicies } from '../../src/governance/charters/policies.ts';
import { publicRecord, type PublicRecord } from '../../src/governance/oversight/public-record.ts';
import { transparencyPage } from '../../src/governance/oversight/transparency.ts';
import { wholeSchema } from '../../src/uses/platform.ts';
import { startTestServer } from '../platform/postgres.ts';
import { charterOf, openOffice } from './permit-office.ts';
import { proxyTests, testersPolicy } from './proxy-tests.ts';

const server = await startTestServer();
const reporter = { agency: 'DHS', agencyName: 'Department', bureau: 'Port', contact: 'ai@example.gov' };

test('what rests on tests of whom no policy trusts any more is not put before the public', async () => {
  const { db } = await server.database(wholeSchema);
  const trusted = [...builtInPolicies, testersPolicy];
  const office = await openOffice(db, undefined, trusted);
  const today = dayOf(new Date());
  const charter = charterOf('lanes');
  const attributes = ['race', 'ethnicity', 'national-origin'] as const;
  const input = {
    ...charter.inputs[0]!,
    name: 'zip_code',
    proxyFor: [...attributes],
    proxyTests: proxyTests('zip_code', attributes, addDays(today, -9)),
  };
  await office.registered('lanes', 1, { ...charter, inputs: [...charter.inputs, input] });
  const told = (policies: typeof trusted): Promise<PublicRecord> =>
    publicRecord({ ...office, uses: ['lanes'] }, { reporter, policies, now: new Date() });
  const before = await told(trusted);
  assert.deepEqual(
    [before.uses.map(({ use }) => use), before.left, before.inventory.rows.length],
    [['lanes'], [], 1],
  );
  const { uses, left, inventory } = await told([...builtInPolicies]);
  assert.deepEqual(
    { uses, left, rows: inventory.rows },
    { uses: [], left: [{ use: 'lanes', why: 'breaks-rules' }], rows: [] },
  );
  const page = transparencyPage({ uses, left, inventory }, reporter, today);
  assert.match(page, /lanes: its description breaks rules, and it must not be used/);
  assert.ok(!page.includes('<article'));
});
