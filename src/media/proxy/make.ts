import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TidewaiterError } from '../../core/errors.ts';
import type { ReportProgress } from '../../core/progress.ts';
import { sniffFile } from '../sniff.ts';
import { makePictureProxy, posterFiles } from './picture.ts';
import type { ProxyIndex, ProxyKind } from './proxy-index.ts';
import { makeSoundProxy } from './sound.ts';
import { makeVideoProxy } from './video.ts';

export interface ProxyJob {
  readonly input: string;
  /** An empty folder that the files are written to. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ReportProgress | undefined;
}

export interface ProxyFile {
  readonly kind: ProxyKind;
  readonly path: string;
  readonly mediaType: string;
}

export interface Proxies {
  readonly files: readonly ProxyFile[];
  /** Frames of a video. */
  readonly frames?: number;
  /** Of them, those that could not be decoded and are black. */
  readonly damagedFrames?: number;
  /** What a person should be told, in sentences. */
  readonly notes: readonly string[];
}

const types: Readonly<Record<ProxyKind, readonly [extension: string, mediaType: string]>> = {
  video: ['mp4', 'video/mp4'],
  sound: ['mp4', 'audio/mp4'],
  picture: ['webp', 'image/webp'],
  index: ['json', 'application/json'],
  poster: ['webp', 'image/webp'],
  thumbnail: ['webp', 'image/webp'],
  strip: ['webp', 'image/webp'],
  waveform: ['bin', 'application/octet-stream'],
};

/**
 * Makes what a browser needs to show a video, a picture or a recording of sound, whatever it came as.
 * @throws TidewaiterError `E_FORMAT` for what is none of these; as `makeVideoProxy`, `makePictureProxy`, `makeSoundProxy`.
 */
export async function makeProxies(job: ProxyJob): Promise<Proxies> {
  const { kind, format } = await sniffFile(job.input);
  switch (kind) {
    case 'picture':
      return picture(job);
    case 'audio':
      return sound(job);
    // MPEG-TS and others have no certain beginning: what opens as a video is one.
    case 'video':
    case 'unknown':
      return video(job).catch((error: unknown) => {
        if (error instanceof TidewaiterError && error.code === 'E_AUDIO_ONLY') return sound(job);
        throw error;
      });
    case 'empty':
      throw new TidewaiterError('E_EMPTY', `${job.input} is empty`, 'Copy it again from where it came from.');
    case 'document':
    case 'text':
      throw new TidewaiterError(
        'E_FORMAT',
        `${job.input} is neither video, picture nor sound (${format})`,
        'Nothing is to be made of it.',
      );
  }
}

async function video(job: ProxyJob): Promise<Proxies> {
  const made = await makeVideoProxy({ ...job, output: placeOf(job, 'video') });
  const { sheet, ...strip } = made.strip;
  const { picture: poster, thumbnail } = await posterFiles(made.poster);
  const index: ProxyIndex = { version: 1, video: made.video, strip, sound: made.sound?.index ?? [] };
  const files = await write(job, {
    ...{ index: toJson(index), poster, thumbnail, strip: sheet },
    ...(made.sound === undefined ? {} : { waveform: made.sound.bytes }),
  });
  const damagedFrames = made.video.damaged.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return {
    files: [fileOf(job, 'video'), ...files],
    ...{ frames: made.video.bytes.length, damagedFrames, notes: made.notes },
  };
}

async function picture(job: ProxyJob): Promise<Proxies> {
  const made = await makePictureProxy(job.input);
  const index: ProxyIndex = { version: 1, picture: { source: made.source, size: made.size }, sound: [] };
  const files = { picture: made.picture, thumbnail: made.thumbnail, index: toJson(index) };
  return { files: await write(job, files), notes: [] };
}

async function sound(job: ProxyJob): Promise<Proxies> {
  const { size } = await stat(job.input);
  const made = await makeSoundProxy({ ...job, bytes: size, output: placeOf(job, 'sound') });
  const index: ProxyIndex = { version: 1, sound: made.sound.index };
  const files = await write(job, { index: toJson(index), waveform: made.sound.bytes });
  return { files: [fileOf(job, 'sound'), ...files], notes: made.notes };
}

async function write(job: ProxyJob, contents: Partial<Record<ProxyKind, Buffer>>): Promise<ProxyFile[]> {
  const files = Object.keys(contents).map((kind) => fileOf(job, kind as ProxyKind));
  for (const { kind, path } of files)
    await writeFile(path, contents[kind] ?? Buffer.alloc(0), { flag: 'wx' });
  return files;
}

function fileOf(job: ProxyJob, kind: ProxyKind): ProxyFile {
  return { kind, path: placeOf(job, kind), mediaType: types[kind][1] };
}

function placeOf({ folder }: ProxyJob, kind: ProxyKind): string {
  return join(folder, `${kind}.${types[kind][0]}`);
}

function toJson(index: ProxyIndex): Buffer {
  return Buffer.from(JSON.stringify(index));
}
