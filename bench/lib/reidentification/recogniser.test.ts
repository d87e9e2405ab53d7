import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Random } from '../../../src/core/random.ts';
import { packageFile } from '../../../src/models/package-file.ts';
import { Recogniser, recogniserSide } from './recogniser.ts';

const inPackage = (file: string): string => packageFile('@vladmandic/face-api', file) ?? '';

/** As much of face-api as is asked here. */
interface FaceApi {
  readonly tf: {
    setBackend(name: string): Promise<boolean>;
    tensor4d(values: Float32Array, shape: readonly number[]): unknown;
    readonly io: { decodeWeights(bytes: ArrayBuffer, specs: unknown): Record<string, unknown> };
  };
  readonly FaceRecognitionNet: new () => {
    loadFromWeightMap(weights: Record<string, unknown>): void;
    computeFaceDescriptor(image: unknown): Promise<Float32Array>;
  };
}

/** What the package itself computes, with the TensorFlow.js that it carries. */
async function describeWithFaceApi(rgb: Uint8Array): Promise<Float32Array> {
  // Its build is for browsers and looks for a document while it loads.
  Object.assign(globalThis, { window: { document: {} } });
  const api = (await import(inPackage('dist/face-api.esm.js'))) as FaceApi;
  Reflect.deleteProperty(globalThis, 'window');
  await api.tf.setBackend('cpu');
  const manifest = readFileSync(inPackage('model/face_recognition_model-weights_manifest.json'), 'utf8');
  const [group] = JSON.parse(manifest) as { weights: unknown }[];
  const bytes = Uint8Array.from(readFileSync(inPackage('model/face_recognition_model.bin')));
  const net = new api.FaceRecognitionNet();
  net.loadFromWeightMap(api.tf.io.decodeWeights(bytes.buffer, group?.weights));
  const shape = [1, recogniserSide, recogniserSide, 3];
  return net.computeFaceDescriptor(api.tf.tensor4d(Float32Array.from(rgb), shape));
}

test('the converted recogniser says what face-api says', async () => {
  const random = new Random(1);
  const rgb = new Uint8Array(recogniserSide ** 2 * 3);
  for (let i = 0; i < rgb.length; i++) {
    rgb[i] = 128 + 90 * Math.sin(i / 2000) * Math.cos(i / 71) + random.integer(30);
  }
  const recogniser = await Recogniser.open();
  const ours = await recogniser.describe(rgb);
  await recogniser.close();
  const theirs = await describeWithFaceApi(rgb);
  assert.equal(theirs.length, 128);
  const largest = Math.max(...theirs.map((value, index) => Math.abs(value - ours[index]!)));
  assert.ok(largest < 1e-5, `descriptors differ by ${largest}`);
  assert.ok(Math.hypot(...ours) > 0.5);
});
