import { TidewaiterError } from '../../core/errors.ts';
import { upright } from '../surface.ts';
import { exifKinds } from './exif.ts';
import { decodeHevc } from './heif-decode.ts';
import { parseHeif, type Box, type HeifFile, type HeifItem } from './heif-items.ts';
import { applyProfile, turn, type RawRgb } from './heif-transform.ts';
import { animated, checkSize, manyPages, truncated, unreadable, unsupported } from './info.ts';
import type { MetadataKind, PictureInfo, PictureLimits } from './info.ts';
import { sortedKinds } from './metadata-kinds.ts';
import { Picture } from './picture.ts';

/**
 * Opens a HEIC picture: one HEVC picture or a grid of them, turned and mirrored as the file asks. Depth maps, gain maps
 * and thumbnails in the file are left out.
 * @throws TidewaiterError as `openPicture` does.
 */
export async function openHeif(path: string, file: Buffer, limits: PictureLimits): Promise<Picture> {
  try {
    const heif = parseHeif(file);
    const item = heif.items.get(heif.primary);
    if (item === undefined) throw new Error('its main picture is missing');
    refuseOthers(path, heif);
    const { width, height } = extent(item);
    checkSize(path, width, height, limits);
    const composed = await compose(path, heif, item, limits);
    const profile = iccProfile(item);
    const shown = await turn(
      profile === undefined ? composed : await applyProfile(composed, profile),
      item.properties,
    );
    return new Picture(
      {
        kind: 'rgb',
        data: shown.data,
        channels: 3,
        width: shown.width,
        height: shown.height,
        orientation: upright,
      },
      describe(heif, item, shown),
    );
  } catch (error) {
    if (error instanceof TidewaiterError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw error instanceof RangeError ? truncated(path, why, error) : unreadable(path, why, error);
  }
}

const pictureTypes = ['hvc1', 'grid', 'av01', 'iovl', 'iden', 'jpeg', 'avc1', 'unci', 'j2k1'];

/** Refuses files that show more than the main picture, so that nothing is left out unsaid. */
function refuseOthers(path: string, heif: HeifFile): void {
  if (heif.hasMovie) throw animated(path, 'a HEIC file with a moving picture');
  const parts = new Set<number>();
  for (const { type, from, to } of heif.references) {
    if (type === 'dimg') for (const id of to) parts.add(id);
    if (type === 'thmb' || type === 'auxl') parts.add(from);
  }
  const pages = [...heif.items.values()].filter(
    ({ id, type, hidden }) => pictureTypes.includes(type) && !hidden && !parts.has(id),
  );
  if (pages.length > 1) throw manyPages(path, pages.length);
}

async function compose(path: string, heif: HeifFile, item: HeifItem, limits: PictureLimits): Promise<RawRgb> {
  if (item.type === 'grid') return composeGrid(path, heif, item, limits);
  return { ...extent(item), data: await decodeItem(path, item, item) };
}

/** Puts the tiles of a grid together, row by row (ISO/IEC 23008-12, 6.6.2.3). */
async function composeGrid(
  path: string,
  heif: HeifFile,
  item: HeifItem,
  limits: PictureLimits,
): Promise<RawRgb> {
  const body = item.data();
  const wide = (body.readUInt8(1) & 1) === 1;
  const [rows, columns] = [body.readUInt8(2) + 1, body.readUInt8(3) + 1];
  const width = wide ? body.readUInt32BE(4) : body.readUInt16BE(4);
  const height = wide ? body.readUInt32BE(8) : body.readUInt16BE(6);
  checkSize(path, width, height, limits);
  const ids = heif.references.find(({ type, from }) => type === 'dimg' && from === item.id)?.to ?? [];
  const tiles = ids.map((id) => heif.items.get(id));
  const first = tiles[0];
  if (first === undefined || tiles.length !== rows * columns) throw new Error('tiles are missing');
  const tile = extent(first);
  checkSize(path, tile.width, tile.height, limits);
  const fits = (size: number, count: number, whole: number): boolean =>
    size * count >= whole && size * (count - 1) < whole;
  if (!fits(tile.width, columns, width) || !fits(tile.height, rows, height)) {
    throw new Error('its tiles do not fit its size');
  }
  const data = Buffer.alloc(width * height * 3);
  for (const [index, part] of tiles.entries()) {
    if (part === undefined) throw new Error('a tile is missing');
    const { width: tileWidth, height: tileHeight } = extent(part);
    if (tileWidth !== tile.width || tileHeight !== tile.height) throw new Error('its tiles differ in size');
    const pixels = await decodeItem(path, part, item);
    const left = (index % columns) * tile.width;
    const top = Math.floor(index / columns) * tile.height;
    const row = Math.min(tile.width, width - left) * 3;
    for (let y = 0; y < Math.min(tile.height, height - top); y++) {
      const from = y * tile.width * 3;
      pixels.copy(data, ((top + y) * width + left) * 3, from, from + row);
    }
  }
  return { data, width, height };
}

/** @param shown the item whose colour is used when the tile has none of its own. */
async function decodeItem(path: string, item: HeifItem, shown: HeifItem): Promise<Buffer> {
  if (item.type !== 'hvc1') throw unsupported(path, `a HEIF file with ${item.type} pictures`);
  const configuration = property(item, 'hvcC')?.body;
  if (configuration === undefined) throw new Error('a picture has no decoder configuration');
  const colour = nclx(item) ?? nclx(shown);
  const picture = { ...extent(item), configuration, data: item.data() };
  return decodeHevc(colour === undefined ? picture : { ...picture, colour });
}

function property(item: HeifItem, type: string): Box | undefined {
  return item.properties.find((box) => box.type === type);
}

function extent(item: HeifItem): { width: number; height: number } {
  const body = property(item, 'ispe')?.body;
  if (body === undefined) throw new Error('a picture does not say how large it is');
  return { width: body.readUInt32BE(4), height: body.readUInt32BE(8) };
}

function colourBox(item: HeifItem, kinds: readonly string[]): Buffer | undefined {
  const found = item.properties.find(
    ({ type, body }) => type === 'colr' && kinds.includes(body.toString('latin1', 0, 4)),
  );
  return found?.body.subarray(4);
}

function nclx(item: HeifItem): { matrix: number; fullRange: boolean } | undefined {
  const body = colourBox(item, ['nclx']);
  if (body === undefined) return undefined;
  return { matrix: body.readUInt16BE(4), fullRange: body.readUInt8(6) >> 7 === 1 };
}

function iccProfile(item: HeifItem): Buffer | undefined {
  return colourBox(item, ['prof', 'rICC']);
}

function describe(heif: HeifFile, item: HeifItem, { width, height }: RawRgb): PictureInfo {
  const notes: string[] = [];
  const bitDepth = depthOf(heif, item);
  const icc = iccProfile(item) !== undefined;
  if (bitDepth > 8) notes.push(`${bitDepth} bits per component were reduced to 8`);
  if (icc) notes.push('the colour profile was converted to sRGB');
  const auxiliary = heif.references.filter(({ type }) => type === 'auxl').length;
  if (auxiliary > 0) notes.push('auxiliary pictures (depth, gain map or alpha) were left out');
  const metadataKinds = kindsOf(heif, icc);
  const common = { format: 'heic', width, height, pages: 1, hasAlpha: false, orientation: 1 } as const;
  return { ...common, bitDepth, metadataKinds, notes };
}

/** Bits of luma, from the decoder configuration of the picture or of its first tile. */
function depthOf(heif: HeifFile, item: HeifItem): number {
  const ids = heif.references.find(({ type, from }) => type === 'dimg' && from === item.id)?.to ?? [];
  const coded = item.type === 'grid' ? heif.items.get(ids[0] ?? -1) : item;
  const configuration = coded === undefined ? undefined : property(coded, 'hvcC')?.body;
  return configuration === undefined || configuration.length < 18 ? 8 : (configuration.readUInt8(17) & 7) + 8;
}

function kindsOf(heif: HeifFile, icc: boolean): MetadataKind[] {
  const kinds = new Set<MetadataKind>();
  if (icc) kinds.add('icc');
  if (heif.references.some(({ type }) => type === 'thmb')) kinds.add('thumbnail');
  for (const { type, data } of heif.items.values()) {
    // An Exif item begins with the distance to its TIFF header (ISO/IEC 23008-12, A.2.1).
    if (type === 'Exif') {
      const bytes = data();
      const start = bytes.length < 4 ? 4 : 4 + bytes.readUInt32BE(0);
      for (const kind of exifKinds(bytes.subarray(start))) kinds.add(kind);
    }
    if (type === 'mime') kinds.add('xmp');
  }
  return sortedKinds(kinds);
}
