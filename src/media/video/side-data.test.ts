import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { needs } from '../../../test/needs.ts';
import { clipFolder, ffmpeg, ffprobe, pedestrians, small } from '../../../test/media-clips.ts';
import type { VideoEncoding } from './encoder.ts';
import { renderVideo } from './render.ts';

const clips = clipFolder();
after(clips.remove);

const display =
  'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400';
const hevc = ['-pix_fmt', 'yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast'];

function hdrClip(name: string, ...options: string[]): string {
  const path = clips.path(name);
  const params = ['-x265-params', `log-level=none:hdr10=1:${display}`, '-tag:v', 'hvc1'];
  ffmpeg(...pedestrians, ...small, '-t', '0.4', ...hevc, ...params, ...options, path);
  return path;
}

/** What is listed as removed, and what ffprobe finds in the output, by name. */
async function lists(
  input: string,
  codec: VideoEncoding['codec'],
): Promise<{ removed: string[]; left: string }> {
  const output = `${input}.${codec}.mp4`;
  const { removed } = await renderVideo({
    input,
    output,
    draw: () => undefined,
    video: { codec, crf: 30, preset: 'ultrafast', threads: 1 },
    audio: { mode: 'drop' },
  });
  const left = JSON.stringify(ffprobe(output, '-show_streams', '-show_frames'));
  return { removed: removed.filter(({ kind }) => kind === 'side-data').map(({ what }) => what), left };
}

/** Puts a box into the sample entry of the only track and makes all boxes around it as much longer; the index comes last. */
function insertIntoSampleEntry(path: string, box: Buffer): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('hvcC') - 4;
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'hvc1']) {
    const start = bytes.lastIndexOf(type, at) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(start) + box.length, start);
  }
  writeFileSync(path, Buffer.concat([bytes.subarray(0, at), box, bytes.subarray(at)]));
}

/** A box that says profile 8.1 with metadata and a base layer (Dolby Vision Streams within the ISOBMFF, 3.2). */
function dolbyVisionBox(): Buffer {
  const box = Buffer.alloc(32);
  box.writeUInt32BE(32, 0);
  box.write('dvvC', 4, 'latin1');
  // Version 1.0; 7 bits profile 8, 6 bits level 1, flags for metadata and base layer, 4 bits compatibility 1.
  box.set([1, 0, 0x10, 0x0d, 0x10], 8);
  return box;
}

/** HDR10+ metadata with one window and nothing in it (CTA-861-H, S.2), as a message before a frame of HEVC. */
function hdr10PlusMessage(): Buffer {
  const fields: [value: number, bits: number][] = [
    [1, 2], // windows
    [1000, 27], // luminance aimed at
    [0, 1],
    ...Array.from({ length: 4 }, (): [number, number] => [5000, 17]), // brightest and average colours
    [0, 4], // percentiles
    [7, 10], // share of bright pixels
    [0, 1],
    [0, 1], // tone mapping
    [0, 1], // saturation
  ];
  const bits = fields.map(([value, count]) => value.toString(2).padStart(count, '0')).join('');
  const bytes = (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) =>
    parseInt(byte, 2),
  );
  const payload = [0xb5, 0x00, 0x3c, 0x00, 0x01, 4, 1, ...bytes];
  // Emulation prevention (ITU-T H.265, 7.4.2): three bytes that begin with two zeros get a 3 between.
  const escaped: number[] = [];
  for (const byte of [4, payload.length, ...payload, 0x80]) {
    if (byte <= 3 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
    escaped.push(byte);
  }
  return Buffer.from([0, 0, 0, 1, 39 << 1, 1, ...escaped]);
}

describe('how a picture is lit', () => {
  for (const codec of ['h264', 'h265'] as const) {
    test(`HDR10 that only the frames state is kept, ${codec}`, async (t) => {
      if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
      const input = hdrClip(`${codec}.mp4`);
      const { removed, left } = await lists(input, codec);
      assert.ok(!removed.join().includes('HDR'));
      assert.match(left, /"red_x":"34000\/50000".*"max_luminance":"10000000\/10000"/);
      assert.match(left, /"max_content":1000,"max_average":400/);
    });
  }

  test('Dolby Vision is left behind, and the report says so', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const input = hdrClip('dolby.mp4');
    insertIntoSampleEntry(input, dolbyVisionBox());
    assert.match(JSON.stringify(ffprobe(input, '-show_streams')), /DOVI configuration record/);
    const { removed, left } = await lists(input, 'h265');
    assert.deepEqual(
      removed.filter((what) => what === 'Dolby Vision'),
      ['Dolby Vision'],
    );
    assert.doesNotMatch(left, /DOVI/);
  });

  test('HDR10+ is left behind, and the report says so', async (t) => {
    if (!needs(t, 'ffmpeg', 'ffprobe', 'opencv-doc')) return;
    const raw = hdrClip('plain.h265', '-bf', '0');
    const bytes = readFileSync(raw);
    // Before the first slice of the first picture (NAL unit types 16 to 21 are those of random access).
    const slice = [...Array(bytes.length - 6).keys()].find(
      (at) =>
        bytes.readUInt32BE(at) >> 8 === 1 &&
        ((bytes[at + 3]! >> 1) & 0x3f) >= 16 &&
        bytes[at + 3]! >> 1 <= 21,
    )!;
    const start = bytes[slice - 1] === 0 ? slice - 1 : slice;
    writeFileSync(raw, Buffer.concat([bytes.subarray(0, start), hdr10PlusMessage(), bytes.subarray(start)]));
    const input = clips.path('plus.mp4');
    ffmpeg('-r', '25', '-i', raw, '-c', 'copy', input);
    assert.match(JSON.stringify(ffprobe(input, '-show_frames')), /HDR10\+|2094-40/);
    const { removed, left } = await lists(input, 'h265');
    assert.deepEqual(
      removed.filter((what) => what === 'HDR10+'),
      ['HDR10+'],
    );
    assert.doesNotMatch(left, /HDR10\+|2094-40/);
  });
});
