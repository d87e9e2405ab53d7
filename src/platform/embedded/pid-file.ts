import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from './address.ts';

/** What a server says about itself in `postmaster.pid`. */
export interface PidFile {
  /** NaN when the file is empty or damaged. */
  readonly pid: number;
  readonly address: Address;
  readonly ready: boolean;
}

export function pidFilePath(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Undefined when there is no file, as when no server runs. */
export async function readPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFilePath(data), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  // Lines as in PostgreSQL's src/include/utils/pidfile.h.
  const [pid = '', , , port = '', socketFolder = '', listening = '', , status = ''] = text.split('\n');
  const host = socketFolder === '' ? listening : socketFolder;
  return {
    pid: /^\d+$/.test(pid.trim()) ? Number(pid) : NaN,
    address: { host, port: Number(port) },
    ready: status.trim() === 'ready',
  };
}
