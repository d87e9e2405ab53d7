import { sql } from 'kysely';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Database } from '../../../platform/store/database.ts';
import { alertsSince, attemptsSince, NewRows } from './metrics-rows.ts';
import type { CameraNote } from './camera-note.ts';
import { CameraGauges } from './metrics-cameras.ts';
import type { CameraState } from './tables.ts';

/** Beyond so many cameras none is listed: a collector must not drown. */
const MOST_CAMERAS = 1000;
/** What a camera said of itself longer ago is not true any more. */
const HEARD_SECONDS = 60;
const states: readonly CameraState[] = ['off', 'connecting', 'seeing', 'blind'];

export interface WatchFigures {
  /** Reads the figures of all cameras that are switched on. */
  look(db: Database): Promise<void>;
  /** Forgets what came from the database. */
  reset(): void;
}

/**
 * What a collector is told of watching. Labels are ids of sites and of cameras in their site files, and words of fixed
 * lists: nothing about people. Counters begin at 0 with the process, as Prometheus expects of them.
 */
export function watchFigures(registers: Registry[]): WatchFigures {
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `tidewaiter_watch_${name}`, help, labelNames, registers });
  const camera = ['site', 'camera'] as const;
  const state = gauge('camera_state', '1 for the state that a camera is in.', [...camera, 'state']);
  const losses = gauge('camera_losses', 'Times the picture was lost or useless in the last hour.', [
    ...camera,
  ]);
  const coverage = gauge('coverage_seconds', 'Of the last hour, by what a camera did.', [...camera, 'state']);
  const incidents = gauge('incidents_waiting', 'Incidents that nobody has decided.', ['site', 'severity']);
  const oldest = gauge('incident_wait_seconds', 'Age of the oldest that nobody acknowledged.', ['site']);
  const queued = gauge('delivery_waiting', 'Messages that wait to be sent.', ['site', 'kind']);
  const queueAge = gauge('delivery_wait_seconds', 'Age of the oldest message that waits.', ['site', 'kind']);
  const dead = gauge('delivery_dead', 'Messages that were given up in the last month.', ['site', 'kind']);
  const figures = new CameraGauges(registers);
  const fromDatabase = [state, losses, coverage, incidents, oldest, queued, queueAge, dead, figures];

  const alerts = new Counter({
    name: 'tidewaiter_watch_alerts_total',
    help: 'Alerts by severity, and why they were not shown; test clips apart.',
    labelNames: [...camera, 'severity', 'suppressed'],
    registers,
  });
  const fired = new Histogram({
    name: 'tidewaiter_watch_capture_to_fired_seconds',
    help: 'From the capture of the frame to the rule that fired on it.',
    labelNames: [...camera],
    buckets: [0.05, 0.1, 0.2, 0.4, 0.7, 1, 2, 5],
    registers,
  });
  const stored = new Histogram({
    name: 'tidewaiter_watch_fired_to_stored_seconds',
    help: 'From there to the database.',
    labelNames: [...camera],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600],
    registers,
  });
  const attempts = new Histogram({
    name: 'tidewaiter_watch_delivery_seconds',
    help: 'Attempts to send messages to channels.',
    labelNames: ['kind', 'arrived'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers,
  });
  const newAlerts = new NewRows(new Date());
  const newAttempts = new NewRows(new Date());

  async function lookAtCameras(db: Database): Promise<void> {
    const cameras = await listCameras(db);
    for (const one of [state, losses, coverage, figures]) one.reset();
    for (const { site, slot, ...row } of cameras) {
      const labels = { site, camera: slot };
      if (row.note !== null) figures.set(labels, row.note);
      for (const name of states) state.set({ ...labels, state: name }, row.state === name ? 1 : 0);
      losses.set(labels, row.losses);
      coverage.set({ ...labels, state: 'blind' }, Math.max(0, row.watched - row.seen));
      coverage.set({ ...labels, state: row.alerts > 0 ? 'watched' : 'quiet' }, row.seen);
      coverage.set({ ...labels, state: row.alerts > 0 ? 'quiet' : 'watched' }, 0);
      coverage.set({ ...labels, state: 'unwatched' }, Math.max(0, 3600 - row.watched));
    }
  }

  async function lookAtQueues(db: Database): Promise<void> {
    const waiting = await listIncidents(db);
    const channels = await listQueues(db);
    for (const one of [incidents, oldest, queued, queueAge, dead]) one.reset();
    const longest = new Map<string, number>();
    for (const { site, severity, count: many, wait } of waiting) {
      incidents.set({ site, severity }, many);
      longest.set(site, Math.max(longest.get(site) ?? 0, wait));
    }
    for (const [site, wait] of longest) oldest.set({ site }, wait);
    for (const { site, kind, ...row } of channels) {
      queued.set({ site, kind }, row.waiting);
      queueAge.set({ site, kind }, row.wait);
      dead.set({ site, kind }, row.dead);
    }
  }

  async function count(db: Database): Promise<void> {
    for (const row of await newAlerts.after((since) => alertsSince(db, since))) {
      const labels = { site: row.site_id, camera: row.slot };
      // What was learned names its lesson after a colon: labels come from a fixed list.
      const suppressed = row.suppressed?.split(':')[0] ?? 'no';
      alerts.inc({ ...labels, severity: row.severity, suppressed });
      const { fired: ms } = row.alert.latency;
      fired.observe(labels, ms / 1000);
      stored.observe(labels, Math.max(0, (row.created_at.getTime() - row.at.getTime() - ms) / 1000));
    }
    for (const row of await newAttempts.after((since) => attemptsSince(db, since)))
      attempts.observe({ kind: row.kind, arrived: row.arrived ? 'yes' : 'no' }, row.took_ms / 1000);
  }

  return {
    look: async (db) => {
      await lookAtCameras(db);
      await lookAtQueues(db);
      await count(db);
    },
    reset: () => {
      for (const one of fromDatabase) one.reset();
    },
  };
}

interface CameraRow {
  readonly site: string;
  readonly slot: string;
  readonly state: CameraState;
  readonly seen: number;
  readonly watched: number;
  readonly losses: number;
  readonly alerts: number;
  /** Of the run that watches it, if one does and was heard of lately. */
  readonly note: Partial<CameraNote> | null;
}

/** Cameras that are switched on, with the seconds of the last hour. Runs that overlapped count once. */
async function listCameras(db: Database): Promise<readonly CameraRow[]> {
  const { rows } = await sql<CameraRow>`
    with hour as (select tstzrange(clock_timestamp() - interval '1 hour', clock_timestamp()) as span),
    told as (
      select c.id, range_agg(tstzrange(s.started_at, s.until) * span) filter (where s.seeing) as seen,
        range_agg(tstzrange(s.started_at, s.until) * span) as watched,
        (count(*) filter (where not s.seeing and s.why <> 'connecting' and s.started_at <@ span))::int as losses
      from watch_cameras c cross join hour join watch_spans s
        on s.camera_id = c.id and s.until > lower(span) and tstzrange(s.started_at, s.until) && span
      where c.enabled group by c.id
    )
    select c.site_id as site, c.slot, c.state, coalesce(t.losses, 0) as losses,
      (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::float8 from unnest(t.seen) r) as seen,
      (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0)::float8 from unnest(t.watched) r) as watched,
      (select count(*)::int from watch_alerts a cross join hour
       where a.camera_id = c.id and a.at <@ span and a.suppressed is null and not a.test) as alerts,
      case when v.owner is not null and (v.note ->> 'at')::float8 / 1000 >
        extract(epoch from clock_timestamp()) - ${HEARD_SECONDS} then v.note end as note
    from watch_cameras c left join told t on t.id = c.id left join services v on v.id = c.service_id
    where c.enabled order by c.site_id, c.slot limit ${MOST_CAMERAS}`.execute(db);
  return rows;
}

interface IncidentRow {
  readonly site: string;
  readonly severity: string;
  readonly count: number;
  readonly wait: number;
}

async function listIncidents(db: Database): Promise<readonly IncidentRow[]> {
  const { rows } = await sql<IncidentRow>`
    select i.site_id as site, i.severity, count(*)::int as count, coalesce(max(extract(epoch from
      clock_timestamp() - i.created_at)) filter (where i.acknowledged_by is null), 0)::float8 as wait
    from watch_incidents i join watch_cameras c on c.id = i.camera_id and c.enabled
    where i.outcome is null and i.state <> 'closed' and not i.test group by 1, 2`.execute(db);
  return rows;
}

interface QueueRow {
  readonly site: string;
  readonly kind: string;
  readonly waiting: number;
  readonly wait: number;
  readonly dead: number;
}

async function listQueues(db: Database): Promise<readonly QueueRow[]> {
  const { rows } = await sql<QueueRow>`
    select c.site_id as site, c.kind, (count(*) filter (where m.state = 'waiting'))::int as waiting,
      (count(*) filter (where m.state = 'dead'))::int as dead, coalesce(max(extract(epoch from
        clock_timestamp() - m.created_at)) filter (where m.state = 'waiting'), 0)::float8 as wait
    from watch_channels c left join watch_messages m on m.channel_id = c.id and m.state <> 'sent'
    where c.enabled group by 1, 2`.execute(db);
  return rows;
}
