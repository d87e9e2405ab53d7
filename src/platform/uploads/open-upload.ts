import type { Readable } from 'node:stream';
import type { TidewaiterError } from '../../core/errors.ts';
import type { Database } from '../store/database.ts';
import type { Draft } from '../vault/draft.ts';
import type { Received } from './receive.ts';
import { brokenOff, ended, tooLong } from './refusals.ts';
import { keepProgress, type UploadRow } from './rows.ts';

/** An upload that nothing comes for ends after so long: a night, or a weekend's start, between two pieces. */
export const IDLE_MS = 24 * 3_600_000;
/** While a long piece comes in, what came is made durable after so many bytes, or so much time. */
const SAVE_BYTES = 64 << 20;
const SAVE_MS = 60_000;

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
  /** Bytes that are on the disk: no crash takes them away. */
  readonly offset: number;
  /** The asset is in the vault. */
  readonly stored: boolean;
  /** When it ends unless more comes. */
  readonly expiresAt: Date;
}

interface OpenUploadParts {
  readonly db: Database;
  readonly now: () => Date;
}

/** An upload that this process writes. */
export class OpenUpload {
  readonly id: string;
  readonly wanted: NewUpload;
  readonly draft: Draft;
  /** Somebody is sending. */
  busy = false;
  /** Why nothing more is taken. */
  fault: TidewaiterError | undefined;
  /** Settles when it is an asset. */
  finishing: Promise<void> | undefined;
  readonly #opened: number;
  readonly #parts: OpenUploadParts;
  #saving: Promise<void> = Promise.resolve();

  /** @param opened how often it was taken up, this time included. */
  constructor(parts: OpenUploadParts, id: string, wanted: NewUpload, opened: number, draft: Draft) {
    this.#parts = parts;
    this.id = id;
    this.wanted = wanted;
    this.#opened = opened;
    this.draft = draft;
  }

  /** Takes a piece. @throws TidewaiterError `E_CANCELLED` (the sender left), `E_TOO_LARGE`, `E_NO_SPACE`, {@link fault}. */
  async receive(source: Readable): Promise<void> {
    const { draft, wanted } = this;
    const now = (): number => this.#parts.now().getTime();
    let [savedAt, savedBytes] = [now(), draft.offset];
    for await (const piece of arriving(source)) {
      if (this.fault !== undefined) throw this.fault;
      // Somebody changed the file while it was sent; what came before this is of no use either.
      if (draft.offset + piece.length > wanted.length) throw tooLong(wanted.length);
      await draft.append(piece);
      if (draft.offset - savedBytes < SAVE_BYTES && now() - savedAt < SAVE_MS) continue;
      [savedAt, savedBytes] = [now(), draft.offset];
      // More comes in meanwhile. If it fails, so does the next one, for which the sender waits.
      this.save().catch(() => undefined);
    }
  }

  /**
   * Brings what came to the disk, and says so in its row. Once it failed, the draft has to be taken up anew.
   * @throws TidewaiterError `E_UPLOAD_ENDED`, `E_NO_SPACE`.
   */
  async save(): Promise<void> {
    const { db, now } = this.#parts;
    this.#saving = this.#saving.then(async () => {
      const state = await this.draft.checkpoint();
      const row = { id: this.id, opened: this.#opened };
      if (await keepProgress(db, row, state, new Date(now().getTime() + IDLE_MS))) return;
      if (this.finishing === undefined) throw ended('It was given up, or another server went on with it');
    });
    return this.#saving;
  }
}

/** What is told of an upload. */
export function toUpload(row: UploadRow): Upload {
  const { id, name, length, metadata, received: offset, stored } = row;
  const { case_id: caseId, person_id: by, expires_at: expiresAt } = row;
  return { id, caseId, by, name, length, metadata, offset, stored, expiresAt };
}

/** The sender may leave; who it was goes on later. It is not destroyed, so that a refusal can be answered. */
async function* arriving(source: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw brokenOff(error);
  }
}
