import { rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

/**
 * Writes the package's JavaScript and type declarations to dist/. A clone needs no build; only packing does, because
 * Node does not run TypeScript below node_modules.
 */
process.chdir(new URL('..', import.meta.url).pathname);
rmSync('dist', { recursive: true, force: true });
const built = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
);
process.exitCode = built.status ?? 1;
