import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { contactSheet, type ContactSheet } from './contact-sheet.ts';

/** Every character is a full block, so that the place of text can be seen in the pixels. */
const blocks = { width: 4, height: 8, glyph: () => new Uint8Array(32).fill(255) };

function flat(width: number, height: number, value: number): ContactSheet['rows'][number]['source'] {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

const sheet: ContactSheet = {
  title: 'Title',
  notes: ['note'],
  rows: [
    {
      caption: '0:00:00.000',
      source: flat(64, 36, 200),
      redacted: flat(64, 36, 20),
      covered: { face: 2, plate: 0 },
    },
    { caption: '0:00:01.500', source: flat(36, 64, 200), redacted: flat(36, 64, 20), covered: {} },
  ],
  format: 'png',
};

describe('contact sheet', () => {
  test('shows source at the left and redacted at the right, whatever their shape', async () => {
    const { data, info } = await sharp(await contactSheet(sheet, blocks))
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.equal(info.width, 1600);
    const count = (value: number, fromX: number, toX: number): number => {
      let found = 0;
      for (let y = 0; y < info.height; y++) {
        for (let x = fromX; x < toX; x++) if (data[(y * 1600 + x) * 3] === value) found++;
      }
      return found;
    };
    const column = 740;
    const pixels = (column * column * 36) / 64 + (column * column * 36) / 64;
    assert.ok(Math.abs(count(200, 0, 800) - pixels) < column * 2);
    assert.ok(Math.abs(count(20, 800, 1600) - pixels) < column * 2);
    assert.equal(count(20, 0, 800), 0);
  });

  test('puts the stamp on the sheet, and the same sheet gives the same bytes', async () => {
    const stamped = { ...sheet, stamp: 'EVALUATION', format: 'jpeg' as const };
    const [plain, one, two] = await Promise.all([
      contactSheet({ ...sheet, format: 'jpeg' }, blocks),
      contactSheet(stamped, blocks),
      contactSheet(stamped, blocks),
    ]);
    assert.ok(one.equals(two));
    assert.ok(!one.equals(plain));
    assert.equal((await sharp(one).metadata()).format, 'jpeg');
  });
});
