import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { MasterKey } from '../secrets/master-key.ts';
import { CHUNK_BYTES, sealChunk } from './chunks.ts';
import { DraftFile } from './draft-file.ts';
import { openTail, sealTail } from './draft-tail.ts';
import { vaultDamaged } from './errors.ts';
import { decodeKeys, encodeParts, keyAt, newKey, newKeyPart, type ObjectKeys } from './object-keys.ts';
import { newObjectName } from './object-store.ts';
import type { Stored } from './seal.ts';

/** What has to be kept of a draft so that another process can go on with it. Who writes drafts keeps it. */
export interface DraftState {
  /** Name of its file, and of the object that it becomes. */
  readonly object: string;
  /** Its keys, wrapped by the master key. Without them nobody can read it. */
  readonly keys: Buffer;
  /** Plain bytes that are on the disk: whole chunks in the file, and what comes after them in `tail`. */
  readonly offset: number;
  /** Sealed; null where the offset lies between two chunks. */
  readonly tail: Buffer | null;
}

export interface DraftOrder {
  /** Where drafts lie: best on the disk of the objects. */
  readonly folder: string;
  readonly assetId: string;
  /** Plain bytes of the whole. */
  readonly length: number;
  /** As `PutLimits.mediaTypeOf`. */
  readonly mediaTypeOf: (head: Uint8Array) => string;
  /** Of the draft to go on with; without it a new one is begun. */
  readonly state?: DraftState;
}

const KEY_BYTES = 32;

/**
 * An object that is written in many visits, over restarts and crashes. Chunks are sealed into its file as they fill, each once
 * and for good; the bytes of one that is not full are sealed apart, with a key of their own and a random nonce.
 *
 * Whoever opens a draft seals with a new key from the first chunk on that the disk does not hold whole: of what the process
 * before had sealed there, some may have been read by others, and the client may send other bytes now.
 */
export class Draft {
  readonly assetId: string;
  readonly file: DraftFile;
  readonly object: string;
  readonly keys: ObjectKeys;
  readonly #wrapped: Buffer;
  readonly #tailKey: KeyObject;
  readonly #mediaTypeOf: DraftOrder['mediaTypeOf'];
  readonly #hash = createHash('sha256');
  #mediaType: string | undefined;
  /** Of a draft that another process began, the hash is made again by reading what lies on the disk, behind the writer. */
  readonly #reading: Promise<void> | undefined;
  /** Chunks that were sealed, and of these those that were written. */
  #sealed: number;
  #written: number;
  /** Of the chunk that fills. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #wakeReader: (() => void) | undefined;
  #closed = false;

  private constructor(order: DraftOrder, parts: Opened) {
    this.assetId = order.assetId;
    this.file = parts.file;
    this.object = parts.object;
    this.keys = parts.keys;
    this.#wrapped = parts.wrapped;
    this.#tailKey = parts.tailKey;
    this.#mediaTypeOf = order.mediaTypeOf;
    this.#sealed = this.#written = parts.chunks;
    if (parts.tail.length > 0) this.#hold(parts.tail);
    if (parts.chunks > 0) {
      this.#reading = this.#readAll();
      // Who asks for the hash is told.
      this.#reading.catch(() => undefined);
    }
  }

  /**
   * The state that it then has must be kept before anything is added.
   * @returns undefined when its file is gone. @throws TidewaiterError `E_VAULT_DAMAGED` when bytes of `offset` are missing,
   *   `E_NO_SPACE`, `E_MASTER_KEY`.
   */
  static async open(masterKey: MasterKey, order: DraftOrder): Promise<Draft | undefined> {
    const { folder, assetId, length, state } = order;
    const object = state?.object ?? newObjectName();
    const file = await DraftFile.open(folder, object, length, state === undefined);
    if (file === undefined) return undefined;
    try {
      const context = keyContext(assetId);
      const secrets = state === undefined ? undefined : await masterKey.unwrap(state.keys, context);
      const tailKey = secrets === undefined ? newKey() : createSecretKey(secrets.subarray(0, KEY_BYTES));
      const old = { assetId, parts: secrets === undefined ? [] : decodeKeys(secrets.subarray(KEY_BYTES)) };
      const { chunks, tail } = await durable(file, old, tailKey, length, state);
      const parts = old.parts.filter(({ first }) => first < chunks);
      if (chunks < file.count) parts.push(newKeyPart(chunks));
      const wrapped = await masterKey.wrap(Buffer.concat([tailKey.export(), encodeParts(parts)]), context);
      const draft = new Draft(order, {
        file,
        object,
        keys: { assetId, parts },
        wrapped,
        tailKey,
        chunks,
        tail,
      });
      if (length === 0 && chunks === 0) await draft.#sealHeld();
      return draft;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Plain bytes that were taken. */
  get offset(): number {
    return this.whole
      ? this.#sealed * CHUNK_BYTES - this.#missing()
      : this.#sealed * CHUNK_BYTES + this.#heldBytes;
  }

  get whole(): boolean {
    return this.#sealed === this.file.count;
  }

  /** Takes more; one call at a time, and no more in all than its length. @throws TidewaiterError `E_NO_SPACE`: it is of no use then. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.byteLength > 0;) {
      const size = this.file.plainBytes(this.#sealed);
      const part = rest.subarray(0, size - this.#heldBytes);
      this.#hold(part);
      rest = rest.subarray(part.byteLength);
      if (this.#heldBytes === size) await this.#sealHeld();
    }
  }

  /** Brings all that was taken so far to the disk, but for the tail, which whoever keeps the state brings there. */
  async checkpoint(): Promise<DraftState> {
    const { offset } = this;
    const tail = this.#heldBytes === 0 ? null : sealTail(this.#tailKey, this.assetId, offset, this.#held);
    await this.#writing;
    await this.file.sync();
    return { object: this.object, keys: this.#wrapped, offset, tail };
  }

  /** Of a whole draft; may take a while when another process began it. @throws TidewaiterError `E_VAULT_DAMAGED`. */
  async stored(): Promise<Stored> {
    if (!this.whole) throw new TypeError('the draft is not whole');
    await this.#writing;
    await this.#reading;
    const mediaType = this.#mediaType;
    const sha256 = this.#hash.copy().digest('hex');
    return { sha256, bytes: this.offset, ...(mediaType === undefined ? {} : { mediaType }) };
  }

  /** Lets go of the file, which stays. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeReader?.();
    await Promise.allSettled([this.#writing, this.#reading]);
    await this.file.close();
  }

  /** Nothing is left of it, but for the object that it has become. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.file.path, { force: true });
  }

  #missing(): number {
    return CHUNK_BYTES - this.file.plainBytes(this.file.count - 1);
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.byteLength;
  }

  async #sealHeld(): Promise<void> {
    const [index, pieces] = [this.#sealed++, this.#held];
    this.#held = [];
    this.#heldBytes = 0;
    const sealed = sealChunk(keyAt(this.keys, index), { index, last: this.file.isLast(index) }, pieces);
    if (this.#reading === undefined) this.#take(index, pieces);
    // One chunk is written while the next fills.
    const before = this.#writing;
    this.#writing = before.then(async () => {
      await this.file.write(index, sealed);
      this.#written++;
      this.#wakeReader?.();
    });
    this.#writing.catch(() => undefined);
    await before;
  }

  async #readAll(): Promise<void> {
    for (let index = 0; index < this.file.count; index++) {
      while (index >= this.#written && !this.#closed)
        await new Promise<void>((wake) => (this.#wakeReader = wake));
      if (this.#closed) throw new TypeError('the draft was closed');
      const chunk = await this.file.read(this.keys, index);
      if (chunk === undefined)
        throw vaultDamaged(this.assetId, `chunk ${index} of its draft does not verify`);
      this.#take(index, [chunk]);
    }
  }

  #take(index: number, pieces: readonly Uint8Array[]): void {
    if (index === 0) this.#mediaType = this.#mediaTypeOf(Buffer.concat(pieces));
    for (const piece of pieces) this.#hash.update(piece);
  }
}

interface Opened {
  readonly file: DraftFile;
  readonly object: string;
  readonly keys: ObjectKeys;
  readonly wrapped: Buffer;
  readonly tailKey: KeyObject;
  readonly chunks: number;
  readonly tail: Buffer;
}

/** What the keys of a draft are wrapped for. */
export function keyContext(assetId: string): string {
  return `draft:${assetId}`;
}

/** Finds out what the disk holds: at least what was said to be there, and more where chunks were sealed since. */
async function durable(
  file: DraftFile,
  keys: ObjectKeys,
  tailKey: KeyObject,
  length: number,
  state: DraftState | undefined,
): Promise<Pick<Opened, 'chunks' | 'tail'>> {
  const none = Buffer.alloc(0);
  if (state === undefined) return { chunks: 0, tail: none };
  const { offset, tail } = state;
  const said = offset === length && offset > 0 ? file.count : Math.floor(offset / CHUNK_BYTES);
  if (!(await file.holds(said))) throw vaultDamaged(keys.assetId, 'its draft is shorter than it was');
  let chunks = said;
  while (chunks < file.count && (await file.read(keys, chunks)) !== undefined) chunks++;
  await file.cut(chunks);
  await file.sync();
  if (chunks > said || offset === length || offset % CHUNK_BYTES === 0) return { chunks, tail: none };
  const held = tail === null ? undefined : openTail(tailKey, keys.assetId, offset, tail);
  if (held?.length !== offset % CHUNK_BYTES) throw vaultDamaged(keys.assetId, 'the end of its draft is lost');
  return { chunks, tail: held };
}
