import { createReadStream } from 'node:fs';
import { TidewaiterError } from '../../core/errors.ts';

/** How the text of a file is written as bytes. */
export interface TextEncoding {
  readonly charset: 'utf-8' | 'windows-1252';
  /** Whether the file begins with the byte order mark that Excel wants. */
  readonly mark: boolean;
}

const MARK = '\uFEFF';

/**
 * UTF-8 when all of the file is, else windows-1252: the federal inventories are one or the other.
 * @throws TidewaiterError `E_CSV` with the line for a file that is neither: UTF-16, no text, or damaged.
 */
export async function findEncoding(path: string): Promise<TextEncoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let mark = false;
  let first = true;
  let lines = 0;
  try {
    for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
      const zero = bytes.indexOf(0);
      if (zero >= 0) {
        const line = lines + linesOf(bytes.subarray(0, zero)) + 1;
        throw noText(path, line, 'is a zero byte, as in UTF-16 or a damaged file');
      }
      lines += linesOf(bytes);
      mark ||= first && bytes.subarray(0, 3).equals(Buffer.from(MARK));
      first = false;
      utf8.decode(bytes, { stream: true });
    }
    utf8.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (mark)
      throw noText(path, lines + 1, 'or before it are bytes that are no UTF-8, as which the file begins');
    return { charset: 'windows-1252', mark: false };
  }
  return { charset: 'utf-8', mark };
}

function linesOf(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + Number(byte === 10), 0);
}

function noText(path: string, line: number, what: string): TidewaiterError {
  const remedy = 'Save the table again as CSV in UTF-8, or fetch the file again.';
  return new TidewaiterError('E_CSV', `${path}: on line ${line} ${what}`, remedy);
}

/** The text of a file as it arrives, without its mark. */
export async function* readText(path: string, { charset, mark }: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(charset, { ignoreBOM: !mark });
  for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>)
    yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

/** The byte of each character of windows-1252, from the table that decodes it. */
const windowsBytes: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
    byte,
  ]),
);

/**
 * The opposite of {@link readText}; the mark is written by itself.
 * @throws TidewaiterError `E_INVENTORY_ENCODING` for a character that windows-1252 does not have.
 */
export function encodeText(text: string, charset: TextEncoding['charset']): Uint8Array {
  if (charset === 'utf-8') return Buffer.from(text, 'utf8');
  return Uint8Array.from(text, (char) => {
    const byte = windowsBytes.get(char);
    if (byte === undefined)
      throw new TidewaiterError(
        'E_INVENTORY_ENCODING',
        `"${char}" cannot be written in windows-1252`,
        'Write the file in UTF-8.',
      );
    return byte;
  });
}

/** The byte order mark of a file that has one. */
export function encodedMark({ mark }: TextEncoding): Uint8Array {
  return Buffer.from(mark ? MARK : '', 'utf8');
}
