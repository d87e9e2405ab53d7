import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import {
  directoryHeader,
  directoryHeaderBytes,
  endBytes,
  endOfDirectory,
  localHeader,
  longestArchive,
  mostEntries,
  type ZipEntry,
} from './zip-layout.ts';

/** A file of an archive that somebody else may have changed. */
export interface FoundEntry {
  readonly name: string;
  readonly sha256: string;
  /** The content of small files; undefined for larger ones. */
  readonly content: Buffer | undefined;
}

/** What an archive holds, and what about it is not as it was written, in sentences. */
export interface FoundArchive {
  readonly entries: readonly FoundEntry[];
  readonly problems: readonly string[];
}

/** Files up to this size are kept while an archive is read: lists, signatures, records. */
const small = 16 << 20;
const largestDirectory = 4 << 20;

/** Reads an archive as its directory has it, and compares every byte that is no content with how it would be written. */
export async function readZip(handle: FileHandle): Promise<FoundArchive> {
  const { size } = await handle.stat();
  const directory = size > longestArchive ? undefined : await readDirectory(handle, size);
  if (directory === undefined)
    return { entries: [], problems: ['the directory at the end of the archive was changed or cut off'] };
  const problems: string[] = [];
  const entries: FoundEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (const entry of directory.entries) {
    const { name, bytes } = entry;
    const header = localHeader(entry);
    const content = entry.offset + header.length;
    if (names.has(name)) problems.push(`${name} is there twice`);
    names.add(name);
    if (content + bytes > directory.offset) {
      problems.push(`${name} lies outside of the archive`);
      continue;
    }
    const found = await readEntry(handle, entry, content);
    entries.push(found.entry);
    const told = await block(handle, entry.offset, header.length);
    const isAsWritten =
      entry.offset === at &&
      told.equals(header) &&
      entry.header.equals(directoryHeader(entry)) &&
      found.crc === entry.crc;
    if (!isAsWritten) problems.push(`the archive's own bytes about ${name} were changed`);
    at = content + bytes;
  }
  if (at !== directory.offset) problems.push('there are bytes in the archive that belong to no file');
  if (!directory.isAsWritten) problems.push('the end of the archive was changed');
  return { entries, problems };
}

interface Directory {
  readonly entries: readonly (ZipEntry & { readonly header: Buffer })[];
  readonly offset: number;
  readonly isAsWritten: boolean;
}

/** @returns undefined when there is none that can be read. */
async function readDirectory(handle: FileHandle, size: number): Promise<Directory | undefined> {
  const tail = await block(handle, Math.max(0, size - endBytes - 0xffff), Math.min(size, endBytes + 0xffff));
  const place = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (place < 0 || tail.length - place < endBytes) return undefined;
  const end = tail.subarray(place);
  const [count, bytes, offset] = [end.readUInt16LE(10), end.readUInt32LE(12), end.readUInt32LE(16)];
  if (count > mostEntries || bytes > largestDirectory || offset + bytes > size) return undefined;
  const listed = await block(handle, offset, bytes);
  const entries: Directory['entries'][number][] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + directoryHeaderBytes > listed.length) return undefined;
    const head = listed.subarray(at);
    const nameBytes = head.readUInt16LE(28);
    const length = directoryHeaderBytes + nameBytes + head.readUInt16LE(30) + head.readUInt16LE(32);
    if (length > head.length) return undefined;
    entries.push({
      name: head.toString('latin1', directoryHeaderBytes, directoryHeaderBytes + nameBytes),
      crc: head.readUInt32LE(16),
      // As stored: a file that another program packed is none of ours, whatever it unpacks to.
      bytes: head.readUInt32LE(20),
      offset: head.readUInt32LE(42),
      header: head.subarray(0, length),
    });
    at += length;
  }
  const written = endOfDirectory({ entries: count, bytes, offset });
  const isAsWritten = at === bytes && offset + bytes + endBytes === size && end.equals(written);
  return { entries, offset, isAsWritten };
}

async function readEntry(
  handle: FileHandle,
  { name, bytes }: ZipEntry,
  from: number,
): Promise<{ readonly entry: FoundEntry; readonly crc: number }> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let crc = 0;
  for (let done = 0; done < bytes;) {
    const chunk = await block(handle, from + done, Math.min(1 << 20, bytes - done));
    if (chunk.length === 0) break;
    hash.update(chunk);
    crc = crc32(chunk, crc);
    if (bytes <= small) kept.push(chunk);
    done += chunk.length;
  }
  const content = bytes <= small ? Buffer.concat(kept) : undefined;
  return { entry: { name, sha256: hash.digest('hex'), content }, crc };
}

/** Bytes of the file; fewer where it ends. */
async function block(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, from);
  return buffer.subarray(0, bytesRead);
}
