import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { after, before, describe, test, type TestContext } from 'node:test';
import sharp from 'sharp';
import { sha256 } from '../../src/core/digest.ts';
import { ffmpeg } from '../media-clips.ts';
import { needs } from '../needs.ts';
import { clipFile, emptyLane, workplace } from './clips.ts';
import { assertFailed, listing, start, succeeds, tidewaiter } from './program.ts';

const place = workplace();
after(place.remove);

const clip = place.path('clip.mp4');
const picture = place.path('picture.png');
const out = place.path('out');

before(async () => {
  await clipFile(await emptyLane(), clip, { audio: false });
  await sharp({ create: { width: 64, height: 48, channels: 3, background: '#7a8' } }).toFile(picture);
});

/** Redacting it fails as a person would want it to, and nothing is written. */
async function refused(input: string, code: string, ...options: string[]): Promise<void> {
  const before = listing(place.folder);
  assertFailed(await tidewaiter('redact', input, '-o', out, '--profile', 'fast', ...options), code);
  assert.deepEqual(listing(place.folder), before);
}

/** Puts bytes under a name. @returns its path. */
function file(name: string, bytes: Uint8Array | string): string {
  writeFileSync(place.path(name), bytes);
  return place.path(name);
}

describe('files that are not what they should be', () => {
  test('missing, empty, a folder of that name', async () => {
    await refused(place.path('none.mp4'), 'E_NOT_FOUND');
    await refused(file('empty.mp4', ''), 'E_EMPTY');
    mkdirSync(place.path('folder.mp4'));
    const answer = await tidewaiter('detect', place.path('folder.mp4'));
    assertFailed(answer, 'E_NOT_A_FILE');
  });

  test('text, sound and documents by whatever name', async (t) => {
    await refused(file('text.mp4', 'it was a dark and stormy night\n'.repeat(50)), 'E_FORMAT');
    await refused(file('noise.jpg', Buffer.alloc(5000, 0x81)), 'E_FORMAT');
    await refused(file('report.pdf', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n'), 'E_DOCUMENT');
    await refused(file('report.jpg', '%PDF-1.7\n1 0 obj\n'), 'E_DOCUMENT');
    if (!needs(t, 'ffmpeg')) return;
    const tone = ['-f', 'lavfi', '-i', 'sine=duration=1'];
    for (const name of ['tone.wav', 'tone.mp3', 'tone.m4a', 'tone.mka', 'tone.mp4']) {
      ffmpeg(...tone, place.path(name));
      await refused(place.path(name), 'E_AUDIO_ONLY');
    }
  });

  test('a wrong extension does not matter', async () => {
    copyFileSync(picture, place.path('picture.mp4'));
    await succeeds('redact', place.path('picture.mp4'), '-o', place.path('renamed'), '--profile', 'fast');
    copyFileSync(clip, place.path('clip.jpg'));
    await succeeds('redact', place.path('clip.jpg'), '-o', place.path('renamed'), '--profile', 'fast');
    assert.deepEqual(
      listing(place.path('renamed')).filter((name) => name.includes('redacted')),
      ['clip.redacted.mp4', 'picture.redacted.png'],
    );
  });

  test('truncated and bit-flipped', async () => {
    const bytes = readFileSync(clip);
    await refused(file('cut.mp4', bytes.subarray(0, bytes.length / 2)), 'E_TRUNCATED');
    await refused(file('head.mp4', bytes.subarray(0, 40)), 'E_TRUNCATED');
    const png = readFileSync(picture);
    await refused(file('cut.png', png.subarray(0, png.length / 2)), 'E_TRUNCATED');
    const flipped = Buffer.from(bytes);
    const start = flipped.indexOf('mdat') + 4;
    // x264 writes about 700 bytes of its settings before the first frame; damage there harms nothing.
    for (let at = start + 900; at < start + 1900; at += 7) flipped[at]! ^= 0x55;
    await refused(file('flipped.mp4', flipped), 'E_VIDEO_DAMAGED');
  });

  test('no frames, no video, an unknown codec', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    ffmpeg('-i', clip, '-frames:v', '0', '-c', 'copy', place.path('frameless.mp4'));
    await refused(place.path('frameless.mp4'), 'E_NO_VIDEO');
    const bytes = readFileSync(clip);
    for (let at = bytes.indexOf('avc1'); at >= 0; at = bytes.indexOf('avc1', at + 1)) bytes.write('zzz9', at);
    await refused(file('codec.mp4', bytes), 'E_CODEC');
  });

  test('one pixel, and 16400 pixels wide', async (t) => {
    const create = { width: 1, height: 1, channels: 3 as const, background: '#123' };
    await sharp({ create }).toFile(place.path('dot.png'));
    await succeeds('redact', place.path('dot.png'), '-o', place.path('sizes'), '--profile', 'fast');
    await sharp({ create: { ...create, width: 16_400, height: 16 } }).toFile(place.path('wide.png'));
    await succeeds('redact', place.path('wide.png'), '-o', place.path('sizes'), '--profile', 'fast');
    const { width, height } = await sharp(place.path('sizes', 'wide.redacted.png')).metadata();
    assert.deepEqual([width, height], [16_400, 16]);
    if (!needs(t, 'ffmpeg')) return;
    const raw = [
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv444p',
      '-s',
      '1x1',
      '-i',
      file('dot.yuv', Buffer.alloc(15)),
    ];
    ffmpeg(...raw, '-c:v', 'ffv1', place.path('dot.mkv'));
    await succeeds('redact', place.path('dot.mkv'), '-o', place.path('sizes'), '--profile', 'fast');
    const wide = ['-f', 'lavfi', '-i', 'color=size=16400x16:duration=0.2'];
    ffmpeg(...wide, '-c:v', 'mjpeg', place.path('wide.avi'));
    await refused(place.path('wide.avi'), 'E_VIDEO_SIZE');
  });

  test('a file that may not be read, a folder that may not be written to', async (t) => {
    if (!needsNobody(t)) return;
    const locked = file('locked.mp4', readFileSync(clip));
    chmodSync(locked, 0o600);
    chmodSync(place.folder, 0o755);
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const unread = await start(['redact', locked, '-o', out], nobody).ended;
    assertFailed(unread, 'E_ACCESS');
    const unwritten = await start(['redact', clip, '-o', place.path('theirs')], nobody).ended;
    assertFailed(unwritten, 'E_OUTPUT_FOLDER');
    assert.deepEqual(listing(out), []);
  });
});

/** Root may read everything: to be refused it must be somebody else for a moment. */
function needsNobody(t: TestContext): boolean {
  if (process.getuid?.() !== 0) {
    t.skip('needs root, to become somebody who may not read');
    return false;
  }
  return needs(t, 'setpriv');
}

describe('outputs that cannot be', () => {
  test('the input itself, by name, by link', async () => {
    const original = sha256(readFileSync(clip));
    const itself = async (output: string): Promise<void> => {
      for (const force of [[], ['--force']])
        assertFailed(await tidewaiter('redact', clip, '-o', output, ...force), 'E_OUTPUT_IS_INPUT');
    };
    await itself(clip);
    await itself(place.path('out', '..', 'clip.mp4'));
    symlinkSync(clip, place.path('soft.mp4'));
    await itself(place.path('soft.mp4'));
    linkSync(clip, place.path('hard.mp4'));
    await itself(place.path('hard.mp4'));
    assert.equal(sha256(readFileSync(clip)), original);
  });

  test('the plan or the record would replace the input', async () => {
    const input = place.path('clip.plan.json');
    copyFileSync(picture, input);
    const answer = await tidewaiter('redact', input, '-o', place.path('clip.png'), '--profile', 'fast');
    assertFailed(answer, 'E_OUTPUT_IS_INPUT');
    assert.deepEqual(readFileSync(input), readFileSync(picture));
  });

  test('something that is there already', async () => {
    const output = file('there.mp4', 'mine');
    await refused(clip, 'E_OUTPUT_EXISTS', '-o', output);
    assert.equal(readFileSync(output, 'utf8'), 'mine');
    mkdirSync(place.path('taken', 'clip.redacted.mp4'), { recursive: true });
    await refused(clip, 'E_OUTPUT_EXISTS', '-o', place.path('taken'), '--force');
    assert.ok(statSync(place.path('taken', 'clip.redacted.mp4')).isDirectory());
  });

  test('a folder that cannot be made, a format that cannot be written', async () => {
    await refused(clip, 'E_OUTPUT_FOLDER', '-o', `${picture}/below/`);
    await refused(clip, 'E_OUTPUT_FOLDER', '-o', '/proc/nothing/here/');
    await refused(clip, 'E_CONTAINER', '-o', place.path('out.avi'));
    await refused(clip, 'E_CONTAINER', '-o', place.path('out.png'));
    await refused(clip, 'E_CONTAINER', '--container', 'webm');
    await refused(picture, 'E_CONTAINER', '-o', place.path('out.mp4'));
  });
});

describe('options that do not fit', () => {
  for (const [code, ...options] of [
    ['E_PROFILE', '--profile', 'quick'],
    ['E_OPTION', '--style', 'paint'],
    ['E_OPTION', '--style', 'face=paint'],
    ['E_OPTION', '--classes', 'faec'],
    ['E_OPTION', '--span', '5-2'],
    ['E_OPTION', '--box', '1,2,3'],
    ['E_OPTION', '--zone', '0,0,0,10'],
    ['E_OPTION', '--crf', '99'],
    ['E_OPTION', '--quality', 'high'],
    ['E_OPTION', '--threads', '0'],
    ['E_OPTION', '--label', 'reason'],
    ['E_OPTION', '--mute', '0-1', '--bleep', '1-2'],
    ['E_USAGE', '--label', 'names'],
    ['E_USAGE', '--text', 'some'],
    ['E_USAGE', '--codec', 'av1'],
    ['E_USAGE', '--blur'],
    ['E_OPTION_FILE', '--reasons', 'no-such-table'],
    ['E_OPTION_FILE', '--words', 'no-such-file'],
    ['E_OPTION_FILE', '--permit', 'no-such-permit'],
    ['E_TRACK', '--keep', 'person-1'],
    ['E_MODEL_UNKNOWN', '--model', 'no-such-model'],
    ['E_PATTERN', '--profile', 'standard', '--pattern', '(a'],
  ] as const) {
    test(`${options.join(' ')} is refused`, () => refused(clip, code, ...options));
  }

  test('files of the wrong kind are refused', async () => {
    const text = file('words.txt', 'not JSON\n');
    await refused(clip, 'E_PERMIT_FORMAT', '--permit', text);
    await refused(clip, 'E_REASONS', '--reasons', text);
    await refused(clip, 'E_PLAN', '--plan', text);
    assertFailed(await tidewaiter('redact', clip), 'E_OPTION');
    assertFailed(await tidewaiter('redact'), 'E_USAGE');
  });
});
