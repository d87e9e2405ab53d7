import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { TidewaiterError } from '../../core/errors.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { removeDraft, sweepDrafts } from '../vault/draft-file.ts';
import type { Stored } from '../vault/seal.ts';
import type { Vault } from '../vault/vault.ts';
import { mediaTypeOf } from './media-type.ts';
import { IDLE_MS, OpenUpload, toUpload, type NewUpload, type Upload } from './open-upload.ts';
import type { Received } from './receive.ts';
import { become, busy, elsewhere, ended, stopping, tooLarge, tooLong } from './refusals.ts';
import {
  addUpload,
  findUpload,
  keepStored,
  knownDrafts,
  removeExpired,
  removeUpload,
  takeUp,
  type UploadRow,
} from './rows.ts';

const HOUR_MS = 3_600_000;
const SWEEP_MS = HOUR_MS / 6;
/** What keeps an upload from ever becoming an asset. Other faults pass: a full disk, a store or database that is away. */
const endings: ReadonlySet<string> = new Set(['E_CASE_CLOSED', 'E_NOT_FOUND', 'E_VAULT_DAMAGED']);

export interface UploadsParts {
  readonly db: Database;
  readonly vault: Pick<Vault, 'draft' | 'complete'>;
  /** Where files lie until they are whole: on the disk of the vault, where that is a folder. */
  readonly folder: string;
  readonly maxBytes: number;
  /** Writes the row of the asset. */
  readonly record: (tx: DatabaseTransaction, received: Received, stored: Stored) => Promise<void>;
  readonly now: () => Date;
}

/**
 * Uploads in pieces. Each is a draft in the vault, so that every byte is sealed and written once, and a row that says how far
 * it is: what it says survives the process, which takes the draft up again when somebody asks for it.
 */
export class Uploads {
  readonly #parts: UploadsParts;
  readonly #open = new Map<string, Promise<OpenUpload>>();
  readonly #sweeping: NodeJS.Timeout;
  #closed = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    // Without the database nothing is swept; it is tried again the next time.
    this.#sweeping = setInterval(() => void this.sweep().catch(() => undefined), SWEEP_MS).unref();
  }

  /** @throws TidewaiterError `E_TOO_LARGE`, `E_UPLOADS_OPEN`, `E_NO_SPACE`; for an empty file, which is whole at once, what the vault throws. */
  async begin(wanted: NewUpload): Promise<Upload> {
    const { maxBytes, vault, folder, db, now } = this.#parts;
    if (wanted.length > maxBytes)
      throw tooLarge(`The file has more than ${maxBytes} bytes`, 'Split it, or ask to raise the limit.');
    if (this.#closed) throw stopping();
    const id = randomUUID();
    const { length, caseId, by, name, metadata } = wanted;
    const draft = await vault.draft({ folder, assetId: id, length, mediaTypeOf });
    if (draft === undefined) throw new TypeError('a new draft is there');
    try {
      const { object, keys, offset, tail } = await draft.checkpoint();
      const kept = { object, keys, tail, received: offset, opened: 0, stored: false };
      const row = { id, case_id: caseId, person_id: by, name, metadata, length, ...kept };
      const idleSince = new Date(this.#later(IDLE_MS).getTime() - HOUR_MS);
      await addUpload(db, { ...row, expires_at: this.#later(IDLE_MS) }, now(), idleSince);
    } catch (error) {
      await draft.remove();
      throw error;
    }
    const open = new OpenUpload(this.#parts, id, wanted, 0, draft);
    this.#open.set(id, Promise.resolve(open));
    if (length === 0) await this.#finish(open);
    return toUpload(await this.#get(id));
  }

  async find(id: string): Promise<Upload | undefined> {
    const row = await this.#row(id);
    return row === undefined ? undefined : toUpload(row);
  }

  /**
   * Says how far an upload is, once all that came is on the disk; of one that is whole, once it is an asset.
   * @throws TidewaiterError `E_UPLOAD_ENDED`, what the vault throws.
   */
  async ask(id: string): Promise<Upload> {
    const row = await this.#get(id);
    if (row.stored) return toUpload(row);
    const open = await this.#reach(row);
    try {
      await open.save();
    } catch (error) {
      if (!open.busy) await this.#letGo(open, ended('It could not be kept'));
      throw error;
    }
    if (open.draft.whole && !open.busy) await this.#finish(open);
    return toUpload(await this.#get(id));
  }

  /**
   * Takes one more piece. When it breaks off, what came is kept; with the last byte it waits for the asset.
   * @param announced bytes of the piece, where the sender said so.
   * @throws TidewaiterError `E_UPLOAD_BUSY`, `E_UPLOAD_OFFSET`, `E_TOO_LARGE`, `E_CANCELLED` (the sender left), `E_UNAVAILABLE`
   *   (the server stops), `E_UPLOAD_ENDED`, what the vault throws.
   */
  async take(id: string, offset: number, source: Readable, announced?: number): Promise<Upload> {
    const row = await this.#get(id);
    const open = row.stored ? undefined : await this.#reach(row);
    if (open?.busy === true) throw busy();
    const stands = open?.draft.offset ?? row.length;
    if (offset !== stands) throw elsewhere(stands, offset);
    if (announced !== undefined && offset + announced > row.length) throw tooLong(row.length);
    if (open === undefined) return toUpload(row);
    open.busy = true;
    try {
      await open.receive(source);
      await open.save();
    } catch (error) {
      const fault = open.fault ?? error;
      await this.#afterFault(open, error);
      throw fault;
    } finally {
      open.busy = false;
    }
    if (open.draft.whole) await this.#finish(open);
    return toUpload(await this.#get(id));
  }

  /**
   * Gives an upload up; nothing is left of it.
   * @throws TidewaiterError `E_UPLOAD_DONE` when it has become an asset.
   */
  async terminate(id: string): Promise<void> {
    const open = await this.#open.get(id)?.catch(() => undefined);
    // One that has all its bytes is not stopped any more.
    await open?.finishing?.catch(() => undefined);
    const { stored, object } = await this.#get(id);
    if (stored) throw become();
    if (open !== undefined) return this.#end(open, ended('It was given up'));
    await removeUpload(this.#parts.db, id);
    await removeDraft(this.#parts.folder, object);
  }

  /** Ends what nothing came for, and removes files that belong to no upload. */
  async sweep(): Promise<void> {
    const { db, folder, now } = this.#parts;
    const all = await this.#all();
    const sent = all.filter(({ busy: sending }) => sending).map(({ id }) => id);
    const expired = await removeExpired(db, now(), sent);
    for (const { object } of expired) await removeDraft(folder, object);
    for (const open of all) {
      if (open.busy || (await findUpload(db, open.id)) !== undefined) continue;
      await this.#letGo(open, ended('Nothing came for too long'));
    }
    await sweepDrafts(folder, new Date(now().getTime() - HOUR_MS), (objects) => knownDrafts(db, objects));
  }

  /** Lets go of all; the next process goes on with them. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeping);
    await Promise.all(
      (await this.#all()).map(async (open) => {
        open.fault ??= stopping();
        await open.finishing?.catch(() => undefined);
        await open.save().catch(() => undefined);
        await this.#letGo(open, open.fault);
      }),
    );
  }

  async #all(): Promise<OpenUpload[]> {
    const all = await Promise.allSettled(this.#open.values());
    return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async #get(id: string): Promise<UploadRow> {
    const row = await this.#row(id);
    if (row === undefined) throw ended('It is not known');
    return row;
  }

  /** Undefined once its time is over, unless somebody is sending. */
  async #row(id: string): Promise<UploadRow | undefined> {
    const row = await findUpload(this.#parts.db, id);
    if (row === undefined || row.expires_at > this.#parts.now()) return row;
    return (await this.#open.get(id)?.catch(() => undefined))?.busy === true ? row : undefined;
  }

  async #reach(row: UploadRow): Promise<OpenUpload> {
    let reached = this.#open.get(row.id);
    if (reached === undefined) {
      if (this.#closed) throw stopping();
      reached = this.#takeUp(row);
      this.#open.set(row.id, reached);
      reached.catch(() => this.#open.delete(row.id));
    }
    const open = await reached;
    if (open.fault !== undefined) throw open.fault;
    return open;
  }

  /** Goes on with an upload that another process began, or this one let go of. */
  async #takeUp(row: UploadRow): Promise<OpenUpload> {
    const { db, vault, folder } = this.#parts;
    const { id, object, keys, tail, received: offset, length, case_id: caseId, person_id: by } = row;
    if (keys === null) throw ended('It has become an asset');
    const draft = await vault
      .draft({ folder, assetId: id, length, mediaTypeOf, state: { object, keys, offset, tail } })
      .catch(async (error: unknown) => {
        if (!(error instanceof TidewaiterError && error.code === 'E_VAULT_DAMAGED')) throw error;
        await removeUpload(db, id);
        await removeDraft(folder, object);
        throw ended('What was kept of it is damaged');
      });
    if (draft === undefined) throw ended('Its file is not on this server');
    try {
      if (!(await takeUp(db, row, await draft.checkpoint()))) throw busy();
    } catch (error) {
      await draft.close();
      throw error;
    }
    const { name, metadata } = row;
    return new OpenUpload(this.#parts, id, { caseId, by, name, metadata, length }, row.opened + 1, draft);
  }

  /** Of what came before a fault, keeps what can be kept. */
  async #afterFault(open: OpenUpload, fault: unknown): Promise<void> {
    const code = fault instanceof TidewaiterError ? fault.code : undefined;
    if (code === 'E_TOO_LARGE') return this.#end(open, tooLong(open.wanted.length));
    if (open.fault !== undefined) return;
    if (code !== 'E_CANCELLED') return this.#letGo(open);
    try {
      await open.save();
      // The connection broke just after the last byte: the client will find that all of it is here.
      if (open.draft.whole) await this.#finish(open);
    } catch {
      await this.#letGo(open);
    }
  }

  async #finish(open: OpenUpload): Promise<void> {
    return (open.finishing ??= this.#complete(open));
  }

  async #complete(open: OpenUpload): Promise<void> {
    const {
      id,
      draft,
      wanted: { caseId, by, name },
    } = open;
    const { vault, record, db } = this.#parts;
    try {
      await vault.complete(draft, async (tx, stored) => {
        await record(tx, { assetId: id, caseId, name, by }, stored);
        if (!(await keepStored(tx, id, this.#later(HOUR_MS)))) throw ended('It was given up');
      });
      this.#open.delete(id);
    } catch (error) {
      const code = error instanceof TidewaiterError ? error.code : '';
      if (endings.has(code)) await this.#end(open, ended('It cannot become an asset'));
      else await this.#letGo(open);
      // When the answer of the database to the commit was lost, it may have taken place.
      const row = await findUpload(db, id).catch(() => undefined);
      if (row?.stored !== true) throw error;
      await removeDraft(this.#parts.folder, draft.object);
    }
  }

  /** Ends it for good. */
  async #end(open: OpenUpload, why: TidewaiterError): Promise<void> {
    open.fault ??= why;
    await removeUpload(this.#parts.db, open.id);
    await open.draft.remove();
    this.#open.delete(open.id);
  }

  /** Until its file is let go of nobody else in this process may take it up. */
  async #letGo(open: OpenUpload, why = busy()): Promise<void> {
    open.fault ??= why;
    await open.draft.close();
    this.#open.delete(open.id);
  }

  #later(ms: number): Date {
    return new Date(this.#parts.now().getTime() + ms);
  }
}
