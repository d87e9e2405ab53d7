import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a HEIC file made for a test should hold. */
export interface HeicPlan {
  readonly width: number;
  readonly height: number;
  /** Packed RGB of the whole picture. */
  readonly rgb: Uint8Array;
  readonly columns?: number;
  readonly rows?: number;
  /** Quarter turns against the clock. */
  readonly turns?: number;
  /** 0 exchanges top and bottom, 1 left and right. */
  readonly mirror?: 0 | 1;
  readonly tenBits?: boolean;
  /** A TIFF-structured EXIF block. */
  readonly exif?: Uint8Array;
  /** Adds the first tile once more as a second picture. */
  readonly second?: boolean;
}

const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((v) => [v >> 8, v & 255]));
const u32 = (...values: number[]): Buffer => Buffer.concat(values.map((v) => u16(v >>> 16, v & 0xffff)));
const text = (value: string): Buffer => Buffer.from(value, 'latin1');

function box(type: string, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), text(type), body]);
}

const fullBox = (type: string, version: number, ...parts: Uint8Array[]): Buffer =>
  box(type, Buffer.from([version, 0, 0, 0]), ...parts);

/** Codes one tile with Debian's ffmpeg (libx265) and takes it out of the MP4 file. */
function coded(plan: HeicPlan, x: number, y: number, w: number, h: number): { hvcC: Buffer; data: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-heic-'));
  try {
    const path = join(folder, 'tile.mp4');
    const format = plan.tenBits === true ? 'yuv420p10le' : 'yuv420p';
    const filter = `crop=${w}:${h}:${x}:${y},scale=out_color_matrix=bt601:out_range=full,format=${format}`;
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${plan.width}x${plan.height}`, '-i', '-'];
    const codec = [
      '-c:v',
      'libx265',
      '-x265-params',
      'log-level=none:keyint=1:crf=8:range=full',
      '-tag:v',
      'hvc1',
    ];
    execFileSync('ffmpeg', ['-v', 'error', ...input, '-vf', filter, ...codec, path], { input: plan.rgb });
    const file = readFileSync(path);
    const body = (type: string): Buffer => {
      const at = file.indexOf(type, 0, 'latin1');
      return file.subarray(at + 4, at - 4 + file.readUInt32BE(at - 4));
    };
    return { hvcC: body('hvcC'), data: body('mdat') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A HEIC file as phones write it: one picture, or a grid of tiles, with its properties (ISO/IEC 23008-12). */
export function heicFile(plan: HeicPlan): Buffer {
  const { width, height, columns = 1, rows = 1 } = plan;
  const grid = columns * rows > 1;
  const tileWidth = Math.ceil(width / columns / 16) * 16;
  const tileHeight = Math.ceil(height / rows / 16) * 16;
  const [w, h] = grid ? [tileWidth, tileHeight] : [width, height];
  const padded = grid ? padTo(plan, tileWidth * columns, tileHeight * rows) : plan;
  const tiles = Array.from({ length: columns * rows }, (_, i) =>
    coded(padded, (i % columns) * w, Math.floor(i / columns) * h, w, h),
  );
  const items: { type: string; data: Buffer; properties: number[] }[] = tiles.map(({ data }) => ({
    type: 'hvc1',
    data,
    properties: [1, 2],
  }));
  const properties = [
    box('hvcC', tiles[0]!.hvcC),
    fullBox('ispe', 0, u32(w, h)),
    box('colr', text('nclx'), u16(1, 13, 6), Buffer.from([0x80])),
    fullBox('ispe', 0, u32(width, height)),
    box('irot', Buffer.from([plan.turns ?? 0])),
    box('imir', Buffer.from([plan.mirror ?? 0])),
  ];
  const shown = [3, ...(plan.turns === undefined ? [] : [5]), ...(plan.mirror === undefined ? [] : [6])];
  const references: Buffer[] = [];
  let primary = 1;
  if (grid) {
    const body = Buffer.concat([Buffer.from([0, 0, rows - 1, columns - 1]), u16(width, height)]);
    primary = items.push({ type: 'grid', data: body, properties: [4, ...shown] });
    references.push(box('dimg', u16(primary, tiles.length, ...tiles.map((_, i) => i + 1))));
  } else {
    items[0]!.properties.push(...shown);
  }
  if (plan.exif !== undefined) {
    const id = items.push({ type: 'Exif', data: Buffer.concat([u32(0), plan.exif]), properties: [] });
    references.push(box('cdsc', u16(id, 1, primary)));
  }
  if (plan.second === true) items.push({ type: 'hvc1', data: tiles[0]!.data, properties: [1, 2] });
  const meta = (dataAt: number): Buffer => metaBox(items, properties, references, primary, dataAt);
  const head = box('ftyp', text('heic'), u32(0), text('mif1heic'));
  const start = head.length + meta(0).length + 8;
  return Buffer.concat([head, meta(start), box('mdat', ...items.map(({ data }) => data))]);
}

function padTo(plan: HeicPlan, width: number, height: number): HeicPlan {
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < plan.height; y++) {
    rgb.set(plan.rgb.subarray(y * plan.width * 3, (y + 1) * plan.width * 3), y * width * 3);
  }
  return { ...plan, rgb, width, height };
}

function metaBox(
  items: readonly { type: string; data: Buffer; properties: number[] }[],
  properties: readonly Buffer[],
  references: readonly Buffer[],
  primary: number,
  dataAt: number,
): Buffer {
  let at = dataAt;
  const locations = items.map(({ data }, i) => {
    at += data.length;
    return Buffer.concat([u16(i + 1, 0, 1), u32(at - data.length, data.length)]);
  });
  const entries = items.map(({ type }, i) => fullBox('infe', 2, u16(i + 1, 0), text(type), Buffer.alloc(1)));
  const owners = items
    .map(({ properties: own }, i) => Buffer.concat([u16(i + 1), Buffer.from([own.length, ...own])]))
    .filter((_, i) => items[i]!.properties.length > 0);
  return fullBox(
    'meta',
    0,
    fullBox('hdlr', 0, u32(0), text('pict'), Buffer.alloc(13)),
    fullBox('pitm', 0, u16(primary)),
    fullBox('iloc', 0, Buffer.from([0x44, 0x00]), u16(items.length), ...locations),
    fullBox('iinf', 0, u16(items.length), ...entries),
    ...(references.length > 0 ? [fullBox('iref', 0, ...references)] : []),
    box('iprp', box('ipco', ...properties), fullBox('ipma', 0, u32(owners.length), ...owners)),
  );
}
