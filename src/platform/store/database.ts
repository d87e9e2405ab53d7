import type { Socket } from 'node:net';
import { type Kysely as KyselyType, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { PreparingClient } from './preparing-client.ts';
import type { Tables } from './tables.ts';

/** The agency's data. Take it from {@link openDatabase}; give functions this or a {@link Transaction} of it. */
export type Database = KyselyType<Tables>;
/** Inside a transaction: what is done with it is done together or not at all. */
export type DatabaseTransaction = Transaction<Tables>;

/** Where a server listens and who connects. */
export interface ConnectionSettings {
  /** A host name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password?: string;
  readonly database: string;
  /** Most connections at a time, 10 by default. */
  readonly connections?: number;
}

/** A server of the agency's: its whole address, with whatever it says of TLS. */
export interface UrlConnection {
  /** `postgres://user:password@host:port/name?sslmode=verify-full` */
  readonly connectionString: string;
  readonly connections?: number;
}

export type Connection = ConnectionSettings | UrlConnection;

/** How a pool behaves. */
export interface PoolOptions {
  /**
   * A connection on which nothing came and went for so long is given up, milliseconds: over a link that comes and goes
   * an answer may never come. No statement may take longer. Without it, the system decides, after minutes.
   */
  readonly silentMs?: number;
}

const INT8 = 20;

/**
 * Opens a pool. Counts and sizes come back as numbers; a whole number that a number cannot hold is an error.
 * @param onError told of connections that broke while idle, as happens when the server restarts: the pool replaces them.
 */
export function openDatabase(
  settings: Connection,
  onError: (error: Error) => void,
  { silentMs }: PoolOptions = {},
): Database {
  const { connections = 10, ...rest } = settings;
  const pool = new pg.Pool({
    ...rest,
    Client: PreparingClient,
    max: connections,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
        oid === INT8 && format !== 'binary' ? wholeNumber : (pg.types.getTypeParser(oid, format) as unknown),
    },
  });
  pool.on('error', onError);
  // The pool listens to idle connections only; one that breaks in the middle of a transaction must not end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    if (silentMs === undefined) return;
    const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
    stream.setTimeout(silentMs, () => stream.destroy(new Error('the database fell silent')));
  });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`);
  return value;
}
