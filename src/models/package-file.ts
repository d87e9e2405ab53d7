import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Path of a file inside an installed npm package, also one that the package does not list in its `exports`;
 * undefined when the package or the file is not there.
 */
export function packageFile(packageName: string, file: string): string | undefined {
  const folders = require.resolve.paths(packageName) ?? [];
  return folders.map((folder) => join(folder, packageName, file)).find((path) => existsSync(path));
}
