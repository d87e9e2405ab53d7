import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../../../core/errors.ts';
import { salvage, unfinished, type Segment } from '../../../media/live/record/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { keepPicture, sharePicture } from './pictures.ts';
import { keepSegment, recordingsFolder } from './recording-segments.ts';
import type { RecordedAbout } from './recording-tables.ts';

/** What a file that was recorded is for. It stands beside the file, for whoever finds it after a crash. */
export type RecordedFile =
  | {
      readonly kind: 'clip' | 'masked-clip' | 'masked-still';
      readonly file: string;
      /** One file may show several alerts. */
      readonly alerts: readonly { readonly id: string; readonly about: RecordedAbout }[];
    }
  | { readonly kind: 'segment'; readonly file: string; readonly segment: Segment };

const RETRY_MS = 500;
/** Somebody's snapshot may be on its way for so long; then what is masked is kept without it. */
const SNAPSHOT_MS = 60_000;
/** Files that nobody wrote to for so long are those of a process that died. */
const LEFT_MS = 60_000;
/** Whose alert has not come for so long is of an alert that was lost with its process. */
const GIVEN_UP_MS = 86_400_000;
const SIDECAR = '.json';

/** Folders that runs in this process write to. */
const active = new Set<string>();

/** Carries what a run of a camera recorded from its disk to where it is kept, however long that cannot be reached. */
export class RecordedFiles {
  readonly folder: string;
  readonly #platform: Platform;
  readonly #ended = new AbortController();
  readonly #waiting: { readonly recorded: RecordedFile; readonly since: number }[] = [];
  #woken: () => void = () => undefined;

  /** @param folder of this run alone. */
  constructor(platform: Platform, folder: string) {
    this.folder = folder;
    this.#platform = platform;
    active.add(folder);
    void this.#carry();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async add(recorded: RecordedFile): Promise<void> {
    // On a disk that is full nobody else is told of it: this process is enough, while it lives.
    await describe(recorded).catch(() => undefined);
    this.#waiting.push({ recorded, since: Date.now() });
    this.#woken();
  }

  /** Nothing more comes. What waits is carried on. */
  end(): void {
    this.#ended.abort();
    this.#woken();
  }

  async #carry(): Promise<void> {
    while (!this.#ended.signal.aborted || this.#waiting.length > 0) {
      const next = this.#waiting[0];
      if (next === undefined) {
        await new Promise<void>((resolve) => (this.#woken = resolve));
        continue;
      }
      // The database or the vault is away, or the alert is still on its way.
      if (await bring(this.#platform, next.recorded, next.since).catch(() => false)) this.#waiting.shift();
      else {
        this.#waiting.push(...this.#waiting.splice(0, 1));
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    active.delete(this.folder);
    await rm(this.folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Brings home what processes that died left on this machine's disk; of files that were not whole, their whole pictures. What
 * comes before its alert stays for the next time.
 */
export async function bringLeft(platform: Platform, cameraId: string): Promise<void> {
  const camera = join(recordingsFolder(platform), cameraId);
  for (const run of await namesIn(camera)) {
    const folder = join(camera, run);
    if (run === 'sealed' || active.has(folder)) continue;
    const files = await filesIn(folder);
    const newest = Math.max(...(await Promise.all(files.map(changed))));
    if (Date.now() - newest < LEFT_MS) continue;
    const broken = files.filter((file) => !file.endsWith(SIDECAR) && !files.includes(`${file}${SIDECAR}`));
    for (const file of broken) await mend(cameraId, file);
    let whole = true;
    for (const file of (await filesIn(folder)).filter((name) => name.endsWith(SIDECAR))) {
      const recorded = JSON.parse(await readFile(file, 'utf8')) as RecordedFile;
      whole = (await bring(platform, recorded, newest)) && whole;
    }
    if (whole || Date.now() - newest > GIVEN_UP_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function describe(recorded: RecordedFile): Promise<void> {
  const path = `${recorded.file}${SIDECAR}`;
  await writeFile(`${path}.new`, JSON.stringify(recorded), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

/** @param since when it was recorded. @returns false when it is too early. */
async function bring(platform: Platform, recorded: RecordedFile, since: number): Promise<boolean> {
  if (recorded.kind === 'segment') {
    await keepSegment(platform, recorded.segment.camera, recorded.segment);
  } else {
    const [first, ...others] = recorded.alerts;
    if (first === undefined) return true;
    if (recorded.kind !== 'clip' && (await snapshotIsComing(platform, first.id, since))) return false;
    const source = createReadStream(recorded.file);
    if (!(await keepPicture(platform, recorded.kind, first.id, source, first.about))) return false;
    for (const { id, about } of others)
      if (!(await sharePicture(platform, recorded.kind, id, first.id, about))) return false;
  }
  await rm(recorded.file, { force: true });
  await rm(`${recorded.file}${SIDECAR}`, { force: true });
  return true;
}

async function snapshotIsComing({ db }: Platform, alertId: string, since: number): Promise<boolean> {
  const row = await db
    .selectFrom('watch_alerts')
    .select('snapshot')
    .where('id', '=', alertId)
    .executeTakeFirst();
  return row?.snapshot === null && Date.now() - since < SNAPSHOT_MS;
}

/**
 * Makes a file of what can be read of one that is broken off, described like any other. Clips are named by when they begin
 * and by their first alert, segments by their camera and when they begin.
 */
async function mend(cameraId: string, file: string): Promise<void> {
  const name = basename(file).replace(unfinished, '');
  const [, time, id] = /(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)(?:-([0-9a-f-]{36}))?\.mp4$/.exec(name) ?? [];
  if (time === undefined) return;
  const at = time.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:');
  const saved = await salvage(file, join(file, '..', `salvaged-${name}`));
  if (saved === undefined) return;
  await rm(file, { force: true });
  if (id === undefined) {
    const from = Date.parse(at);
    const { codecs, bytes, sha256 } = saved;
    const to = from + Math.round(saved.seconds * 1000);
    const segment = { camera: cameraId, from, to, codecs, file: saved.file, bytes, sha256 };
    await describe({ kind: 'segment', file: saved.file, segment });
    return;
  }
  const kind = basename(join(file, '..')) === 'masked' ? 'masked-clip' : 'clip';
  const about = { at, salvaged: true } as const;
  await describe({ kind, file: saved.file, alerts: [{ id, about }] });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function changed(file: string): Promise<number> {
  return (await stat(file)).mtimeMs;
}
