import { Readable } from 'node:stream';

interface ReplicationConnection {
  readonly stream: Readable;
  query(text: string): void;
}

/** What the messages of a base backup begin with, as in PostgreSQL's src/backend/backup/basebackup_copy.c. */
const [ARCHIVE, MANIFEST, DATA] = ['n', 'm', 'd'].map((letter) => letter.charCodeAt(0));

/**
 * A base backup on its way out of the server: a tar archive with all files of the cluster and the log that makes them one
 * moment, no faster than it is read. Give it to a connection of the replication protocol as a query.
 */
export class BaseStream extends Readable {
  readonly #command: string;
  #connection: ReplicationConnection | undefined;
  #archives = 0;
  #inManifest = false;
  readonly #manifest: Buffer[] = [];

  constructor(command: string) {
    super({ highWaterMark: 1 << 20 });
    this.#command = command;
  }

  /** The server's list of files with their SHA-256, once the stream has ended. */
  manifest(): Buffer {
    return Buffer.concat(this.#manifest);
  }

  submit(connection: unknown): void {
    this.#connection = connection as ReplicationConnection;
    this.#connection.query(this.#command);
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const [kind] = chunk;
    if (kind === ARCHIVE) this.#archives += 1;
    if (this.#archives > 1) this.destroy(new Error('the cluster has tablespaces, which are not copied'));
    if (kind === MANIFEST) this.#inManifest = true;
    if (kind !== DATA) return;
    // It lies in a buffer that the connection writes into again.
    const data = Buffer.from(chunk.subarray(1));
    if (this.#inManifest) this.#manifest.push(data);
    else if (!this.push(data)) this.#connection?.stream.pause();
  }

  /** Where it begins and ends in the log: that is in the archive too. */
  handleRowDescription(): void {
    return;
  }

  handleDataRow(): void {
    return;
  }

  handleCommandComplete(): void {
    return;
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}
