import { once } from 'node:events';
import { Readable } from 'node:stream';
import type pg from 'pg';

/** The parts of a connection that copying uses. */
interface CopyConnection {
  readonly stream: Readable & NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Rows on their way out of the database: what `copy ... to stdout` sends, as it comes, no faster than it is read. */
export class CopyOut extends Readable {
  readonly #sql: string;
  #connection: CopyConnection | undefined;
  /** How many there were, once the stream has ended. */
  rows = 0;

  constructor(sql: string) {
    super({ highWaterMark: 1 << 20 });
    this.#sql = sql;
  }

  submit(connection: unknown): void {
    this.#connection = connection as CopyConnection;
    this.#connection.query(this.#sql);
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // It lies in a buffer that the connection writes into again.
    if (!this.push(Buffer.from(chunk))) this.#connection?.stream.pause();
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.rows = rowsOf(text);
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}

/** Starts `copy ... to stdout` on a connection that has nothing else to do until the stream has ended. */
export function copyOut(client: pg.Client, sql: string): CopyOut {
  return client.query(new CopyOut(sql));
}

/**
 * Sends bytes to `copy ... from stdin`, no faster than the server takes them.
 * @returns how many rows they were.
 */
export async function copyIn(
  client: pg.Client,
  sql: string,
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(sql, source, resolve, reject));
  });
}

class CopyIn {
  readonly #sql: string;
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #done: (rows: number) => void;
  readonly #failed: (error: unknown) => void;
  readonly #stopped = new AbortController();
  #reason: unknown;
  #rows = 0;

  constructor(
    sql: string,
    source: AsyncIterable<Uint8Array>,
    done: (rows: number) => void,
    failed: (error: unknown) => void,
  ) {
    this.#sql = sql;
    this.#source = source;
    this.#done = done;
    this.#failed = failed;
  }

  submit(connection: unknown): void {
    (connection as CopyConnection).query(this.#sql);
  }

  handleCopyInResponse(connection: unknown): void {
    void this.#send(connection as CopyConnection);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = rowsOf(text);
  }

  handleReadyForQuery(): void {
    this.#done(this.#rows);
  }

  handleError(error: Error): void {
    this.#stopped.abort();
    this.#failed(this.#reason ?? error);
  }

  async #send(connection: CopyConnection): Promise<void> {
    const { signal } = this.#stopped;
    try {
      for await (const chunk of this.#source) {
        signal.throwIfAborted();
        connection.sendCopyFromChunk(chunk);
        if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain', { signal });
      }
      connection.endCopyFrom();
    } catch (error) {
      // The server that refused the rows has said why; one that still waits for them is told to give up, and answers that.
      if (signal.aborted) return;
      this.#reason = error;
      connection.sendCopyFail('the source of the rows failed');
    }
  }
}

/** Of `COPY 12`. */
function rowsOf(text: string): number {
  return Number(text.split(' ')[1] ?? 0);
}
