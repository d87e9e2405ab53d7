import { writeFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { TidewaiterError, systemCode } from '../../core/errors.ts';
import type { RgbSurface } from '../surface.ts';
import type { OutputFormat } from './info.ts';
import { sharp } from './sharp.ts';

export interface WriteOptions {
  readonly format: OutputFormat;
  /** 1..100 for JPEG, WebP and AVIF; the others lose nothing. Default 90, for AVIF 70. */
  readonly quality?: number;
  /** A word for the file's metadata, in the field that names the program: EXIF Software, or XMP CreatorTool in TIFF. */
  readonly stamp?: string;
}

/**
 * Writes the pixels and nothing else but the stamp: no metadata of the source can come along, as it is not read. The
 * same pixels and options give the same bytes. JPEG has no alpha; there it is laid over white.
 * @param path a temporary name on the target's disk; rename it when all is well.
 * @throws TidewaiterError `E_PICTURE_WRITE` when the format cannot hold the picture, `E_NO_SPACE`, `E_ACCESS`.
 */
export async function writePicture(path: string, surface: RgbSurface, options: WriteOptions): Promise<void> {
  const { data, width, height, channels } = surface;
  const raw = { width, height, channels };
  const image = encoder(sharp(data, { raw, limitInputPixels: false }), options);
  const bytes = await stamped(image, options)
    .toBuffer()
    .catch((error: unknown) => {
      throw new TidewaiterError(
        'E_PICTURE_WRITE',
        `${width} x ${height} pixels cannot be written as ${options.format}: ${String(error)}`,
        'Choose another format, such as PNG.',
        { cause: error },
      );
    });
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * A small picture for a report, as JPEG bytes.
 * @param picture packed 8-bit RGB rows.
 */
export function encodeJpeg(
  { width, height, data }: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  { quality }: { readonly quality: number },
): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

function encoder(image: Sharp, { format, quality }: WriteOptions): Sharp {
  switch (format) {
    case 'jpeg':
      return image.flatten({ background: '#ffffff' }).jpeg({ quality: quality ?? 90 });
    case 'png':
      return image.png();
    case 'webp':
      return image.webp({ quality: quality ?? 90 });
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' });
    case 'avif':
      return image.avif({ quality: quality ?? 70 });
  }
}

function stamped(image: Sharp, { format, stamp }: WriteOptions): Sharp {
  if (stamp === undefined) return image;
  // libvips writes no EXIF into TIFF.
  return format === 'tiff' ? image.withXmp(xmpStamp(stamp)) : image.withExif({ IFD0: { Software: stamp } });
}

function xmpStamp(stamp: string): string {
  const text = stamp.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>${text}</xmp:CreatorTool></rdf:Description></rdf:RDF>
</x:xmpmeta><?xpacket end="r"?>`;
}

function writeError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new TidewaiterError(
      'E_NO_SPACE',
      `No room to write ${path}`,
      'Free space on that disk, then try again.',
      {
        cause: error,
      },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new TidewaiterError('E_ACCESS', `${path} may not be written`, 'Choose another folder.', {
      cause: error,
    });
  }
  return error;
}
