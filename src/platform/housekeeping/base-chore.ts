import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { basesFolder, listBases } from '../embedded/base/folders.ts';
import { makeBase } from '../embedded/base/make.ts';
import { joinEmbedded } from '../embedded/join.ts';
import type { Settings } from '../settings/settings.ts';
import type { Chore } from './chore.ts';

/** Hour of the machine's clock after which the night's base backup is made. */
const NIGHT_HOUR = 2;

/** What the chore needs of the platform. */
interface Where {
  readonly settings: Pick<Settings, 'data' | 'backups' | 'database'>;
  now(): Date;
}

/**
 * The nightly base backup of our own database; one that was missed, as the server did not run, is made when it runs again.
 * With a PostgreSQL of the agency, or when none are to be kept, there is nothing to do.
 */
export function baseChore({ settings, now }: Where): Chore {
  return {
    name: 'base-backup',
    everySeconds: 15 * 60,
    run: async (signal) => {
      const { keep } = settings.backups;
      if (keep === 0 || settings.database.url !== undefined) return { made: 0 };
      const folder = join(settings.data, 'database');
      const [connection, newest] = [await joinEmbedded(folder), await listBases(basesFolder(settings))];
      const last = newest[0]?.at ?? (await stat(folder)).birthtime;
      if (connection === undefined || last >= nightBefore(now())) return { made: 0 };
      const bases = basesFolder(settings);
      const { bytes, removed } = await makeBase({ connection, bases, keep, now: now(), signal });
      return { made: 1, bytes, removed };
    },
  };
}

/** When the night's work last fell due. */
export function nightBefore(now: Date): Date {
  const night = new Date(now);
  night.setHours(NIGHT_HOUR, 0, 0, 0);
  if (night > now) night.setDate(night.getDate() - 1);
  return night;
}
