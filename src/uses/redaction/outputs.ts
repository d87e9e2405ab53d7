import { access, lstat, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { systemCode, TidewaiterError } from '../../core/errors.ts';
import type { FileKind } from '../../media/sniff.ts';

/** Where everything about one redacted file goes. */
export interface OutputPaths {
  readonly media: string;
  readonly plan: string;
  readonly record: string;
  /** What was withheld and why, as CSV. */
  readonly log: string;
  /** The record as PDF. */
  readonly report: string;
  /** Extension of `media` without the dot: what it is written as. */
  readonly container: string;
}

/**
 * The files of {@link OutputPaths}, in the order in which they get their names: the output last, so that whoever finds it
 * finds all that speaks of it.
 */
export const outputFiles = ['plan', 'log', 'report', 'record', 'media'] as const;
export type OutputFile = (typeof outputFiles)[number];

const videoContainers = new Set(['mp4', 'mov', 'mkv']);
const pictureExtensions: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  tiff: 'tiff',
  avif: 'avif',
  heic: 'jpg',
};

/**
 * The extension an output gets: pictures keep their format (HEIC becomes JPEG, for want of an encoder), MOV stays MOV
 * and every other video becomes MP4, which keeps any time base.
 * @param asked a container that the user asked for.
 */
export function outputContainer(file: FileKind, asked?: string): string {
  if (file.kind === 'picture') return pictureExtensions[file.format] ?? 'png';
  if (asked !== undefined) {
    if (videoContainers.has(asked)) return asked;
    throw new TidewaiterError(
      'E_CONTAINER',
      `Videos cannot be written as .${asked}`,
      `Use one of ${[...videoContainers].join(', ')}.`,
    );
  }
  return file.format === 'mov' ? 'mov' : 'mp4';
}

/** Paths for one input that goes into a folder. `distinct` keeps the whole input name, for inputs that differ only in it. */
export function pathsIn(folder: string, input: string, container: string, distinct = false): OutputPaths {
  const name = distinct ? basename(input) : basename(input, extname(input));
  return pathsFor(join(folder, `${name}.redacted.${container}`));
}

/** Paths for an output that was named by the user. */
export function pathsFor(media: string): OutputPaths {
  const extension = extname(media);
  const stem = join(dirname(media), basename(media, extension).replace(/\.redacted$/, ''));
  return {
    media,
    plan: `${stem}.plan.json`,
    record: `${stem}.record.json`,
    log: `${stem}.exemptions.csv`,
    report: `${stem}.record.pdf`,
    container: extension.slice(1).toLowerCase(),
  };
}

/** The name under which a file is written until it is whole. It says that it is not; the extension stays. */
export function unfinished(path: string): string {
  return join(dirname(path), `.unfinished-${process.pid}-${basename(path)}`);
}

/** Removes what an interrupted run left under unfinished names. Files of running processes stay. */
export async function sweepUnfinished(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  const stale = names.filter((name) => {
    const [, pid, rest] = /^\.unfinished-(\d+)-(.*)$/s.exec(name) ?? [];
    return rest === basename(path) && !isAlive(Number(pid));
  });
  await Promise.all(stale.map((name) => rm(join(folder, name), { force: true })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

/**
 * Refuses to write over the input, or over anything that is there already.
 * @throws TidewaiterError `E_OUTPUT_IS_INPUT`, `E_OUTPUT_EXISTS`, `E_OUTPUT_NAME`.
 */
export async function checkOutput(
  input: string,
  paths: OutputPaths,
  { force, planOnly }: { readonly force: boolean; readonly planOnly: boolean },
): Promise<void> {
  const source = await stat(input);
  for (const path of outputFiles.map((file) => paths[file])) {
    if (await isTooLong(unfinished(path))) {
      throw new TidewaiterError(
        'E_OUTPUT_NAME',
        `The name ${basename(path)} is too long for what it would be written to`,
        'Choose a shorter one with -o, or rename the file.',
      );
    }
    const target = await stat(path).catch(() => undefined);
    if (resolve(path) === resolve(input) || (target?.ino === source.ino && target.dev === source.dev)) {
      throw new TidewaiterError(
        'E_OUTPUT_IS_INPUT',
        `Writing ${path} would change the original`,
        'Choose another output; originals are never changed.',
      );
    }
    if (target?.isDirectory() === true) {
      throw new TidewaiterError('E_OUTPUT_EXISTS', `${path} is a folder`, 'Choose another output name.');
    }
  }
  const made = planOnly ? paths.plan : paths.media;
  if (!force && (await exists(made))) {
    throw new TidewaiterError(
      'E_OUTPUT_EXISTS',
      `${made} is there already`,
      'Choose another output, or add --force to replace it.',
    );
  }
}

async function isTooLong(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: unknown) => systemCode(error) === 'ENAMETOOLONG',
  );
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
