import { sql } from 'kysely';
import type { Database } from '../../../platform/store/database.ts';
import type { Interval } from '../../../stats/index.ts';
import { wilsonInterval } from '../../../stats/index.ts';
import './tables.ts';

/** A part of a whole with Wilson's 95 % interval; null where there is nothing to measure. */
export interface Share {
  readonly some: number;
  readonly of: number;
  readonly share: number | null;
  readonly interval: Interval | null;
}

/** How tests of a camera went. By no person. */
export interface InjectionFigures {
  readonly camera: string;
  /** Played to their end while the camera was armed. */
  readonly played: number;
  /** Left out of all else: the camera was disarmed, or the clip could not be played. */
  readonly notArmed: number;
  readonly failed: number;
  readonly detected: Share;
  readonly latencyMedian: number | null;
  /** Of those detected and over. */
  readonly acknowledgedInTime: Share;
  /** Of those decided: confirmed or escalated. */
  readonly decidedRightly: Share;
  readonly missed: number;
  /** Acknowledged, and not decided so far. */
  readonly undecided: number;
}

/** @param site tests played in a period, `from` before `to`, by camera. */
export async function injectionReport(
  db: Database,
  site: string,
  from: Date,
  to: Date,
): Promise<InjectionFigures[]> {
  const { rows } = await sql<Counts>`
    select j.camera_id as camera,
      ${count(sql`j.state in ('detected', 'undetected')`)} as played,
      ${count(sql`j.state = 'not armed'`)} as "notArmed",
      ${count(sql`j.state = 'failed'`)} as failed,
      ${count(sql`j.state = 'detected'`)} as detected,
      percentile_cont(0.5) within group (order by j.latency) as latency,
      ${count(sql`i.acknowledged_at is not null or i.state = 'closed'`)} as seen,
      ${count(sql`i.acknowledged_at <= i.due_at`)} as "inTime",
      ${count(sql`i.state = 'closed' and (i.outcome is not null or i.escalated_to is not null)`)} as decided,
      ${count(sql`i.state = 'closed' and (i.outcome = 'confirmed' or i.outcome is null and i.escalated_to is not null)`)} as rightly,
      ${count(sql`i.state = 'closed' and i.outcome is null and i.escalated_to is null`)} as missed,
      ${count(sql`i.acknowledged_at is not null and i.state <> 'closed'`)} as undecided
    from watch_injections j left join watch_incidents i on i.id = j.incident_id
    where j.site_id = ${site} and j.played_at >= ${from} and j.played_at < ${to} and j.state <> 'playing'
    group by 1 order by 1`.execute(db);
  return rows.map((row) => ({
    ...{ camera: row.camera, played: row.played, notArmed: row.notArmed, failed: row.failed },
    detected: share(row.detected, row.played),
    latencyMedian: row.latency,
    acknowledgedInTime: share(row.inTime, row.seen),
    decidedRightly: share(row.rightly, row.decided),
    ...{ missed: row.missed, undecided: row.undecided },
  }));
}

type Counts = Readonly<
  Record<
    | 'played'
    | 'notArmed'
    | 'failed'
    | 'detected'
    | 'seen'
    | 'inTime'
    | 'decided'
    | 'rightly'
    | 'missed'
    | 'undecided',
    number
  >
> & { readonly camera: string; readonly latency: number | null };

const count = (condition: ReturnType<typeof sql>) => sql`(count(*) filter (where ${condition}))::int`;

function share(some: number, of: number): Share {
  return of === 0
    ? { some, of, share: null, interval: null }
    : { some, of, share: some / of, interval: wilsonInterval(some, of) };
}
