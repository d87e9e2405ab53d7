import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { Choice, Destination } from './channel.ts';
import type { AlertMessage } from './message.ts';

type Created = ColumnType<Date, Date | undefined, never>;
type Moment = ColumnType<Date | null, Date | null | undefined, Date | null>;

/** How far the outputs of a site have read its events, and the service that does it. */
export interface WatchOutputsTable {
  readonly site_id: string;
  readonly service_id: string;
  seq: number;
}

/** Where alerts of a site are sent. */
export interface WatchChannelsTable {
  readonly id: string;
  readonly site_id: string;
  name: string;
  readonly kind: Destination['kind'];
  /** Without its secrets. */
  destination: JSONColumnType<object, string, string>;
  /** The secret keys of the destination as JSON, wrapped. */
  secrets: Buffer;
  choice: JSONColumnType<Choice, string, string>;
  enabled: boolean;
  /** Nothing older is sent. */
  since: ColumnType<Date, Date | undefined, Date>;
  /** Attempts in a row that did not arrive, and until when it waits for the next. */
  failures: Generated<number>;
  retry_at: Moment;
  problem: string | null;
  version: Generated<number>;
  changed_by: string;
  created_at: Created;
}

export const messageStates = ['waiting', 'sent', 'dead'] as const;

export interface WatchMessagesTable {
  readonly id: string;
  readonly seq: Generated<string>;
  readonly channel_id: string;
  /** The incident or camera: in this order its messages go out. */
  readonly about: string;
  readonly body: JSONColumnType<AlertMessage, string, never>;
  state: Generated<(typeof messageStates)[number]>;
  tries: Generated<number>;
  problem: ColumnType<string | null, string | null | undefined, string | null>;
  ended_at: Moment;
  created_at: Created;
}

export interface WatchAttemptsTable {
  readonly id: Generated<string>;
  readonly channel_id: string;
  readonly at: Date;
  readonly took_ms: number;
  /** More than one in a digest. */
  readonly messages: number;
  readonly arrived: boolean;
  readonly problem: string | null;
}

declare module '../../../platform/store/tables.ts' {
  interface Tables {
    watch_outputs: WatchOutputsTable;
    watch_channels: WatchChannelsTable;
    watch_messages: WatchMessagesTable;
    watch_attempts: WatchAttemptsTable;
  }
}
