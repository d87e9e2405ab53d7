import type { Settings } from '../../platform/settings/settings.ts';
import { leftByRestore, restoreUnfinished } from '../backup/unfinished.ts';
import { failed, warn, type Finding } from './check.ts';

/** Whether a restore was broken off; says nothing when there is no trace of one. */
export async function checkRestored(settings: Settings): Promise<Finding[]> {
  const what = 'restore';
  try {
    const left = await leftByRestore(settings);
    if (left === 'nothing') return [];
    if (left === 'litter')
      return [
        warn(
          what,
          'it was killed when all was in its place',
          'Start the server, which removes what is left over.',
        ),
      ];
    return [failed(what, restoreUnfinished(settings))];
  } catch (error) {
    return [failed(what, error)];
  }
}
