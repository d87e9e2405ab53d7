import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';

/** Where sealed bytes lie, under names that say nothing. What it holds needs no secrecy of its own. */
export interface ObjectStore {
  /**
   * Writes an object once. It has its name only when all of it is on the disk; when the stream fails nothing is left.
   * @throws TidewaiterError `E_NO_SPACE`; what the stream throws.
   */
  put(name: string, stream: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * Takes a file of this machine in as an object; nobody writes to it any more. A file on the disk of the store costs no second
   * writing. The file stays. It may be taken in again, under the same name, by who does not know whether it was.
   * @throws TidewaiterError `E_NO_SPACE`.
   */
  adopt(name: string, path: string): Promise<void>;
  /** Bytes `start` to before `end` of an object (fewer where it ends sooner), or undefined when there is none. */
  open(name: string, range: { readonly start: number; readonly end?: number }): Promise<Readable | undefined>;
  /** Removes an object, if it is there. */
  delete(name: string): Promise<void>;
  /** All whole objects, in no order. */
  list(): AsyncIterable<StoredObject>;
  /** Removes what writers left unfinished and have not touched since. @returns how many. */
  removeUnfinished(before: Date): Promise<number>;
}

export interface StoredObject {
  readonly name: string;
  readonly writtenAt: Date;
}

/** 128 random bits as 32 hexadecimal digits. */
export function newObjectName(): string {
  return randomBytes(16).toString('hex');
}

const pattern = /^[0-9a-f]{32}$/;

export function isObjectName(name: string): boolean {
  return pattern.test(name);
}
