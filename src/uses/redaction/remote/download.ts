import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { TidewaiterError } from '../../../core/errors.ts';
import type { Talk } from './talk.ts';

const SILENT_MS = 60_000;

/**
 * Writes the bytes of an asset to a new file, going on where a broken connection left off. They are on the disk when this
 * returns.
 * @returns their SHA-256, which is what the platform says of the asset.
 * @throws TidewaiterError `E_PLATFORM_BYTES` when other bytes came.
 */
export async function download(talk: Talk, asset: string, path: string): Promise<string> {
  const { sha256, bytes } = await talk.ask('getAsset', { params: { id: asset } });
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    let at = 0;
    while (at < bytes)
      await talk.persist(async (alive) => {
        const silent = new AbortController();
        const timer = setTimeout(() => silent.abort(), SILENT_MS);
        try {
          const { body, status } = await talk.raw(`/assets/${asset}/content`, {
            headers: { range: `bytes=${at}-` },
            signal: talk.until(silent.signal),
          });
          if (status !== 206) throw otherBytes(asset);
          for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
            timer.refresh();
            await file.write(chunk);
            hash.update(chunk);
            at += chunk.length;
            alive();
          }
        } finally {
          clearTimeout(timer);
        }
      });
    if (hash.digest('hex') !== sha256 || at !== bytes) throw otherBytes(asset);
    await file.sync();
    return sha256;
  } finally {
    await file.close();
  }
}

export function otherBytes(asset: string): TidewaiterError {
  return new TidewaiterError(
    'E_PLATFORM_BYTES',
    `What came of asset ${asset} is not what the platform holds`,
    'Start again; if it happens again, something between here and the platform changes what passes.',
  );
}
