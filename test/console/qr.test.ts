import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { qrCode } from '../../web/kit/qr.ts';

const scale = 4;
const quiet = 4;

test('codes of every size are read back by another hand, and what is too long is refused', async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  await prepareZXingModule({
    overrides: {
      wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength),
    },
    fireImmediately: true,
  });
  const sizes = new Set<number>();
  for (const length of [1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 288, 331]) {
    const text = `otpauth://totp/Tidewaiter:Zoë?secret=${'JBSWY3DPEHPK3PXP'.repeat(30)}`.slice(
      0,
      Math.max(1, length - 1),
    );
    const modules = qrCode(text);
    sizes.add(modules.length);
    const side = (modules.length + 2 * quiet) * scale;
    const data = new Uint8ClampedArray(side * side * 4).fill(255);
    modules.forEach((row, r) =>
      row.forEach((dark, c) => {
        for (let y = 0; dark && y < scale; y++)
          for (let x = 0; x < scale; x++)
            data.fill(
              0,
              (((r + quiet) * scale + y) * side + (c + quiet) * scale + x) * 4,
              (((r + quiet) * scale + y) * side + (c + quiet) * scale + x) * 4 + 3,
            );
      }),
    );
    const [read] = await readBarcodes(
      { data, width: side, height: side, colorSpace: 'srgb' },
      {
        formats: ['QRCode'],
      },
    );
    assert.equal(read?.text, text);
  }
  assert.equal(sizes.size, 13);
  assert.throws(() => qrCode('x'.repeat(332)), RangeError);
});
