import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findBinaries } from '../../../src/platform/embedded/binaries.ts';
import { joinEmbedded } from '../../../src/platform/embedded/join.ts';
import { postgresIn, signal } from '../../../src/platform/embedded/processes.ts';
import { startEmbedded } from '../../../src/platform/embedded/start.ts';
import { keptClusters, upgradeOutlook } from '../../../src/platform/embedded/upgrade/outlook.ts';
import type { ConnectionSettings } from '../../../src/platform/store/database.ts';
import { needs } from '../../needs.ts';
import { coded, query, scratch, start } from '../embedded/server.ts';
import { contents, makeOldCluster, older } from './old-cluster.ts';

const parent = fileURLToPath(new URL('../embedded/parent.ts', import.meta.url));

/** The older version there is on this machine; the test is skipped when there is none. */
function oldMajor(t: TestContext): number | undefined {
  if (older === undefined) needs(t, '/usr/lib/postgresql/*/bin/postgres');
  return older;
}

/** Names in the folder of a database, without what is random. */
function names(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => name.replace(/-[0-9a-f]+$/, ''))
    .filter((name) => name.startsWith('pg'))
    .sort();
}

test('a database of an older PostgreSQL is moved, and the old one kept', async (t) => {
  const major = oldMajor(t);
  if (major === undefined) return;
  const { folder, before } = await makeOldCluster(major);
  const outlook = await upgradeOutlook(folder, await findBinaries(), undefined);
  assert.equal(outlook.state, 'ready');
  const server = await start(t, folder);
  const { connection } = server;
  assert.match(await value(connection, 'show server_version_num'), /^18/);
  assert.deepEqual(await contents(connection), before);
  assert.deepEqual(names(folder), [`pg${major}.old`, 'pg18']);
  assert.equal((await keptClusters(folder)).length, 1);
  assert.equal((await upgradeOutlook(folder, await findBinaries(), undefined)).state, 'current');
  // What the schema does still works: numbers go on, the ledger refuses, rules hold, partitions are found.
  assert.equal(await value(connection, `select nextval('loose')::text`), '11');
  const insert = `insert into "Odd Names" ("sp ace") values ($$new$$) returning id::text`;
  assert.equal(await value(connection, insert), '501');
  await assert.rejects(query(connection, 'delete from ledger'), /append-only/);
  await assert.rejects(query(connection, `insert into "Odd Names" ("sp ace") values ('')`), /check/);
  await query(connection, `insert into moments values ('2026-05-05', 'later')`);
  assert.ok(server.lines.some((line) => line.includes('"Odd Names", 500 rows')));
  await server.stop();
  // The second start finds nothing left to do.
  const again = await start(t, folder);
  assert.deepEqual(
    again.lines.filter((line) => line.includes('Upgrading')),
    [],
  );
});

test('killed at any line that it says, the next start moves everything, and the old one is as it was', async (t) => {
  const major = oldMajor(t);
  if (major === undefined) return;
  const { folder, before } = await makeOldCluster(major);
  const rows = JSON.stringify(digestible(join(folder, `pg${major}`)));
  const stops = [/^Upgrading PostgreSQL \d/, /Odd Names/, /indexes/, /comparing/];
  for (const stop of stops) {
    await killedAt(folder, stop);
    assert.equal(await joinEmbedded(folder), undefined);
    assert.equal(JSON.stringify(digestible(join(folder, `pg${major}`))), rows, String(stop));
  }
  // Killed between the two renames: the new one has its name, and the old one still has its own.
  await killedAt(folder, /is kept in/);
  const kept = names(folder);
  assert.ok(kept.includes('pg18'), String(kept));
  const [old = ''] = await keptClusters(folder);
  rmSync(join(folder, `pg${major}`), { recursive: true, force: true });
  cpSync(join(folder, old), join(folder, `pg${major}`), { recursive: true, preserveTimestamps: true });
  const server = await start(t, folder);
  assert.deepEqual(await contents(server.connection), before);
  assert.equal((await keptClusters(folder)).length, 2);
  assert.deepEqual(names(folder).includes(`pg${major}`), false);
});

test('while rows move nobody of the product gets in, and where programs are missing it says what to do', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'pg12'));
  mkdirSync(join(folder, 'pg18.tmp-0123456789ab'));
  assert.equal(await joinEmbedded(folder), undefined);
  const quiet = { log: () => undefined, onFailed: () => undefined };
  await assert.rejects(
    startEmbedded({ folder, ...quiet, oldPrograms: '/nonexistent' }),
    coded('E_DATABASE_VERSION', /PostgreSQL 12.*18/),
  );
  assert.deepEqual(await upgradeOutlook(folder, { major: 18 }, undefined), {
    state: 'no-programs',
    from: 12,
  });
  assert.deepEqual(await upgradeOutlook(folder, { major: 11 }, undefined), { state: 'newer', from: 12 });
  assert.deepEqual(readdirSync(folder), ['pg12']);
});

async function value(connection: ConnectionSettings, sql: string): Promise<string> {
  const [row] = await query<Record<string, string>>(connection, sql);
  return Object.values(row ?? {})[0] ?? '';
}

/** Runs a database until it says a line, and kills it with all its servers at once. */
async function killedAt(folder: string, line: RegExp): Promise<void> {
  const child = spawn(process.execPath, [parent, folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const gone = once(child, 'exit');
  const seen: string[] = [];
  for await (const said of createInterface(child.stderr)) {
    seen.push(said);
    if (!line.test(said)) continue;
    child.kill('SIGKILL');
    for (const pid of postgresIn(folder) ?? []) signal(pid, 'SIGKILL');
    break;
  }
  await gone;
  assert.ok(
    seen.some((said) => line.test(said)),
    seen.join('\n'),
  );
}

/** Files of a cluster that hold rows of the product's tables, by name. */
function digestible(data: string): string[] {
  return readdirSync(join(data, 'base'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^\d+\/\d+$/.test(name))
    .map((name) => `${name} ${readFileSync(join(data, 'base', name)).length}`)
    .sort();
}
