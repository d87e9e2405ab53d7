import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildConsole } from '../scripts/build-console.ts';
import type { Bench, BenchContext } from './lib/bench.ts';
import { printTable, verdict } from './lib/table.ts';

const LARGEST_KB = 350;
const built = fileURLToPath(new URL('../dist/web', import.meta.url));

/** How much a first visit loads before anything is clicked. */
export const bench: Bench = { title: 'Console: first load', run: measure };

async function measure({ print }: BenchContext): Promise<void> {
  await buildConsole();
  const page = readFileSync(join(built, 'index.html'), 'utf8');
  const kilobytes = (ending: string): number =>
    [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)]
      .map(([, path = '']) => path)
      .filter((path) => path.endsWith(ending))
      .reduce((sum, path) => sum + gzipSync(readFileSync(join(built, path)), { level: 9 }).length / 1000, 0);
  const script = kilobytes('.js');
  printTable(
    print,
    ['loaded first', 'gzip, kB', 'must be', 'kept'],
    [
      ['script', script.toFixed(0), `<= ${LARGEST_KB}`, verdict(script <= LARGEST_KB)],
      ['style', kilobytes('.css').toFixed(0), '-', '-'],
    ],
  );
  if (script > LARGEST_KB) throw new Error(`the console loads ${script.toFixed(0)} kB of script first`);
}
