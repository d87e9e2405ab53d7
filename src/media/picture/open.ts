import { readFile, stat } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { TidewaiterError } from '../../core/errors.ts';
import { sniffFile } from '../sniff.ts';
import { upright, type RgbSurface } from '../surface.ts';
import { tiffTags } from './exif.ts';

import {
  animated,
  checkSize,
  manyPages,
  unsupported,
  type PictureFormat,
  type PictureInfo,
  type PictureLimits,
} from './info.ts';
import { isAnimatedPng, metadataKinds } from './metadata-kinds.ts';
import { Picture } from './picture.ts';
import { openSharp, readError } from './sharp.ts';

/** No picture within the limits needs more bytes than this, and a file is held in memory while it is decoded. */
const MOST_BYTES = 512 * 2 ** 20;

/** libvips' guard behind {@link checkSize}, which knows the caller's limit. */
const GUARD_PIXELS = 268_402_689;

const sharpFormats: readonly PictureFormat[] = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'];

/**
 * Opens a still picture, told by its content. EXIF orientation is applied, colours become 8-bit sRGB; nothing else of
 * the file is kept. The colour of wholly transparent pixels is removed: nobody saw it, so nobody could redact it.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_NOT_A_FILE`, `E_ACCESS`, `E_EMPTY`, `E_FORMAT`, `E_TRUNCATED`,
 *   `E_UNREADABLE`, `E_PICTURE_SIZE`, `E_PICTURE_ANIMATED`, `E_PICTURE_PAGES`.
 */
export async function openPicture(
  path: string,
  options: { readonly limits?: PictureLimits } = {},
): Promise<Picture> {
  const limits = options.limits ?? {};
  const { kind, format } = await sniffFile(path);
  if (kind === 'empty') {
    throw new TidewaiterError('E_EMPTY', `${path} is empty`, 'Copy it again from where it came from.');
  }
  if (kind !== 'picture')
    throw unsupported(path, kind === 'unknown' ? 'of no known kind' : `${kind} (${format})`);
  const { size } = await stat(path);
  if (size > MOST_BYTES) {
    throw new TidewaiterError(
      'E_PICTURE_SIZE',
      `${path} has ${size} bytes`,
      'Save it compressed, or make it smaller.',
    );
  }
  const file = await readFile(path);
  if (format === 'heic' || format === 'heif') {
    // FFmpeg is loaded only for those who need it.
    const { openHeif } = await import('./heif.ts');
    return openHeif(path, file, limits);
  }
  const known = sharpFormats.find((name) => name === format);
  if (known === undefined) throw unsupported(path, `a ${format} file`);
  const picture = await decode(path, file, known, limits).catch((error: unknown) => {
    throw error instanceof TidewaiterError ? error : readError(path, error);
  });
  if (picture.surface.channels === 4) clearTransparent(picture.surface.data);
  return picture;
}

async function decode(
  path: string,
  file: Buffer,
  format: PictureFormat,
  limits: PictureLimits,
): Promise<Picture> {
  // Only what the file says of itself: without the guard, so that its size can be named when it is refused.
  const metadata = await openSharp(file, 0).metadata();
  checkKind(path, file, format, metadata);
  checkSize(path, metadata.width, metadata.height, limits);
  const { data, info } = await openSharp(file, GUARD_PIXELS)
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const channels = info.channels === 4 ? 4 : 3;
  const { width, height } = info;
  const surface: RgbSurface = { kind: 'rgb', data, channels, width, height, orientation: upright };
  return new Picture(surface, describe(file, format, metadata, surface));
}

/** Refuses, by name, what is more than one still picture or not what its first bytes promised. */
function checkKind(path: string, file: Buffer, format: PictureFormat, metadata: Metadata): void {
  const found = metadata.format === 'heif' ? 'avif' : metadata.format;
  if (found !== format) throw unsupported(path, `a ${found} file that begins like ${format}`);
  if (format === 'tiff' && tiffTags(file).raw) throw unsupported(path, 'a camera raw file');
  const pages = metadata.pages ?? 1;
  if (format === 'png' && isAnimatedPng(file)) throw animated(path, 'an animated PNG');
  if (pages > 1 && format === 'tiff') throw manyPages(path, pages);
  if (pages > 1) throw animated(path, `a ${format} file of ${pages} pictures`);
}

/** Bits per component by libvips' names of sample types. */
const depthBits: Readonly<Record<string, number>> = {
  uchar: 8,
  char: 8,
  ushort: 16,
  short: 16,
  uint: 32,
  int: 32,
};

function describe(file: Buffer, format: PictureFormat, metadata: Metadata, surface: RgbSurface): PictureInfo {
  const bitDepth = metadata.bitsPerSample ?? depthBits[metadata.depth] ?? 32;
  const notes: string[] = [];
  if (bitDepth > 8) notes.push(`${bitDepth} bits per component were reduced to 8`);
  if (metadata.space === 'cmyk') notes.push('CMYK was converted to sRGB');
  else if (metadata.icc !== undefined) notes.push('the colour profile was converted to sRGB');
  return {
    format,
    width: surface.width,
    height: surface.height,
    pages: metadata.pages ?? 1,
    bitDepth,
    hasAlpha: surface.channels === 4,
    orientation: metadata.orientation ?? 1,
    metadataKinds: metadataKinds(file, metadata),
    notes,
  };
}

/** Makes wholly transparent pixels black. */
function clearTransparent(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 0) data[i] = data[i + 1] = data[i + 2] = 0;
}
