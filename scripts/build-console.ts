import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist/web');
const stampName = '.sources';

/** What the console is made from. */
const sources = [
  'web/**/*',
  'src/client/*',
  'src/uses/*/{pages,review}/**/*',
  // What pages share with the server.
  'src/{core,media/draw,media/proxy}/*',
  'package-lock.json',
  'scripts/build-console.ts',
];

/**
 * Builds the console into dist/web when it is missing or its sources changed since. Whether it did is found by times and sizes
 * of the sources, so asking costs next to nothing.
 * @returns whether it had to be built.
 */
export async function buildConsole(): Promise<boolean> {
  const stamp = stampOfSources();
  const built = join(target, stampName);
  if (existsSync(built) && readFileSync(built, 'utf8') === stamp) return false;
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const made = mkdtempSync(join(root, 'dist/.web-'));
  try {
    await build({
      root: join(root, 'web'),
      configFile: false,
      logLevel: 'error',
      plugins: [react()],
      build: {
        outDir: made,
        emptyOutDir: true,
        target: 'es2022',
        // The first that know light-dark(), which older ones would get rewritten into something that parts of a page cannot turn.
        cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
        // Pictures as data: addresses would need a hole in the content security policy.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
      },
    });
    compress(made);
    writeFileSync(join(made, stampName), stamp);
    put(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return true;
}

/** Several may build at once, tests beside one another: who comes late leaves what is there, which was made of the same sources. */
function put(made: string): void {
  const old = `${made}-old`;
  for (let tries = 1; ; tries++) {
    try {
      if (existsSync(target)) renameSync(target, old);
      renameSync(made, target);
      break;
    } catch (error) {
      if (existsSync(join(target, stampName))) break;
      if (tries === 3) throw error;
    }
  }
  rmSync(old, { recursive: true, force: true });
}

function stampOfSources(): string {
  const hash = createHash('sha256');
  for (const name of globSync(sources, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, name));
    hash.update(`${name} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

/** Compressed once here, so that no request waits for it. */
function compress(folder: string): void {
  for (const name of globSync('**/*.{js,css,svg}', { cwd: folder })) {
    const path = join(folder, name);
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && (await buildConsole()))
  console.log('The console was built into dist/web.');
