import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openDatabase, type ConnectionSettings } from '../../../src/platform/store/database.ts';
import { migrate } from '../../../src/platform/store/migrate.ts';
import { Jobs } from '../../../src/platform/jobs/jobs.ts';
import { wholeSchema } from '../../../src/uses/platform.ts';
import { eventually, isRoot, query, scratch, stranger } from '../embedded/server.ts';

const run = promisify(execFile);
const root = '/usr/lib/postgresql';

/** The newest PostgreSQL of Debian that is older than ours. */
export const older = (existsSync(root) ? readdirSync(root) : [])
  .map(Number)
  .filter((major) => major < 18 && existsSync(`${root}/${major}/bin/initdb`))
  .sort((a, b) => a - b)
  .at(-1);

/** What {@link makeOldCluster} puts into the database beside the schema of the product. */
const oddities = `
  create type mood as enum ('calm', 'it''s odd');
  create table "Odd Names" (
    id integer generated always as identity primary key,
    "sp ace" text not null default 'x' check ("sp ace" <> ''),
    doubled integer generated always as (length("sp ace") * 2) stored,
    feeling mood, bits bytea, ratio double precision, at timestamptz, tags text[], body jsonb);
  create unique index odd_upper on "Odd Names" (upper("sp ace")) where feeling is not null;
  insert into "Odd Names" ("sp ace", feeling, bits, ratio, at, tags, body)
    select E'tab\\t, newline\\n, \\\\N ' || n, case when n % 2 = 0 then 'it''s odd'::mood end, decode(md5(n::text), 'hex'), 1 / n::float8,
      '2026-03-08 01:30+00'::timestamptz + n * interval '1 hour', array['a,b', null, '"q"'], jsonb_build_object('n', n)
    from generate_series(1, 500) n;
  create sequence loose increment 5;
  select nextval('loose'), nextval('loose');
  create view calm as select id from "Odd Names" where feeling is null;
  create table moments (at timestamptz not null, what text) partition by range (at);
  create table moments_2026 partition of moments for values from ('2026-01-01') to ('2027-01-01');
  create index moments_at on moments (at);
  create index moments_2026_what on moments_2026 (what);
  insert into moments select '2026-01-01'::timestamptz + n * interval '1 minute', 'm' || n from generate_series(1, 5000) n;`;

/** What an old cluster holds, and where it is. */
export interface OldCluster {
  /** Of {@link scratch}. */
  readonly folder: string;
  readonly before: unknown;
}

/** An old cluster as an older Tidewaiter would have left it. */
export async function makeOldCluster(major: number): Promise<OldCluster> {
  const folder = scratch();
  const data = join(folder, `pg${major}`);
  const bin = `${root}/${major}/bin`;
  const [superuser, application] = ['old-admin-password', 'old-password'];
  const password = join(folder, 'password');
  writeFileSync(password, superuser);
  mkdirSync(data, 0o700);
  for (const path of [password, data]) if (isRoot) chownSync(path, stranger.uid, stranger.gid);
  const as = isRoot ? { uid: stranger.uid, gid: stranger.gid } : {};
  await run(
    `${bin}/initdb`,
    [
      ...['-D', data, '-U', 'tidewaiter_admin', '-A', 'scram-sha-256', `--pwfile=${password}`],
      ...['--encoding=UTF8', '--locale=C.UTF-8'],
    ],
    { ...as, env: {}, cwd: folder },
  );
  await run('rm', [password]);
  const settings = ['listen_addresses=', 'timezone=UTC', `unix_socket_directories=${data}`];
  const server = spawn(`${bin}/postgres`, ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...as,
    env: {},
    cwd: data,
    stdio: 'ignore',
  });
  const gone = once(server, 'exit');
  let before: unknown;
  try {
    const admin: ConnectionSettings = {
      host: data,
      port: 5432,
      user: 'tidewaiter_admin',
      password: superuser,
      database: 'postgres',
    };
    const pidFile = join(data, 'postmaster.pid');
    await eventually(
      () => existsSync(pidFile) && readFileSync(pidFile, 'utf8').includes('ready'),
      'the old server is ready',
    );
    await query(admin, `create role tidewaiter login replication password '${application}'`);
    await query(admin, 'create database tidewaiter owner tidewaiter');
    const connection = { ...admin, user: 'tidewaiter', password: application, database: 'tidewaiter' };
    await fill(connection);
    before = await contents(connection);
  } finally {
    server.kill('SIGINT');
    await gone;
  }
  const secrets = join(data, 'tidewaiter-secrets.json');
  writeFileSync(secrets, JSON.stringify({ superuser, application }), { mode: 0o600 });
  if (isRoot) chownSync(secrets, stranger.uid, stranger.gid);
  return { folder, before };
}

/** All rows of all tables of the product, as one digest each that was not written for upgrades. */
export async function contents(connection: ConnectionSettings): Promise<unknown> {
  const tables = await query<{ name: string }>(
    connection,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'pgboss')`,
  );
  const sums: unknown[] = [];
  for (const { name } of tables.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const sql = `select count(*), md5(string_agg(t::text, '\n' order by t::text collate "C")) as sum from ${name} t`;
    sums.push([name, await query(connection, sql)]);
  }
  return sums;
}

async function fill(connection: ConnectionSettings): Promise<void> {
  const db = openDatabase(connection, (error) => {
    throw error;
  });
  try {
    await migrate(db, wholeSchema);
    const jobs = await Jobs.start({ connection, db, kinds: [], onError: () => undefined });
    await jobs.stop(0);
  } finally {
    await db.destroy();
  }
  await query(connection, oddities);
}
