import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { encodeOnnx, fixedModel, floats, integers, type OnnxGraph } from '../../material/onnx.ts';
import { projectRoot } from '../../test/needs.ts';
import { userModelDir, type TestModel } from '../../test/user-model.ts';
import { sha256 } from '../core/digest.ts';
import { evaluationPermit, signPermit, type PermitClaims } from '../core/permit.ts';
import type { RgbImage } from './detection.ts';
import { fitCrop } from './input.ts';
import { InferencePool, type PoolSettings } from './inference-pool.ts';

const WIDTH = 32;
const HEIGHT = 16;

const picturePort = { name: 'image', dims: [1, 3, HEIGHT, WIDTH] };

/** Input to a score for each of two classes: the picture's mean, and 1 minus that; the box is all of the picture. */
const brightness: OnnxGraph = {
  inputs: [picturePort],
  outputs: [
    { name: 'boxes', dims: [1, 1, 4] },
    { name: 'scores', dims: [1, 1, 2] },
  ],
  constants: {
    edges: floats([1, 1, 4], [0, 0, 1, 1]),
    one: floats([1], [1]),
    shape: integers([1, 1, 1]),
  },
  nodes: [
    { op: 'ReduceMean', inputs: ['image'], outputs: ['mean'], attributes: { keepdims: 0 } },
    { op: 'Reshape', inputs: ['mean', 'shape'], outputs: ['bright'] },
    { op: 'Sub', inputs: ['one', 'bright'], outputs: ['dark'] },
    { op: 'Concat', inputs: ['bright', 'dark'], outputs: ['scores'], attributes: { axis: 2 } },
    { op: 'Identity', inputs: ['edges'], outputs: ['boxes'] },
  ],
};

/** Fails in ONNX Runtime for every picture that is not black: the brightest value is an index into one box. */
const fragile: OnnxGraph = {
  inputs: [picturePort],
  outputs: [
    { name: 'boxes', dims: [1, 1, 4] },
    { name: 'scores', dims: [1, 1, 2] },
  ],
  constants: {
    edges: floats([1, 1, 4], [0, 0, 1, 1]),
    certain: floats([1, 1, 2], [0.75, 0]),
    shape: integers([1]),
  },
  nodes: [
    { op: 'ReduceMax', inputs: ['image'], outputs: ['highest'], attributes: { keepdims: 0 } },
    { op: 'Reshape', inputs: ['highest', 'shape'], outputs: ['list'] },
    { op: 'Ceil', inputs: ['list'], outputs: ['whole'] },
    { op: 'Cast', inputs: ['whole'], outputs: ['index'], attributes: { to: 7 } },
    { op: 'Gather', inputs: ['edges', 'index'], outputs: ['boxes'], attributes: { axis: 1 } },
    { op: 'Identity', inputs: ['certain'], outputs: ['scores'] },
  ],
};

const card = {
  id: 'brightness',
  family: 'ssd-boxes',
  input: { width: WIDTH, height: HEIGHT },
  outputs: { boxes: 'boxes', scores: 'scores' },
  classes: ['bright', 'dark'],
} as const;
const bright: TestModel = { card, onnx: encodeOnnx(brightness) };
const breaking: TestModel = { card: { ...card, id: 'fragile' }, onnx: encodeOnnx(fragile) };

async function startPool(
  t: TestContext,
  models: readonly TestModel[],
  settings: Partial<PoolSettings & { threads: number }> = {},
): Promise<InferencePool> {
  const userDir = await userModelDir(t, models);
  const pool = await InferencePool.start({
    models: models.map((model) => ({ id: model.card.id ?? 'trial', threshold: 0.5 })),
    permit: evaluationPermit,
    now: new Date('2026-06-01T00:00:00Z'),
    use: 'redaction',
    cacheDir: join(userDir, 'cache'),
    userDir,
    threads: 2,
    ...settings,
  });
  t.after(() => pool.close());
  return pool;
}

function grey(level: number, width = WIDTH, height = HEIGHT): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(level) };
}

describe('InferencePool', () => {
  test('answers every call for its own picture', async (t) => {
    const pool = await startPool(t, [bright]);
    const levels = Array.from({ length: 60 }, (_, index) => 130 + 2 * index);
    const found = await Promise.all(levels.map((level) => pool.detect('brightness', grey(level))));
    for (const [index, level] of levels.entries()) {
      assert.equal(found[index]!.length, 1);
      assert.equal(found[index]![0]!.class, 'bright');
      assert.ok(Math.abs(found[index]![0]!.score - level / 255) < 1e-5);
    }
  });

  test('threshold and classes of a call', async (t) => {
    const pool = await startPool(t, [bright]);
    const names = async (options: object): Promise<string[]> =>
      (await pool.detect('brightness', grey(204), options)).map((detection) => detection.class);
    assert.deepEqual(await names({}), ['bright']);
    assert.deepEqual(await names({ threshold: 0.1 }), ['bright', 'dark']);
    assert.deepEqual(await names({ threshold: 0.1, classes: ['dark'] }), ['dark']);
    for (const threshold of [-0.1, 1.1, Number.NaN]) {
      await assert.rejects(names({ threshold }), { code: 'E_MODEL_THRESHOLD' });
    }
    await assert.rejects(names({ classes: ['grey'] }), { code: 'E_MODEL_CLASS', remedy: /bright, dark/ });
  });

  test('takes only pictures that the model takes', async (t) => {
    const pool = await startPool(t, [bright], { threads: 1 });
    await assert.rejects(pool.detect('brightness', grey(9, 32, 32)), { code: 'E_MODEL_INPUT' });
    await assert.rejects(pool.detect('other', grey(9)), { code: 'E_MODEL_UNKNOWN' });
    await assert.rejects(pool.readText('brightness', grey(9)), { code: 'E_MODEL_CARD' });
    assert.equal(pool.card('brightness').classes[1], 'dark');
    assert.throws(() => pool.card('other'), { code: 'E_MODEL_UNKNOWN' });
  });

  test('takes buffers that it issued and copies others', async (t) => {
    const pool = await startPool(t, [bright], { threads: 1 });
    const own = pool.takeBuffer(WIDTH * HEIGHT * 3).fill(255);
    const ours = pool.detect('brightness', { width: WIDTH, height: HEIGHT, data: own });
    assert.equal(own.byteLength, 0);
    const foreign = grey(255);
    const theirs = pool.detect('brightness', foreign);
    assert.equal(foreign.data.byteLength, WIDTH * HEIGHT * 3);
    foreign.data.fill(0);
    for (const found of [await ours, await theirs]) assert.equal(found[0]!.score, 1);
  });

  test('shows how busy it is', async (t) => {
    const pool = await startPool(t, [bright], { threads: 1 });
    assert.deepEqual([pool.idle, pool.queued], [2, 0]);
    const calls = [1, 2, 3, 4].map(() => pool.detect('brightness', grey(200)));
    assert.deepEqual([pool.idle, pool.queued], [0, 2]);
    await pool.ready();
    assert.ok(pool.idle > 0);
    await Promise.all(calls);
    assert.deepEqual([pool.idle, pool.queued], [2, 0]);
  });

  test('a call that fails tells why, and the pool goes on', async (t) => {
    const pool = await startPool(t, [breaking]);
    const calls = [0, 255, 0, 128, 0].map((level) => pool.detect('fragile', grey(level)));
    const outcomes = await Promise.allSettled(calls);
    assert.deepEqual(
      outcomes.map((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as Error).name : outcome.value[0]?.score,
      ),
      [0.75, 'TidewaiterError', 0.75, 'TidewaiterError', 0.75],
    );
    await assert.rejects(pool.detect('fragile', grey(255)), { code: 'E_MODEL_RUN', message: /fragile/ });
  });

  test('takes any size when the model does', async (t) => {
    const sizes: OnnxGraph = { ...brightness, inputs: [{ name: 'image', dims: [1, 3, 'height', 'width'] }] };
    const dynamic: TestModel = {
      card: { ...card, input: { ...card.input, dynamic: true, multiple: 8 } },
      onnx: encodeOnnx(sizes),
    };
    const pool = await startPool(t, [dynamic], { threads: 1 });
    const pictures = [grey(153), grey(204, 8, 64), grey(255, 64, 64), grey(204, 8, 8)];
    const found = await Promise.all(pictures.map((picture) => pool.detect('brightness', picture)));
    assert.deepEqual(
      found.map(([detection]) => detection?.score.toFixed(3)),
      ['0.600', '0.800', '1.000', '0.800'],
    );
    await assert.rejects(pool.detect('brightness', grey(9, 12, 8)), { code: 'E_MODEL_INPUT' });
  });

  test('finds text', async (t) => {
    // A line over rows 4 to 11 and columns 8 to 23 of 32 x 16.
    const map = new Float32Array(WIDTH * HEIGHT);
    for (let row = 4; row < 12; row++) map.fill(0.9, row * WIDTH + 8, row * WIDTH + 24);
    const finder = (id: string, data: Float32Array): TestModel => ({
      card: {
        ...card,
        id,
        family: 'db-text',
        outputs: { map: 'map' },
        classes: [],
        parameters: { unclip: 0 },
      },
      onnx: fixedModel(picturePort, [{ name: 'map', dims: [1, 1, HEIGHT, WIDTH], data }]),
    });
    const broken = finder('broken', map.slice().fill(Number.NaN, 5, 6));
    const pool = await startPool(t, [finder('finder', map), broken, bright], { threads: 1 });
    const [line, ...others] = await pool.detectText('finder', grey(0));
    assert.deepEqual(others, []);
    assert.deepEqual(line?.box, { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 });
    await assert.rejects(pool.detectText('broken', grey(0)), { code: 'E_MODEL_VALUES' });
    await assert.rejects(pool.detectText('brightness', grey(0)), { code: 'E_MODEL_CARD' });
    await assert.rejects(pool.detect('finder', grey(0)), { code: 'E_MODEL_CARD' });
  });

  test('reads text', async (t) => {
    // Steps: A, A, blank, A, B; classes: blank, A, B, space.
    const data = [
      [1, 6, 1, 2],
      [1, 7, 1, 1],
      [9, 1, 0, 0],
      [1, 8, 1, 0],
      [0, 1, 9, 0],
    ].flat();
    const reader = (alphabet: string): TestModel => ({
      card: {
        ...card,
        family: 'ctc-text',
        outputs: { probabilities: 'steps' },
        classes: [],
        parameters: { alphabet: 'alphabet.txt' },
      },
      onnx: fixedModel(picturePort, [
        { name: 'steps', dims: [1, 5, 4], data: data.map((value) => value / 10) },
      ]),
      alphabet,
    });
    const pool = await startPool(t, [reader('A\nB\n')], { threads: 1 });
    const reading = await pool.readText('brightness', grey(0));
    assert.equal(reading.text, 'AAB');
    assert.deepEqual(
      reading.characterScores.map((score) => score.toFixed(2)),
      ['0.70', '0.80', '0.90'],
    );
    const wrong = await startPool(t, [reader('A\nB\nC\n')], { threads: 1 });
    await assert.rejects(wrong.readText('brightness', grey(0)), {
      code: 'E_MODEL_CARD',
      message: /4 characters.*3/,
    });
  });

  test('closing refuses what is open and what comes later', async (t) => {
    const pool = await startPool(t, [bright], { threads: 1 });
    const calls = [1, 2, 3, 4].map(() => pool.detect('brightness', grey(200)));
    const settled = Promise.allSettled([...calls, pool.ready()]);
    await pool.close();
    for (const outcome of await settled) {
      assert.equal(
        outcome.status === 'rejected' && (outcome.reason as { code: string }).code,
        'E_INFERENCE_CLOSED',
      );
    }
    await assert.rejects(pool.detect('brightness', grey(200)), { code: 'E_INFERENCE_CLOSED' });
    await pool.close();
  });
});

describe('permits', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const permit = (claims: Partial<PermitClaims>) =>
    signPermit(
      {
        id: 'permit-1',
        issuer: 'office',
        use: 'redaction',
        purpose: 'release',
        site: 'here',
        models: [{ id: 'brightness', digest: sha256(bright.onnx), threshold: [0.4, 0.8] }],
        notBefore: '2026-01-01T00:00:00Z',
        expires: '2027-01-01T00:00:00Z',
        ...claims,
      },
      privateKey,
    );

  test('bind the threshold of every call', async (t) => {
    const pool = await startPool(t, [bright], { permit: permit({}), publicKey });
    assert.equal((await pool.detect('brightness', grey(200))).length, 1);
    assert.equal((await pool.detect('brightness', grey(200), { threshold: 0.4 })).length, 1);
    for (const threshold of [0.39, 0.81]) {
      await assert.rejects(pool.detect('brightness', grey(200), { threshold }), {
        code: 'E_PERMIT_THRESHOLD',
      });
    }
  });

  test('that do not cover a model keep the pool from starting', async (t) => {
    const expired = permit({ expires: '2026-02-01T00:00:00Z' });
    await assert.rejects(startPool(t, [bright], { permit: expired, publicKey }), {
      code: 'E_PERMIT_EXPIRED',
    });
    await assert.rejects(startPool(t, [bright, breaking], { permit: permit({}), publicKey }), {
      code: 'E_PERMIT_MODEL',
    });
    await assert.rejects(startPool(t, [bright], { models: [{ id: 'nothing', threshold: 0.5 }] }), {
      code: 'E_MODEL_UNKNOWN',
    });
  });
});

describe('a pool in a process', () => {
  const run = async (t: TestContext, mode: string, ...nodeOptions: string[]): Promise<unknown> => {
    const userDir = await userModelDir(t, [bright]);
    const script = join(projectRoot, 'test/inference/pool-program.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [...nodeOptions, script, mode, userDir], {
      timeout: 60_000,
    });
    return JSON.parse(stdout);
  };

  test('fails closed when a worker dies', async (t) => {
    const trick = new URL('../../test/inference/die-at-third-answer.ts', import.meta.url).href;
    assert.deepEqual(await run(t, 'many', '--import', trick), {
      calls: [
        'found',
        'found',
        'E_INFERENCE_DIED',
        'E_INFERENCE_DIED',
        'E_INFERENCE_DIED',
        'E_INFERENCE_DIED',
      ],
      later: 'E_INFERENCE_DIED',
      ready: 'E_INFERENCE_DIED',
    });
  });

  test('does not keep a process that forgot it', async (t) => {
    assert.deepEqual(await run(t, 'forget'), { calls: ['found'] });
  });

  test('ends with the thread that owns it', async (t) => {
    assert.deepEqual(await run(t, 'thread'), { thread: 'ended' });
  });
});

test('the built-in detectors see the three people of a photograph', async (t) => {
  const pool = await startPool(t, [], {
    models: [
      { id: 'coco-ssdlite', threshold: 0.5 },
      { id: 'mediapipe-face-full', threshold: 0.5 },
    ],
  });
  const photo = join(projectRoot, 'node_modules/@vladmandic/face-api/demo/sample1.jpg');
  const { width, height } = await sharp(photo).metadata();
  const whole = { x: 0, y: 0, width, height };
  const look = async (modelId: string) => {
    const { input } = pool.card(modelId);
    const fit = fitCrop(input, whole);
    const inner = { width: fit.width, height: fit.height, fit: 'fill' } as const;
    const data = await sharp(photo)
      .removeAlpha()
      .resize(inner)
      .extend({
        left: fit.x,
        top: fit.y,
        right: input.width - fit.width - fit.x,
        bottom: input.height - fit.height - fit.y,
        background: 'black',
      })
      .raw()
      .toBuffer();
    const found = await pool.detect(modelId, { width: input.width, height: input.height, data });
    return found.map((detection) => ({ class: detection.class, box: fit.toPicture(detection.box) }));
  };
  const persons = (await look('coco-ssdlite')).filter((found) => found.class === 'person');
  const faces = await look('mediapipe-face-full');
  assert.equal(persons.length, 3);
  assert.equal(faces.length, 3);
  for (const { box } of faces) {
    const centre = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const owner = persons.find(
      ({ box: body }) =>
        centre.x > body.x &&
        centre.x < body.x + body.width &&
        centre.y > body.y &&
        centre.y < body.y + body.height / 2,
    );
    assert.ok(owner, `no person around the face at ${Math.round(centre.x)}, ${Math.round(centre.y)}`);
    assert.ok(box.width / box.height > 0.6 && box.width / box.height < 1.7);
  }
});
