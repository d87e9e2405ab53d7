import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fixedModel, type FixedOutput } from '../material/onnx.ts';
import { sha256 } from '../src/core/digest.ts';
import { evaluationPermit } from '../src/core/permit.ts';
import { openModel, type ModelCard } from '../src/models/index.ts';
import type { RawDetection } from '../src/vision/detection.ts';
import { prepareDecoder } from '../src/vision/families/index.ts';

/** A card as a user writes it, without what {@link userModelDir} fills in. */
export interface TestCard {
  readonly id?: string;
  readonly family: ModelCard['family'];
  readonly input: { readonly width: number; readonly height: number; readonly [field: string]: unknown };
  readonly outputs: Readonly<Record<string, string>>;
  readonly classes?: readonly string[];
  readonly threshold?: number;
  readonly [field: string]: unknown;
}

export interface TestModel {
  readonly card: TestCard;
  /** The ONNX file. */
  readonly onnx: Uint8Array;
  /** Characters of a text recogniser, one per line; written to `alphabet.txt`. */
  readonly alphabet?: string;
}

/** A folder with user models, removed after the test. */
export async function userModelDir(t: TestContext, models: readonly TestModel[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tidewaiter-models-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  for (const [index, { card, onnx, alphabet }] of models.entries()) {
    const whole = {
      id: 'trial',
      version: '1',
      purpose: 'A known answer.',
      limits: 'It looks at nothing.',
      source: 'This test.',
      licence: 'Apache-2.0',
      licenceClear: true,
      digest: sha256(onnx),
      threshold: 0.5,
      ...card,
      input: { name: 'image', layout: 'NCHW', channels: 'RGB', ...card.input },
    };
    await writeFile(join(dir, `model${index}.onnx`), onnx);
    if (alphabet !== undefined) await writeFile(join(dir, 'alphabet.txt'), alphabet);
    await writeFile(join(dir, `model${index}.card.json`), JSON.stringify(whole));
  }
  return dir;
}

/** A model that answers every picture of the card's size with the given tensors. */
export function fixed(card: TestCard, outputs: readonly FixedOutput[]): TestModel {
  const { width, height } = card.input;
  return { card, onnx: fixedModel({ name: 'image', dims: [1, 3, height, width] }, outputs) };
}

/** Registers the model, runs it once in ONNX Runtime and decodes what comes back, before suppression. */
export async function decodeTrial(
  t: TestContext,
  model: TestModel,
  request: { readonly threshold?: number; readonly classes?: readonly number[] } = {},
): Promise<RawDetection[]> {
  const userDir = await userModelDir(t, [model]);
  const places = { cacheDir: join(userDir, 'cache'), userDir };
  const session = await openModel('trial', evaluationPermit, {
    ...places,
    now: new Date(0),
    use: 'redaction',
  });
  try {
    const { width, height } = session.card.input;
    const feed = { data: new Float32Array(3 * width * height), dims: [1, 3, height, width] };
    const outputs = await session.run({ image: feed });
    return prepareDecoder(session.card)(outputs, { threshold: 0.5, size: { width, height }, ...request });
  } finally {
    await session.close();
  }
}

/** What is expected of a detection: class index, score, left, top, right, bottom, and landmarks. */
export type Expected = readonly [number, number, number, number, number, number, (readonly number[])?];

export function assertDetections(found: readonly RawDetection[], expected: readonly Expected[]): void {
  const rows = found.map(({ classIndex, score, box: { left, top, right, bottom }, landmarks }) => [
    ...[classIndex, score, left, top, right, bottom],
    ...(landmarks ?? []),
  ]);
  const wanted = expected.map(([index, score, left, top, right, bottom, landmarks]) => [
    ...[index, score, left, top, right, bottom],
    ...(landmarks ?? []),
  ]);
  assert.deepEqual(
    rows.map((row) => row.length),
    wanted.map((row) => row.length),
  );
  for (const [index, row] of rows.entries()) {
    for (const [column, value] of row.entries()) {
      const target = wanted[index]![column]!;
      assert.ok(
        Math.abs(value - target) < 1e-5,
        `detection ${index}, value ${column}: ${value} is not ${target}`,
      );
    }
  }
}

/** A tensor of `length` equal values with some set: pairs of position and value. */
export function filled(length: number, value: number, set: Readonly<Record<number, number>>): Float32Array {
  const data = new Float32Array(length).fill(value);
  for (const [position, other] of Object.entries(set)) data[Number(position)] = other;
  return data;
}
