import { readdir, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Platform } from '../../../platform/platform.ts';
import { deliverLeftAgain, spoolFolder } from '../platform/delivery.ts';

/** How the link to the platform stands. */
export interface LinkState {
  readonly link: 'up' | 'away';
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What waits on this machine's disk, bytes. */
  readonly waitingBytes: number;
}

const LOOK_MS = 2_000;
/** The platform has answered nothing for so long. */
const SILENT_MS = 4_000;
/** How often it is said that the link is still away. */
const REMIND_MS = 60_000;

/**
 * Watches the link until the signal, tells when it goes, now and then while it is away, and when it comes; and delivers
 * what processes of this machine that died have left, whenever there is a link.
 */
export async function keepLink(
  platform: Platform,
  signal: AbortSignal,
  tell: (state: LinkState) => void | Promise<void>,
): Promise<void> {
  let [link, since, told]: [LinkState['link'] | undefined, number, number] = [undefined, 0, 0];
  while (!signal.aborted) {
    const now = (await answers(platform)) ? 'up' : 'away';
    const at = Date.now();
    if (now !== link) [link, since] = [now, at];
    if (since === at || (link === 'away' && at - told >= REMIND_MS)) {
      told = at;
      await tell({ link, since, waitingBytes: await waitingIn(spoolFolder(platform)) });
    }
    // It is tried again; that the link is away is told above.
    if (link === 'up') await deliverLeftAgain(platform).catch(() => undefined);
    await sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

async function answers({ db }: Platform): Promise<boolean> {
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, sleep(SILENT_MS, false, { ref: false })]);
}

async function waitingIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(`${folder}/${name}`).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
