import type { Platform } from '../../../platform/platform.ts';
import { Pace } from './pace.ts';

export interface EdgeOptions {
  /** Folder in which what was seen waits for the link; that of the data when it is left out. */
  readonly spool?: string;
  /** Most that pictures and clips may take of the link, all together. Alerts do not count: they are small and go first. */
  readonly bytesPerSecond?: number;
}

/** The platform as cameras see it that are watched beside it: what they keep, and how fast it travels. */
export function edgePlatform<Opened extends Platform>(
  platform: Opened,
  { spool, bytesPerSecond }: EdgeOptions,
): Opened {
  const { settings, vault } = platform;
  const pace = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond);
  return {
    ...platform,
    settings: spool === undefined ? settings : { ...settings, data: spool },
    vault:
      pace === undefined
        ? vault
        : {
            ...vault,
            put: (id, source, limits, record) => vault.put(id, pace.slow(source), limits, record),
          },
  };
}
