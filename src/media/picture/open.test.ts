import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { needs } from '../../../test/needs.ts';
import { random } from '../../../test/surfaces.ts';
import { TidewaiterError } from '../../core/errors.ts';
import { openPicture } from './index.ts';

const width = 64;
const height = 40;

/** Left half red, right half blue, with a green bar on top. */
function flag(): Sharp {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = y < 10 ? [0, 200, 0] : x < width / 2 ? [200, 0, 0] : [0, 0, 200];
      data.set(colour, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function noise(): Sharp {
  const next = random(3);
  const data = new Uint8Array(200 * 160 * 3).map(() => next() * 256);
  return sharp(data, { raw: { width: 200, height: 160, channels: 3 } });
}

const formats = ['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const;

describe('openPicture', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-open-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const save = (name: string, bytes: Uint8Array | string): string => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  /** Mean of a few pixels around (x, y). */
  const colourAt = async (path: string, x: number, y: number): Promise<number[]> => {
    const picture = await openPicture(path);
    const rgb = new Uint8Array(3);
    picture.readRgb({ x: x - 2, y: y - 2, width: 4, height: 4 }, 1, 1, rgb);
    return [...rgb].map((value) => (value > 140 ? 1 : 0));
  };

  test('reads every format, whatever the name says', async () => {
    for (const format of formats) {
      const path = save(`picture [1].${format}.txt`, await flag().toFormat(format).toBuffer());
      const { info, surface } = await openPicture(path);
      assert.deepEqual([info.format, info.width, info.height, info.pages], [format, width, height, 1]);
      assert.deepEqual(
        [info.hasAlpha, info.orientation, info.metadataKinds],
        [format === 'gif', 1, []],
        format,
      );
      assert.equal(surface.data.length, width * height * surface.channels);
      assert.deepEqual(await colourAt(path, 10, 30), [1, 0, 0], format);
      assert.deepEqual(await colourAt(path, 50, 30), [0, 0, 1], format);
    }
  });

  test('applies all eight EXIF orientations', async () => {
    const stored = await flag().jpeg().toBuffer();
    // Where the file's top, red and blue end up by EXIF 2.32, 4.6.5.1: displayed corner points of green, red, blue.
    const { data: upright } = await flag().raw().toBuffer({ resolveWithObject: true });
    for (let orientation = 1; orientation <= 8; orientation++) {
      const path = save(`o${orientation}.jpg`, await sharp(stored).withMetadata({ orientation }).toBuffer());
      const picture = await openPicture(path);
      assert.equal(picture.info.orientation, orientation);
      const turned = orientation > 4;
      assert.deepEqual([picture.width, picture.height], turned ? [height, width] : [width, height]);
      for (const [x, y] of [
        [10, 30],
        [50, 30],
        [32, 4],
      ] as const) {
        const [dx, dy] = displayedPoint(orientation, x, y);
        const at = (y * width + x) * 3;
        const expected = [0, 1, 2].map((c) => (upright[at + c]! > 100 ? 1 : 0));
        assert.deepEqual(await colourAt(path, dx, dy), expected, `orientation ${orientation}`);
      }
    }
  });

  test('brings 16 bits, grey, CMYK, palettes and profiles to 8-bit sRGB, and says so', async () => {
    const cases: [string, Uint8Array, number, RegExp][] = [
      ['deep.png', await flag().toColourspace('rgb16').png().toBuffer(), 16, /16 bits/],
      [
        'deep.tif',
        await flag().toColourspace('rgb16').tiff({ compression: 'lzw' }).toBuffer(),
        16,
        /16 bits/,
      ],
      ['cmyk.jpg', await flag().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), 8, /CMYK/],
      ['palette.png', await flag().png({ palette: true }).toBuffer(), 8, /^$/],
      ['p3.jpg', await flag().withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), 8, /profile/],
    ];
    for (const [name, bytes, bits, note] of cases) {
      const path = save(name, bytes);
      const { info } = await openPicture(path);
      assert.equal(info.bitDepth, bits, name);
      assert.match(info.notes.join('; '), note, name);
      assert.deepEqual(await colourAt(path, 10, 30), [1, 0, 0], name);
      assert.deepEqual(await colourAt(path, 32, 4), [0, 1, 0], name);
    }
    const grey = await openPicture(save('grey.png', await flag().toColourspace('b-w').png().toBuffer()));
    assert.equal(grey.surface.channels, 3);
    assert.equal(grey.surface.data[0], grey.surface.data[1]);
  });

  test('keeps alpha, shows it over white and removes what no one could see', async () => {
    const data = new Uint8Array(8 * 8 * 4).fill(120);
    for (let i = 0; i < 32; i++) data[i * 4 + 3] = 0;
    const picture = await openPicture(
      save(
        'alpha.png',
        await sharp(data, { raw: { width: 8, height: 8, channels: 4 } })
          .png()
          .toBuffer(),
      ),
    );
    assert.equal(picture.info.hasAlpha, true);
    assert.deepEqual([...picture.surface.data.subarray(0, 4)], [0, 0, 0, 0]);
    assert.deepEqual([...picture.surface.data.subarray(60 * 4, 60 * 4 + 4)], [120, 120, 120, 120]);
    assert.equal(picture.readLuma(8, 8)[0], 255);
    assert.equal(picture.readLuma(8, 8)[63], Math.round(255 - (135 * 120) / 255));
  });

  test('names the kinds of metadata, as exiftool put them in', async (t) => {
    if (!needs(t, 'exiftool')) return;
    const thumbnail = save('thumb.jpg', await flag().resize(16).jpeg().toBuffer());
    const tags = [
      '-Make=Cam',
      '-GPSLatitude=48.2',
      '-GPSLatitudeRef=N',
      '-XMP:City=Calais',
      '-IPTC:City=Calais',
    ];
    const jpeg = save('all.jpg', await flag().withIccProfile('srgb').jpeg().toBuffer());
    execFileSync('exiftool', ['-q', '-overwrite_original', ...tags, '-Comment=hello', jpeg]);
    execFileSync('exiftool', ['-q', '-overwrite_original', `-ThumbnailImage<=${thumbnail}`, jpeg]);
    assert.deepEqual((await openPicture(jpeg)).info.metadataKinds, [
      'exif',
      'gps',
      'xmp',
      'iptc',
      'icc',
      'thumbnail',
      'comment',
    ]);
    for (const format of ['png', 'webp', 'tiff', 'avif'] as const) {
      const path = save(`all.${format}`, await flag().toFormat(format).toBuffer());
      execFileSync('exiftool', [
        '-q',
        '-overwrite_original',
        '-EXIF:Make=Cam',
        '-GPSLatitude=48',
        '-XMP:City=Calais',
        path,
      ]);
      assert.deepEqual((await openPicture(path)).info.metadataKinds, ['exif', 'gps', 'xmp'], format);
    }
  });

  test('refuses by name what is not one still picture', async (t) => {
    const refused = async (path: string, code: string): Promise<void> => {
      await assert.rejects(openPicture(path), (error: unknown) => {
        assert.ok(error instanceof TidewaiterError, String(error));
        assert.equal(error.code, code, `${path}: ${error.message}`);
        assert.ok(error.remedy.length > 10);
        return true;
      });
    };
    await refused(save('empty.jpg', ''), 'E_EMPTY');
    await refused(save('text.jpg', 'not a picture'), 'E_FORMAT');
    await refused(save('drawing.png', '<svg xmlns="http://www.w3.org/2000/svg"/>'), 'E_FORMAT');
    await refused(save('document.png', '%PDF-1.7\n'), 'E_FORMAT');
    await refused(save('random.jpg', Uint8Array.of(9, 0, 1, 2, 3, 4)), 'E_FORMAT');
    await refused(save('stub.jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)), 'E_TRUNCATED');
    const frames = sharp([await flag().png().toBuffer(), await flag().negate().png().toBuffer()], {
      join: { animated: true },
    });
    for (const format of ['gif', 'webp'] as const) {
      await refused(
        save(`moving.${format}`, await frames.clone().toFormat(format).toBuffer()),
        'E_PICTURE_ANIMATED',
      );
    }
    await refused(save('pages.tif', await frames.clone().tiff().toBuffer()), 'E_PICTURE_PAGES');
    if (!needs(t, 'ffmpeg', 'exiftool')) return;
    const apng = join(folder, 'moving.png');
    const source = ['-f', 'lavfi', '-i', 'testsrc=size=32x32:rate=2:duration=1'];
    execFileSync('ffmpeg', ['-v', 'error', ...source, '-f', 'apng', apng]);
    await refused(apng, 'E_PICTURE_ANIMATED');
    const video = join(folder, 'video.jpg');
    execFileSync('ffmpeg', ['-v', 'error', ...source, '-pix_fmt', 'yuv420p', '-f', 'mp4', video]);
    await refused(video, 'E_FORMAT');
    const raw = save('raw.tif', await flag().tiff().toBuffer());
    execFileSync('exiftool', ['-q', '-overwrite_original', '-DNGVersion=1 4 0 0', raw]);
    await refused(raw, 'E_FORMAT');
  });

  test('judges size by the header, and reads what is odd but allowed', async () => {
    const large = await sharp({ create: { width: 6000, height: 4200, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    await assert.rejects(openPicture(save('large.png', large)), { code: 'E_PICTURE_SIZE' });
    const bomb = Buffer.from(await flag().png().toBuffer());
    bomb.writeUInt32BE(2 ** 30, 16);
    await assert.rejects(openPicture(save('bomb.png', bomb)), TidewaiterError);
    const wide = await sharp({ create: { width: 16384, height: 3, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    assert.equal((await openPicture(save('wide.png', wide))).width, 16384);
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    assert.equal((await openPicture(save('dot.jpg', dot))).height, 1);
    await assert.rejects(openPicture(save('dot.jpg', dot), { limits: { pixels: 0 } }), {
      code: 'E_PICTURE_SIZE',
    });
  });

  test('never shows half a picture: files cut anywhere are refused', async () => {
    for (const format of formats) {
      const whole = await noise().toFormat(format).toBuffer();
      for (const share of [0.02, 0.2, 0.5, 0.8, 0.95, 0.99]) {
        const path = save(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * share)));
        await assert.rejects(openPicture(path), TidewaiterError, `${format} cut at ${share}`);
      }
    }
    const jpeg = await noise().jpeg().toBuffer();
    await assert.rejects(openPicture(save('cut.jpg', jpeg.subarray(0, jpeg.length / 2))), {
      code: 'E_TRUNCATED',
    });
  });

  test('reads or refuses files with flipped bits, and nothing else', async () => {
    const next = random(8);
    for (const format of formats) {
      const whole = await flag().toFormat(format).toBuffer();
      for (let round = 0; round < 25; round++) {
        const bytes = Buffer.from(whole);
        for (let flips = 0; flips < 3; flips++)
          bytes[Math.floor(next() * bytes.length)]! ^= 1 << Math.floor(next() * 8);
        const opened = openPicture(save(`flipped.${format}`, bytes));
        await opened.catch((error: unknown) => assert.ok(error instanceof TidewaiterError, String(error)));
      }
    }
    assert.ok(readFileSync(join(folder, 'flipped.png')).length > 0);
  });
});

/** Where a stored point is seen, by the table of EXIF 2.32 section 4.6.5.1. */
function displayedPoint(orientation: number, x: number, y: number): [number, number] {
  const [w, h] = [width, height];
  const points: [number, number][] = [
    [x, y],
    [w - x, y],
    [w - x, h - y],
    [x, h - y],
    [y, x],
    [h - y, x],
    [h - y, w - x],
    [y, w - x],
  ];
  return points[orientation - 1]!;
}
