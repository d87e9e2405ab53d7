import { Readable } from 'node:stream';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { CHUNK_BYTES, chunkCount, inChunks, openChunk, SEALED_CHUNK_BYTES } from './chunks.ts';
import { vaultDamaged } from './errors.ts';
import { keyAt, type ObjectKeys } from './object-keys.ts';
import type { ObjectStore } from './object-store.ts';

/** Plain bytes `start` to before `end` of an object of `bytes` plain bytes. */
export interface PlainRange {
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
}

/**
 * Opens a range of an object and reads only the chunks that it lies in; a chunk is given out only when all of it verified.
 * @throws TidewaiterError `E_VAULT_DAMAGED` when the object is gone; the stream fails with it when a chunk does not verify.
 */
export async function unseal(
  objects: ObjectStore,
  object: string,
  keys: ObjectKeys,
  { start, end, bytes }: PlainRange,
): Promise<Readable> {
  const count = chunkCount(bytes);
  const first = Math.min(Math.floor(start / CHUNK_BYTES), count - 1);
  const last = Math.max(first, Math.ceil(end / CHUNK_BYTES) - 1);
  // Beyond the last chunk nothing may follow, so all that follows is read.
  const source = await objects.open(object, {
    start: first * SEALED_CHUNK_BYTES,
    ...(last === count - 1 ? {} : { end: (last + 1) * SEALED_CHUNK_BYTES }),
  });
  if (source === undefined) throw vaultDamaged(keys.assetId, 'its file is gone');

  async function* plain(sealed: Readable): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of inChunks(sealed, SEALED_CHUNK_BYTES)) {
        const index = first + chunk.index;
        const opened = openChunk(keyAt(keys, index), { index, last: index === count - 1 }, chunk.bytes);
        const from = index * CHUNK_BYTES;
        const whole = opened?.length === Math.min(CHUNK_BYTES, bytes - from);
        if (opened === undefined || !whole || (chunk.last && index < last)) {
          throw vaultDamaged(keys.assetId, `chunk ${index} does not verify`);
        }
        const wanted = opened.subarray(Math.max(0, start - from), Math.max(0, end - from));
        if (wanted.length > 0) yield wanted;
      }
    } catch (error) {
      if (error instanceof TidewaiterError) throw error;
      throw vaultDamaged(keys.assetId, `it cannot be read (${systemCode(error) ?? 'unknown reason'})`, error);
    }
  }

  const stream = Readable.from(plain(source), { objectMode: false, highWaterMark: CHUNK_BYTES });
  // Who gives up before the first read never starts the generator, which then closes nothing.
  stream.once('close', () => source.destroy());
  return stream;
}
