import type { FileHandle } from 'node:fs/promises';
import { boxLength, ebmlHeader, elementSize, matroskaSegment, withFile } from './container-bytes.ts';

/** Boxes in which the chapters of an MP4 or MOV may lie. */
const holders = new Set(['moov', 'udta', 'trak', 'tref']);

/** Nero's list of chapters, and QuickTime's reference to a track that names them. */
const chapterBoxes = new Set(['chpl', 'chap']);

/** Matroska elements (RFC 9559, 5.1). */
const chapters = 0x1043a770;
const seekHead = 0x114d9b74;

/** A `SeekID` (0x53ab, 4 bytes long) that names the chapters. */
const chaptersSeekId = Buffer.from([0x53, 0xab, 0x84, 0x10, 0x43, 0xa7, 0x70]);

/** No index of a segment is longer. */
const longestSeekHead = 65_536;

/**
 * Whether a file divides itself into chapters, whose titles may name people and places. FFmpeg's reader keeps them apart
 * from tracks and tags, and its binding does not show them.
 */
export async function hasChapters(path: string): Promise<boolean> {
  return withFile(path, async (file, size) => {
    const head = Buffer.alloc(64);
    await file.read(head, 0, head.length, 0);
    if (head.readUInt32BE(0) === ebmlHeader) return segmentHasChapters(file, head, size);
    return boxesHaveChapters(file, 0, size);
  });
}

async function boxesHaveChapters(file: FileHandle, from: number, to: number): Promise<boolean> {
  const header = Buffer.alloc(16);
  for (let at = from; at + 8 <= to;) {
    await file.read(header, 0, 16, at);
    const length = boxLength(header, to - at);
    const type = header.toString('latin1', 4, 8);
    if (length < 8 || !/^[\x20-\x7e\xa9]{4}$/.test(type)) return false;
    if (chapterBoxes.has(type)) return true;
    if (holders.has(type) && (await boxesHaveChapters(file, at + 8, Math.min(to, at + length)))) return true;
    at += length;
  }
  return false;
}

async function segmentHasChapters(file: FileHandle, head: Buffer, size: number): Promise<boolean> {
  const ebml = elementSize(head, 4);
  const segment = ebml === undefined ? 0 : ebml.next + ebml.value;
  if (ebml === undefined || segment + 12 > head.length || head.readUInt32BE(segment) !== matroskaSegment) {
    return false;
  }
  // The size itself may be unknown; its first byte tells how many there are.
  let at = segment + 4 + Math.clz32(head[segment + 4]!) - 23;
  const header = Buffer.alloc(12);
  while (at + 5 <= size) {
    await file.read(header, 0, header.length, at);
    const id = header.readUInt32BE(0);
    if (id === chapters) return true;
    const idBytes = Math.clz32(header[0]!) - 23;
    const content = elementSize(header, idBytes);
    // A live recording does not know how long its clusters are: what comes after them cannot be found this way.
    if (content === undefined || idBytes > 4) return false;
    if (id === seekHead && (await seeksChapters(file, at + content.next, content.value))) return true;
    at += content.next + content.value;
  }
  return false;
}

async function seeksChapters(file: FileHandle, at: number, bytes: number): Promise<boolean> {
  const body = Buffer.alloc(Math.min(bytes, longestSeekHead));
  await file.read(body, 0, body.length, at);
  return body.includes(chaptersSeekId);
}
