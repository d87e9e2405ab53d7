import { rm } from 'node:fs/promises';
import { setInterval } from 'node:timers/promises';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { PermitGate } from '../../../governance/permits/gate.ts';
import type { Platform } from '../../../platform/platform.ts';
import { serviceKind, type ServiceKind } from '../../../platform/services/kind.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import { charter } from '../charter.ts';
import { endMissed } from './answers.ts';
import type { PlayClip } from './play.ts';
import { inject, injectionFolder, type Injector } from './run.ts';
import { nextPlay } from './schedule.ts';
import type { WatchInjectionPlansTable } from './tables.ts';

export const INJECTION_SERVICE = 'watch.injections';
const TICK_MS = 1000;

/** Plays the clips of a site's plans, one at a time, and ends tests that nobody answered. */
export function injectionService(options: {
  readonly platform: () => Platform;
  readonly gate: () => PermitGate;
  readonly play: PlayClip;
}): ServiceKind {
  return serviceKind({
    name: INJECTION_SERVICE,
    use: charter.use,
    settings: z.strictObject({}),
    concurrency: 100,
    run: async ({ id, siteId }, { signal, generation }) => {
      const platform = options.platform();
      const injector: Injector = {
        ...{ platform, gate: options.gate(), play: options.play, signal },
        run: { id, generation },
      };
      await begin(injector, siteId);
      let playing = Promise.resolve();
      let busy = false;
      let failed: Error | undefined;
      try {
        for await (const _ of setInterval(TICK_MS, undefined, { signal })) {
          // The service ends as any that fails does, and is started again.
          if (failed !== undefined) throw failed;
          await endMissed(platform, siteId, injector.run);
          const plan = busy ? undefined : await takeDue(injector, siteId);
          if (plan === undefined) continue;
          busy = true;
          playing = inject(injector, plan)
            .catch(
              (error: unknown) => void (failed = error instanceof Error ? error : new Error(String(error))),
            )
            .finally(() => void (busy = false));
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await playing;
      }
    },
  });
}

/** What a process that died left: clips on the disk, and playings that will not end. */
async function begin({ platform, run }: Injector, siteId: string): Promise<void> {
  await rm(injectionFolder(platform, siteId), { recursive: true, force: true });
  await platform.db.transaction().execute(async (tx) => {
    await fenced(tx, run);
    await tx
      .updateTable('watch_injections')
      .set({ state: 'failed', problem: 'stopped before its end' })
      .where('site_id', '=', siteId)
      .where('state', '=', 'playing')
      .execute();
  });
}

/** The plan that is due, if any; it is noted at once when it comes again. */
async function takeDue(
  { platform: { db, now }, run }: Injector,
  siteId: string,
): Promise<Selectable<WatchInjectionPlansTable> | undefined> {
  return db.transaction().execute(async (tx) => {
    await fenced(tx, run);
    const plan = await tx
      .selectFrom('watch_injection_plans')
      .selectAll()
      .where('site_id', '=', siteId)
      .where('next_at', '<=', now())
      .orderBy('next_at')
      .limit(1)
      .forUpdate()
      .executeTakeFirst();
    if (plan === undefined) return undefined;
    const { time_zone } = await tx
      .selectFrom('sites')
      .select('time_zone')
      .where('id', '=', siteId)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable('watch_injection_plans')
      .set({ next_at: comesAgain(plan, now(), time_zone) })
      .where('id', '=', plan.id)
      .execute();
    return plan;
  });
}

/** Null when it is played once. */
function comesAgain(
  { every_hours, from_hour, to_hour }: Selectable<WatchInjectionPlansTable>,
  at: Date,
  timeZone: string,
): Date | null {
  if (every_hours === null) return null;
  const hours = from_hour === null || to_hour === null ? undefined : { from: from_hour, to: to_hour };
  return nextPlay({ everyHours: every_hours, hours }, at, timeZone, Math.random);
}
