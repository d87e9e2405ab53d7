import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedModel } from '../../material/onnx.ts';
import { sha256 } from '../../src/core/digest.ts';

/**
 * Writes the model of docs/bring-your-own-model.md, with its card, into the folder that is named: a YOLOv8-style file
 * that finds the same badge in every picture.
 */
const [folder = 'models'] = process.argv.slice(2);

/** Columns of the one output: a sure badge, and a tablet too weak to count. Rows: centre x, y, width, height, classes. */
const predictions = [
  [64, 16],
  [48, 16],
  [16, 8],
  [24, 8],
  [0.9, 0.1],
  [0.05, 0.2],
];
const onnx = fixedModel({ name: 'images', dims: [1, 3, 128, 128] }, [
  { name: 'output0', dims: [1, 6, 2], data: predictions.flat() },
]);
const card = {
  id: 'badge-finder',
  version: '1',
  purpose: 'Finds officer badges and tablets at a counter.',
  limits: 'An example: it finds one badge, always at the same place.',
  source: 'scripts/examples/own-model.ts',
  licence: 'Apache-2.0',
  licenceClear: true,
  digest: sha256(onnx),
  family: 'yolo-v8',
  input: { name: 'images', width: 128, height: 128, layout: 'NCHW', channels: 'RGB', fit: 'letterbox' },
  outputs: { predictions: 'output0' },
  classes: ['badge', 'tablet'],
  threshold: 0.5,
};
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'badge-finder.onnx'), onnx);
await writeFile(join(folder, 'badge-finder.card.json'), `${JSON.stringify(card, undefined, 2)}\n`);
