import type { MetadataKind } from './info.ts';

/** Tags of the TIFF 6.0, EXIF 2.32 and XMP specifications that tell what kind of data a file carries. */
const tagKinds: Readonly<Record<number, MetadataKind>> = {
  0x010e: 'comment', // ImageDescription
  0x013b: 'exif', // Artist
  0x010f: 'exif', // Make
  0x0110: 'exif', // Model
  0x0131: 'exif', // Software
  0x0132: 'exif', // DateTime
  0x8298: 'exif', // Copyright
  0x8769: 'exif', // Exif IFD
  0x8825: 'gps', // GPS IFD
  0x02bc: 'xmp',
  0x83bb: 'iptc',
  0x8649: 'iptc', // Photoshop resources, where IPTC usually lies
  0x8773: 'icc',
};

/** Tags that only files of camera makers have, whose first picture is but a preview: DNGVersion, SubIFDs. */
const rawTags = [0xc612, 0x014a];

export interface TiffTags {
  readonly kinds: ReadonlySet<MetadataKind>;
  readonly directories: number;
  /** True for camera raw files (DNG, NEF, ...), which are TIFF files by their structure. */
  readonly raw: boolean;
}

/** More directories than this are an attack or damage. */
const MOST_DIRECTORIES = 1000;

/**
 * Walks the directories of a TIFF file or of an EXIF block without its `Exif\0\0` prefix (TIFF 6.0 section 2). Damaged
 * directories end the walk: this only reports, the decoder judges.
 */
export function tiffTags(bytes: Uint8Array): TiffTags {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kinds = new Set<MetadataKind>();
  let raw = false;
  let directories = 0;
  if (bytes.length < 8) return { kinds, directories, raw };
  const little = bytes[0] === 0x49;
  const seen = new Set<number>();
  let at = view.getUint32(4, little);
  while (at >= 8 && at + 2 <= bytes.length && !seen.has(at) && directories < MOST_DIRECTORIES) {
    seen.add(at);
    directories++;
    const count = view.getUint16(at, little);
    const end = at + 2 + count * 12;
    for (let entry = at + 2; entry < end && entry + 12 <= bytes.length; entry += 12) {
      const tag = view.getUint16(entry, little);
      const kind = tagKinds[tag];
      if (kind !== undefined) kinds.add(kind);
      if (rawTags.includes(tag)) raw = true;
    }
    at = end + 4 <= bytes.length ? view.getUint32(end, little) : 0;
  }
  return { kinds, directories, raw };
}

/** What an EXIF block carries; its second directory describes the thumbnail (EXIF 2.32 section 4.5.7). */
export function exifKinds(block: Uint8Array): MetadataKind[] {
  const prefixed = block.length > 6 && Buffer.from(block.subarray(0, 6)).toString('latin1') === 'Exif\0\0';
  const { kinds, directories } = tiffTags(prefixed ? block.subarray(6) : block);
  const found: MetadataKind[] = ['exif', ...kinds];
  return directories > 1 ? [...found, 'thumbnail'] : found;
}
