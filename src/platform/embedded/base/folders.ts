import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../../../core/errors.ts';

/** In the folder of a base backup: the cluster, and what PostgreSQL says must be in it. */
export const ARCHIVE_NAME = 'base.tar.gz';
export const MANIFEST_NAME = 'backup_manifest';

const FINISHED = /^base-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)$/;

/** A base backup that is whole. */
export interface BaseFolder {
  readonly folder: string;
  /** When it was begun, to the minute. */
  readonly at: Date;
}

/** Where base backups lie. */
export function basesFolder({ data }: { readonly data: string }): string {
  return join(data, 'backups');
}

/** `base-20260301-0200`, in UTC. */
export function baseName(at: Date): string {
  const [day = '', time = ''] = at.toISOString().split('T');
  return `base-${day.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}`;
}

/** All that are whole, newest first. */
export async function listBases(bases: string): Promise<BaseFolder[]> {
  const names = await readdir(bases).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const [, year, month, day, hour, minute] = FINISHED.exec(name) ?? [];
      const at = new Date(`${year}-${month}-${day}T${hour}:${minute}Z`);
      return Number.isNaN(at.getTime()) ? [] : [{ folder: join(bases, name), at }];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}
