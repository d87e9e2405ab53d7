import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Seconds } from '../../../core/time.ts';
import { TidewaiterError } from '../../../core/errors.ts';
import { AtomicFile, hidden, type WrittenFile } from './atomic-file.ts';
import { endOf } from './clip.ts';
import { FragmentSplitter } from './split.ts';

/** What could be saved of a recording whose writer died. */
export interface Salvaged extends WrittenFile {
  readonly codecs: string;
  readonly seconds: Seconds;
}

/**
 * Copies the whole fragments at the beginning of a file to another one.
 * @returns undefined when there is not one; nothing is written then.
 * @throws TypeError when the target is the name that the broken file was to have: writing it would overwrite the broken one.
 * @throws TidewaiterError `E_NO_SPACE`, `E_RECORDING_WRITE`.
 */
export async function salvage(broken: string, target: string): Promise<Salvaged | undefined> {
  if (resolve(broken) === resolve(hidden(target)))
    throw new TypeError('a recording is saved under another name than it was to have');
  const splitter = new FragmentSplitter(() => 0);
  const file = await AtomicFile.create(target);
  const kept = { codecs: '', began: 0, ends: 0, fragments: 0 };
  try {
    for await (const chunk of createReadStream(broken) as AsyncIterable<Buffer>) {
      for (const part of splitter.push(chunk)) {
        if (part.kind === 'head') {
          kept.codecs = part.head.codecs;
          await file.write(part.head.bytes);
          continue;
        }
        if (kept.fragments++ === 0) kept.began = part.fragment.time;
        kept.ends = endOf(part.fragment);
        await file.write(part.fragment.bytes);
      }
    }
  } catch (error) {
    if (!(error instanceof TidewaiterError && error.code === 'E_FRAGMENTS')) {
      await file.abandon();
      throw error;
    }
  }
  if (kept.fragments === 0) {
    await file.abandon();
    return undefined;
  }
  return { ...(await file.finish()), codecs: kept.codecs, seconds: kept.ends - kept.began };
}
