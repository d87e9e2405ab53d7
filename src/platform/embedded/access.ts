import pg from 'pg';
import type { ConnectionSettings } from '../store/database.ts';
import type { Address } from './address.ts';
import { SUPERUSER, type Secrets } from './cluster.ts';
import { checkDurability, DURABLE } from './durability.ts';

/** Role and database of the product. The role is no superuser; it may take base backups. */
export const NAME = 'tidewaiter';

/** How the product connects to a server of its own. */
export function connectionTo(address: Address, secrets: Secrets): ConnectionSettings {
  return { ...address, user: NAME, password: secrets.application, database: NAME };
}

/**
 * Sees that role and database of the product are there, and that what it commits is durable.
 * @throws TidewaiterError `E_DATABASE_UNSAFE`.
 */
export async function openAccess(address: Address, secrets: Secrets): Promise<void> {
  // Looked for at every start: the first one may have been broken off between the two.
  await makeAccess(address, secrets);
  checkDurability(await readDurability(connectionTo(address, secrets)));
}

async function readDurability(connection: ConnectionSettings): Promise<Record<string, string>> {
  return within(connection, async (client) => {
    const sql = 'select name, setting from pg_settings where name = any($1)';
    const { rows } = await client.query<{ name: string; setting: string }>(sql, [DURABLE]);
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  });
}

async function makeAccess(address: Address, secrets: Secrets): Promise<void> {
  const admin = { ...address, user: SUPERUSER, password: secrets.superuser, database: 'postgres' };
  await within(admin, async (client) => {
    const has = async (sql: string): Promise<boolean> => (await client.query(sql, [NAME])).rowCount === 1;
    if (!(await has('select 1 from pg_roles where rolname = $1'))) {
      // The password is base64url: it needs no escaping.
      await client.query(`create role ${NAME} login replication password '${secrets.application}'`);
    }
    if (!(await has('select 1 from pg_database where datname = $1'))) {
      await client.query(`create database ${NAME} owner ${NAME}`);
    }
  });
}

async function within<T>(
  connection: ConnectionSettings,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { host, port, user, password, database } = connection;
  const client = new pg.Client({
    host,
    port,
    user,
    database,
    ...(password === undefined ? {} : { password }),
    connectionTimeoutMillis: 10_000,
  });
  // A server that dies between two queries would otherwise end the process; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
