import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { PixelBox } from '../../core/box.ts';
import type { ErrorReport } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';

/** Set by the database or by who inserts; never changed. */
type Created = ColumnType<Date, Date | undefined, never>;
type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** An agency's place of work: its people, cases and cameras, and the time zone their clocks show. */
export interface SitesTable {
  readonly id: string;
  name: string;
  /** IANA name. */
  time_zone: string;
  created_at: Created;
}

/** A request, incident or inspection that gathers everything about one matter. */
export interface CasesTable {
  readonly id: string;
  readonly site_id: string;
  /** The use that it belongs to, such as `redaction`. */
  readonly use: string;
  /** What the office knows it by; unique at the site. Made where none is given. */
  number: Generated<string>;
  kind: Generated<CaseKind>;
  title: string;
  /** When the request came in, which may be before the case was opened. */
  received_at: ColumnType<Date, Date | undefined, Date>;
  owner_id: string;
  /** Who works on it beside the owner. */
  assignees: JSONColumnType<readonly CaseAssignee[], string | undefined, string>;
  /** How often and why the deadline was moved, oldest first. */
  extensions: JSONColumnType<readonly CaseExtension[], string | undefined, string>;
  state: CaseState;
  /** When an answer is due, if there is a limit. */
  due_at: Moment;
  created_at: Created;
  closed_at: Moment;
  /** Counts changes; what a person saw is what they change. */
  version: Generated<number>;
}
export type CaseState = 'open' | 'closed';
/** Where a case comes from: a request under the Freedom of Information Act, a court, a partner agency, the agency itself. */
export const caseKinds = ['foia', 'court', 'partner', 'internal'] as const;
export type CaseKind = (typeof caseKinds)[number];

/** What somebody does in a case beside its owner. */
export const caseRoles = ['reviewer', 'approver', 'counsel', 'records'] as const;
export interface CaseAssignee {
  readonly person: string;
  readonly role: (typeof caseRoles)[number];
}

/** A deadline that was moved. Moments are ISO 8601. */
export interface CaseExtension {
  readonly from: string | null;
  /** Null when it was taken away. */
  readonly to: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** A source in the vault. The original is never changed. */
export interface AssetsTable {
  readonly id: string;
  readonly site_id: string;
  readonly case_id: string;
  name: string;
  readonly media_type: string;
  readonly bytes: ColumnType<number, number, never>;
  /** Of the plain bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  /** What it was made from, for review proxies and thumbnails: they share its fate. */
  readonly derived_from: string | null;
  readonly role: AssetRole;
  /** Of originals: 1, 2, ... within the case, in the order in which they came. The database gives it. */
  readonly exhibit: ColumnType<number | null, undefined, never>;
  retention: string;
  legal_hold: boolean;
  readonly created_by: string;
  created_at: Created;
  /** Its key is gone, and with it the bytes; the row stays. */
  erased_at: Moment;
}
export type AssetRole = 'original' | 'output' | 'record' | 'proxy' | 'thumbnail' | 'waveform';

/** Work that ends, as people see it; the queue holds the same id. */
export interface JobsTable {
  readonly id: string;
  readonly site_id: string;
  readonly queue: string;
  readonly use: string;
  readonly case_id: string | null;
  readonly input: JSONColumnType<object>;
  state: JobState;
  attempt: Generated<number>;
  progress: JSONColumnType<Progress, string | undefined, string> | null;
  result: JSONColumnType<object, string | undefined, string> | null;
  error: JSONColumnType<ErrorReport, string | undefined, string> | null;
  readonly created_by: string;
  created_at: Created;
  started_at: Moment;
  finished_at: Moment;
}
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What a model saw. Partitioned by `seen_at`. */
export interface ObservationsTable {
  readonly id: Generated<string>;
  readonly site_id: string;
  readonly asset_id: string | null;
  readonly camera_id: string | null;
  /** Wall time, UTC. For files without a known start it is when they came in, plus the time within. */
  readonly seen_at: Date;
  /** Seconds from the start of the source. */
  readonly at: number;
  readonly class: string;
  readonly score: number;
  readonly box: JSONColumnType<PixelBox>;
  readonly track: string | null;
  readonly text: string | null;
  readonly model: string;
  readonly model_digest: string;
}

/** What a use proposes to a person. */
export interface FindingsTable {
  readonly id: string;
  readonly site_id: string;
  readonly case_id: string | null;
  readonly use: string;
  readonly kind: string;
  /** 0..1. */
  readonly score: number | null;
  readonly reasons: JSONColumnType<readonly string[]>;
  readonly evidence: JSONColumnType<object>;
  /** Who says so: models with version and digest. */
  readonly models: JSONColumnType<readonly { readonly id: string; readonly digest: string }[]>;
  readonly created_at: Created;
  /** Who looks at it; null while nobody does. */
  assigned_to: ColumnType<string | null, string | null | undefined, string | null>;
  assigned_at: Moment;
}

/** What a person did about a finding and why. A later one stands in for an earlier one; none is changed. */
export interface DecisionsTable {
  readonly id: string;
  readonly finding_id: string;
  readonly disposition: string;
  readonly reason: string;
  readonly decided_by: string;
  /** When who decided first had taken the finding; null when they had not. The database notes it. */
  readonly taken_at: ColumnType<Date | null, undefined, never>;
  readonly created_at: Created;
}

/** What one item of a use took by hand, as the agency measured it. */
export interface BaselinesTable {
  readonly use: string;
  minutes: number;
  /** Where the figure comes from, in the agency's words. */
  source: string;
  set_by: string;
  set_at: Date;
}

/** What was handed over, to whom, and on what basis. */
export interface ReleasesTable {
  readonly id: string;
  readonly case_id: string;
  readonly asset_id: string;
  readonly recipient: string;
  readonly basis: string;
  readonly released_by: string;
  readonly created_at: Created;
}

/** Observations by hour, kept up as they come in. */
export interface ObservationHoursTable {
  readonly site_id: string;
  readonly hour: Date;
  readonly class: string;
  count: number;
}

/**
 * All tables by name. A use adds its own to this interface: `declare module '../../platform/store/tables.ts'`.
 */
export interface Tables {
  sites: SitesTable;
  cases: CasesTable;
  assets: AssetsTable;
  jobs: JobsTable;
  observations: ObservationsTable;
  observation_hours: ObservationHoursTable;
  findings: FindingsTable;
  /** Findings as who decides about them sees them: a view, see `decideSeed`. Statistics read `findings`. */
  findings_queue: FindingsTable;
  decisions: DecisionsTable;
  baselines: BaselinesTable;
  releases: ReleasesTable;
}
