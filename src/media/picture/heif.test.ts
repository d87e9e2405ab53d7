import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { heicFile, type HeicPlan } from '../../../test/heic.ts';
import { needs } from '../../../test/needs.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { openPicture } from './index.ts';

const width = 200;
const height = 120;

/** A smooth picture without symmetry, which codes almost without loss. */
function ramp(): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgb.set([x, y * 2, 255 - x], (y * width + x) * 3);
  }
  return rgb;
}

describe('HEIC', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-heif-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (plan: Partial<HeicPlan>): string => {
    const path = join(folder, 'picture.heic');
    writeFileSync(path, heicFile({ width, height, rgb: ramp(), ...plan }));
    return path;
  };

  /** Mean difference of the pixels to what sharp makes of the ramp. */
  async function difference(path: string, expected: Sharp): Promise<number> {
    const { surface } = await openPicture(path);
    const { data, info } = await expected.raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([surface.width, surface.height], [info.width, info.height]);
    return data.reduce((sum, value, i) => sum + Math.abs(value - surface.data[i]!), 0) / data.length;
  }
  const source = (): Sharp => sharp(ramp(), { raw: { width, height, channels: 3 } });

  test('is read: single, in tiles, with 10 bits', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    assert.ok((await difference(write({}), source())) < 2.5);
    assert.ok((await difference(write({ columns: 2, rows: 3 }), source())) < 2.5);
    const ten = write({ tenBits: true });
    assert.ok((await difference(ten, source())) < 2.5);
    const { info } = await openPicture(ten);
    assert.equal(info.bitDepth, 10);
    assert.match(info.notes.join(), /10 bits/);
  });

  test('is turned and mirrored as the file asks', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    assert.ok((await difference(write({ turns: 1 }), source().rotate(270))) < 2.5);
    assert.ok((await difference(write({ turns: 3, columns: 2 }), source().rotate(90))) < 2.5);
    assert.ok((await difference(write({ mirror: 0 }), source().flip())) < 2.5);
    assert.ok((await difference(write({ mirror: 1 }), source().flop())) < 2.5);
  });

  test('says what it carries, as exiftool sees it', async (t) => {
    if (!needs(t, 'ffmpeg', 'exiftool')) return;
    const donor = join(folder, 'donor.jpg');
    await source().jpeg().toFile(donor);
    execFileSync('exiftool', [
      '-q',
      '-overwrite_original',
      '-Make=Cam',
      '-GPSLatitude=48',
      '-GPSLatitudeRef=N',
      donor,
    ]);
    const exif = (await sharp(donor).metadata()).exif!.subarray(6);
    const path = write({ exif });
    assert.match(execFileSync('exiftool', ['-G', path], { encoding: 'utf8' }), /GPS Latitude/);
    assert.deepEqual((await openPicture(path)).info.metadataKinds, ['exif', 'gps']);
  });

  test('is refused by name when it holds several pictures, is too large, cut or damaged', async (t) => {
    if (!needs(t, 'ffmpeg')) return;
    await assert.rejects(openPicture(write({ second: true })), { code: 'E_PICTURE_PAGES' });
    const path = write({ columns: 2, rows: 2 });
    await assert.rejects(openPicture(path, { limits: { pixels: 1000 } }), { code: 'E_PICTURE_SIZE' });
    const file = readFileSync(path);
    for (let cut = 40; cut < file.length; cut += 611) {
      writeFileSync(path, file.subarray(0, cut));
      await assert.rejects(openPicture(path), TidewaiterError, `cut at ${cut}`);
    }
    // Bytes of the structure changed in turn: read or refused, never a crash.
    const structure = file.indexOf('mdat');
    for (let at = 8; at < structure; at += 17) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 0x55;
      writeFileSync(path, damaged);
      await openPicture(path).catch((error: unknown) =>
        assert.ok(error instanceof TidewaiterError, String(error)),
      );
    }
  });
});
