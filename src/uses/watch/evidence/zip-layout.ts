/**
 * The one way in which the archives here are laid out (PKWARE APPNOTE 6.3, sections 4.3 to 4.5): files stored one behind the other,
 * no extra fields, no comments, every date 1980-01-01. So all bytes that are no file's content follow from names, lengths and
 * checksums, and a change of any of them shows.
 */

export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly crc: number;
  /** Where its header begins. */
  readonly offset: number;
}

export const localHeaderBytes = 30;
export const directoryHeaderBytes = 46;
export const endBytes = 22;
/** Longer archives need Zip64, which is not written. */
export const longestArchive = 0xffff_fffe;
export const mostEntries = 10_000;

const version = 20;
/** 1980-01-01 as DOS has it. */
const date = 0x21;

export function localHeader({ name, bytes, crc }: Omit<ZipEntry, 'offset'>): Buffer {
  const header = Buffer.alloc(localHeaderBytes + name.length);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(date, 12);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(bytes, 18);
  header.writeUInt32LE(bytes, 22);
  header.writeUInt16LE(name.length, 26);
  header.write(name, localHeaderBytes, 'latin1');
  return header;
}

export function directoryHeader({ name, bytes, crc, offset }: ZipEntry): Buffer {
  const header = Buffer.alloc(directoryHeaderBytes + name.length);
  header.write('PK\x01\x02', 'latin1');
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(date, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(bytes, 20);
  header.writeUInt32LE(bytes, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  header.write(name, directoryHeaderBytes, 'latin1');
  return header;
}

export function endOfDirectory(directory: {
  readonly entries: number;
  readonly bytes: number;
  readonly offset: number;
}): Buffer {
  const end = Buffer.alloc(endBytes);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.entries, 8);
  end.writeUInt16LE(directory.entries, 10);
  end.writeUInt32LE(directory.bytes, 12);
  end.writeUInt32LE(directory.offset, 16);
  return end;
}
