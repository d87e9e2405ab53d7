import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, opendir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { makeFolder, syncFolder } from '../secrets/durable.ts';
import { isObjectName, type ObjectStore, type StoredObject } from './object-store.ts';

/** Large reads and writes: a file is read from start to end far more often than not. */
const BUFFER_BYTES = 1 << 20;
/** Written bytes after which the disk is told to take them. */
const SYNC_BYTES = 64 << 20;

/**
 * Objects as files `aa/bb/NAME` below a folder, which is made when it is needed first. Unfinished ones lie in
 * `unfinished/`, on the same disk, so that they get their names by renaming.
 */
export function fileStore(root: string): ObjectStore {
  const unfinished = join(root, 'unfinished');

  const put: ObjectStore['put'] = async (name, stream) => {
    const { outer, folder, path } = place(root, name);
    const draft = join(unfinished, randomUUID());
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await makeFolder(unfinished);
      await writeDraft(draft, stream);
      await makeFolder(outer);
      await makeFolder(folder);
      await rename(draft, path);
      await syncFolder(folder);
    } catch (error) {
      await rm(draft, { force: true });
      throw spaceError(error, root);
    }
  };

  return {
    put,

    adopt: async (name, source) => {
      const { outer, folder, path } = place(root, name);
      // The sweep goes by the time of the last writing, which may be long ago.
      const now = new Date();
      await utimes(source, now, now);
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        await makeFolder(outer);
        await makeFolder(folder);
        await link(source, path).catch(whenCode('EEXIST', undefined));
        await syncFolder(folder);
      } catch (error) {
        // On another disk, or one that gives a file a single name only.
        if (!unlinkable.has(systemCode(error) ?? '')) throw spaceError(error, root);
        await put(name, createReadStream(source, { highWaterMark: BUFFER_BYTES }));
      }
    },

    open: async (name, { start, end }) => {
      if (end !== undefined && end <= start) throw new RangeError('an empty range of an object');
      const { path } = place(root, name);
      const handle = await open(path, 'r').catch(whenMissing(undefined));
      return handle?.createReadStream({
        start,
        ...(end === undefined ? {} : { end: end - 1 }),
        highWaterMark: BUFFER_BYTES,
      });
    },

    delete: async (name) => rm(place(root, name).path, { force: true }),

    list: async function* () {
      for await (const outer of entries(root)) {
        if (!/^[0-9a-f]{2}$/.test(outer)) continue;
        for await (const inner of entries(join(root, outer))) {
          yield* objectsIn(join(root, outer, inner));
        }
      }
    },

    removeUnfinished: async (before) => {
      let removed = 0;
      for await (const name of entries(unfinished)) {
        const path = join(unfinished, name);
        const touched = await lastWritten(path);
        if (touched === undefined || touched >= before) continue;
        await rm(path, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

/** Two levels of folders, as file systems get slow with millions of names in one. */
function place(root: string, name: string): { outer: string; folder: string; path: string } {
  if (!isObjectName(name)) throw new RangeError(`${name} is no name of an object`);
  const outer = join(root, name.slice(0, 2));
  const folder = join(outer, name.slice(2, 4));
  return { outer, folder, path: join(folder, name) };
}

async function writeDraft(path: string, stream: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  let waiting = 0;
  let syncing: Promise<void> | undefined;
  let fault: Error | undefined;
  // The disk works while more comes, so that the last flush, for which the sender waits, has little left to do.
  async function* syncedOnTheWay(): AsyncGenerator<Uint8Array> {
    for await (const piece of stream) {
      if (fault !== undefined) throw fault;
      waiting += piece.byteLength;
      if (waiting >= SYNC_BYTES && syncing === undefined) {
        waiting = 0;
        syncing = handle
          .datasync()
          .catch((error: Error) => (fault = error))
          .then(() => (syncing = undefined));
      }
      yield piece;
    }
    await syncing;
    if (fault !== undefined) throw fault;
  }
  // `flush` brings it to the disk before it is closed.
  await pipeline(syncedOnTheWay, handle.createWriteStream({ flush: true, highWaterMark: BUFFER_BYTES }));
}

async function* objectsIn(folder: string): AsyncGenerator<StoredObject> {
  for await (const name of entries(folder)) {
    if (!isObjectName(name)) continue;
    const writtenAt = await lastWritten(join(folder, name));
    if (writtenAt !== undefined) yield { name, writtenAt };
  }
}

/** Names in a folder; none when there is no such folder. */
async function* entries(folder: string): AsyncGenerator<string> {
  const names = await opendir(folder).catch(whenMissing(undefined));
  if (names === undefined) return;
  for await (const { name } of names) yield name;
}

/** Undefined when it went while somebody was looking. */
async function lastWritten(path: string): Promise<Date | undefined> {
  return stat(path).then(({ mtime }) => mtime, whenMissing(undefined));
}

function whenMissing<T>(value: T): (error: unknown) => T {
  return whenCode('ENOENT ENOTDIR', value);
}

/** @param codes with spaces between them. */
function whenCode<T>(codes: string, value: T): (error: unknown) => T {
  return (error) => {
    if (codes.split(' ').includes(systemCode(error) ?? '?')) return value;
    throw error;
  };
}

const unlinkable: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP']);

/** The same error, unless it says that the disk is full. */
export function spaceError(error: unknown, root: string): unknown {
  if (systemCode(error) !== 'ENOSPC' && systemCode(error) !== 'EDQUOT') return error;
  return new TidewaiterError(
    'E_NO_SPACE',
    `There is no space left in the vault ${root}`,
    'Free some space or move the vault to another disk, and send it again.',
    { cause: error },
  );
}
