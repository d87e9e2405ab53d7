import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/** Plain bytes in a chunk, the last one excepted. Large enough that starting a cipher for each costs little. */
export const CHUNK_BYTES = 256 * 1024;
const TAG_BYTES = 16;
/** Bytes of a chunk as it is stored. */
export const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/**
 * Which chunk of an object it is. Both go into the nonce: STREAM of Hoang, Reyhanitabar, Rogaway and Vizar, "Online
 * Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance" (CRYPTO 2015), so that chunks that were exchanged, left
 * out or cut off do not verify.
 */
export interface ChunkPlace {
  readonly index: number;
  readonly last: boolean;
}

/** The key of one object: it seals no other, so that its nonces may count. */
export interface ObjectKey {
  /** AES-256. */
  readonly key: KeyObject;
  readonly assetId: string;
}

/** Chunks of so many plain bytes. An empty object has one, which is empty: that too is authenticated. */
export function chunkCount(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

/**
 * AES-256-GCM.
 * @param plain the bytes of the chunk, in pieces.
 * @returns the sealed pieces and the tag, to be stored one after the other: joining them is half the work.
 */
export function sealChunk(
  { key, assetId }: ObjectKey,
  place: ChunkPlace,
  plain: readonly Uint8Array[],
): Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(place)).setAAD(associated(assetId));
  const sealed = plain.map((piece) => cipher.update(piece));
  cipher.final();
  return [...sealed, cipher.getAuthTag()];
}

/** Undefined when it does not verify. */
export function openChunk(
  { key, assetId }: ObjectKey,
  place: ChunkPlace,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.byteLength < TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(place), { authTagLength: TAG_BYTES })
    .setAAD(associated(assetId))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** 96 bits: seven zero bytes, the index (32 bits, big-endian), 1 for the last chunk. */
function nonce({ index, last }: ChunkPlace): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(index, 7);
  bytes.writeUInt8(last ? 1 : 0, 11);
  return bytes;
}

function associated(assetId: string): Buffer {
  return Buffer.from(`tidewaiter vault 1 ${assetId}`);
}

/** Cuts a stream into chunks of `size` bytes; the last one is shorter, and empty only when the stream is. */
export async function* inChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<ChunkPlace & { readonly bytes: Buffer }> {
  for await (const { pieces, ...place } of inPieces(source, size))
    yield { ...place, bytes: Buffer.concat(pieces) };
}

/** The same for who does not need each chunk in one piece. */
export async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<ChunkPlace & { readonly pieces: readonly Uint8Array[] }> {
  let index = 0;
  let pieces: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const piece of source) {
    let rest = piece;
    // A full chunk waits for one more byte: only then is it known not to be the last.
    while (heldBytes + rest.byteLength > size) {
      const room = size - heldBytes;
      yield { index: index++, last: false, pieces: [...pieces, rest.subarray(0, room)] };
      rest = rest.subarray(room);
      pieces = [];
      heldBytes = 0;
    }
    pieces.push(rest);
    heldBytes += rest.byteLength;
  }
  yield { index, last: true, pieces };
}
