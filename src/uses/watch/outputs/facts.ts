import { sql } from 'kysely';
import type { Settings } from '../../../platform/settings/settings.ts';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import { idOf } from '../platform/ids.ts';
import type { CameraMessage, IncidentMessage, ToldStep } from './message.ts';

type Reader = Database | DatabaseTransaction;

const steps: Readonly<Record<string, ToldStep>> = {
  ...{ acknowledge: 'acknowledged', confirm: 'confirmed', dismiss: 'dismissed' },
  ...{ escalate: 'escalated', close: 'closed' },
};

/** Where people open the console. */
export function consoleUrl({ publicUrl, listen, tls }: Settings): string {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return publicUrl?.replace(/\/$/, '') ?? `${tls === undefined ? 'http' : 'https'}://${host}:${listen.port}`;
}

/**
 * All that can be told of incidents so far, oldest first; nobody outside is told of tests. It follows from the rows, so that it can be asked for again.
 * @param ids of incidents.
 * @param receiver part of the ids of the messages: a channel, or the feed.
 */
export async function incidentMessages(
  db: Reader,
  ids: readonly string[],
  { receiver, base }: { readonly receiver: string; readonly base: string },
): Promise<IncidentMessage[]> {
  if (ids.length === 0) return [];
  const incidents = await db
    .selectFrom('watch_incidents')
    .innerJoin('watch_cameras', 'watch_cameras.id', 'watch_incidents.camera_id')
    .selectAll('watch_incidents')
    .select(['watch_cameras.slot', 'watch_cameras.name'])
    .select(
      sql<string | null>`(select alert -> 'reason' -> 'rule' ->> 'kind' from watch_alerts
        where incident_id = watch_incidents.id order by at limit 1)`.as('rule_kind'),
    )
    .where('watch_incidents.id', 'in', [...ids])
    .where('watch_incidents.test', '=', false)
    .execute();
  const taken = await db
    .selectFrom('watch_steps')
    .select(['id', 'incident_id', 'step', 'at'])
    .where('incident_id', 'in', [...ids])
    .where('step', 'in', Object.keys(steps))
    .orderBy('at')
    .execute();
  const messages = incidents.flatMap((row): IncidentMessage[] => {
    const tell = (fact: string, step: ToldStep, at: Date): IncidentMessage => ({
      id: idOf('message', receiver, row.id, fact),
      what: 'incident',
      status: 'actual',
      site: row.site_id,
      at: at.toISOString(),
      camera: { id: row.camera_id, slot: row.slot, name: row.name },
      step,
      incident: row.id,
      severity: row.severity,
      state: row.state,
      rules: row.rules,
      ruleKind: (row.rule_kind ?? 'zone-entry') as IncidentMessage['ruleKind'],
      startedAt: row.started_at.toISOString(),
      link: `${base}/watch/incidents/${row.id}`,
    });
    return [
      tell('new', 'new', row.created_at),
      ...taken
        .filter(({ incident_id }) => incident_id === row.id)
        .flatMap(({ id, step, at }) => (steps[step] === undefined ? [] : [tell(id, steps[step], at)])),
    ];
  });
  return messages.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The states of cameras as they are. */
export async function cameraMessages(
  db: Reader,
  ids: readonly string[],
  receiver: string,
): Promise<CameraMessage[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('watch_cameras')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return rows.map((row) => ({
    id: idOf('message', receiver, row.id, row.state, row.why ?? '', row.since.toISOString()),
    what: 'camera',
    status: 'actual',
    site: row.site_id,
    at: row.since.toISOString(),
    camera: { id: row.id, slot: row.slot, name: row.name },
    ...{ state: row.state, why: row.why },
  }));
}
