import { cpSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { buildConsole } from './build-console.ts';

/**
 * Writes the package's JavaScript and type declarations to dist/, or to the folder that is given, with the console and what an
 * installation needs from packaging/. A clone needs no build; only packing does, because Node does not run TypeScript below
 * node_modules.
 */
const out = resolve(process.argv[2] ?? new URL('../dist', import.meta.url).pathname);
process.chdir(new URL('..', import.meta.url).pathname);
rmSync(out, { recursive: true, force: true });
const compiler = ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json', '--outDir', out];
const built = spawnSync(process.execPath, compiler, { stdio: 'inherit' });
process.exitCode = built.status ?? 1;
if (process.exitCode === 0) {
  await buildConsole();
  if (out !== resolve('dist')) cpSync('dist/web', join(out, 'web'), { recursive: true });
  cpSync('packaging', join(out, 'packaging'), { recursive: true });
}
