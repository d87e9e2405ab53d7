import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { TidewaiterError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { runChild } from '../../host/run-child.ts';
import type { Proxies, ProxyFile, ProxyKind } from '../../media/proxy/index.ts';
import { jobKind, type JobKind, type RunningJob } from '../jobs/kind.ts';
import type { Platform } from '../platform.ts';
import type { DatabaseTransaction } from '../store/database.ts';
import type { AssetRole } from '../store/tables.ts';
import { checkIn, checkOut } from '../vault-files.ts';
import { PROXY_QUEUE, recordProxies } from './records.ts';
import type { ProxyTask } from './worker.ts';

const proxyInput = z.strictObject({ asset: z.uuid() });

/** The largest picture that is opened takes most of it. */
const MEMORY_LIMIT_BYTES = 4 * 2 ** 30;
const STALL_SECONDS = 120;

/** Makes what a browser needs to show an asset. */
export function proxyJob(platform: () => Platform): JobKind {
  return jobKind({
    queue: PROXY_QUEUE,
    use: 'platform',
    input: proxyInput,
    concurrency: 1,
    retries: 2,
    run: (job) => makeViews(platform(), job),
  });
}

/** Hands in the job that makes them. @returns its id. */
export function enqueueProxy(
  { jobs, kinds }: Platform,
  tx: DatabaseTransaction,
  asset: { readonly id: string; readonly siteId: string; readonly caseId: string },
  by: string,
): Promise<string> {
  const kind = kinds.get(PROXY_QUEUE);
  if (kind === undefined) throw new TypeError('proxies have no queue');
  const { siteId, caseId } = asset;
  return jobs.enqueue(tx, { kind, siteId, caseId, input: { asset: asset.id }, by });
}

const mediaExtensions: ReadonlySet<string> = new Set(
  [
    'mp4 m4v mov 3gp 3g2 mkv webm avi ts mts m2ts mpg mpeg vob',
    'jpg jpeg png webp gif tif tiff avif heic heif',
    'wav mp3 m4a aac flac ogg oga opus amr aif aiff caf au ac3 eac3',
  ].flatMap((list) => list.split(' ')),
);

/** Whether a file is likely to be something to look at or listen to, by its type or its name. */
export function isMedia(name: string, mediaType: string): boolean {
  return (
    /^(video|image|audio)\//.test(mediaType) || mediaExtensions.has(extname(name).slice(1).toLowerCase())
  );
}

async function makeViews(
  platform: Platform,
  job: RunningJob<z.output<typeof proxyInput>>,
): Promise<Record<string, unknown>> {
  const { db, settings, now } = platform;
  const { caseId } = job;
  if (caseId === undefined) throw new TypeError('a proxy belongs to a case');
  const asset = await db
    .selectFrom('assets')
    .select(['id', 'name', 'erased_at'])
    .where('id', '=', job.input.asset)
    .executeTakeFirst();
  if (asset === undefined || asset.erased_at !== null)
    throw new TidewaiterError('E_VAULT_ERASED', 'The source is no longer there', 'Upload it again.');
  const work = join(settings.data, 'work');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(work, 'proxy-'));
  try {
    const input = join(folder, 'source');
    await checkOut(platform, asset.id, input, job.signal);
    const outputs = join(folder, 'made');
    await mkdir(outputs);
    const begun = performance.now();
    const { files, frames, damagedFrames, notes } = await runChild<ProxyTask, Proxies, Progress>({
      entry: new URL('./worker.ts', import.meta.url),
      params: { input, folder: outputs },
      onMessage: job.progress,
      signal: job.signal,
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      stallSeconds: STALL_SECONDS,
    });
    const seconds = (performance.now() - begun) / 1000;
    const views: { kind: ProxyKind; viewId: string }[] = [];
    for (const file of files) {
      const made = { ...file, name: viewName(asset.name, file), role: roles[file.kind] };
      views.push({ kind: file.kind, viewId: await checkIn(platform, { ...job, caseId }, made, asset.id) });
    }
    await db.transaction().execute((tx) => recordProxies(tx, asset.id, views, now()));
    return {
      made: views.map(({ kind }) => kind),
      seconds: Math.round(seconds * 1000) / 1000,
      ...(frames === undefined
        ? {}
        : { frames, damagedFrames, framesPerSecond: Math.round(frames / seconds) }),
      notes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const roles: Readonly<Record<ProxyKind, AssetRole>> = {
  video: 'proxy',
  sound: 'proxy',
  picture: 'proxy',
  index: 'proxy',
  poster: 'thumbnail',
  thumbnail: 'thumbnail',
  strip: 'thumbnail',
  waveform: 'waveform',
};

function viewName(source: string, { kind, path }: ProxyFile): string {
  return `${basename(source, extname(source))}.${kind}${extname(path)}`;
}
