import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Role } from '../../../platform/people/roles.ts';
import type { Alert, Suppression } from '../alert.ts';
import type { Severity } from '../site/schema.ts';

type Created = ColumnType<Date, Date | undefined, never>;
type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json<T> = JSONColumnType<T & object, string, string>;

/** Seconds in which somebody must have acknowledged an incident. */
export type Clocks = Readonly<Record<Severity, number>>;

/** Where a camera's stream is; what opens it is wrapped apart. */
export interface SourceAddress {
  readonly url: string;
  readonly transport?: 'tcp' | 'udp' | undefined;
}

/** What is recorded beside the alerts. */
export interface Recording {
  /** Seconds before and after an alert that its clip shows. */
  readonly preRoll: number;
  readonly postRoll: number;
  /** Days for which everything is kept; 0 keeps clips of alerts only. */
  readonly continuousDays: number;
  /** Above this, the oldest of it goes; 100 when not given. */
  readonly continuousGigabytes?: number;
}

export interface WatchSitesTable {
  readonly site_id: string;
  /** Pictures and clips of the site are assets of this case. */
  readonly case_id: string;
  /** Newest version of its file. */
  version: number;
  clocks: Json<Clocks>;
}

export interface WatchSiteFilesTable {
  readonly site_id: string;
  readonly version: number;
  readonly text: string;
  readonly made_by: string;
  readonly made_at: Date;
}

export type CameraState = 'off' | 'connecting' | 'seeing' | 'blind';

export interface WatchCamerasTable {
  readonly id: string;
  readonly site_id: string;
  /** Id of the camera in the site file. */
  readonly slot: string;
  name: string;
  source: Json<SourceAddress>;
  detect: Json<SourceAddress> | null;
  /** User and password as JSON, wrapped. */
  credentials: Buffer | null;
  recording: Json<Recording>;
  enabled: boolean;
  readonly service_id: string;
  state: Generated<CameraState>;
  why: string | null;
  since: ColumnType<Date, Date | undefined, Date>;
  /** Of the run that told the state. */
  generation: Generated<number>;
  version: Generated<number>;
  changed_by: string;
  /** It is watched no more; what it told stays. */
  removed_at: Moment;
  removed_why: string | null;
  created_at: Created;
}

/** One run of a camera's service in one process. */
export interface WatchRunsTable {
  readonly id: string;
  readonly camera_id: string;
  readonly generation: number;
  /** Number of the last entry of its spool that is in the database. */
  delivered: Generated<number>;
  readonly started_at: Date;
}

/** A time in which a camera was watched by a run, seeing or blind. What no span covers was not watched. */
export interface WatchSpansTable {
  readonly id: Generated<string>;
  readonly run_id: string;
  readonly camera_id: string;
  readonly started_at: Date;
  until: Date;
  readonly seeing: boolean;
  readonly why: string;
  open: boolean;
}

export const incidentStates = [
  'new',
  'acknowledged',
  'confirmed',
  'dismissed',
  'escalated',
  'closed',
] as const;
export type IncidentState = (typeof incidentStates)[number];
export const dismissals = ['animal', 'weather', 'lights', 'authorised', 'shadow', 'insect', 'other'] as const;
export type Dismissal = (typeof dismissals)[number];

/** What an operator is to look at. Its id is that of its finding. */
export interface WatchIncidentsTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string;
  severity: Severity;
  state: Generated<IncidentState>;
  /** Played in to measure the desk: never in statistics. */
  readonly test: boolean;
  readonly started_at: Date;
  last_alert_at: Date;
  /** The cameras see nothing more of it. */
  over: Generated<boolean>;
  rules: readonly string[];
  tracks: readonly string[];
  due_at: Date;
  acknowledged_by: ColumnType<string | null, string | undefined, string>;
  acknowledged_at: Moment;
  outcome: ColumnType<'confirmed' | 'dismissed' | null, undefined, 'confirmed' | 'dismissed'>;
  dismissal: ColumnType<Dismissal | null, undefined, Dismissal | null>;
  escalated_to: ColumnType<Role | null, undefined, Role>;
  escalated_at: Moment;
  closed_at: Moment;
  /** Counts what people changed, not alerts that joined. */
  version: Generated<number>;
  created_at: Created;
}

export interface WatchOverridesTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string | null;
  readonly zone: string | null;
  readonly state: 'armed' | 'disarmed';
  readonly reason: string;
  readonly from_at: Date;
  until_at: Date;
  readonly made_by: string;
  created_at: Created;
  ended_by: ColumnType<string | null, undefined, string>;
  ended_at: Moment;
}

export interface WatchAlertsTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string;
  readonly incident_id: string | null;
  readonly at: Date;
  /** Within which its track has its name. */
  readonly run_id: ColumnType<string | null, string | undefined, never>;
  readonly rule: string;
  readonly severity: Severity;
  readonly suppressed: Suppression | null;
  readonly override_id: string | null;
  readonly test: boolean;
  readonly alert: JSONColumnType<Alert, string, never>;
  snapshot: string | null;
  clip: string | null;
  created_at: Created;
}

/** What was done about an incident; who did it, or nobody: the clock. */
export interface WatchStepsTable {
  readonly id: string;
  readonly incident_id: string;
  readonly step: string;
  readonly made_by: string | null;
  readonly note: string | null;
  readonly facts: JSONColumnType<object, string, never>;
  readonly at: Date;
}

/** How a sealed picture is opened. */
export interface WatchPicturesTable {
  readonly asset_id: string;
  readonly wrapped_key: Buffer;
  readonly media_type: string;
  /** Of the plain bytes. */
  readonly sha256: string;
}

/** Who looked at a picture as the camera saw it, and why. */
export interface WatchRevealsTable {
  readonly id: Generated<number>;
  readonly alert_id: string;
  readonly asset_id: string;
  readonly what: string;
  readonly reason: string;
  readonly made_by: string;
  readonly at: Date;
}

export const eventKinds = ['incident', 'camera', 'override'] as const;
export type EventKind = (typeof eventKinds)[number];

/** What consoles are told, in the order in which it was committed at each site. */
export interface WatchEventsTable {
  readonly seq: Generated<number>;
  readonly site_id: string;
  readonly kind: EventKind;
  readonly about: string;
  readonly at: Created;
}

declare module '../../../platform/store/tables.ts' {
  interface Tables {
    watch_sites: WatchSitesTable;
    watch_site_files: WatchSiteFilesTable;
    watch_cameras: WatchCamerasTable;
    watch_runs: WatchRunsTable;
    watch_spans: WatchSpansTable;
    watch_incidents: WatchIncidentsTable;
    watch_overrides: WatchOverridesTable;
    watch_alerts: WatchAlertsTable;
    watch_steps: WatchStepsTable;
    watch_pictures: WatchPicturesTable;
    watch_reveals: WatchRevealsTable;
    watch_events: WatchEventsTable;
  }
}
