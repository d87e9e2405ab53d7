import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { systemCode } from '../../core/errors.ts';
import { signBytes, type SigningKey } from '../../core/signing-key.ts';
import { version } from '../../core/version.ts';
import { endOfArchive, entryOf, type Source } from './archive.ts';
import { contents, type Item } from './contents.ts';
import { bundleError } from './errors.ts';
import { SIGNATURE, SUMS } from './verify.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface BundleOptions {
  /** `.tar`, or `.tar.gz`, which is smaller and takes longer; it must not exist. */
  readonly file: string;
  readonly key: SigningKey;
  readonly cacheDir: string;
  readonly madeAt: Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

export interface Bundled {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of `install.sh`, which whoever runs it can compare before. */
  readonly installer: string;
}

/**
 * Writes one signed archive with which Tidewaiter is installed on machines of this kind that have no network. Files are streamed; the
 * archive has its name only when it is whole.
 * @throws TidewaiterError `E_BUNDLE`, `E_NO_SPACE`, and what lacks in this installation. Nothing is left then.
 */
export async function makeBundle(options: BundleOptions): Promise<Bundled> {
  const { file, cacheDir, madeAt, log } = options;
  if (!/\.(tar|tar\.gz|tgz)$/.test(file))
    throw bundleError(`${file} has no name that says its form`, 'Call it NAME.tar.gz or NAME.tar.');
  if (existsSync(file)) throw bundleError(`${file} exists`, 'Name a new file.');
  const folder = dirname(resolve(file));
  const built = await mkdtemp(join(folder, '.tidewaiter-build-')).catch((error: unknown) => {
    throw bundleError(
      `The folder ${folder} cannot be written to (${systemCode(error) ?? 'unknown reason'})`,
      'Choose another one.',
    );
  });
  try {
    const isClone = existsSync(join(root, 'src/cli/main.ts'));
    if (isClone) await build(join(built, 'dist'), log);
    const compiled = isClone ? join(built, 'dist') : join(root, 'dist');
    log('Looking for what belongs into the bundle');
    const items = await contents({ root, compiled, cacheDir, madeAt });
    return await write(options, items);
  } finally {
    await rm(built, { recursive: true, force: true });
  }
}

/** A clone runs its TypeScript, which Node refuses in a package. */
async function build(out: string, log: (line: string) => void): Promise<void> {
  log('Compiling');
  const child = spawn(process.execPath, [join(root, 'scripts/build.ts'), out], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What it says becomes part of an error.
    env: { ...process.env, NO_COLOR: '1' },
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-2000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw bundleError(
      `The code of this clone does not compile: ${words.slice(words.indexOf('\n') + 1).trim()}`,
      'Run npm run build.',
    );
}

async function write(
  { file, key, madeAt, signal, log }: BundleOptions,
  items: readonly Item[],
): Promise<Bundled> {
  const draft = `${file}.unfinished`;
  const tally = { files: 0, bytes: 0, installer: '' };
  const stream = Readable.from(archive(items, key, madeAt, tally), { objectMode: false });
  const target = createWriteStream(draft, { flags: 'wx' });
  log(`Writing ${items.length} files`);
  try {
    if (file.endsWith('.tar')) await pipeline(stream, target, { signal });
    else await pipeline(stream, createGzip({ level: 3 }), target, { signal });
    const handle = await open(draft, 'r');
    await handle.sync();
    await handle.close();
    await rename(draft, file);
    return tally;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') await rm(draft, { force: true });
    if (signal.aborted || systemCode(error) === undefined) throw error;
    throw bundleError(`${file} cannot be written (${systemCode(error)})`, 'Check space and rights there.');
  }
}

async function* archive(
  items: readonly Item[],
  key: SigningKey,
  madeAt: Date,
  tally: { files: number; bytes: number; installer: string },
): AsyncGenerator<Buffer> {
  const folder = `tidewaiter-${version}-${process.platform}-${process.arch}`;
  const sums: string[] = [];
  const put = async function* (path: string, source: Source): AsyncGenerator<Buffer> {
    if (/[\n\r\\]/.test(path))
      throw bundleError(`${JSON.stringify(path)} is no name for a file`, 'Rename it.');
    const hash = createHash('sha256');
    const { bytes, executable } = await describe(source);
    yield* entryOf(
      { path: `${folder}/${path}`, bytes, executable },
      source,
      madeAt,
      (chunk) => void hash.update(chunk),
    );
    const digest = hash.digest('hex');
    sums.push(`${digest}  ${path}\n`);
    if (path === 'install.sh') tally.installer = digest;
    tally.files += 1;
    tally.bytes += bytes;
  };
  for (const { path, source } of items) yield* put(path, source);
  const list = Buffer.from(sums.join(''));
  yield* put(SUMS, { content: list });
  yield* put(SIGNATURE, { content: signBytes(list, key.privateKey) });
  yield endOfArchive;
}

async function describe(source: Source): Promise<{ bytes: number; executable: boolean }> {
  if ('content' in source) return { bytes: source.content.length, executable: false };
  const { size, mode } = await stat(source.file);
  return { bytes: size, executable: (mode & 0o100) !== 0 };
}
