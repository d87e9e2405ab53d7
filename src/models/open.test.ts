import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { encodeOnnx, fixedModel, floats } from '../../material/onnx.ts';
import { sha256 } from '../core/digest.ts';
import { evaluationPermit, signPermit } from '../core/permit.ts';
import { builtInModels } from './catalog.ts';
import { openModel } from './open.ts';
import { packageFile } from './package-file.ts';
import type { PermitClaims } from '../core/permit.ts';
import type { OpenModelOptions } from './open.ts';
import type { ModelCard } from './card.ts';
import type { FloatTensor } from './session.ts';

let dir = '';
let options: OpenModelOptions = { cacheDir: '', use: 'redaction', now: new Date('2026-03-01T12:00:00Z') };

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidewaiter-models-'));
  options = { ...options, cacheDir: join(dir, 'cache'), userDir: join(dir, 'user') };
});
after(() => rm(dir, { recursive: true }));

/** A group photograph that a package ships, as the card's input wants it. */
async function picture(card: ModelCard, file: string): Promise<Record<string, FloatTensor>> {
  const path = packageFile('@vladmandic/face-api', `demo/${file}`) ?? '';
  const { width, height, fit, scale, mean, std, name } = card.input;
  const how = fit === 'letterbox' ? 'contain' : 'fill';
  const bytes = await sharp(path).resize(width, height, { fit: how, background: 'black' }).raw().toBuffer();
  const plane = width * height;
  const data = new Float32Array(plane * 3);
  for (let index = 0; index < data.length; index++) {
    const channel = Math.floor(index / plane);
    const byte = bytes[(index % plane) * 3 + channel] ?? 0;
    data[index] = (byte * scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  }
  return { [name]: { data, dims: [1, 3, height, width] } };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

describe('the built-in models see what is in a group photograph', () => {
  test('coco-ssdlite finds persons', async () => {
    const session = await openModel('coco-ssdlite', evaluationPermit, options);
    const { scores, boxes } = await session.run(await picture(session.card, 'sample1.jpg'));
    assert.deepEqual(boxes?.dims, [1, 1917, 4]);
    assert.deepEqual(scores?.dims, [1, 1917, session.card.classes.length]);
    const best = session.card.classes.map((_, index) =>
      scores.data.reduce((top, logit, at) => (at % 16 === index ? Math.max(top, sigmoid(logit)) : top), 0),
    );
    assert.equal(session.card.classes[best.indexOf(Math.max(...best))], 'person');
    assert.ok((best[0] ?? 0) > 0.6);
    await session.close();
  });

  test('mediapipe-face-full finds as many separate faces as there are', async () => {
    const session = await openModel('mediapipe-face-full', evaluationPermit, options);
    const { logits, regressors } = await session.run(await picture(session.card, 'sample1.jpg'));
    assert.deepEqual(logits?.dims, [1, 2304, 1]);
    assert.deepEqual(regressors?.dims, [1, 2304, 16]);
    const cells = [...logits.data.keys()].filter((cell) => sigmoid(logits.data[cell] ?? 0) > 0.5);
    const centres: { x: number; y: number; size: number }[] = [];
    for (const cell of cells) {
      const x = (((cell % 48) + 0.5) / 48) * 192 + (regressors.data[cell * 16] ?? 0);
      const y = ((Math.floor(cell / 48) + 0.5) / 48) * 192 + (regressors.data[cell * 16 + 1] ?? 0);
      const size = regressors.data[cell * 16 + 2] ?? 0;
      if (!centres.some((known) => Math.hypot(known.x - x, known.y - y) < known.size / 2))
        centres.push({ x, y, size });
    }
    assert.equal(centres.length, 3);
    await session.close();
  });

  test('the text recogniser comes with an alphabet of one character per class, without blank and space', async () => {
    const session = await openModel('ppocr-v4-rec', evaluationPermit, options);
    const feeds = { x: { data: new Float32Array(3 * 48 * 64), dims: [1, 3, 48, 64] } };
    const output = (await session.run(feeds))['softmax_11.tmp_0'];
    assert.equal(session.alphabet?.trimEnd().split('\n').length, (output?.dims[2] ?? 0) - 2);
    await session.close();
  });
});

describe('a permit', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const card = builtInModels.find((model) => model.card.id === 'mediapipe-face-full')?.card;
  const claims: PermitClaims = {
    id: 'p-1',
    issuer: 'governance',
    use: 'redaction',
    purpose: 'release of video',
    site: 'pier-4',
    models: [{ id: card?.id ?? '', digest: card?.digest ?? '', threshold: [0.3, 0.8] }],
    notBefore: '2026-01-01T00:00:00Z',
    expires: '2026-06-01T00:00:00Z',
  };
  const permit = signPermit(claims, privateKey);

  test('opens the model that it names', async () => {
    const session = await openModel('mediapipe-face-full', permit, { ...options, publicKey });
    assert.equal(session.digest, card?.digest);
    await session.close();
  });

  const refusals: [code: string, change: Partial<OpenModelOptions>, given?: typeof permit][] = [
    ['E_PERMIT_EXPIRED', { now: new Date('2026-06-01T00:00:00Z') }],
    ['E_PERMIT_EARLY', { now: new Date('2025-12-31T23:59:59Z') }],
    ['E_PERMIT_USE', { use: 'watch' }],
    ['E_PERMIT_THRESHOLD', { threshold: 0.2 }],
    ['E_PERMIT_SIGNATURE', {}, { ...permit, claims: { ...claims, site: 'elsewhere' } }],
    [
      'E_PERMIT_MODEL',
      {},
      signPermit({ ...claims, models: [{ ...claims.models[0]!, digest: '0'.repeat(64) }] }, privateKey),
    ],
  ];
  for (const [code, change, given = permit] of refusals) {
    test(`refuses with ${code} before weights are touched`, async () => {
      const cacheDir = join(dir, 'untouched');
      const asked = openModel('mediapipe-face-full', given, { ...options, publicKey, cacheDir, ...change });
      await assert.rejects(asked, { code });
      await assert.rejects(stat(cacheDir), { code: 'ENOENT' });
    });
  }

  test('needs the key of its issuer', async () => {
    await assert.rejects(openModel('mediapipe-face-full', permit, options), { code: 'E_PERMIT_KEY' });
  });
});

describe('refused by name', () => {
  test('an unknown model', async () => {
    await assert.rejects(openModel('yolo', evaluationPermit, options), {
      code: 'E_MODEL_UNKNOWN',
      remedy: /coco-ssdlite/,
    });
  });

  test('weights whose licence is unclear, unless that was accepted', async () => {
    await assert.rejects(openModel('retinaface-mnet25', evaluationPermit, options), {
      code: 'E_MODEL_LICENCE',
    });
  });

  test('weights whose package is not installed', async (t) => {
    if (packageFile('retinaface', 'mnet.25_v1.onnx') !== undefined)
      return t.skip('retinaface is installed here');
    const asked = openModel('retinaface-mnet25', evaluationPermit, { ...options, allowUnclearLicence: true });
    await assert.rejects(asked, {
      code: 'E_MODEL_MISSING',
      remedy: 'Install them with: npm install retinaface@0.0.6',
    });
  });
});

describe("a user's model", () => {
  /** Adds the planes of a picture up, two numbers for each pixel. */
  const summing = encodeOnnx({
    inputs: [{ name: 'image', dims: [1, 3, 8, 8] }],
    outputs: [{ name: 'map', dims: [1, 1, 8, 8] }],
    constants: { ones: floats([1, 3, 1, 1], [1, 1, 1]) },
    nodes: [{ op: 'Conv', inputs: ['image', 'ones'], outputs: ['map'] }],
  });

  async function register(
    id: string,
    onnx: Uint8Array,
    changes: Record<string, unknown> = {},
  ): Promise<void> {
    await mkdir(join(dir, 'user'), { recursive: true });
    const card = {
      id,
      version: '1',
      purpose: 'For a test.',
      limits: 'Knows nothing.',
      source: 'here',
      licence: 'Apache-2.0',
      licenceClear: true,
      digest: sha256(onnx),
      family: 'db-text',
      input: { name: 'image', width: 8, height: 8, layout: 'NCHW', channels: 'RGB' },
      outputs: { map: 'map' },
      threshold: 0.5,
      ...changes,
    };
    await writeFile(join(dir, 'user', 'mine.onnx'), onnx);
    await writeFile(join(dir, 'user', 'mine.card.json'), JSON.stringify(card));
  }

  const feeds = (value: number): Record<string, FloatTensor> => ({
    image: { data: new Float32Array(192).fill(value), dims: [1, 3, 8, 8] },
  });

  test('runs, one call after another, each with its own result', async () => {
    await register('mine', summing);
    const session = await openModel('mine', evaluationPermit, options);
    const results = await Promise.all([1, 2, 3].map((value) => session.run(feeds(value))));
    assert.deepEqual(
      results.map(({ map }) => map?.data[63]),
      [3, 6, 9],
    );
    await session.close();
    await assert.rejects(session.run(feeds(1)), { code: 'E_MODEL_CLOSED' });
  });

  test('says when it is fed a tensor that it cannot take, and goes on', async () => {
    await register('mine', summing);
    const session = await openModel('mine', evaluationPermit, options);
    const wrong = { image: { data: new Float32Array(3 * 16), dims: [1, 3, 4, 4] } };
    await assert.rejects(session.run(wrong), { code: 'E_MODEL_RUN', message: /^Model mine failed: / });
    assert.equal((await session.run(feeds(1)))['map']?.data[0], 3);
    await session.close();
  });

  test('gives whole-number outputs as floats', async () => {
    const counting = encodeOnnx({
      inputs: [{ name: 'image', dims: [1, 3, 8, 8] }],
      outputs: [{ name: 'map', dims: [4], type: 'int64' }],
      nodes: [{ op: 'Shape', inputs: ['image'], outputs: ['map'] }],
    });
    await register('mine', counting);
    const session = await openModel('mine', evaluationPermit, options);
    assert.deepEqual((await session.run(feeds(0)))['map']?.data, Float32Array.of(1, 3, 8, 8));
    await session.close();
  });

  const input = { name: 'image', width: 8, height: 8, layout: 'NCHW', channels: 'RGB' };
  const mismatches: [what: string, changes: Record<string, unknown>, message: RegExp][] = [
    [
      'another input name',
      { input: { ...input, name: 'picture' } },
      /card's input is picture, the file has image$/,
    ],
    [
      'another layout',
      { input: { ...input, layout: 'NHWC' } },
      /input image is \[1, 8, 8, 3\], the file has \[1, 3, 8, 8\]$/,
    ],
    [
      'another number of channels',
      { input: { ...input, channels: 'GRAY' } },
      /input image is \[1, 1, 8, 8\], the file has/,
    ],
    ['another size', { input: { ...input, width: 16 } }, /input image is \[1, 3, 8, 16\], the file has/],
    [
      'a size that varies',
      { input: { ...input, dynamic: true } },
      /is \[1, 3, height, width\], the file has \[1, 3, 8, 8\]/,
    ],
    [
      'another output name',
      { outputs: { map: 'probability' } },
      /output for map is probability, the file has map$/,
    ],
  ];
  for (const [what, changes, message] of mismatches) {
    test(`is refused when its card claims ${what}`, async () => {
      await register('mine', summing, changes);
      await assert.rejects(openModel('mine', evaluationPermit, options), { code: 'E_MODEL_TENSOR', message });
    });
  }

  test('is refused when it wants more than a picture', async () => {
    const two = encodeOnnx({
      inputs: [
        { name: 'image', dims: [1, 3, 8, 8] },
        { name: 'mask', dims: [1, 3, 8, 8] },
      ],
      outputs: [{ name: 'map', dims: [1, 3, 8, 8] }],
      nodes: [{ op: 'Add', inputs: ['image', 'mask'], outputs: ['map'] }],
    });
    await register('mine', two);
    const message = /only input is image, the file has image, mask$/;
    await assert.rejects(openModel('mine', evaluationPermit, options), { code: 'E_MODEL_TENSOR', message });
  });

  test('is refused when the file is not the one of the card', async () => {
    await register('mine', summing, { digest: 'ab'.repeat(32) });
    await assert.rejects(openModel('mine', evaluationPermit, options), {
      code: 'E_MODEL_DIGEST',
      message: /^mine\.onnx/,
    });
  });

  test('is refused when the runtime cannot read the file', async () => {
    await register('mine', Buffer.from('this is no model'));
    await assert.rejects(openModel('mine', evaluationPermit, options), { code: 'E_MODEL_LOAD' });
  });

  test('is refused when the alphabet it names is not there, and cannot name one elsewhere', async () => {
    const model = fixedModel({ name: 'image', dims: [1, 3, 8, 8] }, [
      { name: 'map', dims: [1, 1, 2], data: [1, 0] },
    ]);
    for (const alphabet of ['keys.txt', '../mine.card.json', 7]) {
      await register('mine', model, { family: 'ctc-text', parameters: { alphabet } });
      await assert.rejects(openModel('mine', evaluationPermit, options), { code: 'E_MODEL_CARD' });
    }
  });
});
