import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { agencyPostgres, needs } from '../../../test/needs.ts';
import { readSettings } from '../../platform/settings/settings.ts';
import type { Finding } from './check.ts';
import { checkDatabase } from './database.ts';

const data = mkdtempSync(join(tmpdir(), 'tidewaiter-doctor-'));
after(() => rmSync(data, { recursive: true, force: true }));

/** What is said of a data folder with these clusters in it, beside that PostgreSQL comes along. */
async function foundWith(...clusters: readonly string[]): Promise<Finding[]> {
  const folder = join(data, 'database');
  rmSync(folder, { recursive: true, force: true });
  for (const name of clusters) mkdirSync(join(folder, name), { recursive: true });
  const environment = { TIDEWAITER_DATA: data, TIDEWAITER_OLD_POSTGRES: agencyPostgres };
  return (await checkDatabase(await readSettings(environment, data))).slice(1);
}

describe('the doctor says what the next start makes of a database', () => {
  test('that is not there', async () => {
    assert.deepEqual(await foundWith(), [
      { what: 'database', state: 'ok', found: 'made at the first start' },
    ]);
  });

  test('of an older PostgreSQL whose programs are there', async (t) => {
    if (!needs(t, 'postgresql-15')) return;
    const [found, ...more] = await foundWith('pg15');
    assert.equal(found?.state, 'warn');
    assert.match(found.found, /is of PostgreSQL 15; the next start moves it to \d+/);
    assert.deepEqual(more, []);
  });

  test('of an older one whose programs are not there, and of a newer one', async () => {
    const [older] = await foundWith('pg9');
    assert.equal(older?.state, 'fail');
    assert.match(older.remedy ?? '', /postgresql-9\b.*TIDEWAITER_OLD_POSTGRES/);
    const [newer] = await foundWith('pg99');
    assert.equal(newer?.state, 'fail');
    assert.match(newer.found, /PostgreSQL 99, which is newer than the \d+ that comes along/);
  });

  test('and names what was kept from before an upgrade', async () => {
    const [, kept, ...more] = await foundWith('pg15.old-a1b2c3');
    assert.equal(kept?.state, 'warn');
    assert.ok(kept.found.startsWith(join(data, 'database', 'pg15.old-a1b2c3')));
    assert.match(kept.remedy ?? '', /Delete it/);
    assert.deepEqual(more, []);
  });
});
