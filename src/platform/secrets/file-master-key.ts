import { join } from 'node:path';
import { TidewaiterError } from '../../core/errors.ts';
import { changeKeyFile, keyFileStamp, makeKeyFile, newKey, readKeyFile, removeDraft } from './key-file.ts';
import type { MasterKey } from './master-key.ts';
import { damaged, keyIdOf, unwrapWith, wrappingKey, wrapWith, type WrappingKey } from './wrap.ts';

/** The file of the master keys in a data folder. */
export function masterKeyFile(dataFolder: string): string {
  return join(dataFolder, 'master-keys.json');
}

/**
 * The master key in the data folder, made when it is needed first. Processes on other machines need a copy of the file.
 * When another process rotates it, this one sees that before it wraps anything more.
 * @throws TidewaiterError `E_MASTER_KEY`.
 */
export async function openMasterKey(dataFolder: string): Promise<MasterKey> {
  const path = masterKeyFile(dataFolder);
  if ((await readKeyFile(path)) === undefined) await makeKeyFile(path, [newKey(new Date())]);
  let keys = await readRing(path);

  const upToDate = async (): Promise<Ring> => {
    if ((await keyFileStamp(path)) !== keys.stamp) keys = await readRing(path);
    return keys;
  };
  const find = async (id: string): Promise<WrappingKey> => {
    const key = keys.byId.get(id) ?? (await upToDate()).byId.get(id);
    if (key !== undefined) return key;
    throw new TidewaiterError(
      'E_MASTER_KEY',
      `The master key ${id} is not in ${path}`,
      'Copy the file from the machine where it was rotated, or import its backup.',
    );
  };
  return {
    wrap: async (plain, context) => wrapWith((await upToDate()).newest, plain, context),
    unwrap: async (wrapped, context) => {
      const id = keyIdOf(wrapped);
      if (id === undefined) throw damaged(context);
      return unwrapWith(await find(id), wrapped, context);
    },
    isCurrent: (wrapped) => keyIdOf(wrapped) === keys.newest.id,
    rotate: async ({ alone } = { alone: false }) => {
      if (alone) await removeDraft(path);
      await changeKeyFile(path, (kept) => [...kept, newKey(new Date())]);
      keys = await readRing(path);
    },
  };
}

interface Ring {
  readonly stamp: string | undefined;
  readonly newest: WrappingKey;
  readonly byId: ReadonlyMap<string, WrappingKey>;
}

async function readRing(path: string): Promise<Ring> {
  // Taken before the keys: when the file changes in between, it is read once too often and not once too little.
  const stamp = await keyFileStamp(path);
  const keys = (await readKeyFile(path))?.map(({ key }) => wrappingKey(Buffer.from(key, 'base64')));
  const newest = keys?.at(-1);
  if (keys === undefined || newest === undefined) {
    throw new TidewaiterError('E_MASTER_KEY', `The master key ${path} is gone`, 'Put it back from a backup.');
  }
  return { stamp, newest, byId: new Map(keys.map((key) => [key.id, key])) };
}
