import { open, type FileHandle } from 'node:fs/promises';

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
    if (head.readUInt32BE(0) === 0x1a45dfa3) return (segmentEnd(head) ?? 0) > size;
    const boxes = await walkBoxes(file, size);
    return boxes !== undefined && boxes.end > size;
  });
}

async function withFile<T>(path: string, look: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await look(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
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

function boxLength(header: Buffer, rest: number): number {
  const short = header.readUInt32BE(0);
  if (short === 0) return rest;
  return short === 1 ? Number(header.readBigUInt64BE(8)) : short;
}

/** Where the Matroska segment ends, when its size is known (RFC 8794, 4 and 5: element IDs and sizes). */
function segmentEnd(head: Buffer): number | undefined {
  const ebml = sizeAt(head, 4);
  if (ebml === undefined) return undefined;
  const segment = ebml.next + ebml.value;
  if (segment + 12 > head.length || head.readUInt32BE(segment) !== 0x18538067) return undefined;
  const size = sizeAt(head, segment + 4);
  return size === undefined ? undefined : size.next + size.value;
}

/** An EBML variable-length size; undefined for the value that means "unknown". */
function sizeAt(head: Buffer, at: number): { value: number; next: number } | undefined {
  const first = head[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8) return undefined;
  let value = first & (0xff >> length);
  let unknown = value === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = head[at + index] ?? 0;
    unknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return unknown ? undefined : { value, next: at + length };
}
