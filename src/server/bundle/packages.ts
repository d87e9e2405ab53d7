import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** What a `package.json` says, as far as it is used here. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type?: string };
  readonly licenses?: readonly { readonly type?: string }[];
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A package that runs in production. */
export interface InstalledPackage {
  readonly folder: string;
  /** Below a `node_modules`: `pg`, `@aws-sdk/client-s3/node_modules/tslib`. */
  readonly place: string;
  readonly manifest: PackageManifest;
  /** Places of what it needs. */
  needs: readonly string[];
}

/**
 * The package in `root` and all that it needs to run, as they are installed here: dependencies and peers, and optional dependencies as
 * far as they are there. The first is the package itself.
 */
export async function installedPackages(root: string): Promise<InstalledPackage[]> {
  const own = await realpath(root);
  const installed = basename(dirname(own)) === 'node_modules';
  const modules = installed ? dirname(own) : join(own, 'node_modules');
  const first = await readPackage(own, installed ? basename(own) : undefined);
  const found = new Map<string, InstalledPackage>([[own, first]]);
  // The map grows while it is walked.
  for (const one of found.values()) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = one.manifest;
    const peers = Object.keys(peerDependencies ?? {}).filter(
      (name) => peerDependenciesMeta?.[name]?.optional !== true,
    );
    const needs: string[] = [];
    for (const name of new Set([...peers, ...Object.keys({ ...dependencies, ...optionalDependencies })])) {
      const folder = nearest(name, one.folder);
      if (folder === undefined) continue;
      let needed = found.get(folder);
      if (needed === undefined) {
        needed = await readPackage(folder, relative(modules, folder));
        found.set(folder, needed);
      }
      needs.push(needed.place);
    }
    one.needs = needs.sort();
  }
  return [...found.values()];
}

async function readPackage(folder: string, place: string | undefined): Promise<InstalledPackage> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  return { folder, place: place ?? manifest.name, manifest, needs: [] };
}

/** As Node looks for it: in the `node_modules` of the folder, and of each one above it. */
function nearest(name: string, folder: string): string | undefined {
  const here = join(folder, 'node_modules', name);
  if (existsSync(join(here, 'package.json'))) return here;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(name, above);
}
