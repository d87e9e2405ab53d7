import assert from 'node:assert/strict';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  coded,
  eventually,
  query,
  scratch,
  start,
  startParent,
} from '../../../test/platform/embedded/server.ts';
import { joinEmbedded } from './join.ts';
import { isPostmaster, postgresIn } from './processes.ts';
import { startEmbedded } from './start.ts';

const quiet = { log: (): void => undefined, onFailed: (): void => undefined };

/** Addresses at which a process listens, as in /proc/net/tcp. */
function ports(pid: number): string[] {
  const open = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && open.includes(`socket:[${inode ?? ''}]`))
      .map(([, local = '']) => local),
  );
}

function hexadecimal(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

describe('a database of our own', () => {
  const folder = scratch();

  test('is made at the first start, and keeps its rows over a restart', async (t) => {
    assert.equal(await joinEmbedded(folder), undefined);
    const first = await start(t, folder);
    await query(first.connection, "create table kept as select 'Łódź' as text");
    assert.deepEqual(await joinEmbedded(folder), first.connection);
    await first.stop();
    assert.equal(await joinEmbedded(folder), undefined);
    assert.deepEqual(postgresIn(folder), []);
    const second = await start(t, folder);
    assert.deepEqual(await query(second.connection, 'select * from kept'), [{ text: 'Łódź' }]);
  });

  test('is set up for text of all languages, checksums and durability, and says nothing of statements', async (t) => {
    const server = await start(t, folder);
    const [facts] = await query(
      server.connection,
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
        current_setting('data_checksums') as checksums, current_setting('fsync') as fsync,
        current_setting('timezone') as zone, (select rolsuper from pg_roles where rolname = current_user) as super
        from pg_database where datname = current_database()`,
    );
    assert.deepEqual(facts, {
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      checksums: 'on',
      fsync: 'on',
      zone: 'UTC',
      super: false,
    });
    await assert.rejects(query(server.connection, "select 'Jane Doe'::integer"));
    await server.stop();
    assert.doesNotMatch(server.lines.join('\n'), /Jane/);
    assert.match(server.lines.join('\n'), /ready to accept connections/);
  });

  test('lets nobody in without the secret, and listens on no port', async (t) => {
    const server = await start(t, folder);
    await assert.rejects(query({ ...server.connection, password: 'guess' }, 'select 1'), { code: '28P01' });
    await assert.rejects(query({ ...server.connection, user: 'tidewaiter_admin', password: '' }, 'select 1'));
    const data = join(folder, 'pg18');
    const modes = [data, join(folder, 'socket'), join(data, 'tidewaiter-secrets.json')].map(
      (path) => statSync(path).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600]);
    assert.doesNotMatch(readFileSync(join(data, 'pg_hba.conf'), 'utf8'), /^[^#].*\b(trust|md5|password)\b/m);
    assert.deepEqual(readdirSync(folder).sort(), ['owner.lock', 'pg18', 'socket']);
    if (process.platform === 'linux') assert.deepEqual(ports(server.pid()), []);
  });

  test('is refused to a second server, in this process and in another', async (t) => {
    const server = await start(t, folder);
    await assert.rejects(
      startEmbedded({ folder, ...quiet }),
      coded('E_DATABASE_RUNNING', new RegExp(`${process.pid}`)),
    );
    assert.match(await startParent(folder).answer, new RegExp(`^E_DATABASE_RUNNING: .*${process.pid}`));
    assert.deepEqual(await query(server.connection, 'select 1 as one'), [{ one: 1 }]);
  });

  test('is not started with settings that lose rows when the power fails', async (t) => {
    const automatic = join(folder, 'pg18', 'postgresql.auto.conf');
    const before = readFileSync(automatic);
    appendFileSync(automatic, "fsync = 'off'\n");
    await assert.rejects(startEmbedded({ folder, ...quiet }), coded('E_DATABASE_UNSAFE', /fsync/));
    writeFileSync(automatic, before);
    const server = await start(t, folder);
    await query(server.connection, 'alter role tidewaiter set synchronous_commit = off');
    await server.stop();
    await assert.rejects(
      startEmbedded({ folder, ...quiet }),
      coded('E_DATABASE_UNSAFE', /synchronous_commit/),
    );
    assert.deepEqual(postgresIn(folder), []);
    assert.equal(await joinEmbedded(folder), undefined);
    appendFileSync(join(folder, 'pg18', 'postgresql.conf'), 'no_such_setting = 1\n');
    await assert.rejects(
      startEmbedded({ folder, ...quiet }),
      coded('E_DATABASE_START', /no_such_setting|errors/),
    );
  });
});

test('is reached over a local port when the path of a socket would be too long', async (t) => {
  const folder = scratch('x'.repeat(90));
  const server = await start(t, folder);
  assert.equal(server.connection.host, '127.0.0.1');
  if (process.platform === 'linux') {
    assert.deepEqual(ports(server.pid()), [`0100007F:${hexadecimal(server.connection.port)}`]);
  }
  assert.deepEqual(await joinEmbedded(folder), server.connection);
  await assert.rejects(query({ ...server.connection, password: 'guess' }, 'select 1'), { code: '28P01' });
  const before = server.pid();
  process.kill(before, 'SIGKILL');
  await eventually(() => server.pid() !== before, 'it runs again, at the same port');
  assert.deepEqual(await query(server.connection, 'select 1 as one'), [{ one: 1 }]);
});

test('does not touch a folder of another version, or one it did not make', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'pg17'));
  await assert.rejects(startEmbedded({ folder, ...quiet }), coded('E_DATABASE_VERSION', /17.*18/));
  mkdirSync(join(folder, 'pg18'));
  writeFileSync(join(folder, 'pg18', 'PG_VERSION'), '18\n');
  await assert.rejects(startEmbedded({ folder, ...quiet }), coded('E_DATABASE_FOLDER', /pg18/));
  writeFileSync(join(folder, 'pg18', 'PG_VERSION'), '19\n');
  writeFileSync(join(folder, 'pg18', 'tidewaiter-secrets.json'), '{}');
  await assert.rejects(startEmbedded({ folder, ...quiet }), coded('E_DATABASE_VERSION', /19/));
  assert.deepEqual(readdirSync(folder).sort(), ['pg17', 'pg18']);
});

test('says so when the folder cannot be made', async () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  await assert.rejects(
    startEmbedded({ folder: join(file, 'database'), ...quiet }),
    coded('E_DATABASE_FOLDER', /ENOTDIR/),
  );
});

test('a postmaster is told from other processes', async (t) => {
  const folder = scratch();
  const server = await start(t, folder);
  assert.equal(isPostmaster(server.pid(), join(folder, 'pg18')), true);
  assert.equal(isPostmaster(server.pid(), folder), false);
  assert.equal(isPostmaster(process.pid, join(folder, 'pg18')), false);
});
