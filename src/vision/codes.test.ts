import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { prepareZXingModule, writeBarcode, type WriterOptions } from 'zxing-wasm/writer';
import { needs, pedestrianClip } from '../../test/needs.ts';
import { coverage, type PixelBox } from '../core/box.ts';
import type { PixelSource } from '../core/observation.ts';
import { scalePicture } from '../media/scale.ts';
import { findCodes } from './codes.ts';

interface Placed {
  readonly kind: string;
  readonly text: string;
  readonly box: PixelBox;
}

const symbols: readonly [kind: string, format: NonNullable<WriterOptions['format']>, text: string][] = [
  ['qr', 'QRCode', 'https://example.com/entry/42'],
  ['data-matrix', 'DataMatrix', 'LOT 12345'],
  ['pdf417', 'PDF417', 'ANSI 636000 SPECIMEN'],
  ['aztec', 'Aztec', 'M1ERIKSSON/ANNA'],
  ['code128', 'Code128', 'AWB02012345675'],
  ['code39', 'Code39', 'CSQU3054383'],
  ['ean', 'EAN13', '4006381333931'],
];

const WIDTH = 1280;
const HEIGHT = 720;

async function symbolPng(format: WriterOptions['format'], text: string): Promise<Buffer> {
  const { image, error } = await writeBarcode(text, { format, scale: 2 } as WriterOptions);
  assert.ok(image, error);
  return Buffer.from(await image.arrayBuffer());
}

async function scene(degrees: number): Promise<{ source: PixelSource; placed: Placed[] }> {
  const placed: Placed[] = [];
  const layers = [];
  let x = 20;
  let y = 20;
  for (const [kind, format, text] of symbols) {
    const png = await sharp(await symbolPng(format, text))
      .rotate(degrees, { background: '#fff' })
      .png()
      .toBuffer({ resolveWithObject: true });
    if (x + png.info.width > WIDTH - 20) {
      x = 20;
      y += 330;
    }
    layers.push({ input: png.data, left: x, top: y });
    placed.push({ kind, text, box: { x, y, width: png.info.width, height: png.info.height } });
    x += png.info.width + 20;
  }
  const canvas = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#9ab' } });
  return { source: await sourceOf(await canvas.composite(layers).jpeg({ quality: 80 }).toBuffer()), placed };
}

async function sourceOf(file: Buffer): Promise<PixelSource> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data, channels: 3 as const };
  return {
    width: info.width,
    height: info.height,
    readRgb: (crop, width, height, target, offset, stride) =>
      scalePicture(picture, crop, width, height, target, offset, stride),
    readLuma(width, height) {
      const rgb = new Uint8Array(width * height * 3);
      scalePicture(picture, { x: 0, y: 0, width: info.width, height: info.height }, width, height, rgb);
      return Uint8Array.from({ length: width * height }, (_, index) => rgb[index * 3 + 1]!);
    },
  };
}

describe('findCodes', () => {
  before(() => {
    const bytes = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(bytes).buffer } });
  });

  test('finds and reads every symbology, upright and turned', async () => {
    for (const degrees of [0, 90]) {
      const { source, placed } = await scene(degrees);
      const found = await findCodes(source);
      for (const { kind, text, box } of placed) {
        const code = found.find((candidate) => candidate.kind === kind);
        assert.ok(code, `${kind} at ${degrees} degrees`);
        assert.equal(code.text, text);
        assert.ok(coverage(code.box, box) > 0.99, `${kind} lies where it was put`);
        assert.ok(coverage(box, code.box) > 0.5, `${kind} is covered: ${coverage(box, code.box)}`);
        assert.equal(code.corners.length, 8);
      }
    }
  });

  test('a damaged code is reported without text; a picture without codes gives none', async () => {
    const png = sharp(await symbolPng('QRCode', 'https://example.com/entry/42'));
    const { width, height } = await png.metadata();
    const scratch = {
      create: {
        width: Math.round(width * 0.3),
        height: Math.round(height * 0.3),
        channels: 3,
        background: '#000',
      },
    } as const;
    const damaged = await png
      .composite([{ input: await sharp(scratch).png().toBuffer(), gravity: 'centre' }])
      .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#fff' })
      .png()
      .toBuffer();
    const [code] = await findCodes(await sourceOf(damaged));
    assert.equal(code?.kind, 'qr');
    assert.equal(code.text, undefined);
    assert.equal(code.score, 0.8, 'found, not decoded');
    const plain = sharp({ create: { width: 300, height: 200, channels: 3, background: '#9ab' } });
    assert.deepEqual(await findCodes(await sourceOf(await plain.png().toBuffer())), []);
  });

  test('a video of a street without codes gives none', async (t) => {
    if (!needs(t, 'opencv-doc', 'ffmpeg')) return;
    // Frames in which edges of things have the outline of a Data Matrix or PDF417.
    const select = ['-vf', `select=${[57, 315, 510, 516, 654].map((n) => `eq(n\\,${n})`).join('+')}`];
    const raw = ['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
    const [width, height, channels] = [768, 576, 3] as const;
    const bytes = execFileSync('ffmpeg', ['-v', 'error', '-i', pedestrianClip, ...select, ...raw], {
      maxBuffer: 1 << 24,
    });
    const size = width * height * channels;
    assert.equal(bytes.length, 5 * size);
    for (let at = 0; at < bytes.length; at += size) {
      const frame = sharp(bytes.subarray(at, at + size), { raw: { width, height, channels } });
      assert.deepEqual(await findCodes(await sourceOf(await frame.png().toBuffer())), []);
    }
  });

  test('large pictures are scaled down, and places scaled up again', async () => {
    const { source, placed } = await scene(0);
    const found = await findCodes(source, { maxSide: 960 });
    const qr = placed.find((symbol) => symbol.kind === 'qr')!;
    const code = found.find((candidate) => candidate.kind === 'qr');
    assert.ok(code && coverage(code.box, qr.box) > 0.99 && coverage(qr.box, code.box) > 0.5);
  });
});
