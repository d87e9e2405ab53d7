import { open } from 'node:fs/promises';

/**
 * True for an MP4 or MOV whose last top-level box reaches beyond the end of the file, or that has no `moov` box: a
 * recording that was cut off. Boxes as in ISO/IEC 14496-12, 4.2.
 */
export async function looksCutShort(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const header = Buffer.alloc(16);
    let at = 0;
    let index = false;
    while (at + 8 <= size) {
      await file.read(header, 0, 16, at);
      const type = header.toString('latin1', 4, 8);
      if (at === 0 && !['ftyp', 'moov', 'wide', 'mdat', 'free', 'skip'].includes(type)) return false;
      index ||= type === 'moov';
      const length = boxLength(header, size - at);
      if (length < 8) return false;
      at += length;
    }
    return !index || at > size;
  } finally {
    await file.close();
  }
}

function boxLength(header: Buffer, rest: number): number {
  const short = header.readUInt32BE(0);
  if (short === 0) return rest;
  return short === 1 ? Number(header.readBigUInt64BE(8)) : short;
}
