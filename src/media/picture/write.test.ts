import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { needs } from '../../../test/needs.ts';
import { rgbSurface } from '../../../test/surfaces.ts';
import { openPicture, outputFormat, writePicture } from './index.ts';

const formats = ['jpeg', 'png', 'webp', 'tiff', 'avif'] as const;

/** Groups of exiftool that say how a file is built, not what it was made from. */
const structural = /^(SourceFile|ExifTool|File|Composite|JFIF|RIFF|QuickTime|PNG)/;
/** TIFF keeps its structure in EXIF tags. */
const structuralTags = new Set(
  (
    'ImageWidth ImageHeight BitsPerSample Compression PhotometricInterpretation StripOffsets Orientation ' +
    'SamplesPerPixel RowsPerStrip StripByteCounts XResolution YResolution PlanarConfiguration ResolutionUnit ' +
    'Predictor SampleFormat ExtraSamples YCbCrPositioning ExifVersion ComponentsConfiguration FlashpixVersion ' +
    'ColorSpace ExifImageWidth ExifImageHeight'
  ).split(' '),
);

/** Tags that say more than how the file is built. */
function privateTags(path: string): Record<string, unknown> {
  const [tags] = JSON.parse(
    execFileSync('exiftool', ['-j', '-G', '-a', '-u', path], { encoding: 'utf8' }),
  ) as [Record<string, unknown>];
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => {
      const [group, tag] = key.split(':');
      return !structural.test(group ?? '') && !(group === 'EXIF' && structuralTags.has(tag ?? ''));
    }),
  );
}

describe('writePicture', () => {
  let folder = '';
  let source = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidewaiter-write-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A JPEG with everything a camera and an agency may put in. */
  async function loadedJpeg(): Promise<string> {
    source = join(folder, 'source.jpg');
    const face = sharp({ create: { width: 300, height: 200, channels: 3, background: '#a05030' } });
    writeFileSync(source, await face.withIccProfile('p3').jpeg().toBuffer());
    const thumbnail = join(folder, 'thumb.jpg');
    writeFileSync(thumbnail, await sharp(source).resize(60).jpeg().toBuffer());
    const tags = [
      '-Make=Cam',
      '-SerialNumber=4711',
      '-GPSLatitude=48.2',
      '-GPSLatitudeRef=N',
      '-GPSLongitude=16',
    ];
    const more = ['-XMP:Creator=Officer', '-IPTC:By-line=Officer', '-Comment=secret', '-Orientation#=6'];
    execFileSync('exiftool', [
      '-q',
      '-overwrite_original',
      ...tags,
      ...more,
      `-ThumbnailImage<=${thumbnail}`,
      source,
    ]);
    return source;
  }

  test('leaves nothing of the source but pixels, in every format', async (t) => {
    if (!needs(t, 'exiftool')) return;
    const picture = await openPicture(await loadedJpeg());
    assert.ok(Object.keys(privateTags(source)).length > 15);
    assert.deepEqual([picture.width, picture.height], [200, 300]);
    for (const format of formats) {
      const path = join(folder, `out.${format}`);
      await writePicture(path, picture.surface, { format });
      assert.deepEqual(privateTags(path), {}, format);
      for (const word of ['Cam', '4711', 'Officer', 'secret']) assert.ok(!readFileSync(path).includes(word));
      const again = await openPicture(path);
      assert.deepEqual([again.info.format, again.width, again.height], [format, 200, 300]);
      assert.deepEqual(again.info.metadataKinds, [], format);
    }
  });

  test('writes the stamp where people look for the program, and only that', async (t) => {
    if (!needs(t, 'exiftool')) return;
    const surface = rgbSurface(40, 30, 3, () => 0.4);
    for (const format of formats) {
      const path = join(folder, `stamped.${format}`);
      await writePicture(path, surface, { format, stamp: 'EVALUATION' });
      const tag = format === 'tiff' ? 'XMP:CreatorTool' : 'EXIF:Software';
      assert.deepEqual(privateTags(path), { [tag]: 'EVALUATION' }, format);
    }
  });

  test('gives the same bytes for the same pixels', async () => {
    const surface = rgbSurface(40, 30, 3, () => 0.4);
    for (const format of formats) {
      const [a, b] = [join(folder, 'a'), join(folder, 'b')];
      await writePicture(a, surface, { format, stamp: 'EVALUATION' });
      await writePicture(b, surface, { format, stamp: 'EVALUATION' });
      assert.ok(readFileSync(a).equals(readFileSync(b)), format);
    }
  });

  test('keeps every pixel where the format can', async () => {
    for (const channels of [3, 4] as const) {
      let state = 1;
      const surface = rgbSurface(50, 37, channels, () => (state = (state * 16807) % 2147483647) / 2147483647);
      for (let i = 3; channels === 4 && i < surface.data.length; i += 4) surface.data[i]! |= 1;
      for (const format of ['png', 'tiff'] as const) {
        const path = join(folder, `exact.${format}`);
        await writePicture(path, surface, { format });
        const again = await openPicture(path);
        assert.ok(Buffer.from(again.surface.data).equals(Buffer.from(surface.data)), `${format} ${channels}`);
      }
    }
  });

  test('chooses a format that can be written, and says when a picture does not fit', async () => {
    assert.deepEqual(
      [outputFormat('heic'), outputFormat('gif'), outputFormat('webp')],
      ['jpeg', 'png', 'webp'],
    );
    const wide = rgbSurface(17000, 2, 3, () => 0.5);
    const path = join(folder, 'wide');
    await assert.rejects(writePicture(path, wide, { format: 'webp' }), { code: 'E_PICTURE_WRITE' });
    await writePicture(path, wide, { format: 'png' });
    assert.equal((await openPicture(path)).width, 17000);
    await writePicture(
      path,
      rgbSurface(1, 1, 4, () => 0),
      { format: 'jpeg' },
    );
    assert.ok((await openPicture(path)).surface.data.every((value) => value > 250));
  });
});
