import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { sha256 } from '../core/digest.ts';
import { mediapipeFace } from './builtin/face.ts';
import { builtInBytes, cachePath, defaultCacheDir } from './cache.ts';
import { builtInModels } from './catalog.ts';
import { packageFile } from './package-file.ts';

let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tidewaiter-cache-'));
});
after(() => rm(dir, { recursive: true }));

const installed = builtInModels.filter((model) => packageFile(model.package.name, model.file) !== undefined);

for (const model of installed) {
  test(`${model.card.id} has the recorded digest`, async () => {
    assert.equal(sha256(await builtInBytes(model, join(dir, 'all'))), model.card.digest);
  });
}

test('a converted model is read from the cache the next time', async () => {
  const place = join(dir, 'again');
  await builtInBytes(mediapipeFace, place);
  const unable = { ...mediapipeFace, convert: () => Promise.reject(new Error('converted again')) };
  assert.equal(sha256(await builtInBytes(unable, place)), mediapipeFace.card.digest);
});

test('two conversions at once leave one whole file', async () => {
  const place = join(dir, 'both');
  await Promise.all([1, 2, 3].map(() => builtInBytes(mediapipeFace, place)));
  const path = cachePath(mediapipeFace, place);
  assert.equal((await readdir(dirname(path))).length, 1);
  assert.equal(sha256(await readFile(path)), mediapipeFace.card.digest);
});

test('a damaged file in the cache is made again', async () => {
  const place = join(dir, 'damaged');
  const path = cachePath(mediapipeFace, place);
  await builtInBytes(mediapipeFace, place);
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, 1000));
  assert.equal(sha256(await builtInBytes(mediapipeFace, place)), mediapipeFace.card.digest);
  assert.equal(sha256(await readFile(path)), mediapipeFace.card.digest);
});

test('a cache that cannot be written does not stop the work', async () => {
  const place = join(dir, 'file-in-the-way');
  await writeFile(place, '');
  assert.equal(sha256(await builtInBytes(mediapipeFace, place)), mediapipeFace.card.digest);
});

test('weights that convert to something else are refused and not kept', async () => {
  const place = join(dir, 'other');
  const other = { ...mediapipeFace, convert: () => Promise.resolve(Buffer.from('other weights')) };
  await assert.rejects(builtInBytes(other, place), {
    code: 'E_MODEL_DIGEST',
    remedy: /^Reinstall @mediapipe/,
  });
  await assert.rejects(readdir(place), { code: 'ENOENT' });
});

test('weights that cannot be read are refused by file', async () => {
  const broken = { ...mediapipeFace, convert: () => Promise.reject(new RangeError('Offset is outside')) };
  const message = /face_detection_full_range\.tflite is damaged$/;
  await assert.rejects(builtInBytes(broken, join(dir, 'broken')), { code: 'E_MODEL_CONVERT', message });
});

test('the cache lies where the environment says', () => {
  assert.equal(defaultCacheDir({ TIDEWAITER_CACHE: '/a', XDG_CACHE_HOME: '/b' }, '/home/x'), '/a');
  assert.equal(defaultCacheDir({ TIDEWAITER_CACHE: '', XDG_CACHE_HOME: '/b' }, '/home/x'), '/b/tidewaiter');
  assert.equal(defaultCacheDir({}, '/home/x'), '/home/x/.cache/tidewaiter');
});
