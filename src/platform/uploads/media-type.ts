import { extname } from 'node:path';
import { sniffBytes } from '../../media/sniff.ts';
import { textTypeOf } from './text-type.ts';

/** What is said of bytes that nothing is known of. */
export const UNKNOWN = 'application/octet-stream';

/** By the short names that `sniffBytes` gives. Formats without a type of their own stay unknown. */
const types: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  bigtiff: 'image/tiff',
  cr2: 'image/x-canon-cr2',
  cr3: 'image/x-canon-cr3',
  jp2: 'image/jp2',
  jxl: 'image/jxl',
  psd: 'image/vnd.adobe.photoshop',
  ico: 'image/vnd.microsoft.icon',
  svg: 'image/svg+xml',
  avif: 'image/avif',
  heic: 'image/heic',
  heif: 'image/heif',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  avi: 'video/x-msvideo',
  matroska: 'video/x-matroska',
  flv: 'video/x-flv',
  asf: 'video/x-ms-asf',
  mxf: 'application/mxf',
  'mpeg-ps': 'video/mpeg',
  'mpeg-video': 'video/mpeg',
  'mpeg-ts': 'video/mp2t',
  h264: 'video/h264',
  h265: 'video/h265',
  y4m: 'video/x-yuv4mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  m4a: 'audio/mp4',
  amr: 'audio/amr',
  aiff: 'audio/aiff',
  caf: 'audio/x-caf',
  au: 'audio/basic',
  pdf: 'application/pdf',
  rtf: 'application/rtf',
  ole: 'application/x-ole-storage',
  zip: 'application/zip',
};

const office = 'application/vnd.openxmlformats-officedocument';

/**
 * The media type of a file by its first bytes, whatever its name says.
 * @param head all of it, or at least 4096 bytes.
 */
export function mediaTypeOf(head: Uint8Array): string {
  const { kind, format } = sniffBytes(head);
  if (format === 'text') return textTypeOf(head);
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 65_536)).toString('latin1');
  // EBML names the kind of document that follows.
  if (format === 'matroska' && start.slice(0, 64).includes('webm')) return 'video/webm';
  if (format === 'ogg') return `${kind}/ogg`;
  if (format === 'odf')
    return /mimetype(application\/vnd\.oasis\.opendocument\.[a-z-]+)/.exec(start)?.[1] ?? 'application/zip';
  if (format === 'ooxml') {
    // The parts of a package lie in a folder that is named for the program.
    if (start.includes('word/')) return `${office}.wordprocessingml.document`;
    if (start.includes('xl/')) return `${office}.spreadsheetml.sheet`;
    if (start.includes('ppt/')) return `${office}.presentationml.presentation`;
    return 'application/zip';
  }
  return types[format] ?? UNKNOWN;
}

/** Extensions that promise a type, and what is taken for the promise kept. Families that programs mix up count as one. */
const promises: readonly (readonly [extensions: string, kept: string | RegExp])[] = [
  ['jpg jpeg jpe jfif', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
  ['tif tiff dng nef arw', /^image\/(tiff|x-)/],
  ['heic heif avif', /^image\/(heic|heif|avif)$/],
  ['svg', 'image/svg+xml'],
  ['mp4 m4v mov qt 3gp', /^video\/(mp4|quicktime)$/],
  ['m4a', /^(audio|video)\/mp4$/],
  ['mkv webm mka', /^video\/(x-matroska|webm)$/],
  ['avi', 'video/x-msvideo'],
  ['wmv asf wma', 'video/x-ms-asf'],
  ['flv', 'video/x-flv'],
  ['mxf', 'application/mxf'],
  ['ts mts m2ts mpg mpeg vob', /^video\/(mp2t|mpeg)$/],
  ['ogg ogv oga', /^(audio|video)\/ogg$/],
  ['wav', 'audio/wav'],
  ['flac', 'audio/flac'],
  ['pdf', 'application/pdf'],
  ['zip', /^application\/(zip|vnd\.)/],
  ['docx xlsx pptx odt ods odp', /^application\/(zip|vnd\.(openxml|oasis))/],
  ['doc xls ppt msg', /^application\/(x-ole-storage|rtf)$|^text\//],
  ['rtf', 'application/rtf'],
  ['htm html xhtml', /^(text\/(html|plain|xml))$/],
  ['xml', /^(text\/(xml|html|plain)|image\/svg\+xml)$/],
  // Text in an old encoding is told from nothing else, so it may be unknown.
  ['txt log md csv tsv json', /^(text\/(plain|csv)|application\/(json|octet-stream))$/],
];
const byExtension = new Map<string, string | RegExp>(
  promises.flatMap(([extensions, kept]) =>
    extensions.split(' ').map((extension) => [`.${extension}`, kept] as const),
  ),
);

/** Whether a name promises something else than what the content is. Names that promise nothing known keep it. */
export function isMisnamed(name: string, mediaType: string, bytes: number): boolean {
  const kept = byExtension.get(extname(name).toLowerCase());
  if (kept === undefined || bytes === 0) return false;
  return typeof kept === 'string' ? kept !== mediaType : !kept.test(mediaType);
}

/** What browsers run when they are given it. */
const runnable: ReadonlySet<string> = new Set(['text/html', 'text/xml', 'image/svg+xml']);

/** The type to send content with: never one that a browser would run. */
export function servedType(mediaType: string): string {
  return runnable.has(mediaType) ? UNKNOWN : mediaType;
}
