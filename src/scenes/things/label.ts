import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import type { PixelBox, Size } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import { blankPicture, drawSvg, paste, type Picture } from '../draw/picture.ts';
import { fillPattern } from './plate.ts';
import { type Sprite, toSprite } from '../draw/sprite.ts';
import { drawText, textMark } from '../draw/text-render.ts';

const WIDTH = 560;
const HEIGHT = 370;
/** Whole pixels for each of the 21 modules of the QR code and the 112 of the bar code. */
const QR: PixelBox = { x: 26, y: 26, width: 189, height: 189 };
const BARS: PixelBox = { x: 56, y: 244, width: 448, height: 100 };

/** A consignment label with a QR code, a Code 128 bar code and a line of text. */
export async function drawLabel(random: Random): Promise<Sprite> {
  const reference = fillPattern('TW99999999', random);
  const ground = `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#faf9f4" stroke="#777" stroke-width="3"/>`;
  const picture = await drawSvg(WIDTH, HEIGHT, ground);
  const qr = await codePicture('QRCode', reference, QR);
  const bars = await codePicture('Code128', reference, BARS);
  paste(picture, qr, QR.x, QR.y);
  paste(picture, bars, BARS.x, BARS.y);
  const text = await drawText(picture, reference, { x: 250, y: 100, height: 32 }, [20, 20, 20]);
  return toSprite(picture, [
    { class: 'label', box: { x: 0, y: 0, width: WIDTH, height: HEIGHT } },
    { class: 'qr', box: QR, text: reference },
    { class: 'barcode', box: BARS, text: reference },
    textMark('text', reference, text),
  ]);
}

let writerReady: Promise<unknown> | undefined;

/** Gives the writer its WebAssembly from the installed package: left alone it would ask the network. */
async function prepareWriter(): Promise<void> {
  writerReady ??= (async () => {
    const path = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
    const bytes = await readFile(path);
    const wasmBinary = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  })();
  await writerReady;
}

async function codePicture(
  format: 'QRCode' | 'Code128',
  content: string,
  { width, height }: Size,
): Promise<Picture> {
  await prepareWriter();
  const { symbol, error } = await writeBarcode(content, { format });
  if (error !== '') throw new Error(`The ${format} writer failed: ${error}`);
  const picture = blankPicture(width, height);
  const columns = symbol.width;
  const rows = format === 'QRCode' ? symbol.height : 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const module = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
      const value = symbol.data[module] === 0 ? 0 : 250;
      picture.data.set([value, value, value, 255], (y * width + x) * 4);
    }
  }
  return picture;
}
