import { describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { heicFile } from '../../heic.ts';
import { needs } from '../../needs.ts';
import { bombRange } from './bomb-range.ts';

function chunk(type: string, body: Uint8Array): Buffer {
  const bytes = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  crc.writeUInt32BE(crc32(bytes));
  return Buffer.concat([length, bytes, crc]);
}

/** A PNG that says it is so large, one grey byte a pixel, and holds so many bytes of zeros (ISO/IEC 15948). */
function png(width: number, height: number, zeros: number, more: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(zeros), { level: 9 }));
  return Buffer.concat([signature, chunk('IHDR', header), more, pixels, chunk('IEND', Buffer.alloc(0))]);
}

/** Text that is compressed a thousandfold. */
function compressedText(bytes: number): Buffer {
  const body = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(bytes, 65))]);
  return chunk('zTXt', body);
}

/** Says other sizes in the boxes of a HEIF file (`ispe`, ISO/IEC 23008-12, 6.5.3), and leaves the coded picture as it is. */
function withExtent(file: Buffer, width: number, height: number): Buffer {
  for (let at = file.indexOf('ispe', 0, 'latin1'); at !== -1; at = file.indexOf('ispe', at + 4, 'latin1')) {
    file.writeUInt32BE(width, at + 8);
    file.writeUInt32BE(height, at + 12);
  }
  return file;
}

describe('a small file that becomes large', () => {
  const { drop } = bombRange();
  const flat = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(120) };

  const cases: readonly (readonly [
    name: string,
    file: string,
    bytes: () => Promise<Buffer> | Buffer,
    expected: string,
  ])[] = [
    ['a picture of 50,000 by 50,000', 'a.png', () => png(50_000, 50_000, 300_000_000), 'E_PICTURE_SIZE'],
    ['one that claims 2,000 million columns', 'a.png', () => png(0x7fff_ffff, 1, 1_000), 'E_UNREADABLE'],
    [
      'pixels that go on behind the last line, and a text of 300 MB',
      'a.png',
      () => png(64, 64, 300_000_000, compressedText(300_000_000)),
      'done',
    ],
    [
      'an AVIF of 60,000 by 60,000',
      'a.avif',
      async () => {
        const raw = { width: flat.width, height: flat.height, channels: 3 as const };
        return withExtent(await sharp(flat.rgb, { raw }).avif().toBuffer(), 60_000, 60_000);
      },
      'E_PICTURE_SIZE',
    ],
    [
      'a HEIC of 60,000 by 60,000',
      'a.heic',
      () => withExtent(heicFile(flat), 60_000, 60_000),
      'E_PICTURE_SIZE',
    ],
  ];
  for (const [name, file, bytes, expected] of cases)
    test(`${name} ends its jobs with an answer, in little memory, and nothing else`, async (t) => {
      if (!needs(t, 'ffmpeg')) return;
      await drop(file, await bytes(), expected === 'done' ? ['done', 'ready'] : [expected, expected]);
    });
});
