import type { DatabaseTransaction } from '../../../platform/store/database.ts';

/**
 * What is more than a false alarm is kept for as long as its matter may last: the pictures and recordings of incidents that are
 * confirmed, or escalated and not decided. To be called when either has changed, in the same transaction; somebody who is just
 * deciding is waited for.
 */
export async function keepWithIncidents(tx: DatabaseTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const incidents = await tx
    .selectFrom('watch_incidents')
    .select(['id', 'outcome', 'escalated_to'])
    // By its id alone: what is asked of the row besides is asked of the version before a change that is waited for.
    .where('id', 'in', ids)
    .where('test', '=', false)
    .forShare()
    .execute();
  const lasting = incidents
    .filter(({ outcome, escalated_to: to }) => outcome === 'confirmed' || (to !== null && outcome === null))
    .map(({ id }) => id);
  if (lasting.length === 0) return;
  const shown = await tx
    .selectFrom('watch_alerts')
    .leftJoin('watch_recorded', 'watch_recorded.alert_id', 'watch_alerts.id')
    .select(['snapshot', 'clip', 'asset_id'])
    .where('incident_id', 'in', lasting)
    .execute();
  const assets = new Set(shown.flatMap((row) => [row.snapshot, row.clip, row.asset_id]));
  assets.delete(null);
  if (assets.size === 0) return;
  await tx
    .updateTable('assets')
    .set({ retention: 'watch-incident' })
    .where('retention', '=', 'watch-picture')
    .where('id', 'in', [...assets] as string[])
    .execute();
}
