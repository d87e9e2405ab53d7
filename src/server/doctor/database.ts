import { join } from 'node:path';
import { sql } from 'kysely';
import type pg from 'pg';
import { accountFor } from '../../platform/embedded/account.ts';
import { findBinaries, type Binaries } from '../../platform/embedded/binaries.ts';
import { checkDurability, checkFiles, DURABLE } from '../../platform/embedded/durability.ts';
import { joinEmbedded } from '../../platform/embedded/join.ts';
import {
  keptClusters,
  upgradeOutlook,
  type UpgradeOutlook,
} from '../../platform/embedded/upgrade/outlook.ts';
import { shutOutByFips } from '../../platform/people/password-proof.ts';
import { appsOutsideFips } from '../../platform/people/second-factor.ts';
import { findForged, nameOf } from '../../governance/permits/seals.ts';
import { openMasterKey } from '../../platform/secrets/file-master-key.ts';
import { outsideFips, signingPurposes } from '../../platform/secrets/signing-keys.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import type { Database } from '../../platform/store/database.ts';
import { OLDEST_POSTGRES } from '../../platform/store/server-check.ts';
import { wholeSchema } from '../../uses/platform.ts';
import { readSteps } from '../backup/catalog.ts';
import { reachDatabase } from '../backup/reach.ts';
import { fail, failed, ok, warn, type Finding } from './check.ts';

const MOST_NAMED = 20;

/** PostgreSQL: its programs or its address, version, durability and schema. Starts nothing. */
export async function checkDatabase(settings: Settings): Promise<Finding[]> {
  const { data, database } = settings;
  if (database.url !== undefined) return checkServer(settings);
  const folder = join(data, 'database');
  try {
    const binaries = await findBinaries();
    const programs = ok('PostgreSQL', `${binaries.major}, comes along`);
    const runs = (await joinEmbedded(folder)) !== undefined;
    const found = runs ? await checkServer(settings) : [await checkAtRest(settings, folder, binaries)];
    return [programs, ...found, ...(await checkKept(folder))];
  } catch (error) {
    return [failed('PostgreSQL', error)];
  }
}

/** One that does not run. */
async function checkAtRest(settings: Settings, folder: string, binaries: Binaries): Promise<Finding> {
  const what = 'database';
  const { major } = binaries;
  const outlook = await upgradeOutlook(folder, binaries, settings.database.oldPrograms);
  if (outlook.state !== 'current') return beforeStart(outlook, major);
  const data = join(folder, `pg${major}`);
  try {
    await checkFiles(data, binaries, await accountFor([data, folder]));
    return ok(what, 'does not run now; its settings are durable');
  } catch (error) {
    return failed(what, error);
  }
}

/** What the next start does with what is there. */
function beforeStart(
  outlook: Exclude<UpgradeOutlook, { readonly state: 'current' }>,
  major: number,
): Finding {
  const what = 'database';
  switch (outlook.state) {
    case 'new':
      return ok(what, 'made at the first start');
    case 'ready':
      return warn(
        what,
        `it is of PostgreSQL ${outlook.from}; the next start moves it to ${major}, which takes a while and twice its space`,
        'Start the server when nobody waits for it. The old database is kept.',
      );
    case 'no-programs':
      return fail(
        what,
        `it is of PostgreSQL ${outlook.from}, and there are no programs that read it`,
        `Install them for the next start (on Debian postgresql-${outlook.from}), or name their folder in TIDEWAITER_OLD_POSTGRES.`,
      );
    case 'newer':
      return fail(
        what,
        `it is of PostgreSQL ${outlook.from}, which is newer than the ${major} that comes along`,
        'Install the version of Tidewaiter that made it, or a later one.',
      );
  }
}

/** They hold all rows of the time before an upgrade. */
async function checkKept(folder: string): Promise<Finding[]> {
  return (await keptClusters(folder)).map((name) =>
    warn(
      'old database',
      `${join(folder, name)} is kept from before an upgrade, with all its rows`,
      'Delete it once you are sure that nothing is missing.',
    ),
  );
}

async function checkServer(settings: Settings): Promise<Finding[]> {
  const database = await reachDatabase(settings, () => undefined);
  try {
    const client = await database.connect();
    const findings = [await checkVersion(client), await checkDurable(client), await checkSchema(client)];
    findings.push(...(await checkSeals(database.db, settings)));
    if (settings.cryptography === 'fips') findings.push(...(await checkFips(database.db, settings)));
    return findings;
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    return [
      fail(
        'database',
        `it does not answer (${reason})`,
        'See that it runs, and check TIDEWAITER_DATABASE_URL.',
      ),
    ];
  } finally {
    await database.close();
  }
}

async function checkVersion(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
  const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
  if (major >= OLDEST_POSTGRES) return ok('database', `answers, PostgreSQL ${major}`);
  return fail('database', `it is PostgreSQL ${major}`, `Use version ${OLDEST_POSTGRES} or later.`);
}

async function checkDurable(client: pg.Client): Promise<Finding> {
  const sql = 'select name, setting from pg_settings where name = any($1)';
  const { rows } = await client.query<{ name: string; setting: string }>(sql, [DURABLE]);
  try {
    checkDurability(Object.fromEntries(rows.map(({ name, setting }) => [name, setting])));
    return ok('durability', `${DURABLE.join(', ')} are on`);
  } catch (error) {
    return failed('durability', error);
  }
}

async function checkSchema(client: pg.Client): Promise<Finding> {
  const what = 'schema';
  const { rowCount } = await client.query(
    `select 1 where to_regclass('public.kysely_migration') is not null`,
  );
  if (rowCount === 0) return ok(what, 'made at the first start');
  const taken = await readSteps(client);
  const newer = taken.find((name) => !wholeSchema.some((step) => step.name === name));
  if (newer !== undefined)
    return fail(
      what,
      `it is of a newer version (${newer})`,
      'Install the version that made it, or a later one.',
    );
  const missing = wholeSchema.length - taken.length;
  if (missing === 0) return ok(what, 'up to date');
  return warn(
    what,
    missing === 1 ? 'one step behind' : `${missing} steps behind`,
    'Make a backup and start the server, which takes them.',
  );
}

/** Rows that would let something run if this installation had written them. */
async function checkSeals(db: Database, { data }: Settings): Promise<Finding[]> {
  const what = 'seals';
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass('governance_evidence') is not null as there`.execute(db);
  if (rows[0]?.there !== true) return [];
  try {
    const forged = await findForged(db, () => openMasterKey(data));
    if (forged === undefined) return [];
    if (forged.length === 0) return [ok(what, 'all rows that permits rest on were written here')];
    return [
      warn(
        what,
        `rows that permits would rest on were not written by this installation, and count for nothing: ${named(forged.map(nameOf))}`,
        "Find out who writes to the database, and change the password of the application's account: see docs/permits.md.",
      ),
    ];
  } catch (error) {
    return [failed(what, error)];
  }
}

/** Under the FIPS profile: what is from before, and refused or still used. */
async function checkFips(db: Database, { data }: Settings): Promise<Finding[]> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('people') is not null as there`.execute(
    db,
  );
  if (rows[0]?.there !== true) return [];
  const [passwords, apps] = [await shutOutByFips(db), await appsOutsideFips(db)];
  return [
    passwords.length === 0
      ? ok('passwords', 'all are kept as the FIPS profile asks')
      : warn(
          'passwords',
          `kept with argon2id, which the FIPS profile refuses, so these people cannot sign in: ${named(passwords)}`,
          'Set a new one for each: tidewaiter user reset-password LOGIN',
        ),
    apps.length === 0
      ? ok('authenticator apps', 'all work as the FIPS profile asks')
      : warn(
          'authenticator apps',
          `${apps.length} with SHA-1, which the FIPS profile refuses: ${named(apps)}`,
          'Have each enrolled anew: tidewaiter user reset-second-factor LOGIN',
        ),
    await checkSigningKeys(db, data),
  ];
}

async function checkSigningKeys(db: Database, data: string): Promise<Finding> {
  const what = 'signing keys';
  try {
    // Without any there may be no master key so far, and none is made here.
    const old =
      (await signingPurposes(db)).length === 0 ? [] : await outsideFips(db, await openMasterKey(data));
    if (old.length === 0) return ok(what, 'all are as the FIPS profile asks');
    return warn(
      what,
      `Ed25519, from before the FIPS profile, still signs for: ${named(old)}`,
      'Make new ones: tidewaiter keys rotate --signing all',
    );
  } catch (error) {
    return failed(what, error);
  }
}

function named(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}
