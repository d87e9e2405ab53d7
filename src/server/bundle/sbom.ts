import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPackage, PackageManifest } from './packages.ts';

/** Something in a bundle that is no npm package: weights, a program, a library inside a package. */
export interface Part {
  readonly type: 'machine-learning-model' | 'application' | 'library';
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or what its authors call it. */
  readonly licence: string;
  /** Of its file, hex. */
  readonly sha256: string;
  readonly description?: string;
}

/**
 * The software bill of materials in CycloneDX 1.5 JSON (https://cyclonedx.org/docs/1.5/json/): all packages with their licences, the
 * digests that npm checked when it installed them, what needs what, and all other parts with their SHA-256.
 */
export async function billOfMaterials(
  [own, ...packages]: readonly InstalledPackage[],
  parts: readonly Part[],
  madeAt: Date,
): Promise<object> {
  if (own === undefined) throw new TypeError('there is always the package itself');
  const integrity = await readIntegrity(own, packages);
  const refs = new Map([own, ...packages].map((one) => [one.place, `${purl(one.manifest)}#${one.place}`]));
  const component = (one: InstalledPackage): object => {
    const hash = integrity.get(one.place);
    return {
      type: 'library',
      'bom-ref': refs.get(one.place),
      name: one.manifest.name,
      version: one.manifest.version,
      purl: purl(one.manifest),
      ...licences(licenceOf(one.manifest)),
      ...(hash === undefined ? {} : { hashes: [{ alg: 'SHA-512', content: hash }] }),
    };
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: { timestamp: madeAt.toISOString(), component: { ...component(own), type: 'application' } },
    components: [
      ...packages.map(component),
      ...parts.map(({ type, name, version, licence, sha256, description }) => ({
        type,
        'bom-ref': `${name}@${version}#${sha256.slice(0, 12)}`,
        name,
        version,
        ...(description === undefined ? {} : { description }),
        ...licences(licence),
        hashes: [{ alg: 'SHA-256', content: sha256 }],
      })),
    ],
    dependencies: [own, ...packages].map(({ place, needs }) => ({
      ref: refs.get(place),
      dependsOn: [...new Set(needs.map((need) => refs.get(need)))],
    })),
  };
}

/** https://github.com/package-url/purl-spec: the `@` of a scope is escaped. */
function purl({ name, version }: PackageManifest): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function licenceOf({ license, licenses }: PackageManifest): string | undefined {
  if (typeof license === 'string') return license;
  const old = [...(license === undefined ? [] : [license]), ...(licenses ?? [])];
  const types = old.flatMap(({ type }) => type ?? []);
  return types.length === 0 ? undefined : types.join(' OR ');
}

/** Only words and operators of SPDX make an expression; anything else is a name. */
function licences(licence: string | undefined): object {
  if (licence === undefined) return {};
  const spdx = /^\(*[A-Za-z0-9.+-]+\)*( (AND|OR|WITH) \(*[A-Za-z0-9.+-]+\)*)*$/.test(licence);
  return { licenses: [spdx ? { expression: licence } : { license: { name: licence } }] };
}

/** What npm wrote down about the packages that it installed; not there in every installation. */
async function readIntegrity(
  own: InstalledPackage,
  packages: readonly InstalledPackage[],
): Promise<Map<string, string>> {
  const [one] = packages.filter(({ place }) => !place.includes('node_modules'));
  const modules = one === undefined ? own.folder : one.folder.slice(0, -one.place.length);
  const text = await readFile(join(modules, '.package-lock.json'), 'utf8').catch(() => '{}');
  const lock = JSON.parse(text) as { packages?: Record<string, { integrity?: string }> };
  return new Map(
    Object.entries(lock.packages ?? {}).flatMap(([path, { integrity }]): [string, string][] => {
      const [, base64] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
      if (base64 === undefined) return [];
      return [[path.replace(/^node_modules\//, ''), Buffer.from(base64, 'base64').toString('hex')]];
    }),
  );
}
