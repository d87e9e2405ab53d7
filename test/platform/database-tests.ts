import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../needs.ts';

/** What starts the PostgreSQL that tests run on, the embedded one or another. */
const starter = 'test/platform/postgres.ts';

/** The test files that reach a database, themselves or through what they import or start; relative to the project's root. */
export function databaseTests(): string[] {
  const known = new Map<string, readonly string[]>();
  const reaches = (file: string, seen: Set<string>): boolean => {
    if (file === starter) return true;
    if (seen.has(file)) return false;
    seen.add(file);
    const next = known.get(file) ?? mentioned(file);
    known.set(file, next);
    return next.some((one) => reaches(one, seen));
  };
  return globSync('{src,test}/**/*.test.ts', { cwd: projectRoot })
    .filter((file) => reaches(file, new Set()))
    .sort();
}

/** Files beside a file that it names: what it imports, and programs that it starts. */
function mentioned(file: string): string[] {
  // The product never imports what tests are made of.
  if (!file.startsWith('test/') && !file.endsWith('.test.ts')) return [];
  const text = readFileSync(join(projectRoot, file), 'utf8');
  return [...text.matchAll(/'(\.{1,2}\/[^']+\.ts)'/g)]
    .map(([, path = '']) => join(dirname(file), path))
    .filter((path) => existsSync(join(projectRoot, path)));
}
