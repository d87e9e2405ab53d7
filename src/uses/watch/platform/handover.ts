import type { Platform } from '../../../platform/platform.ts';
import { isToldTest } from '../injection/told.ts';
import { gapsAt, type Gap } from './coverage.ts';
import { floodPerTenMinutes, loadOf, steadyPerTenMinutes, type OperatorLoad } from './load.ts';
import type { IncidentState } from './tables.ts';

/** An incident as a line of the report. */
export interface HandoverIncident {
  readonly id: string;
  readonly camera: string;
  readonly severity: string;
  readonly state: IncidentState;
  readonly startedAt: Date;
  readonly rules: readonly string[];
  readonly outcome: string | null;
  readonly escalatedTo: string | null;
  readonly acknowledgedAfterSeconds: number | null;
  /** What people wrote, oldest first. */
  readonly notes: readonly string[];
}

/** What the next shift must know. */
export interface Handover {
  readonly site: string;
  readonly siteName: string;
  readonly timeZone: string;
  readonly from: Date;
  readonly to: Date;
  /** Neither closed nor dismissed, whenever they began. */
  readonly open: readonly HandoverIncident[];
  /** Began in the period, and is over. */
  readonly happened: readonly HandoverIncident[];
  /** Clips that were played in to measure who answers, once that was told; until then they stand among the others. */
  readonly tests: readonly HandoverIncident[];
  readonly gaps: readonly (Gap & { readonly name: string })[];
  /** Armed or disarmed by hand at any time of the period. */
  readonly overrides: readonly {
    readonly place: string;
    readonly state: string;
    readonly reason: string;
    readonly from: Date;
    readonly until: Date;
  }[];
  readonly load: OperatorLoad;
}

const MOST = 1000;
/** States of incidents with which nobody has anything left to do. */
const over: readonly IncidentState[] = ['dismissed', 'closed'];

export async function handoverOf({ db }: Platform, site: string, from: Date, to: Date): Promise<Handover> {
  const { name: siteName, time_zone: timeZone } = await db
    .selectFrom('sites')
    .select(['name', 'time_zone'])
    .where('id', '=', site)
    .executeTakeFirstOrThrow();
  const cameras = new Map(
    (await db.selectFrom('watch_cameras').select(['id', 'name']).where('site_id', '=', site).execute()).map(
      ({ id, name }) => [id, name],
    ),
  );
  const nameOf = (id: string): string => cameras.get(id) ?? id;
  const rows = await db
    .selectFrom('watch_incidents')
    .selectAll()
    .where('site_id', '=', site)
    .where('started_at', '<', to)
    .where((eb) => eb.or([eb('state', 'not in', over), eb('started_at', '>=', from)]))
    .orderBy('started_at')
    .limit(MOST)
    .execute();
  const ids = rows.map(({ id }) => id);
  const steps =
    ids.length === 0
      ? []
      : await db
          .selectFrom('watch_steps')
          .select(['incident_id', 'note'])
          .where('incident_id', 'in', ids)
          .where('note', 'is not', null)
          .orderBy('at')
          .execute();
  const incidents = rows.map((row) => ({
    test: isToldTest(row),
    line: {
      ...{ id: row.id, camera: nameOf(row.camera_id), severity: row.severity, state: row.state },
      ...{ startedAt: row.started_at, rules: row.rules, outcome: row.outcome, escalatedTo: row.escalated_to },
      acknowledgedAfterSeconds:
        row.acknowledged_at === null
          ? null
          : (row.acknowledged_at.getTime() - row.created_at.getTime()) / 1000,
      notes: steps.flatMap(({ incident_id, note }) =>
        incident_id === row.id && note !== null ? [note] : [],
      ),
    } satisfies HandoverIncident,
  }));
  const real = incidents.flatMap(({ test, line }) => (test ? [] : [line]));
  const overrides = await db
    .selectFrom('watch_overrides')
    .selectAll()
    .where('site_id', '=', site)
    .where('from_at', '<', to)
    .where('until_at', '>', from)
    .orderBy('from_at')
    .limit(MOST)
    .execute();
  return {
    ...{ site, siteName, timeZone, from, to },
    open: real.filter(({ state }) => !over.includes(state)),
    happened: real.filter(({ startedAt, state }) => startedAt >= from && over.includes(state)),
    tests: incidents.flatMap(({ test, line }) => (test && line.startedAt >= from ? [line] : [])),
    gaps: (await gapsAt(db, site, from, to)).map((gap) => ({ ...gap, name: nameOf(gap.camera) })),
    overrides: overrides.map(({ camera_id, zone, state, reason, from_at, until_at }) => ({
      place: camera_id === null ? 'whole site' : [nameOf(camera_id), zone].filter(Boolean).join(', '),
      ...{ state, reason, from: from_at, until: until_at },
    })),
    load: await loadOf(db, site, from, to),
  };
}

/** The same on paper; times are those of the site. */
export function handoverText(report: Handover): string {
  const clock = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: report.timeZone, hourCycle: 'h23', timeZoneName: 'short' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const at = (moment: Date): string => clock.format(moment).replace(',', '');
  const incident = (one: HandoverIncident): string[] => [
    `  ${at(one.startedAt)}  ${one.severity.padEnd(6)}  ${one.camera}: ${one.rules.join(', ')}`,
    `    ${[
      one.state,
      one.outcome !== null && one.outcome !== one.state ? one.outcome : '',
      one.escalatedTo === null ? '' : `escalated to ${one.escalatedTo}`,
      one.acknowledgedAfterSeconds === null
        ? 'never acknowledged'
        : `acknowledged after ${Math.round(one.acknowledgedAfterSeconds)} s`,
    ]
      .filter(Boolean)
      .join('; ')}`,
    ...one.notes.map((note) => `    "${note}"`),
  ];
  const part = (title: string, lines: readonly string[]): string[] => [
    '',
    title,
    ...(lines.length === 0 ? ['  none'] : lines),
  ];
  const { load } = report;
  const seconds = (value: number | null): string => (value === null ? '-' : `${Math.round(value)} s`);
  return [
    `Shift handover: ${report.siteName}`,
    `${at(report.from)} to ${at(report.to)} (${report.timeZone})`,
    ...part('Open incidents', report.open.flatMap(incident)),
    ...part('What else happened', report.happened.flatMap(incident)),
    ...part(
      'Times in which cameras did not see',
      report.gaps.map(({ name, from, to, why }) => `  ${name}: ${at(from)} to ${at(to)} (${why})`),
    ),
    ...part(
      'Armed or disarmed by hand',
      report.overrides.map(
        ({ place, state, reason, from, until }) =>
          `  ${place}: ${state} ${at(from)} to ${at(until)}: ${reason}`,
      ),
    ),
    ...part('Test clips', report.tests.flatMap(incident)),
    '',
    'Load',
    load.operatorHours > 0
      ? `  ${load.incidents - load.unattended} incidents in ${load.operatorHours.toFixed(1)} operator-hours`
      : '  no operator hours',
    ...(load.unattended > 0 ? [`  ${load.unattended} incidents in hours without anybody at the desk`] : []),
    `  in ten minutes: ${load.tenMinutes.mean.toFixed(2)} on average, ${load.tenMinutes.most} at most; ${load.tenMinutes.above} of ${load.tenMinutes.intervals} above ${steadyPerTenMinutes} (EEMUA 191), ${load.tenMinutes.floods} with ${floodPerTenMinutes} or more`,
    `  acknowledged (n = ${load.acknowledged.n}): median ${seconds(load.acknowledged.medianSeconds)}, 95 % within ${seconds(load.acknowledged.p95Seconds)}`,
    `  dismissed: ${load.decided.dismissed} of ${load.decided.n} decided`,
    '',
  ].join('\n');
}
