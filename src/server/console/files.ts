import { globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A file of the built console, ready to be sent. */
export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same, compressed; absent for what is compressed by its nature. */
  readonly gzip?: Buffer;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
};

/**
 * All files of the built console by their address, kept in memory: a few megabytes, and no request ever becomes a path.
 * @returns undefined when it was not built.
 */
export function readConsole(folder: string): ReadonlyMap<string, ConsoleFile> | undefined {
  const names = new Set(globSync('**/*', { cwd: folder }));
  if (!names.has('index.html')) return undefined;
  const files = new Map<string, ConsoleFile>();
  for (const name of names) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    const gzip = names.has(`${name}.gz`) ? readFileSync(join(folder, `${name}.gz`)) : undefined;
    files.set(`/${name.replaceAll('\\', '/')}`, { type, bytes, ...(gzip === undefined ? {} : { gzip }) });
  }
  return files;
}
