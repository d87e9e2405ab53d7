import pg from 'pg';
import type { Connection } from '../store/database.ts';

/** Runners are woken on this channel. */
export const CHANNEL = 'services';

/**
 * One connection of a runner's own. Leases must not wait behind whatever else the process asks the database, and
 * notices come only to a connection that stays open. One that breaks or hangs is given up; the next query opens another.
 */
export class Link {
  readonly #settings: Connection;
  readonly #answerMs: number;
  readonly #onNotice: () => void;
  #client: Promise<pg.Client> | undefined;
  #closed = false;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param answerMs a query that takes longer fails.
   * @param onNotice told when services have changed.
   */
  constructor(settings: Connection, answerMs: number, onNotice: () => void) {
    this.#settings = settings;
    this.#answerMs = answerMs;
    this.#onNotice = onNotice;
  }

  /** Rows of one statement. Statements are done one after the other, as they were asked for. */
  query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    const turn = this.#turn.then(async () => {
      if (this.#closed) throw new Error('the runner of services is closed');
      const client = await (this.#client ??= this.#open());
      return this.#inTime(client, async () => (await client.query<Row>(text, values)).rows);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.then((open) => open.end()).catch(() => undefined);
  }

  #open(): Promise<pg.Client> {
    const { connections: _, ...settings } = this.#settings;
    const client = new pg.Client({
      ...settings,
      connectionTimeoutMillis: this.#answerMs,
      // What was broken off here must not be done later there.
      statement_timeout: this.#answerMs,
      keepAlive: true,
      application_name: 'tidewaiter services',
    });
    client.on('notification', this.#onNotice);
    const opened = this.#inTime(client, async () => {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      return client;
    });
    const giveUp = (): void => {
      if (this.#client === opened) this.#client = undefined;
    };
    client.on('error', giveUp);
    client.on('end', giveUp);
    opened.catch(() => {
      giveUp();
      void client.end().catch(() => undefined);
    });
    return opened;
  }

  async #inTime<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
    // Ending it in the middle of a query breaks it off, also where the other side does not answer at all.
    const timer = setTimeout(() => void client.end().catch(() => undefined), this.#answerMs + GRACE_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The database breaks off late statements itself; only where it is not heard of is the connection given up. */
const GRACE_MS = 500;
