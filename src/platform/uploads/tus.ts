import { TidewaiterError } from '../../core/errors.ts';
import { check, misfitOf } from '../../core/misfit.ts';
import { fileName } from './receive.ts';

/** The protocol: https://tus.io/protocols/resumable-upload, version 1.0.0. */
const VERSION = '1.0.0';
export const PIECE_TYPE = 'application/offset+octet-stream';

/** Sent with every answer, refusals too. */
export const tusHeaders = { 'tus-resumable': VERSION, 'tus-version': VERSION };

/** What may be asked of this server. */
export function abilities(maxBytes: number): Record<string, string> {
  return { 'tus-extension': 'creation,termination,expiration', 'tus-max-size': String(maxBytes) };
}

export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** @throws TidewaiterError `E_TUS_VERSION`. */
export function checkVersion(headers: RequestHeaders): void {
  if (headers['tus-resumable'] === VERSION) return;
  throw new TidewaiterError(
    'E_TUS_VERSION',
    'The request does not speak the version of the upload protocol that is spoken here',
    `Send Tus-Resumable: ${VERSION}.`,
  );
}

/** A count of bytes in a header. @throws TidewaiterError `E_REQUEST`. */
export function byteCount(headers: RequestHeaders, name: 'upload-length' | 'upload-offset'): number {
  const value = headers[name];
  const count = value !== undefined && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (!Number.isSafeInteger(count)) throw unfit(`${name} is no count of bytes`);
  return count;
}

const LONGEST_METADATA = 4096;

/**
 * The name in `Upload-Metadata`: pairs of a key and a value in base64, with commas between them. Other keys are passed over.
 * @throws TidewaiterError `E_REQUEST`.
 */
export function nameIn(metadata: string | undefined): string {
  if (metadata === undefined || metadata.length > LONGEST_METADATA)
    throw unfit('upload-metadata is missing or too long');
  const pairs = metadata.split(',').map((pair) => pair.trim().split(' '));
  for (const [key = '', value = '', ...rest] of pairs)
    if (!/^[\x21-\x7e]+$/.test(key) || !isBase64(value) || rest.length > 0)
      throw unfit('upload-metadata is no list of keys and values in base64');
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw unfit('upload-metadata has a key twice');
  const encoded = pairs.find(([key]) => key === 'filename')?.[1];
  if (encoded === undefined) throw unfit('upload-metadata has no filename');
  const name = check(fileName, utf8(Buffer.from(encoded, 'base64')));
  if (!name.success) throw unfit(`filename in upload-metadata: ${misfitOf(name.error).what}`);
  return name.data;
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Undefined for what is no UTF-8. */
function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unfit(what: string): TidewaiterError {
  return new TidewaiterError('E_REQUEST', what, 'See docs/uploads.md.');
}
