import { open, type FileHandle } from 'node:fs/promises';

/** What containers say of themselves outside of their tracks, read without FFmpeg. */

/** Opens a file for the time of a look at it. */
export async function withFile<T>(
  path: string,
  look: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await look(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/**
 * Bytes of an ISO base media box with its header (ISO/IEC 14496-12, 4.2).
 * @param header the first 16 bytes of the box. @param rest bytes from there to the end of what holds it.
 */
export function boxLength(header: Buffer, rest: number): number {
  const short = header.readUInt32BE(0);
  if (short === 0) return rest;
  return short === 1 ? Number(header.readBigUInt64BE(8)) : short;
}

/** The ID of a Matroska file's EBML header, and of the segment that follows it (RFC 9559, 5.1). */
export const ebmlHeader = 0x1a45dfa3;
export const matroskaSegment = 0x18538067;

/** An EBML variable-length size (RFC 8794, 4); undefined for the value that means "unknown". */
export function elementSize(bytes: Buffer, at: number): { value: number; next: number } | undefined {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8) return undefined;
  let value = first & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0;
    unknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return unknown ? undefined : { value, next: at + length };
}
