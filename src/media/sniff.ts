import { open, stat, type FileHandle } from 'node:fs/promises';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { isobmffKind } from './sniff-isobmff.ts';

/** What a file is by its first bytes, whatever its name says. `format` is a short lower-case name: `jpeg`, `mp4`. */
export interface FileKind {
  readonly kind: 'picture' | 'video' | 'audio' | 'document' | 'text' | 'empty' | 'unknown';
  readonly format: string;
}

/** Bytes looked at from the start of a file. */
const SNIFF_BYTES = 4096;

/**
 * Tells what a file is from its content.
 * @throws TidewaiterError `E_NOT_FOUND`, `E_NOT_A_FILE` (folder, pipe, device), `E_ACCESS`.
 */
export async function sniffFile(path: string): Promise<FileKind> {
  let handle: FileHandle | undefined;
  try {
    // A pipe would block open() for ever, so look first.
    const { size, isRegular } = await stat(path).then((s) => ({ size: s.size, isRegular: s.isFile() }));
    if (!isRegular) {
      throw new TidewaiterError(
        'E_NOT_A_FILE',
        `${path} is not a regular file`,
        'Name a file, not a folder or device.',
      );
    }
    if (size === 0) return { kind: 'empty', format: 'empty' };
    handle = await open(path);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return sniffBytes(buffer.subarray(0, bytesRead));
  } catch (error) {
    throw openError(path, error);
  } finally {
    await handle?.close();
  }
}

function openError(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new TidewaiterError('E_NOT_FOUND', `${path} does not exist`, 'Check the name.', { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new TidewaiterError('E_ACCESS', `${path} may not be read`, 'Ask for the right to read it.', {
      cause: error,
    });
  }
  return error;
}

interface Magic {
  readonly at: number;
  readonly bytes: string;
  readonly kind: FileKind['kind'];
  readonly format: string;
}

const magic = (kind: FileKind['kind'], format: string, bytes: string, at = 0): Magic => ({
  at,
  bytes,
  kind,
  format,
});

/** Signatures as Latin-1 text, longest proof first where two begin alike. */
const signatures: readonly Magic[] = [
  magic('picture', 'jpeg', '\xff\xd8\xff'),
  magic('picture', 'png', '\x89PNG\r\n\x1a\n'),
  magic('picture', 'gif', 'GIF87a'),
  magic('picture', 'gif', 'GIF89a'),
  magic('picture', 'webp', 'WEBP', 8),
  magic('picture', 'cr2', 'II*\0\x10\0\0\0CR'),
  magic('picture', 'tiff', 'II*\0'),
  magic('picture', 'tiff', 'MM\0*'),
  magic('picture', 'bigtiff', 'II+\0'),
  magic('picture', 'bigtiff', 'MM\0+'),
  magic('picture', 'jp2', '\0\0\0\x0cjP  \r\n\x87\n'),
  magic('picture', 'jp2', '\xff\x4f\xff\x51'),
  magic('picture', 'jxl', '\0\0\0\x0cJXL \r\n\x87\n'),
  magic('picture', 'jxl', '\xff\x0a'),
  magic('picture', 'psd', '8BPS'),
  magic('picture', 'ico', '\0\0\x01\0'),
  magic('video', 'avi', 'AVI ', 8),
  magic('audio', 'wav', 'WAVE', 8),
  magic('video', 'matroska', '\x1a\x45\xdf\xa3'),
  magic('video', 'flv', 'FLV\x01'),
  magic('video', 'asf', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  magic('video', 'mxf', '\x06\x0e\x2b\x34\x02\x05\x01\x01'),
  magic('video', 'mpeg-ps', '\0\0\x01\xba'),
  magic('video', 'mpeg-video', '\0\0\x01\xb3'),
  magic('video', 'hikvision', 'IMKH'),
  magic('video', 'dahua', 'DHAV'),
  magic('video', 'ivf', 'DKIF'),
  magic('video', 'y4m', 'YUV4MPEG2 '),
  magic('audio', 'flac', 'fLaC'),
  magic('audio', 'mp3', 'ID3'),
  magic('audio', 'amr', '#!AMR'),
  magic('audio', 'aiff', 'AIFF', 8),
  magic('audio', 'caf', 'caff\0\x01'),
  magic('audio', 'au', '.snd'),
  magic('document', 'rtf', '{\\rtf'),
  magic('document', 'ole', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
  magic('document', 'zip', 'PK\x03\x04'),
  magic('document', 'zip', 'PK\x05\x06'),
  magic('text', 'text', '\xff\xfe'),
  magic('text', 'text', '\xfe\xff'),
];

/** {@link sniffFile} for bytes already at hand: the beginning of a file, up to 4096 bytes. */
export function sniffBytes(bytes: Uint8Array): FileKind {
  if (bytes.length === 0) return { kind: 'empty', format: 'empty' };
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFF_BYTES)).toString(
    'latin1',
  );
  const box = isobmffKind(head);
  if (box !== undefined) return box;
  for (const { at, bytes: wanted, kind, format } of signatures) {
    if (head.startsWith(wanted, at)) return format === 'zip' ? zipKind(head) : { kind, format };
  }
  return streamKind(bytes, head) ?? textKind(bytes, head) ?? { kind: 'unknown', format: 'unknown' };
}

/** Office files are zip archives whose first entries give them away. */
function zipKind(head: string): FileKind {
  if (head.includes('mimetypeapplication/vnd.oasis')) return { kind: 'document', format: 'odf' };
  if (head.includes('[Content_Types].xml') || head.includes('_rels/.rels'))
    return { kind: 'document', format: 'ooxml' };
  return { kind: 'document', format: 'zip' };
}

/** Formats without a signature at the very start, told by their structure. */
function streamKind(bytes: Uint8Array, head: string): FileKind | undefined {
  if (head.slice(0, 1024).includes('%PDF-')) return { kind: 'document', format: 'pdf' };
  if (head.startsWith('OggS')) {
    const video = head.includes('\x80theora') || head.includes('\x01video');
    return { kind: video ? 'video' : 'audio', format: 'ogg' };
  }
  if (hasSyncBytes(bytes, 0, 188) || hasSyncBytes(bytes, 4, 192)) return { kind: 'video', format: 'mpeg-ts' };
  if (head.startsWith('\0\0\0\x01') || head.startsWith('\0\0\x01')) return annexBKind(bytes);
  if (head.startsWith('BM') && bytes.length > 26 && head.startsWith('\0\0\0\0', 6)) {
    return { kind: 'picture', format: 'bmp' };
  }
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0) return { kind: 'audio', format: 'aac' };
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) return { kind: 'audio', format: 'mp3' };
  return undefined;
}

/** MPEG transport streams repeat 0x47 at the start of each packet (ISO/IEC 13818-1, 2.4.3.2). */
function hasSyncBytes(bytes: Uint8Array, first: number, packet: number): boolean {
  const wanted = Math.min(5, Math.floor((bytes.length - first - 1) / packet) + 1);
  if (wanted < 3) return false;
  for (let i = 0; i < wanted; i++) if (bytes[first + i * packet] !== 0x47) return false;
  return true;
}

/** A bare H.264 or H.265 stream begins with a parameter set or an access unit delimiter. */
function annexBKind(bytes: Uint8Array): FileKind | undefined {
  const header = bytes[bytes[2] === 1 ? 3 : 4] ?? 0;
  const h265Type = (header >> 1) & 0x3f;
  if ((header & 0x81) === 0 && h265Type >= 32 && h265Type <= 35) return { kind: 'video', format: 'h265' };
  const h264Type = header & 0x1f;
  if ((header & 0x80) === 0 && (h264Type === 7 || h264Type === 9)) return { kind: 'video', format: 'h264' };
  return undefined;
}

function textKind(bytes: Uint8Array, head: string): FileKind | undefined {
  // A character cut at the end of the sample must not make UTF-8 text look binary; `stream` forgives that.
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, SNIFF_BYTES), { stream: true });
  } catch {
    return undefined;
  }
  if (/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(head)) return undefined;
  if (/<svg[\s>]/.test(head)) return { kind: 'picture', format: 'svg' };
  return { kind: 'text', format: 'text' };
}
