import { randomUUID } from 'node:crypto';
import { type Selectable, sql } from 'kysely';
import type { ErrorReport } from '../../core/errors.ts';
import { append } from '../ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../store/database.ts';
import { checkSettings, type ServiceKind } from './kind.ts';
import { CHANNEL } from './link.ts';
import type { ServicesTable, ServiceState, ServiceWanted } from './tables.ts';

/** Who does it, and when. */
interface Act {
  readonly by: string;
  readonly at: Date;
}

export interface NewService extends Act {
  readonly kind: ServiceKind;
  readonly siteId: string;
  readonly settings: object;
}

/**
 * Makes a service, which runs from when the transaction commits until it is stopped.
 * @returns its id.
 * @throws TidewaiterError `E_SERVICE_SETTINGS`.
 */
export async function startService(
  tx: DatabaseTransaction,
  { kind, siteId, settings, by, at }: NewService,
): Promise<string> {
  const id = randomUUID();
  const row = {
    id,
    site_id: siteId,
    use: kind.use,
    kind: kind.name,
    settings: JSON.stringify(checkSettings(kind, settings)),
    created_by: by,
  };
  await tx.insertInto('services').values(row).execute();
  await record(tx, 'service.started', { id, site_id: siteId, kind: kind.name }, { by, at });
  return id;
}

/**
 * Stops a service. Whoever runs it ends it within moments.
 * @returns whether there was anything to stop.
 */
export async function stopService(
  tx: DatabaseTransaction,
  { id, ...act }: Act & { readonly id: string },
): Promise<boolean> {
  const stopped = await tx
    .updateTable('services')
    .set({ wanted: 'stopped', state: sql`case when owner is null then 'stopped' else state end` })
    .where('id', '=', id)
    .where('wanted', '=', 'running')
    .returning(['id', 'site_id', 'kind'])
    .executeTakeFirst();
  if (stopped !== undefined) await record(tx, 'service.stopped', stopped, act);
  return stopped !== undefined;
}

/**
 * Lets a service run again that was stopped.
 * @returns whether it was stopped.
 */
export async function resumeService(
  tx: DatabaseTransaction,
  { id, ...act }: Act & { readonly id: string },
): Promise<boolean> {
  const resumed = await tx
    .updateTable('services')
    .set({
      wanted: 'running',
      state: sql`case when owner is null then 'waiting' else state end`,
      failures: 0,
      retry_at: null,
    })
    .where('id', '=', id)
    .where('wanted', '=', 'stopped')
    .returning(['id', 'site_id', 'kind'])
    .executeTakeFirst();
  if (resumed !== undefined) await record(tx, 'service.resumed', resumed, act);
  return resumed !== undefined;
}

/**
 * Changes the settings of a service. It starts again with them; one that had failed does so at once.
 * @returns whether there is such a service of that kind.
 * @throws TidewaiterError `E_SERVICE_SETTINGS`.
 */
export async function changeService(
  tx: DatabaseTransaction,
  {
    id,
    kind,
    settings,
    ...act
  }: Act & { readonly id: string; readonly kind: ServiceKind; readonly settings: object },
): Promise<boolean> {
  const changed = await tx
    .updateTable('services')
    .set((eb) => ({
      settings: JSON.stringify(checkSettings(kind, settings)),
      version: eb('version', '+', 1),
      failures: 0,
      retry_at: null,
    }))
    .where('id', '=', id)
    .where('kind', '=', kind.name)
    .returning(['id', 'site_id', 'kind'])
    .executeTakeFirst();
  if (changed !== undefined) await record(tx, 'service.changed', changed, act);
  return changed !== undefined;
}

/** A service as people see it. */
export interface Service {
  readonly id: string;
  readonly siteId: string;
  readonly use: string;
  readonly kind: string;
  readonly settings: object;
  readonly wanted: ServiceWanted;
  readonly state: ServiceState;
  /** Id of the process that runs it. */
  readonly holder: string | null;
  /** Of the last heartbeat. */
  readonly heartbeatAt: Date | null;
  /** When it was last taken up. */
  readonly startedAt: Date | null;
  readonly restarts: number;
  /** Of the last failure, until it has been healthy for minutes. */
  readonly lastError: ErrorReport | null;
  readonly note: object | null;
  readonly createdAt: Date;
}

/** @param siteIds only of these sites; all if left out. */
export async function listServices(
  db: Database,
  { siteIds, use }: { readonly siteIds?: readonly string[]; readonly use?: string } = {},
): Promise<Service[]> {
  let wanted = selectServices(db).orderBy('created_at').orderBy('id');
  if (siteIds !== undefined) wanted = wanted.where(sql<boolean>`site_id = any(${siteIds}::text[])`);
  if (use !== undefined) wanted = wanted.where('use', '=', use);
  return (await wanted.execute()).map(toService);
}

/** Rows for {@link toService}. */
export function selectServices(db: Database) {
  return db
    .selectFrom('services')
    .selectAll('services')
    .select(sql<boolean>`coalesce(lease_until <= clock_timestamp(), false)`.as('lost'));
}

export function toService(row: Selectable<ServicesTable> & { readonly lost: boolean }): Service {
  return {
    id: row.id,
    siteId: row.site_id,
    use: row.use,
    kind: row.kind,
    settings: row.settings,
    wanted: row.wanted,
    // Whoever ran it is not heard of any more, and nobody has taken it over yet.
    state: row.lost ? (row.wanted === 'stopped' ? 'stopped' : 'waiting') : row.state,
    holder: row.lost ? null : row.owner,
    heartbeatAt: row.heartbeat_at,
    startedAt: row.started_at,
    restarts: row.restarts,
    lastError: row.last_error,
    note: row.note,
    createdAt: row.created_at,
  };
}

async function record(
  tx: DatabaseTransaction,
  event: string,
  { id, site_id, kind }: { readonly id: string; readonly site_id: string; readonly kind: string },
  { by, at }: Act,
): Promise<void> {
  await append(tx, {
    kind: event,
    at,
    actor: by,
    siteId: site_id,
    subjects: { service: id },
    facts: { kind },
  });
  await sql`select pg_notify(${CHANNEL}, '')`.execute(tx);
}
