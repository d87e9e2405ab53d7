import { TidewaiterError } from '../../core/errors.ts';

/** Formats that can be opened. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif' | 'heic' | 'gif';

/** Formats that can be written. */
export type OutputFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif';

/** Kinds of data beside the pixels that a file carries. None of it is written again. */
export type MetadataKind = 'exif' | 'gps' | 'xmp' | 'iptc' | 'icc' | 'thumbnail' | 'comment';

export interface PictureInfo {
  readonly format: PictureFormat;
  /** Pixels as displayed. */
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  /** Bits per component in the file; what is above 8 has been reduced to 8. */
  readonly bitDepth: number;
  readonly hasAlpha: boolean;
  /** EXIF orientation 1..8 of the file; it has been applied. HEIC and AVIF turn pictures by other means: 1. */
  readonly orientation: number;
  readonly metadataKinds: readonly MetadataKind[];
  /** What was changed to bring the picture to 8-bit sRGB, in words for a person; empty when nothing was. */
  readonly notes: readonly string[];
}

/** What a picture of this format is saved as unless the caller chooses: the same, where it can be written. */
export function outputFormat(format: PictureFormat): OutputFormat {
  if (format === 'heic') return 'jpeg';
  if (format === 'gif') return 'png';
  return format;
}

export interface PictureLimits {
  /** Width times height. Default 25 000 000: cameras sold as 24 megapixels have a little more. */
  readonly pixels?: number;
}

const DEFAULT_PIXELS = 25_000_000;

/** @throws TidewaiterError `E_PICTURE_SIZE` above the limit, `E_UNREADABLE` for a picture without pixels. */
export function checkSize(path: string, width: number, height: number, limits: PictureLimits): void {
  if (!(width > 0 && height > 0)) throw unreadable(path, `it says that it is ${width} x ${height} pixels`);
  const most = limits.pixels ?? DEFAULT_PIXELS;
  if (width * height <= most) return;
  const mega = (pixels: number): string => (pixels / 1e6).toFixed(1);
  throw new TidewaiterError(
    'E_PICTURE_SIZE',
    `${path} has ${width} x ${height} pixels (${mega(width * height)} million); ${mega(most)} million are allowed`,
    'Make it smaller, or cut it into parts.',
  );
}

export function unreadable(path: string, why: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError(
    'E_UNREADABLE',
    `${path} cannot be read: ${why}`,
    'Get another copy, or open it in a picture editor and save it again.',
    { cause },
  );
}

export function truncated(path: string, why: string, cause?: unknown): TidewaiterError {
  return new TidewaiterError(
    'E_TRUNCATED',
    `${path} is not complete: ${why}`,
    'Copy it again from where it came from; half a picture is never shown.',
    { cause },
  );
}

export function unsupported(path: string, what: string): TidewaiterError {
  return new TidewaiterError(
    'E_FORMAT',
    `${path} is ${what}, which is not read as a picture`,
    'Save it as JPEG, PNG, WebP, TIFF, AVIF or HEIC.',
  );
}

export function animated(path: string, what: string): TidewaiterError {
  return new TidewaiterError(
    'E_PICTURE_ANIMATED',
    `${path} is ${what}`,
    'Convert it to a video file and redact that, for example with: ffmpeg -i FILE out.mp4',
  );
}

export function manyPages(path: string, pages: number): TidewaiterError {
  return new TidewaiterError(
    'E_PICTURE_PAGES',
    `${path} holds ${pages} pages`,
    'Split it into files of one page each, for example with: tiffsplit FILE, and redact each.',
  );
}
