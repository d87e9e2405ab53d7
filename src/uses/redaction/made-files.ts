import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { TidewaiterError } from '../../core/errors.ts';
import { defaultCacheDir } from '../../models/cache.ts';
import type { PermitSource } from '../../host/permit-source.ts';
import type { Platform } from '../../platform/platform.ts';
import type { MadeFile } from '../../platform/vault-files.ts';
import type { EngineOptions } from './engine.ts';
import type { OutputPaths } from './outputs.ts';

/** Models as the platform runs them, under what it was given for a job. */
export function platformEngine(source: PermitSource | undefined): EngineOptions {
  if (source === undefined) throw new TypeError('models were to run without anybody having been asked');
  const { permit, publicKey, purpose, site } = source;
  return {
    ...{ permit, purpose, site },
    ...(publicKey === undefined ? {} : { publicKey }),
    ...{ cacheDir: defaultCacheDir(process.env, homedir()), threads: 2 },
  };
}

/** The source of a job. @throws TidewaiterError `E_VAULT_ERASED`. */
export async function sourceAsset(
  { db }: Platform,
  id: string,
): Promise<{ readonly id: string; readonly name: string; readonly created_at: Date }> {
  const asset = await db
    .selectFrom('assets')
    .select(['id', 'name', 'created_at', 'erased_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (asset !== undefined && asset.erased_at === null) return asset;
  throw new TidewaiterError('E_VAULT_ERASED', 'The source is no longer there', 'Upload it again.');
}

/** Works in a folder that nobody else sees and that is gone afterwards. */
export async function inWorkFolder<T>(
  { settings }: Platform,
  name: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const all = join(settings.data, 'work');
  await mkdir(all, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(all, `${name}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The name without its extension, with nothing in it that a file system or a shell could take for something else. */
export function safeStem(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length);
  return (
    stem
      .replaceAll(/[^\w.-]+/g, '_')
      .replace(/^[.-]+/, '')
      .slice(0, 80) || 'source'
  );
}

/** The extension with its dot, or nothing when it is none that is known. */
export function safeExtension(name: string): string {
  const extension = extname(name).toLowerCase();
  return /^\.[a-z0-9]{1,8}$/.test(extension) ? extension : '';
}

const mediaTypes: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  avif: 'image/avif',
};

/** The outputs of a redaction as they come into its case. */
export function madeFiles(outputs: OutputPaths, stem: string): Record<string, MadeFile> {
  const { container } = outputs;
  const record = (path: string, ending: string, mediaType: string): MadeFile => ({
    path,
    name: `${stem}${ending}`,
    mediaType,
    role: 'record',
  });
  return {
    output: {
      path: outputs.media,
      name: `${stem}.redacted.${container}`,
      mediaType: mediaTypes[container] ?? 'application/octet-stream',
      role: 'output',
    },
    plan: record(outputs.plan, '.plan.json', 'application/json'),
    record: record(outputs.record, '.record.json', 'application/json'),
    log: record(outputs.log, '.exemptions.csv', 'text/csv'),
    report: record(outputs.report, '.record.pdf', 'application/pdf'),
  };
}
