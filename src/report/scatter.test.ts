import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { roundTicks } from './plot-axis.ts';
import { type ScatterPlot, scatterSvg, scatterText } from './scatter.ts';

const plot: ScatterPlot = {
  title: 'Cost & recall',
  note: 'n 4',
  x: { title: 'cost', from: 0, to: 0.2, show: (value) => value.toFixed(2) },
  y: { title: 'recall', from: 0.8, to: 1, show: (value) => value.toFixed(2) },
  points: [
    { label: 'one', x: 0.05, y: 0.9, low: 0.85, high: 0.95 },
    { label: 'two', x: 0.15, y: 0.98 },
    { label: 'goal', x: 0.1, y: 0.95, limit: true },
  ],
};

test('ticks are round and inside their axis', () => {
  assert.deepEqual(roundTicks({ from: 0.8, to: 1 }), [0.8, 0.85, 0.9, 0.95, 1]);
  assert.deepEqual(roundTicks({ from: 0, to: 0.249 }), [0, 0.05, 0.1, 0.15, 0.2]);
});

test('a plot is a picture with its marks where the values are', async () => {
  const svg = scatterSvg(plot);
  assert.match(svg, /<title id="plot-title">Cost &amp; recall<\/title>/);
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  // The frame is 746 x 380 with its upper left corner at 84, 76.
  assert.deepEqual(at(Math.round(84 + (746 * 0.05) / 0.2), Math.round(76 + 380 * 0.5)), [0, 94, 162]);
  assert.deepEqual(at(Math.round(84 + (746 * 0.15) / 0.2), Math.round(76 + 380 * 0.1)), [0, 94, 162]);
});

test('a plot is text with a letter for each point', () => {
  const lines = scatterText(plot);
  const rows = lines.filter((line) => / \|/.test(line));
  assert.equal(rows.length, 16);
  const find = (sign: string): [row: number, column: number] => {
    const row = rows.findIndex((line) => line.slice(line.indexOf('|') + 1).includes(sign));
    return [row, rows[row]!.slice(rows[row]!.indexOf('|') + 1).indexOf(sign)];
  };
  const [a, b, c] = [find('A'), find('B'), find('c')];
  assert.ok(b[0] < c[0] && c[0] < a[0], 'higher values stand higher');
  assert.ok(a[1] < c[1] && c[1] < b[1], 'larger values stand further right');
  assert.ok(lines.includes('  A  one: 0.90 at 0.05.'));
});
