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
    const found = await stat(path);
    if (found.isFile()) return path;
    if (found.isDirectory())
      throw new TidewaiterError('E_NOT_FOUND', `${path} is a folder`, 'Name a file in it.');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT' && systemCode(error) !== 'ENOTDIR') throw error;
  }
  throw new TidewaiterError('E_NOT_FOUND', `There is no file ${path}`, 'Check its name.');
}

/** @throws TidewaiterError `E_OUTPUT_EXISTS` instead of writing over a file, `E_OUTPUT_FOLDER` where it cannot be written. */
export async function writeNew(
  path: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let file;
  try {
    file = await open(path, 'wx');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST')
      throw new TidewaiterError('E_OUTPUT_EXISTS', `${path} is there already`, 'Choose another name.', {
        cause: error,
      });
    if (code === undefined) throw error;
    throw new TidewaiterError(
      'E_OUTPUT_FOLDER',
      `${path} cannot be written (${code})`,
      'Choose a folder that is there and that you may write to.',
      { cause: error },
    );
  }
  try {
    for await (const piece of pieces) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}
