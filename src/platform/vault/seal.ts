import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { CHUNK_BYTES, inPieces, sealChunk, type ObjectKey } from './chunks.ts';

/** What may be put into the vault. */
export interface PutLimits {
  readonly maxBytes: number;
  /**
   * Says what it is from its first bytes (all of them, or 256 KiB), before anything else is looked at. What it throws
   * refuses the asset.
   */
  readonly mediaTypeOf?: (head: Uint8Array) => string;
}

/** What was put into the vault. */
export interface Stored {
  /** Of the plain bytes, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** What `mediaTypeOf` said. */
  readonly mediaType?: string;
}

/**
 * Seals a stream on its way: `sealed` is to be read once, and when it has ended `stored` tells what went through.
 * The source is not destroyed when it is refused, so that who sends it can still be answered.
 */
export function seal(
  source: AsyncIterable<Uint8Array>,
  key: ObjectKey,
  limits: PutLimits,
): { readonly sealed: AsyncGenerator<Buffer>; readonly stored: () => Stored } {
  // It may fail before it is read and after it was refused, when nobody else listens; that must not end the process.
  if (source instanceof Readable) source.on('error', () => undefined);
  const hash = createHash('sha256');
  let total = 0;
  let mediaType: string | undefined;
  let ended = false;

  async function* sealed(): AsyncGenerator<Buffer> {
    for await (const { pieces, ...place } of inPieces(unbroken(source), CHUNK_BYTES)) {
      for (const { byteLength } of pieces) total += byteLength;
      if (total > limits.maxBytes) throw tooLarge(limits.maxBytes);
      if (place.index === 0) mediaType = limits.mediaTypeOf?.(Buffer.concat(pieces));
      for (const piece of pieces) hash.update(piece);
      yield* sealChunk(key, place, pieces);
    }
    ended = true;
  }

  return {
    sealed: sealed(),
    stored: () => {
      if (!ended) throw new TypeError('the stream has not ended');
      return { sha256: hash.digest('hex'), bytes: total, ...(mediaType === undefined ? {} : { mediaType }) };
    },
  };
}

/** Who sends it may leave before the end; that is no defect of ours. */
async function* unbroken(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source instanceof Readable ? source.iterator({ destroyOnReturn: false }) : source;
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET' && code !== 'ABORT_ERR') throw error;
    throw new TidewaiterError(
      'E_CANCELLED',
      'What was to be stored broke off before its end',
      'Send it again; nothing of it was kept.',
      { cause: error },
    );
  }
}

function tooLarge(maxBytes: number): TidewaiterError {
  return new TidewaiterError(
    'E_TOO_LARGE',
    `What was to be stored has more than ${maxBytes} bytes`,
    'Split it, or ask an administrator to raise the limit.',
  );
}
