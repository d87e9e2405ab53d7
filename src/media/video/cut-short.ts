import type { FileHandle } from 'node:fs/promises';
import { boxLength, ebmlHeader, elementSize, matroskaSegment, withFile } from './container-bytes.ts';

/**
 * True for an MP4 or MOV without the `moov` box that says where its frames are: a recording that was cut off before its
 * end. Boxes as in ISO/IEC 14496-12, 4.2.
 */
export async function lacksIndex(path: string): Promise<boolean> {
  return withFile(path, async (file, size) => {
    const boxes = await walkBoxes(file, size);
    return boxes !== undefined && (!boxes.types.has('moov') || boxes.end > size);
  });
}

/** True when the file is shorter than its own header says: MP4 and MOV boxes, RIFF (AVI) and Matroska segments. */
export async function endsBeforeItsSize(path: string): Promise<boolean> {
  return withFile(path, async (file, size) => {
    const head = Buffer.alloc(64);
    await file.read(head, 0, head.length, 0);
    if (head.toString('latin1', 0, 4) === 'RIFF') return head.readUInt32LE(4) + 8 > size;
    if (head.readUInt32BE(0) === ebmlHeader) return (segmentEnd(head) ?? 0) > size;
    const boxes = await walkBoxes(file, size);
    return boxes !== undefined && boxes.end > size;
  });
}

/** The top-level boxes and where the last one should end; undefined when this is no MP4. */
async function walkBoxes(
  file: FileHandle,
  size: number,
): Promise<{ types: Set<string>; end: number } | undefined> {
  const header = Buffer.alloc(16);
  const types = new Set<string>();
  let at = 0;
  while (at + 8 <= size) {
    await file.read(header, 0, 16, at);
    const type = header.toString('latin1', 4, 8);
    if (at === 0 && !['ftyp', 'moov', 'wide', 'mdat', 'free', 'skip'].includes(type)) return undefined;
    const length = boxLength(header, size - at);
    // Padding or rubbish after the last box says nothing about the recording.
    if (length < 8 || !/^[\x20-\x7e\xa9]{4}$/.test(type)) break;
    types.add(type);
    at += length;
  }
  return { types, end: at };
}

/** Where the Matroska segment ends, when its size is known (RFC 8794, 4 and 5: element IDs and sizes). */
function segmentEnd(head: Buffer): number | undefined {
  const ebml = elementSize(head, 4);
  if (ebml === undefined) return undefined;
  const segment = ebml.next + ebml.value;
  if (segment + 12 > head.length || head.readUInt32BE(segment) !== matroskaSegment) return undefined;
  const size = elementSize(head, segment + 4);
  return size === undefined ? undefined : size.next + size.value;
}
