import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { composeScene } from '../../../material/scene.ts';

test('the codes of a label can be read and lie in their boxes', async () => {
  const bytes = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  await prepareZXingModule({
    overrides: { wasmBinary: new Uint8Array(bytes).buffer },
    fireImmediately: true,
  });
  const scene = await composeScene({
    seed: 2,
    seconds: 1,
    settings: ['office'],
    noise: 1,
    cast: { passport: 0 },
  });
  const rgb = scene.frame(3);
  const data = new Uint8ClampedArray(scene.width * scene.height * 4).fill(255);
  for (let i = 0, j = 0; i < rgb.length; i += 3, j += 4) data.set(rgb.subarray(i, i + 3), j);
  const image = { data, width: scene.width, height: scene.height, colorSpace: 'srgb' as const };
  const found = await readBarcodes(image, { formats: ['QRCode', 'Code128'] });
  for (const [format, name] of [
    ['QRCode', 'qr'],
    ['Code128', 'barcode'],
  ] as const) {
    const truth = scene.truth(3).find((thing) => thing.class === name);
    const code = found.find((candidate) => candidate.format === format);
    assert.ok(truth !== undefined && code !== undefined, `${format} was not read`);
    assert.equal(code.text, truth.text);
    const { topLeft, bottomRight } = code.position;
    const { box } = truth;
    // The reader extrapolates corners from finder patterns of about 5 pixels a module.
    const slack = 4;
    assert.ok(topLeft.x >= box.x - slack && topLeft.y >= box.y - slack);
    assert.ok(bottomRight.x <= box.x + box.width + slack && bottomRight.y <= box.y + box.height + slack);
  }
});
