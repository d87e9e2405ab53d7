/**
 * The items of a HEIF file: which pictures it holds, how they are cut into tiles, and what must be done to show them.
 * ISO/IEC 14496-12 (boxes, `meta`, `iloc`, `iinf`, `iref`, `pitm`) and ISO/IEC 23008-12 (properties, grids).
 */
export interface HeifFile {
  readonly primary: number;
  readonly items: ReadonlyMap<number, HeifItem>;
  readonly references: readonly HeifReference[];
  /** True when the file also holds a moving picture. */
  readonly hasMovie: boolean;
}

export interface HeifItem {
  readonly id: number;
  /** `hvc1`, `grid`, `Exif`, `mime`, ... */
  readonly type: string;
  readonly hidden: boolean;
  /** In the order in which they apply. */
  readonly properties: readonly Box[];
  /** The item's bytes. @throws RangeError when they lie outside the file. */
  readonly data: () => Buffer;
}

export interface HeifReference {
  /** `dimg` (made from), `thmb` (thumbnail of), `auxl` (auxiliary of), `cdsc` (describes). */
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** More of anything than this is damage or an attack: a 25 megapixel picture has some 100 tiles. */
const MOST_ENTRIES = 10_000;

/** @throws RangeError or Error when the structure does not hold together. */
export function parseHeif(file: Buffer): HeifFile {
  const top = boxesIn(file);
  const meta = boxesIn(need(top, 'meta').subarray(4));
  const properties = need(meta, 'iprp');
  const propertiesOf = associations(boxesIn(properties));
  const locations = itemLocations(need(meta, 'iloc'), file, meta.find(({ type }) => type === 'idat')?.body);
  const items = new Map<number, HeifItem>();
  for (const { id, type, hidden } of itemEntries(need(meta, 'iinf'))) {
    const data = locations.get(id) ?? (() => Buffer.alloc(0));
    items.set(id, { id, type, hidden, properties: propertiesOf.get(id) ?? [], data });
  }
  const pitm = reader(need(meta, 'pitm'));
  const primary = pitm.fullBox().version === 0 ? pitm.unsigned(2) : pitm.unsigned(4);
  const iref = meta.find(({ type }) => type === 'iref');
  return {
    primary,
    items,
    references: iref === undefined ? [] : itemReferences(iref.body),
    hasMovie: top.some(({ type }) => type === 'moov'),
  };
}

/** Reads big-endian numbers one after the other; a Buffer throws RangeError at its end. */
function reader(bytes: Buffer): {
  unsigned(size: number): number;
  text(size: number): string;
  fullBox(): { version: number; flags: number };
  readonly left: number;
} {
  let at = 0;
  const unsigned = (size: number): number => {
    if (size === 0) return 0;
    // 8-byte offsets: no file has the upper 11 bits set.
    const value = size === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, size);
    at += size;
    return value;
  };
  return {
    unsigned,
    text: (size) => {
      if (at + size > bytes.length) throw new RangeError('a box ends too early');
      at += size;
      return bytes.toString('latin1', at - size, at);
    },
    fullBox: () => ({ version: unsigned(1), flags: unsigned(3) }),
    get left() {
      return bytes.length - at;
    },
  };
}

function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const short = bytes.readUInt32BE(at);
    const header = short === 1 ? 16 : 8;
    const size =
      short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (size < header || at + size > bytes.length)
      throw new RangeError(`the box ${type} ends outside the file`);
    boxes.push({ type, body: bytes.subarray(at + header, at + size) });
    if (boxes.length > MOST_ENTRIES) throw new Error('too many boxes');
    at += size;
  }
  return boxes;
}

function need(boxes: readonly Box[], type: string): Buffer {
  const found = boxes.find((box) => box.type === type);
  if (found === undefined) throw new Error(`the box ${type} is missing`);
  return found.body;
}

function itemEntries(body: Buffer): { id: number; type: string; hidden: boolean }[] {
  const version = body.readUInt8(0);
  return boxesIn(body.subarray(version === 0 ? 6 : 8))
    .filter(({ type }) => type === 'infe')
    .map((entry) => {
      const read = reader(entry.body);
      const { version: entryVersion, flags } = read.fullBox();
      if (entryVersion < 2) throw new Error('items of an old kind');
      const id = read.unsigned(entryVersion === 2 ? 2 : 4);
      read.unsigned(2);
      return { id, type: read.text(4), hidden: (flags & 1) === 1 };
    });
}

function itemLocations(body: Buffer, file: Buffer, idat: Buffer | undefined): Map<number, () => Buffer> {
  const read = reader(body);
  const { version } = read.fullBox();
  const sizes = read.unsigned(1);
  const more = read.unsigned(1);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 4, sizes & 15, more >> 4];
  const indexSize = version > 0 ? more & 15 : 0;
  const count = read.unsigned(version < 2 ? 2 : 4);
  if (count > MOST_ENTRIES) throw new Error('too many items');
  const found = new Map<number, () => Buffer>();
  for (let i = 0; i < count; i++) {
    const id = read.unsigned(version < 2 ? 2 : 4);
    const method = version > 0 ? read.unsigned(2) & 15 : 0;
    read.unsigned(2);
    const base = read.unsigned(baseSize);
    const extents = Array.from({ length: Math.min(read.unsigned(2), MOST_ENTRIES) }, () => {
      read.unsigned(indexSize);
      return { offset: base + read.unsigned(offsetSize), length: read.unsigned(lengthSize) };
    });
    found.set(id, () => {
      const source = method === 0 ? file : method === 1 ? idat : undefined;
      if (source === undefined) throw new Error('an item lies where it cannot be read');
      return Buffer.concat(extents.map(({ offset, length }) => slice(source, offset, length)));
    });
  }
  return found;
}

function slice(source: Buffer, offset: number, length: number): Buffer {
  // A length of 0 means up to the end (14496-12, 8.11.3.3).
  const end = length === 0 ? source.length : offset + length;
  if (offset > source.length || end > source.length) throw new RangeError('an item ends outside the file');
  return source.subarray(offset, end);
}

function itemReferences(body: Buffer): HeifReference[] {
  const size = body.readUInt8(0) === 0 ? 2 : 4;
  return boxesIn(body.subarray(4)).map(({ type, body: entry }) => {
    const read = reader(entry);
    const from = read.unsigned(size);
    const to = Array.from({ length: Math.min(read.unsigned(2), MOST_ENTRIES) }, () => read.unsigned(size));
    return { type, from, to };
  });
}

function associations(iprp: readonly Box[]): Map<number, Box[]> {
  const properties = boxesIn(need(iprp, 'ipco'));
  const found = new Map<number, Box[]>();
  for (const { body } of iprp.filter(({ type }) => type === 'ipma')) {
    const read = reader(body);
    const { version, flags } = read.fullBox();
    const count = read.unsigned(4);
    if (count > MOST_ENTRIES) throw new Error('too many items');
    for (let i = 0; i < count; i++) {
      const id = read.unsigned(version < 1 ? 2 : 4);
      const own = Array.from({ length: read.unsigned(1) }, () => {
        const index = (flags & 1) === 1 ? read.unsigned(2) & 0x7fff : read.unsigned(1) & 0x7f;
        return properties[index - 1];
      });
      found.set(
        id,
        own.filter((box) => box !== undefined),
      );
    }
  }
  return found;
}
