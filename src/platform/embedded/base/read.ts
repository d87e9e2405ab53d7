import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { TidewaiterError } from '../../../core/errors.ts';
import { readArchive } from './archive.ts';
import { ARCHIVE_NAME, MANIFEST_NAME } from './folders.ts';

/** Where the files of a base backup are put. */
export interface Unpack {
  folder(name: string): Promise<void>;
  file(name: string, content: AsyncIterable<Buffer>): Promise<void>;
}

/** The part of PostgreSQL's manifest that is looked at. */
const manifestSchema = z.object({
  Files: z.array(
    z.object({
      Path: z.string(),
      Size: z.int(),
      'Checksum-Algorithm': z.literal('SHA256'),
      Checksum: z.string(),
    }),
  ),
});

/** Parts of the log are in no manifest: they have checksums of their own, which PostgreSQL looks at when it starts. */
const LOG = /^pg_wal\//;
const LAST_LINE = /"Manifest-Checksum": "([0-9a-f]{64})"\}\n$/;

/**
 * Reads a base backup to its end and compares every file with what PostgreSQL says of it.
 * @param unpack where the files go, if anywhere.
 * @throws TidewaiterError `E_BACKUP_DAMAGED`, `E_CANCELLED`; and what `unpack` throws.
 */
export async function readBase(folder: string, signal: AbortSignal, unpack?: Unpack): Promise<void> {
  const expected = await readManifest(join(folder, MANIFEST_NAME));
  let trouble: Error | undefined;
  const put = async (name: string, content: AsyncGenerator<Buffer>): Promise<void> => {
    try {
      await unpack?.file(name, content);
    } catch (error) {
      // Of the disk that is written to; what is wrong with the archive comes through here too.
      if (error instanceof Error && 'syscall' in error) trouble = error;
      throw error;
    }
  };
  try {
    await pipeline(
      createReadStream(join(folder, ARCHIVE_NAME)),
      createGunzip(),
      async (source: AsyncIterable<Buffer>) => {
        for await (const { name, isFolder, content } of readArchive(source)) {
          if (name.startsWith('/') || name.split('/').includes('..'))
            throw new Error(`${name} leads elsewhere`);
          if (isFolder) {
            await unpack?.folder(name);
            continue;
          }
          const [hash, known] = [createHash('sha256'), expected.get(name)];
          if (known === undefined && !LOG.test(name)) throw new Error(`${name} does not belong to it`);
          const hashed = async function* (): AsyncGenerator<Buffer> {
            for await (const piece of content()) {
              hash.update(piece);
              yield piece;
            }
          };
          const passing = hashed();
          if (unpack !== undefined) await put(name, passing);
          for await (const _ of passing) continue;
          if (known !== undefined && hash.digest('hex') !== known) throw new Error(`${name} was changed`);
          expected.delete(name);
        }
        const [missing] = expected.keys();
        if (missing !== undefined) throw new Error(`${missing} is missing`);
        // What follows the archive's end is nothing but zeros that fill it up.
        for await (const _ of source) continue;
      },
      { signal },
    );
  } catch (error) {
    if (signal.aborted)
      throw new TidewaiterError('E_CANCELLED', 'Reading the base backup was broken off', 'Start it again.');
    if (trouble !== undefined) throw trouble;
    throw damaged(folder, error);
  }
}

/** SHA-256 of each file by its name. */
async function readManifest(path: string): Promise<Map<string, string>> {
  try {
    const text = await readFile(path, 'utf8');
    const [line, digest] = LAST_LINE.exec(text) ?? [];
    // It covers all lines but its own.
    const covered = text.slice(0, text.length - (line?.length ?? 0));
    if (createHash('sha256').update(covered).digest('hex') !== digest)
      throw new Error('its list was changed');
    const { Files } = manifestSchema.parse(JSON.parse(text));
    return new Map(Files.map(({ Path, Checksum }) => [Path, Checksum]));
  } catch (error) {
    throw damaged(path, error);
  }
}

function damaged(path: string, error: unknown): TidewaiterError {
  return new TidewaiterError(
    'E_BACKUP_DAMAGED',
    `${path} is no base backup or is damaged (${error instanceof Error ? error.message : String(error)})`,
    'Copy it again from where it was kept, or use another one.',
    { cause: error },
  );
}
