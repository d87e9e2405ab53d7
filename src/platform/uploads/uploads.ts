import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { TidewaiterError } from '../../core/errors.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { Stored } from '../vault/seal.ts';
import type { Vault } from '../vault/vault.ts';
import { Handover } from './handover.ts';
import { mediaTypeOf } from './media-type.ts';
import type { Received } from './receive.ts';

/** Each open upload holds a file and about a megabyte of memory. */
const MOST = 200;
const MOST_OF_A_PERSON = 20;
const IDLE_SECONDS = 3600;

export interface NewUpload extends Omit<Received, 'assetId'> {
  /** Bytes of the whole file. */
  readonly length: number;
  /** As the client sent it, to be told again. */
  readonly metadata: string;
}

/** A file that comes in pieces. */
export interface Upload extends NewUpload {
  /** Also the id of the asset that it becomes. */
  readonly id: string;
  /** Bytes that were taken. */
  readonly offset: number;
  /** The asset is in the vault. */
  readonly stored: boolean;
  /** When it ends unless more comes. */
  readonly expiresAt: Date;
}

interface OpenUpload extends Upload {
  offset: number;
  stored: boolean;
  expiresAt: Date;
  /** Somebody is sending. */
  busy: boolean;
  timer: NodeJS.Timeout;
  readonly handover: Handover;
  /** Settles when the vault is done with it. */
  done: Promise<void>;
}

export interface UploadsParts {
  readonly vault: Pick<Vault, 'put'>;
  readonly maxBytes: number;
  /** Writes the row of the asset. */
  readonly record: (tx: DatabaseTransaction, received: Received, stored: Stored) => Promise<void>;
  readonly now: () => Date;
  /** An upload that nothing comes for ends; an hour by default. */
  readonly idleSeconds?: number;
}

/**
 * The uploads of this process. Each is one stream into the vault, kept open between the requests that bring its pieces, so
 * that every byte is written once; they end with the process.
 */
export class Uploads {
  readonly #parts: UploadsParts;
  readonly #idleMs: number;
  readonly #uploads = new Map<string, OpenUpload>();
  #closed = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    this.#idleMs = (parts.idleSeconds ?? IDLE_SECONDS) * 1000;
  }

  /** @throws TidewaiterError `E_TOO_LARGE`, `E_UPLOADS_OPEN`; for an empty file, which is whole at once, what the vault throws. */
  async begin(wanted: NewUpload): Promise<Upload> {
    const { maxBytes } = this.#parts;
    if (wanted.length > maxBytes)
      throw tooLarge(`The file has more than ${maxBytes} bytes`, 'Split it, or ask to raise the limit.');
    this.#checkRoom(wanted.by);
    const id = randomUUID();
    const upload: OpenUpload = {
      ...wanted,
      id,
      offset: 0,
      stored: false,
      expiresAt: this.#parts.now(),
      busy: false,
      timer: setTimeout(() => undefined, 0),
      handover: new Handover(),
      done: Promise.resolve(),
    };
    this.#uploads.set(id, upload);
    this.#rest(upload);
    upload.done = this.#store(upload);
    // Whoever sends the next piece, or asks, is told; nobody may be there to hear it now.
    upload.done.catch(() => undefined);
    if (upload.length === 0) await this.#finish(upload);
    return upload;
  }

  find(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  /**
   * Takes one more piece. When it breaks off, what came is kept; with the last byte it waits for the asset.
   * @param announced bytes of the piece, where the sender said so.
   * @throws TidewaiterError `E_UPLOAD_BUSY`, `E_UPLOAD_OFFSET`, `E_TOO_LARGE`, `E_CANCELLED` (the sender left),
   *   `E_UPLOAD_ENDED`, what the vault throws.
   */
  async take(id: string, offset: number, source: Readable, announced?: number): Promise<Upload> {
    const upload = this.#get(id);
    if (upload.busy)
      throw new TidewaiterError(
        'E_UPLOAD_BUSY',
        'Another request sends to this upload',
        'Wait until it has ended, at most a minute after its connection broke; then ask how far the upload is.',
      );
    if (offset !== upload.offset)
      throw new TidewaiterError(
        'E_UPLOAD_OFFSET',
        `The upload is at byte ${upload.offset}, not ${offset}`,
        'Ask how far it is (HEAD), and go on from there.',
      );
    if (announced !== undefined && offset + announced > upload.length) throw tooLong(upload.length);
    upload.busy = true;
    clearTimeout(upload.timer);
    try {
      for await (const piece of arriving(source)) {
        // Somebody changed the file while it was sent; what came before this is of no use either.
        if (upload.offset + piece.length > upload.length) {
          upload.handover.break(tooLong(upload.length));
          await upload.done;
          throw tooLong(upload.length);
        }
        await upload.handover.give(piece);
        upload.offset += piece.length;
      }
    } finally {
      upload.busy = false;
      if (this.#uploads.has(id)) this.#rest(upload);
      // Even when the connection broke just after the last byte: the client will find that all of it is here.
      if (upload.offset === upload.length) upload.handover.end();
    }
    await this.whole(id);
    return upload;
  }

  /** Of an upload that has all its bytes, waits for the asset. @throws TidewaiterError what the vault throws. */
  async whole(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload !== undefined && upload.offset === upload.length) await this.#finish(upload);
  }

  /**
   * Gives an upload up; nothing is left of it.
   * @throws TidewaiterError `E_UPLOAD_DONE` when it has become an asset.
   */
  async terminate(id: string): Promise<void> {
    const upload = this.#get(id);
    await this.#giveUp(upload, 'It was given up');
    if (upload.stored)
      throw new TidewaiterError(
        'E_UPLOAD_DONE',
        'The upload has become an asset',
        'Erase the asset, once its retention allows it.',
      );
  }

  /** Gives up all that is open. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#uploads.values()];
    await Promise.all(all.map((upload) => this.#giveUp(upload, 'The server stops')));
    for (const upload of all) this.#forget(upload);
  }

  #get(id: string): OpenUpload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw ended('It is not known');
    return upload;
  }

  #checkRoom(person: string): void {
    if (this.#closed) throw ended('The server stops');
    const open = [...this.#uploads.values()].filter(({ stored }) => !stored);
    const own = open.filter(({ by }) => by === person).length;
    if (open.length < MOST && own < MOST_OF_A_PERSON) return;
    throw new TidewaiterError(
      'E_UPLOADS_OPEN',
      own < MOST_OF_A_PERSON ? `${MOST} uploads are open` : `You have ${MOST_OF_A_PERSON} open uploads`,
      'Finish or end some first; an upload that nothing comes for ends after an hour.',
    );
  }

  async #store(upload: OpenUpload): Promise<void> {
    const { id, caseId, name, by, length, handover } = upload;
    try {
      const { vault, record } = this.#parts;
      await vault.put(id, handover, { maxBytes: length, mediaTypeOf }, (tx, stored) =>
        record(tx, { assetId: id, caseId, name, by }, stored),
      );
      upload.stored = true;
    } catch (error) {
      this.#forget(upload);
      handover.break(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  async #finish(upload: OpenUpload): Promise<void> {
    upload.handover.end();
    await upload.done;
  }

  /** One that has all its bytes is not stopped any more. */
  async #giveUp(upload: OpenUpload, why: string): Promise<void> {
    upload.handover.break(ended(why));
    await upload.done.catch(() => undefined);
  }

  /** Starts the time after which it is forgotten. */
  #rest(upload: OpenUpload): void {
    clearTimeout(upload.timer);
    upload.expiresAt = new Date(this.#parts.now().getTime() + this.#idleMs);
    upload.timer = setTimeout(() => {
      void this.#giveUp(upload, 'Nothing came for too long').then(() => this.#forget(upload));
    }, this.#idleMs);
    upload.timer.unref();
  }

  #forget(upload: OpenUpload): void {
    clearTimeout(upload.timer);
    this.#uploads.delete(upload.id);
  }
}

/** The sender may leave; who it was goes on later. It is not destroyed, so that a refusal can be answered. */
async function* arriving(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new TidewaiterError(
      'E_CANCELLED',
      'The connection broke off before the end of the piece',
      'Ask how far the upload is (HEAD), and go on from there.',
      { cause: error },
    );
  }
}

function ended(why: string): TidewaiterError {
  return new TidewaiterError('E_UPLOAD_ENDED', `The upload has ended: ${why}`, 'Begin a new one.');
}

function tooLong(length: number): TidewaiterError {
  return tooLarge(`The upload was to have ${length} bytes, and more were sent`, 'Begin a new one.');
}

function tooLarge(message: string, remedy: string): TidewaiterError {
  return new TidewaiterError('E_TOO_LARGE', message, remedy);
}
