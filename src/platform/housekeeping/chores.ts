import { join } from 'node:path';
import { sweepWorkFolders } from '../jobs/work-folders.ts';
import { sweepPeople } from '../people/sweep.ts';
import type { Platform } from '../platform.ts';
import { preparePartitions } from '../store/observations.ts';
import { eraseDue } from '../vault/erase-due.ts';
import { sweepDeliveries } from '../webhooks/sweep.ts';
import { baseChore } from './base-chore.ts';
import type { Chore } from './chore.ts';
import { analyzeNew } from './statistics.ts';
import { sweepRefusals } from './sweep-refusals.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Two months and a bit: a server that stands still for so long is behind by other things first. */
const AHEAD_MS = 70 * DAY * 1000;

/** What the platform does by itself. Hours of observations need nothing: they are counted as they come in. */
export function chores(platform: Platform): Chore[] {
  const { db, vault, settings, now } = platform;
  return [
    {
      name: 'retention',
      everySeconds: HOUR,
      run: (signal) => eraseDue(db, vault, now, signal),
    },
    {
      name: 'vault',
      everySeconds: 6 * HOUR,
      run: async (signal) => ({ ...(await vault.sweep(now(), { signal })) }),
    },
    {
      name: 'work-folders',
      everySeconds: HOUR,
      run: async (signal) => ({
        removed: await sweepWorkFolders(db, join(settings.data, 'work'), signal),
      }),
    },
    {
      name: 'sign-ins',
      everySeconds: 15 * MINUTE,
      run: async () => ({ ...(await sweepPeople(db, now())) }),
    },
    {
      name: 'refusals',
      everySeconds: DAY,
      run: async (signal) => {
        const before = new Date(now().getTime() - settings.log.refusalDays * DAY * 1000);
        return { removed: await sweepRefusals(db, { now: now(), before, signal }) };
      },
    },
    {
      name: 'deliveries',
      everySeconds: DAY,
      run: async (signal) => ({ removed: await sweepDeliveries(db, now(), signal) }),
    },
    {
      name: 'partitions',
      everySeconds: DAY,
      run: async () => {
        const at = now();
        return { made: await preparePartitions(db, at, new Date(at.getTime() + AHEAD_MS)) };
      },
    },
    {
      name: 'statistics',
      everySeconds: 5 * MINUTE,
      run: async (signal) => ({ analyzed: await analyzeNew(db, signal) }),
    },
    baseChore(platform),
  ];
}
