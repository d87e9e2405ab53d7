import { sql } from 'kysely';
import type { Database } from '../../../platform/store/database.ts';

/** One hour of a camera, or the part of it that was asked for. Seconds. */
export interface CoverageHour {
  readonly hour: Date;
  /** It was watched and saw. */
  readonly seeing: number;
  /** It was watched and did not see. */
  readonly blind: number;
  /** Nobody watched: switched off, or nobody could run it. */
  readonly unwatched: number;
  /** Alerts that were shown. Zero of a camera that saw is quiet. */
  readonly alerts: number;
}

/** A time in which a camera did not see. */
export interface Gap {
  readonly camera: string;
  readonly from: Date;
  readonly to: Date;
  /** `not watched`, or what it suffered from. */
  readonly why: string;
}

/** What a camera saw of each hour. Runs that overlapped for a moment count once. */
export async function coverageOf(
  db: Database,
  camera: string,
  from: Date,
  to: Date,
): Promise<CoverageHour[]> {
  const { rows } = await sql<CoverageHour>`
    with hours as (
      select hour, tstzrange(greatest(hour, ${from}), least(hour + interval '1 hour', ${to})) as span
      from generate_series(date_trunc('hour', ${from}::timestamptz, 'UTC'),
        ${to}::timestamptz - interval '1 microsecond', interval '1 hour') hour
    ), told as (
      select hour, span,
        coalesce(range_agg(tstzrange(s.started_at, s.until) * span) filter (where s.seeing), '{}') as seen,
        coalesce(range_agg(tstzrange(s.started_at, s.until) * span) filter (where s.id is not null), '{}') as watched
      from hours left join watch_spans s
        on s.camera_id = ${camera} and tstzrange(s.started_at, s.until) && span
      group by hour, span
    ), lengths as (
      select hour, span,
        (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(seen) r) as seeing,
        (select coalesce(sum(extract(epoch from upper(r) - lower(r))), 0) from unnest(watched) r) as watched
      from told
    )
    select hour, seeing::float8 as seeing, (watched - seeing)::float8 as blind,
      (extract(epoch from upper(span) - lower(span)) - watched)::float8 as unwatched,
      (select count(*)::int from watch_alerts a
       where a.camera_id = ${camera} and a.at <@ span and a.suppressed is null and not a.test) as alerts
    from lengths order by hour`.execute(db);
  return rows;
}

/** Times of at least a second in which cameras of a site did not see, oldest first. */
export async function gapsAt(db: Database, site: string, from: Date, to: Date): Promise<Gap[]> {
  const { rows } = await sql<Gap>`
    with cameras as (
      select id, tstzrange(greatest(created_at, ${from}),
        greatest(created_at, ${from}, least(${to}::timestamptz, removed_at))) as period
      from watch_cameras where site_id = ${site}
    ), unseen as (
      select c.id, unnest(tstzmultirange(c.period) - coalesce(
        (select range_agg(tstzrange(s.started_at, s.until)) from watch_spans s
         where s.camera_id = c.id and s.seeing and tstzrange(s.started_at, s.until) && c.period), '{}')) as gap
      from cameras c
    )
    select id as camera, lower(gap) as "from", upper(gap) as "to", coalesce(
      (select s.why from watch_spans s
       where s.camera_id = unseen.id and not s.seeing and tstzrange(s.started_at, s.until) && gap
       order by s.until - s.started_at desc limit 1), 'not watched') as why
    from unseen where upper(gap) - lower(gap) >= interval '1 second'
    order by lower(gap), id limit 1000`.execute(db);
  return rows;
}
