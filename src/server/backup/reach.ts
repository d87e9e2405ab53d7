import pg from 'pg';
import { startEmbedded } from '../../platform/embedded/start.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { openDatabase, type Connection, type Database } from '../../platform/store/database.ts';
import { databaseFolder, findDatabase, platformExists } from '../find-database.ts';
import { settleRestore } from './unfinished.ts';

/** A database without the rest of the platform. */
export interface Reached {
  readonly db: Database;
  /** A connection of one's own, for copying. It ends with the rest. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

/**
 * The database of the settings: the agency's, the one that runs on the data folder, or that one started for the moment.
 * @throws TidewaiterError `E_RESTORE_UNFINISHED`, `E_PLATFORM_NONE`, `E_DATABASE_FOLDER`, and what starting it throws.
 */
export async function reachDatabase(settings: Settings, log: (line: string) => void): Promise<Reached> {
  if (settings.database.url === undefined) await settleRestore(settings, log);
  platformExists(settings);
  const running = await findDatabase(settings);
  return running === undefined ? startDatabase(databaseFolder(settings), log) : reach(running);
}

/** Starts our own PostgreSQL on a folder, and stops it when it is closed. */
export async function startDatabase(folder: string, log: (line: string) => void): Promise<Reached> {
  // When it dies for good each query fails and says so.
  const server = await startEmbedded({ folder, log, onFailed: () => undefined });
  const reached = reach(server.connection);
  return {
    ...reached,
    close: async () => {
      await reached.close();
      await server.stop();
    },
  };
}

function reach(where: Connection): Reached {
  const db = openDatabase({ ...where, connections: 2 }, () => undefined);
  const clients: pg.Client[] = [];
  return {
    db,
    connect: async () => {
      const client = new pg.Client({ ...where, connectionTimeoutMillis: 10_000 });
      // A server that dies between two queries would otherwise end the process; the next query reports it.
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      // How values are written must not depend on the settings of a server or a role.
      await client.query(
        "set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; set extra_float_digits = 1; set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0",
      );
      return client;
    },
    close: async () => {
      for (const client of clients) await client.end().catch(() => undefined);
      await db.destroy();
    },
  };
}
