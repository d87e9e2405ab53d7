import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { evaluationPermit } from '../core/permit.ts';
import { describeModels } from './describe.ts';
import { measureModel, processStopwatch } from './measure.ts';
import { findModel, loadUserCards } from './registry.ts';

let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidewaiter-cards-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
  dir = await mkdtemp(join(tmpdir(), 'tidewaiter-cards-'));
});
after(() => rm(dir, { recursive: true }));

const good = {
  id: 'mine',
  version: '1',
  purpose: 'For a test.',
  limits: 'Knows nothing.',
  source: 'here',
  licence: 'Apache-2.0',
  licenceClear: true,
  digest: 'ab'.repeat(32),
  family: 'yolo-v8',
  input: { name: 'image', width: 640, height: 640, layout: 'NCHW', channels: 'RGB' },
  outputs: { predictions: 'output0' },
  threshold: 0.5,
};

async function put(name: string, card: unknown): Promise<void> {
  await writeFile(join(dir, `${name}.onnx`), '');
  await writeFile(join(dir, `${name}.card.json`), typeof card === 'string' ? card : JSON.stringify(card));
}

test('cards are read in the order of their names, with defaults filled in; other files are left alone', async () => {
  await put('b', { ...good, id: 'second' });
  await put('a', good);
  await writeFile(join(dir, 'notes.txt'), '');
  const models = await loadUserCards(dir);
  assert.deepEqual(
    models.map(({ card }) => card.id),
    ['mine', 'second'],
  );
  assert.equal(models[0]?.file, join(dir, 'a.onnx'));
  assert.equal(models[0]?.card.nms, 0.5);
});

test('a folder that is not there holds no cards', async () => {
  assert.deepEqual(await loadUserCards(join(dir, 'none')), []);
});

const wrong: [what: string, card: unknown, message: RegExp][] = [
  ['that is not JSON', '{', /^x\.card\.json is not JSON$/],
  [
    'with a size out of range',
    { ...good, input: { ...good.input, width: 1 } },
    /^x\.card\.json: input\.width: /,
  ],
  ['with an unknown family', { ...good, family: 'yolo-v99' }, /^x\.card\.json: family: .*yolo-v8/],
  ['with a short digest', { ...good, digest: 'abc' }, /^x\.card\.json: digest: /],
  ['without a licence', { ...good, licence: undefined }, /^x\.card\.json: licence: /],
  ['with a field nobody knows', { ...good, colour: 'red' }, /^x\.card\.json: .*colour/],
];
for (const [what, card, message] of wrong) {
  test(`a card ${what} is refused in one line that names the field`, async () => {
    await put('x', card);
    await assert.rejects(loadUserCards(dir), (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'E_MODEL_CARD');
      assert.match(error.message, message);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  });
}

test('a card that is no file is refused, and nobody waits for a pipe', async () => {
  await put('x', good);
  await rm(join(dir, 'x.card.json'));
  execFileSync('mkfifo', [join(dir, 'x.card.json')]);
  await assert.rejects(loadUserCards(dir), { code: 'E_MODEL_CARD', message: /not a regular file/ });
});

test('a card without its file is refused', async () => {
  await writeFile(join(dir, 'x.card.json'), JSON.stringify(good));
  await assert.rejects(loadUserCards(dir), { code: 'E_MODEL_MISSING', message: /no x\.onnx beside it/ });
});

test('an id can be taken only once, and not from a built-in model', async () => {
  await put('a', { ...good, id: 'coco-ssdlite' });
  await assert.rejects(loadUserCards(dir), { code: 'E_MODEL_CLASH', message: /taken by a built-in model/ });
  await put('a', good);
  await put('b', good);
  await assert.rejects(loadUserCards(dir), {
    code: 'E_MODEL_CLASH',
    message: /^b\.card\.json: id mine is taken by a\.card/,
  });
});

test('a mistake in a card does not stand in the way of a built-in model', async () => {
  await put('x', '{');
  const model = await findModel('coco-ssdlite', { cacheDir: dir, userDir: dir });
  assert.equal(model.card.family, 'ssd-anchors');
  await assert.rejects(findModel('mine', { cacheDir: dir, userDir: dir }), { code: 'E_MODEL_CARD' });
});

test('a list names every model, what it is and whether it is here', async () => {
  await put('a', good);
  const models = await describeModels({ cacheDir: dir, userDir: dir });
  const state = new Map(models.map((model) => [model.id, model.state]));
  assert.equal(state.get('coco-ssdlite'), 'installed');
  assert.equal(state.get('mine'), 'user');
  assert.ok(
    models.every(({ licence, limits, digest }) => licence !== '' && limits !== '' && digest.length === 64),
  );
  assert.deepEqual(
    models.filter(({ licenceClear }) => !licenceClear).map(({ id }) => id),
    ['retinaface-mnet25'],
  );
});

test('a measurement says how many runs it is made of', async () => {
  const options = { cacheDir: dir, use: 'redaction', now: new Date(), stopwatch: processStopwatch, runs: 3 };
  const speed = await measureModel('mediapipe-face-full', evaluationPermit, options);
  assert.equal(speed.n, 3);
  assert.ok(speed.medianWallMs > 0 && speed.medianCpuMs > 0);
});
