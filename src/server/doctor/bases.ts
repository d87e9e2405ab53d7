import { stat } from 'node:fs/promises';
import { basesFolder, listBases } from '../../platform/embedded/base/folders.ts';
import type { Settings } from '../../platform/settings/settings.ts';
import { databaseFolder } from '../find-database.ts';
import { failed, ok, warn, type Finding } from './check.ts';

const HOUR_MS = 3_600_000;
/** One night was missed. */
const OLD_HOURS = 49;

/** How old the newest base backup of our own database is; the agency looks after those of its own. */
export async function checkBases(settings: Settings, now: Date): Promise<Finding[]> {
  const what = 'base backup';
  if (settings.database.url !== undefined) return [];
  try {
    const [newest] = await listBases(basesFolder(settings));
    const made = await stat(databaseFolder(settings)).catch(() => undefined);
    if (newest === undefined && made === undefined) return [];
    const byHand = 'Make one: tidewaiter backup --base';
    if (settings.backups.keep === 0)
      return [warn(what, 'none is made by night', 'Set backups.keep to how many nights are to be kept.')];
    const since = newest?.at ?? made?.birthtime ?? now;
    const hours = Math.floor((now.getTime() - since.getTime()) / HOUR_MS);
    const found = newest === undefined ? 'there is none yet' : `the newest is ${hours} h old`;
    if (hours < OLD_HOURS) return [ok(what, found)];
    return [warn(what, found, `${byHand}, and see what the chore base-backup says.`)];
  } catch (error) {
    return [failed(what, error)];
  }
}
