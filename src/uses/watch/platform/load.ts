import { sql } from 'kysely';
import type { Database } from '../../../platform/store/database.ts';

/** What EEMUA 191 asks for in steady state: at most one alarm for an operator in ten minutes. */
export const steadyPerTenMinutes = 1;
/** As many in ten minutes are a flood (ISA-18.2). */
export const floodPerTenMinutes = 10;

/** What operators were asked to look at in a period. Test clips are left out. */
export interface OperatorLoad {
  /** Incidents: one thing to look at each. */
  readonly incidents: number;
  /** Those of them that came in an hour in which nobody worked at the desk. */
  readonly unattended: number;
  /** Hours times how many people worked at the desk in each; an hour in which nobody did adds nothing. */
  readonly operatorHours: number;
  /** Of the incidents of hours in which somebody was there; null when nobody ever was. */
  readonly perOperatorHour: number | null;
  readonly tenMinutes: {
    readonly intervals: number;
    readonly mean: number;
    readonly most: number;
    /** Intervals with more than {@link steadyPerTenMinutes}, and with {@link floodPerTenMinutes} or more. */
    readonly above: number;
    readonly floods: number;
  };
  readonly acknowledged: {
    readonly n: number;
    readonly medianSeconds: number | null;
    readonly p95Seconds: number | null;
  };
  readonly decided: { readonly n: number; readonly dismissed: number };
  readonly noisiest: readonly NoisyRule[];
}

/** A rule of a camera and how often it fired. */
export interface NoisyRule {
  readonly camera: string;
  readonly rule: string;
  readonly alerts: number;
  readonly dismissed: number;
  /** Most alerts within one minute, those of its cool-down too. */
  readonly mostInMinute: number;
  /** Three or more within a minute (ISA-18.2). */
  readonly chattering: boolean;
}

/** @param site in a period of whole or part hours, `from` before `to`. */
export async function loadOf(db: Database, site: string, from: Date, to: Date): Promise<OperatorLoad> {
  const shown = sql`site_id = ${site} and not test and created_at >= ${from} and created_at < ${to}`;
  const {
    rows: [counts],
  } = await sql<{
    incidents: number;
    acknowledged: number;
    median: number | null;
    p95: number | null;
    decided: number;
    dismissed: number;
  }>`
    select count(*)::int as incidents,
      count(acknowledged_at)::int as acknowledged,
      percentile_cont(0.5) within group (order by extract(epoch from acknowledged_at - created_at)) as median,
      percentile_cont(0.95) within group (order by extract(epoch from acknowledged_at - created_at)) as p95,
      count(outcome)::int as decided,
      (count(*) filter (where outcome = 'dismissed'))::int as dismissed
    from watch_incidents where ${shown}`.execute(db);
  const {
    rows: [desk],
  } = await sql<{ hours: number; unattended: number }>`
    select coalesce(sum(part * people), 0)::float8 as hours,
      coalesce(sum(told) filter (where people = 0), 0)::int as unattended from (
      select extract(epoch from least(hour + interval '1 hour', ${to}) - greatest(hour, ${from})) / 3600 as part,
        (select count(distinct s.made_by) from watch_steps s join watch_incidents i on i.id = s.incident_id
         where i.site_id = ${site} and not i.test and s.at >= hour and s.at < hour + interval '1 hour') as people,
        (select count(*) from watch_incidents
         where ${shown} and created_at >= hour and created_at < hour + interval '1 hour') as told
      from generate_series(date_trunc('hour', ${from}::timestamptz, 'UTC'),
        ${to}::timestamptz - interval '1 microsecond', interval '1 hour') hour) as hours`.execute(db);
  const {
    rows: [tens],
  } = await sql<{ intervals: number; mean: number; most: number; above: number; floods: number }>`
    select count(*)::int as intervals, coalesce(avg(n), 0)::float8 as mean, coalesce(max(n), 0)::int as most,
      (count(*) filter (where n > ${steadyPerTenMinutes}))::int as above,
      (count(*) filter (where n >= ${floodPerTenMinutes}))::int as floods
    from (
      select (select count(*) from watch_incidents
              where ${shown} and created_at >= start and created_at < start + interval '10 minutes') as n
      from generate_series(${from}::timestamptz, ${to}::timestamptz - interval '1 microsecond',
        interval '10 minutes') start) as tens`.execute(db);
  const {
    incidents = 0,
    acknowledged = 0,
    median = null,
    p95 = null,
    decided = 0,
    dismissed = 0,
  } = counts ?? {};
  const { hours: operatorHours = 0, unattended = 0 } = desk ?? {};
  return {
    ...{ incidents, unattended, operatorHours },
    perOperatorHour: operatorHours > 0 ? (incidents - unattended) / operatorHours : null,
    tenMinutes: tens ?? { intervals: 0, mean: 0, most: 0, above: 0, floods: 0 },
    acknowledged: { n: acknowledged, medianSeconds: median, p95Seconds: p95 },
    decided: { n: decided, dismissed },
    noisiest: await noisiest(db, site, from, to),
  };
}

/** The ten rules that fired most, while the site should be quiet. */
async function noisiest(db: Database, site: string, from: Date, to: Date): Promise<NoisyRule[]> {
  const { rows } = await sql<NoisyRule>`
    with fired as (
      select a.camera_id, a.rule, a.at, a.suppressed is null as shown, i.outcome = 'dismissed' as dismissed,
        count(*) over (partition by a.camera_id, a.rule order by a.at
          range between interval '59.999999 seconds' preceding and current row) as in_minute
      from watch_alerts a left join watch_incidents i on i.id = a.incident_id
      where a.site_id = ${site} and not a.test and a.at >= ${from} and a.at < ${to}
        and (a.suppressed is null or a.suppressed = 'cool-down')
    )
    select camera_id as camera, rule, (count(*) filter (where shown))::int as alerts,
      (count(*) filter (where dismissed))::int as dismissed, max(in_minute)::int as "mostInMinute",
      max(in_minute) >= 3 as chattering
    from fired group by camera_id, rule order by alerts desc, "mostInMinute" desc, rule limit 10`.execute(db);
  return rows;
}
