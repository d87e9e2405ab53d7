import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import { dayOf, type Day } from '../charters/days.ts';

/** `--on`: today unless told otherwise. */
export const onDay = z.iso
  .date({ error: 'a day such as 2026-03-31' })
  .optional()
  .transform((day): Day => day ?? dayOf(new Date()));

/** @throws TidewaiterError `E_NOT_FOUND` unless it is a file that is there. */
export async function needFile(path: string): Promise<string> {
  try {
    if ((await stat(path)).isFile()) return path;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
  }
  throw new TidewaiterError('E_NOT_FOUND', `There is no file ${path}`, 'Check its name.');
}

/** @throws TidewaiterError `E_OUTPUT_EXISTS` instead of writing over a file. */
export async function writeNew(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let file;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    throw new TidewaiterError('E_OUTPUT_EXISTS', `${path} is there already`, 'Choose another name.', {
      cause: error,
    });
  }
  try {
    for await (const piece of pieces) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}
