import type { Metadata } from 'sharp';
import { exifKinds, tiffTags } from './exif.ts';
import type { MetadataKind } from './info.ts';

/** What a file carries beside its pixels, in the order of {@link MetadataKind}, each once. */
export function metadataKinds(file: Uint8Array, metadata: Metadata): MetadataKind[] {
  const kinds = new Set<MetadataKind>();
  if (metadata.exif !== undefined) for (const kind of exifKinds(metadata.exif)) kinds.add(kind);
  if (metadata.xmp !== undefined) kinds.add('xmp');
  if (metadata.iptc !== undefined || metadata.tifftagPhotoshop !== undefined) kinds.add('iptc');
  if (metadata.icc !== undefined) kinds.add('icc');
  if ((metadata.comments?.length ?? 0) > 0) kinds.add('comment');
  if (metadata.format === 'tiff') for (const kind of tiffTags(file).kinds) kinds.add(kind);
  if (metadata.format === 'jpeg') for (const kind of jpegKinds(file)) kinds.add(kind);
  return sortedKinds(kinds);
}

const order: readonly MetadataKind[] = ['exif', 'gps', 'xmp', 'iptc', 'icc', 'thumbnail', 'comment'];

export function sortedKinds(kinds: ReadonlySet<MetadataKind>): MetadataKind[] {
  return order.filter((kind) => kinds.has(kind));
}

/** JPEG segments that sharp does not report: comments, and the thumbnails of JFIF (ITU-T T.871 section 10). */
function jpegKinds(file: Uint8Array): MetadataKind[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const kinds: MetadataKind[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) break;
    const length = bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length).toString('latin1');
    if (marker === 0xfe) kinds.push('comment');
    const jfifThumbnail = body.startsWith('JFIF\0') && body.length > 14;
    if (marker === 0xe0 && (jfifThumbnail || body.startsWith('JFXX\0'))) kinds.push('thumbnail');
    at += 2 + length;
  }
  return kinds;
}

/** True for an animated PNG: its `acTL` chunk comes before the first `IDAT` (PNG third edition, section 11.3.6.1). */
export function isAnimatedPng(file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 8 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
  }
  return false;
}
