import { readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { clipFolder, ffmpeg, pedestrians, small } from '../../media-clips.ts';
import { needs } from '../../needs.ts';
import { bombRange } from './bomb-range.ts';
import { withPictureSize } from './h264-size.ts';

const clips = clipFolder();
after(() => clips.remove());

/** A dozen frames in H.264 without reordering, with start codes. */
function plainStream(): Buffer {
  const path = clips.path('plain.h264');
  const coded = ['-c:v', 'libx264', '-profile:v', 'baseline', '-pix_fmt', 'yuv420p'];
  ffmpeg(...pedestrians, ...small, '-frames:v', '12', ...coded, path);
  return readFileSync(path);
}

/** The same pictures in another container. */
function muxed(stream: Buffer, name: string): Buffer {
  const [from, to] = [clips.path('stream.h264'), clips.path(name)];
  writeFileSync(from, stream);
  ffmpeg('-r', '25', '-i', from, '-c', 'copy', to);
  return readFileSync(to);
}

/** Where the body of the first box of a type begins in an MP4 file (ISO/IEC 14496-12). */
function box(file: Buffer, type: string): number {
  const at = file.indexOf(type, 0, 'latin1');
  if (at === -1) throw new TypeError(`no box ${type}`);
  return at + 4;
}

/** An MP4 whose sample description says a small picture, and the parameter set of its stream a huge one. */
function twoSizes(): Buffer {
  const file = muxed(withPictureSize(plainStream(), 16_128, 16_128), 'two-sizes.mp4');
  const entry = box(file, 'avc1');
  file.writeUInt16BE(320, entry + 24);
  file.writeUInt16BE(180, entry + 26);
  return file;
}

/** An MP4 that says it has so many samples of one byte, in one chunk, and lasts for years. */
function manySamples(count: number): Buffer {
  const file = muxed(plainStream(), 'many.mp4');
  const sizes = box(file, 'stsz');
  file.writeUInt32BE(1, sizes + 4);
  file.writeUInt32BE(count, sizes + 8);
  file.writeUInt32BE(count, box(file, 'stts') + 8);
  file.writeUInt32BE(count, box(file, 'stsc') + 12);
  for (const [type, at] of [
    ['mvhd', 16],
    ['tkhd', 20],
    ['mdhd', 16],
  ] as const)
    file.writeUInt32BE(0xffff_fff0, box(file, type) + at);
  return file;
}

describe('a small video that becomes large', () => {
  const { drop } = bombRange();
  const cases: readonly (readonly [
    name: string,
    file: string,
    bytes: () => Buffer,
    redaction: string,
    proxies?: string,
  ])[] = [
    [
      'pictures of 16,384 by 16,384',
      'a.h264',
      () => withPictureSize(plainStream(), 16_384, 16_384),
      'E_FORMAT',
    ],
    ['an MP4 that says one size and holds another', 'a.mp4', twoSizes, 'E_VIDEO_SIZE'],
    [
      'pictures that become huge in the middle',
      'a.ts',
      () => {
        const stream = plainStream();
        return muxed(Buffer.concat([stream, withPictureSize(stream, 16_128, 16_128)]), 'later.ts');
      },
      'E_VIDEO_DAMAGED',
      // What can be seen of it is shown, as of any damaged video; only a redaction takes nothing that was not seen whole.
      'ready',
    ],
    ['an MP4 of 4,000 million samples', 'a.mp4', () => manySamples(0xffff_fff0), 'E_VIDEO_DAMAGED'],
    ['an MP4 of 100 million samples', 'a.mp4', () => manySamples(100_000_000), 'E_VIDEO_DAMAGED'],
  ];
  for (const [name, file, bytes, redaction, proxies = redaction] of cases)
    test(`${name} ends its jobs with an answer, in little memory, and nothing else`, async (t) => {
      if (!needs(t, 'ffmpeg', 'opencv-doc')) return;
      await drop(file, bytes(), [redaction, proxies]);
    });
});
