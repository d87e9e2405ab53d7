import { createReadStream } from 'node:fs';
import { TidewaiterError } from '../../core/errors.ts';

/** How the text of a file is written as bytes. */
export interface TextEncoding {
  readonly charset: 'utf-8' | 'windows-1252';
  /** Whether the file begins with the byte order mark that Excel wants. */
  readonly mark: boolean;
}

const MARK = '\uFEFF';

/** UTF-8 when all of the file is, else windows-1252: the federal inventories are one or the other. */
export async function findEncoding(path: string): Promise<TextEncoding> {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let mark = false;
  let first = true;
  try {
    for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
      const text = utf8.decode(bytes, { stream: true });
      if (first && text !== '') {
        mark = text.startsWith(MARK);
        first = false;
      }
    }
    utf8.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { charset: 'windows-1252', mark: false };
  }
  return { charset: 'utf-8', mark };
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
