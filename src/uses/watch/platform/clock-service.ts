import { setInterval } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Platform } from '../../../platform/platform.ts';
import { serviceKind, type ServiceKind } from '../../../platform/services/kind.ts';
import { fenced } from '../../../platform/services/fenced.ts';
import { charter } from '../charter.ts';
import { moveDue } from './due-incidents.ts';
import { committed } from './events.ts';
import { keepWithIncidents } from './picture-retention.ts';
import { forgetTracks, keptSince } from './tracks.ts';

export const CLOCK_SERVICE = 'watch.clock';
const TICK_MS = 1000;
/** Old rows are looked for every so many ticks. */
const TIDY_TICKS = 600;
/** A console that was away for longer reads everything anew. */
const EVENT_DAYS = 7;

/** The acknowledgement clocks of a site, and forgetting what its retention classes keep no longer. Runs no models. */
export function clockService(platform: () => Platform): ServiceKind {
  return serviceKind({
    name: CLOCK_SERVICE,
    use: charter.use,
    settings: z.strictObject({}),
    concurrency: 100,
    run: async ({ id, siteId }, { signal, generation }) => {
      let ticks = 0;
      try {
        for await (const _ of setInterval(TICK_MS, undefined, { signal })) {
          await escalateDue(platform(), siteId, { id, generation });
          if (ticks++ % TIDY_TICKS === 0) await forgetOld(platform(), siteId);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
  });
}

/**
 * Incidents that nobody acknowledged in time go to the supervisors.
 * @param run of the service, when it is one that does it.
 */
export async function escalateDue(
  { db, now }: Platform,
  siteId: string,
  run?: { readonly id: string; readonly generation: number },
): Promise<number> {
  const at = now();
  const late = await db
    .selectFrom('watch_incidents')
    .select('id')
    // Tests that nobody acknowledged end as missed; see `endMissed`.
    .where('test', '=', false)
    .where('state', '=', 'new')
    .where('acknowledged_by', 'is', null)
    .where('due_at', '<=', at)
    .where('site_id', '=', siteId)
    .limit(1)
    .executeTakeFirst();
  if (late === undefined) return 0;
  const escalated = await db.transaction().execute(async (tx) => {
    if (run !== undefined) await fenced(tx, run);
    const rows = await moveDue(tx, siteId, at, {
      tests: false,
      change: { state: 'escalated', escalated_to: 'supervisor', escalated_at: at },
      step: 'escalate',
      note: 'Nobody acknowledged it in time.',
      facts: { role: 'supervisor' },
    });
    for (const { id, severity } of rows)
      await append(tx, {
        ...{ kind: 'watch.incident-escalated', at, actor: 'system', siteId, subjects: { incident: id } },
        facts: { role: 'supervisor', severity, unacknowledged: true },
      });
    await keepWithIncidents(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.length;
  });
  committed(siteId);
  return escalated;
}

/** Alerts that nobody was shown, once their class keeps them no longer and nothing of them is on hold; old events. */
export async function forgetOld({ db, now }: Platform, siteId: string): Promise<number> {
  const at = now();
  const since = await keptSince(db, 'watch-alert', at);
  const { rows } = await sql<{ id: string }>`
    delete from watch_alerts a
    where a.site_id = ${siteId} and a.incident_id is null and a.created_at <= ${since}
      and not exists (
        select from assets s where s.id in (a.snapshot, a.clip) and (s.legal_hold or s.erased_at is null))
    returning a.id`.execute(db);
  // They are numbered as time goes: what is older than the first that is kept is read, and nothing else.
  await sql`
    delete from watch_events where site_id = ${siteId} and seq < coalesce((
      select seq from watch_events
      where site_id = ${siteId} and at >= ${new Date(at.getTime() - EVENT_DAYS * 86_400_000)}
      order by seq limit 1), ${Number.MAX_SAFE_INTEGER})`.execute(db);
  await forgetTracks(db, siteId, at);
  return rows.length;
}
