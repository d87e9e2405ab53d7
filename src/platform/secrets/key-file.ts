import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { syncFolder } from './durable.ts';
import { KEY_BYTES } from './wrap.ts';

/** A master key as the file and its backup hold it. */
export interface KeptKey {
  /** ISO 8601, UTC. */
  readonly made: string;
  /** {@link KEY_BYTES} bytes as base64. */
  readonly key: string;
}

const keptKeys = z.object({
  format: z.literal('tidewaiter-master-keys-1'),
  /** Oldest first; the last one wraps. */
  keys: z
    .array(
      z.object({
        made: z.iso.datetime(),
        key: z.base64().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES),
      }),
    )
    .min(1),
});

export function newKey(now: Date): KeptKey {
  return { made: now.toISOString(), key: randomBytes(KEY_BYTES).toString('base64') };
}

/** Text of a file of master keys. */
export function formatKeys(keys: readonly KeptKey[]): string {
  return `${JSON.stringify({ format: 'tidewaiter-master-keys-1', keys }, undefined, 2)}\n`;
}

/** What {@link formatKeys} wrote, or undefined when it is something else. */
export function parseKeys(text: string): readonly KeptKey[] | undefined {
  try {
    return keptKeys.parse(JSON.parse(text)).keys;
  } catch {
    return undefined;
  }
}

/**
 * The keys in a file, undefined when there is none.
 * @throws TidewaiterError `E_MASTER_KEY` when others may read or change it, or it is no file of master keys.
 */
export async function readKeyFile(path: string): Promise<readonly KeptKey[] | undefined> {
  const text = await readPrivate(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(path, 'read', error);
  });
  if (text === undefined) return undefined;
  const keys = parseKeys(text);
  if (keys !== undefined) return keys;
  throw new TidewaiterError(
    'E_MASTER_KEY',
    `${path} does not hold master keys, or was damaged`,
    'Put it back from a backup; without it nothing in the vault can be read.',
  );
}

/** Changes when the file is written again; undefined when there is none. */
export async function keyFileStamp(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${mtimeNs}`;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(path, 'read', error);
  }
}

async function readPrivate(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { mode, uid } = await handle.stat();
    const me = process.getuid?.();
    const foreign = me !== undefined && me !== 0 && uid !== 0 && uid !== me;
    if ((mode & 0o077) !== 0 || foreign) {
      throw new TidewaiterError(
        'E_MASTER_KEY',
        `The master key ${path} may be read or changed by others (mode ${(mode & 0o777).toString(8)}${foreign ? `, owner ${uid}` : ''})`,
        'Find out who may have read it, make it yours with mode 600, and rotate the master key.',
      );
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Makes the file, and its folder. It has its name only when it is whole; of two that are made at once one stays. */
export async function makeKeyFile(path: string, keys: readonly KeptKey[]): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(formatKeys(keys));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } catch (error) {
    throw fileError(path, 'made', error);
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Changes the keys of a file; of two changes at once one is refused, so that no key is lost.
 * @throws TidewaiterError `E_MASTER_KEY`.
 */
export async function changeKeyFile(
  path: string,
  change: (keys: readonly KeptKey[]) => readonly KeptKey[],
): Promise<readonly KeptKey[]> {
  // One name for all who change it: who can make the draft has the turn.
  const draft = draftOf(path);
  const handle = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    if (systemCode(error) !== 'EEXIST') throw fileError(path, 'changed', error);
    throw new TidewaiterError(
      'E_MASTER_KEY',
      `The master keys are being changed by another process, or a change was broken off: ${draft} exists`,
      'If no other process is at it, remove that file; nothing was wrapped with what it holds.',
    );
  });
  try {
    const keys = change((await readKeyFile(path)) ?? []);
    await handle.writeFile(formatKeys(keys));
    await handle.sync();
    await rename(draft, path);
    await syncFolder(dirname(path));
    return keys;
  } catch (error) {
    await rm(draft, { force: true });
    throw fileError(path, 'changed', error);
  } finally {
    await handle.close();
  }
}

/** Removes what a change left that was killed half-way. Nothing was wrapped with what it holds. */
export async function removeDraft(path: string): Promise<void> {
  await rm(draftOf(path), { force: true }).catch((error: unknown) => {
    throw fileError(path, 'changed', error);
  });
}

function draftOf(path: string): string {
  return `${path}.new`;
}

function fileError(path: string, what: string, cause: unknown): unknown {
  if (cause instanceof TidewaiterError) return cause;
  return new TidewaiterError(
    'E_MASTER_KEY',
    `The master key ${path} cannot be ${what} (${systemCode(cause) ?? 'unknown reason'})`,
    'See that its folder exists and that you may write to it.',
    { cause },
  );
}
