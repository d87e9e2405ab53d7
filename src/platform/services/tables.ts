import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { ErrorReport } from '../../core/errors.ts';

type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>;

export type ServiceWanted = 'running' | 'stopped';
export type ServiceState = 'waiting' | 'running' | 'failed' | 'stopped';

/** Work that does not end, such as watching a camera. All its times are those of the database's clock. */
export interface ServicesTable {
  readonly id: string;
  readonly site_id: string;
  readonly use: string;
  readonly kind: string;
  settings: JSONColumnType<object, string, string>;
  /** Counts changes of the settings. */
  version: Generated<number>;
  /** What people want. */
  wanted: Generated<ServiceWanted>;
  /** What is. A row that says `running` after its lease is over waits for somebody to take it over. */
  state: Generated<ServiceState>;
  /** The runner that holds it. */
  owner: string | null;
  lease_until: Moment;
  heartbeat_at: Moment;
  /** Grows each time that it is taken up. What an older one writes is refused. */
  generation: Generated<number>;
  started_at: Moment;
  /** Not to be tried again before, after a failure. */
  retry_at: Moment;
  /** In a row; 0 again after minutes of health. */
  failures: Generated<number>;
  /** Starts after a failure or a lost lease. */
  restarts: Generated<number>;
  /** Of the last failure, until it has been healthy for minutes. */
  last_error: JSONColumnType<ErrorReport, string | undefined, string> | null;
  /** What it says of itself. */
  note: JSONColumnType<object, string | undefined, string> | null;
  readonly created_by: string;
  created_at: ColumnType<Date, Date | undefined, never>;
}

/** Processes that take up services, so that each can leave the others their share. */
export interface ServiceRunnersTable {
  readonly id: string;
  readonly capacity: number;
  /** How many of each kind it takes up. */
  readonly kinds: JSONColumnType<Record<string, number>>;
  alive_until: Date;
}

declare module '../store/tables.ts' {
  interface Tables {
    services: ServicesTable;
    service_runners: ServiceRunnersTable;
  }
}
