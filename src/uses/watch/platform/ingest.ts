import { sql } from 'kysely';
import '../../../governance/seeding/tables.ts';
import { append } from '../../../platform/ledger/ledger.ts';
import type { Database, DatabaseTransaction } from '../../../platform/store/database.ts';
import type { Alert } from '../alert.ts';
import type { TrackBatch } from '../back-test/track-batch.ts';
import type { ScheduleState } from '../calendar/calendar.ts';
import { learnedFor, similarTo } from '../learning/store.ts';
import type { Severity } from '../site/schema.ts';
import { incidentFinding } from './access.ts';
import { committed, tell } from './events.ts';
import { idOf } from './ids.ts';
import type { Numbered } from './spool.ts';
import type { CameraState } from './tables.ts';
import { keepTracks } from './tracks.ts';

/** What a run of a camera tells, as its spool keeps it. Times are milliseconds since 1970. */
export type Report =
  | { readonly kind: 'alert'; readonly alert: Alert; readonly test: boolean }
  | { readonly kind: 'tracks'; readonly batch: TrackBatch }
  | { readonly kind: 'over'; readonly incident: string; readonly at: number }
  | { readonly kind: 'state'; readonly state: CameraState; readonly why: string; readonly at: number };

/** Whose reports they are. */
export interface RunOf {
  readonly id: string;
  readonly cameraId: string;
  readonly siteId: string;
  readonly generation: number;
  /** Of what looks at the pictures. */
  readonly models: readonly { readonly id: string; readonly digest: string }[];
}

const order: readonly Severity[] = ['low', 'medium', 'high'];

/** Id of an alert, and of an incident, of a run: within a run they are only counted. */
export const alertId = (run: string, alert: string): string => idOf('alert', run, alert);
const incidentId = (run: string, incident: string): string => idOf('incident', run, incident);

/**
 * Brings a report into the database, once: the number of the last one stands beside the run and moves with it. What an
 * older run saw before it was halted is still true and is kept; only the state of the camera is that of the newest run.
 */
export async function deliver(db: Database, run: RunOf, report: Numbered<Report>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('watch_runs')
      .set({ delivered: report.seq })
      .where('id', '=', run.id)
      .where('delivered', '<', report.seq)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    if (report.kind === 'alert') await keepAlert(tx, run, report.alert, report.test);
    else if (report.kind === 'tracks') await keepTracks(tx, run, report.batch);
    else if (report.kind === 'over') await keepOver(tx, run, report.incident);
    else await keepState(tx, run, report);
  });
  committed(run.siteId);
}

async function keepAlert(tx: DatabaseTransaction, run: RunOf, alert: Alert, test: boolean): Promise<void> {
  const id = alertId(run.id, alert.id);
  const at = new Date(alert.at);
  const disarmed = alert.suppressed === undefined ? await disarmedBy(tx, run, alert) : undefined;
  const shown = alert.suppressed === undefined && disarmed === undefined;
  // A clip that was played in measures who answers: what was learned hides it from nobody.
  const learned = shown && !test ? await learnedFor(tx, run.cameraId, alert) : undefined;
  const suppressed =
    disarmed !== undefined
      ? 'disarmed by hand'
      : learned !== undefined
        ? (`learned: ${learned}` as const)
        : alert.suppressed;
  const similar = shown ? await similarTo(tx, run.cameraId, alert) : [];
  const reason = {
    ...alert.reason,
    ...(disarmed === undefined ? {} : { schedule: disarmed.schedule }),
    ...(similar.length === 0 ? {} : { similar }),
  };
  const incident = suppressed === undefined ? await joinIncident(tx, run, alert, test) : undefined;
  await tx
    .insertInto('watch_alerts')
    .values({
      id,
      site_id: run.siteId,
      camera_id: run.cameraId,
      incident_id: incident ?? null,
      at,
      run_id: run.id,
      rule: alert.reason.rule.id,
      severity: alert.severity,
      suppressed: suppressed ?? null,
      override_id: disarmed?.id ?? null,
      test,
      alert: JSON.stringify({ ...alert, reason } satisfies Alert),
    })
    .execute();
  if (incident === undefined) return;
  await append(tx, {
    // Who is told of alerts outside of the desk is not told of tests.
    kind: test ? 'watch.injection-alert' : 'watch.alert',
    at,
    actor: 'system',
    siteId: run.siteId,
    subjects: { alert: id, incident, camera: run.cameraId },
    facts: { severity: alert.severity, rule: alert.reason.rule.id },
  });
  await tell(tx, run.siteId, 'incident', incident);
}

/** Somebody's word that what happens at this place now is in order. Of several that hold, the newest counts. */
async function disarmedBy(
  tx: DatabaseTransaction,
  run: RunOf,
  alert: Alert,
): Promise<{ readonly id: string; readonly schedule: ScheduleState } | undefined> {
  const at = new Date(alert.at);
  const row = await tx
    .selectFrom('watch_overrides')
    .select(['id', 'state', 'reason', 'until_at'])
    .where('site_id', '=', run.siteId)
    .where('from_at', '<=', at)
    .where('until_at', '>', at)
    .where((eb) => eb.or([eb('camera_id', 'is', null), eb('camera_id', '=', run.cameraId)]))
    .where((eb) => eb.or([eb('zone', 'is', null), eb('zone', '=', alert.reason.rule.place ?? '')]))
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  if (row?.state !== 'disarmed') return undefined;
  const { id, reason, until_at } = row;
  return {
    id,
    schedule: { armed: false, why: 'disarmed by hand', detail: reason, until: until_at.getTime() },
  };
}

/** Puts an alert with its incident. What was dismissed or closed is over: more of it is a new incident. */
async function joinIncident(
  tx: DatabaseTransaction,
  run: RunOf,
  alert: Alert,
  test: boolean,
): Promise<string> {
  const { clocks } = await tx
    .selectFrom('watch_sites')
    .select('clocks')
    .where('site_id', '=', run.siteId)
    .executeTakeFirstOrThrow();
  const at = new Date(alert.at);
  const due = (severity: Severity): Date => new Date(alert.at + clocks[severity] * 1000);
  const known = incidentId(run.id, alert.incident ?? alert.id);
  const before = await tx
    .selectFrom('watch_incidents')
    .selectAll()
    .where('id', '=', known)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (before !== undefined && before.state !== 'dismissed' && before.state !== 'closed') {
    const higher = order.indexOf(alert.severity) > order.indexOf(before.severity);
    const severity = higher ? alert.severity : before.severity;
    await tx
      .updateTable('watch_incidents')
      .set({
        severity,
        last_alert_at: at,
        due_at: higher && due(severity) < before.due_at ? due(severity) : before.due_at,
        rules: added(before.rules, alert.reason.rule.id),
        tracks: added(before.tracks, alert.track),
      })
      .where('id', '=', known)
      .execute();
    return known;
  }
  const id = before === undefined ? known : incidentId(run.id, alert.id);
  const { medianScore } = alert.reason;
  const finding = {
    id,
    site_id: run.siteId,
    case_id: null,
    use: 'watch',
    kind: incidentFinding,
    score: medianScore === undefined ? null : Math.min(1, Math.max(0, medianScore)),
    reasons: JSON.stringify([alert.reason.text]),
    evidence: JSON.stringify({ incident: id, camera: run.cameraId, alert: alertId(run.id, alert.id) }),
    models: JSON.stringify(run.models),
  };
  // A test lies with the seeded findings: in the queue like any other, and where no figure, release or decision meets it. It is
  // there from now on as a real one is, whatever the film's clock says: a moment later would tell it apart.
  if (test)
    await tx
      .insertInto('seeded_findings')
      .values({ ...finding, created_at: sql<string>`now()` })
      .execute();
  else await tx.insertInto('findings').values(finding).execute();
  await tx
    .insertInto('watch_incidents')
    .values({
      id,
      site_id: run.siteId,
      camera_id: run.cameraId,
      severity: alert.severity,
      test,
      started_at: at,
      last_alert_at: at,
      rules: [alert.reason.rule.id],
      tracks: added([], alert.track),
      due_at: due(alert.severity),
    })
    .execute();
  return id;
}

async function keepOver(tx: DatabaseTransaction, run: RunOf, incident: string): Promise<void> {
  const id = incidentId(run.id, incident);
  const { numUpdatedRows } = await tx
    .updateTable('watch_incidents')
    .set({ over: true })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await tell(tx, run.siteId, 'incident', id);
}

async function keepState(
  tx: DatabaseTransaction,
  run: RunOf,
  { state, why, at }: Extract<Report, { kind: 'state' }>,
): Promise<void> {
  const since = new Date(at);
  await tx
    .updateTable('watch_spans')
    .set({ open: false, until: sql<Date>`greatest(started_at, ${since}::timestamptz)` })
    .where('run_id', '=', run.id)
    .where('open', '=', true)
    .execute();
  if (state !== 'off')
    await tx
      .insertInto('watch_spans')
      .values({
        run_id: run.id,
        camera_id: run.cameraId,
        started_at: since,
        until: since,
        seeing: state === 'seeing',
        why,
        open: true,
      })
      .execute();
  const { numUpdatedRows } = await tx
    .updateTable('watch_cameras')
    .set({ state, why, since, generation: run.generation })
    .where('id', '=', run.cameraId)
    .where('generation', '<=', run.generation)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  await append(tx, {
    kind: 'watch.camera-state',
    at: since,
    actor: 'system',
    siteId: run.siteId,
    subjects: { camera: run.cameraId },
    facts: { state, why },
  });
  await tell(tx, run.siteId, 'camera', run.cameraId);
}

function added(list: readonly string[], name: string | undefined): string[] {
  return name === undefined || list.includes(name) ? [...list] : [...list, name];
}
