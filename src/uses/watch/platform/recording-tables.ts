import type { JSONColumnType } from 'kysely';

/** What was recorded around an alert. */
export interface WatchRecordedTable {
  readonly alert_id: string;
  readonly kind: 'clip' | 'masked-still' | 'masked-clip';
  readonly asset_id: string;
  /** What it shows: see {@link RecordedAbout}. */
  readonly about: JSONColumnType<RecordedAbout, string, never>;
}

/** What a recording shows of what was asked for. Seconds from the alert on; negative before it. */
export interface RecordedAbout {
  readonly askedFrom?: number;
  readonly askedTo?: number;
  /** At the key frame before what was asked for, or later when that was not held any more. */
  readonly begins?: number;
  readonly ends?: number;
  /** Wall time at which it begins, ISO 8601. */
  readonly at?: string;
  readonly missing?: readonly { readonly from: number; readonly to: number; readonly why: string }[];
  /** Found in pieces after the process that recorded it had died. */
  readonly salvaged?: true;
}

/** A minute of a camera, in a sealed file on the disk of the machine that watched it. */
export interface WatchSegmentsTable {
  readonly id: string;
  readonly camera_id: string;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly codecs: string;
  /** Below the folder of recordings. */
  readonly file: string;
  readonly bytes: number;
  /** Of the plain bytes. */
  readonly sha256: string;
  readonly wrapped_key: Buffer;
}

/** Who looked at a camera as it sees, other than at the pictures of one alert, and why. */
export interface WatchViewsTable {
  readonly id: string;
  readonly camera_id: string;
  readonly what: 'live' | 'recording' | 'evidence';
  /** The incident of an evidence package. */
  readonly about: string | null;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly reason: string;
  readonly made_by: string;
  readonly at: Date;
}

declare module '../../../platform/store/tables.ts' {
  interface Tables {
    watch_recorded: WatchRecordedTable;
    watch_segments: WatchSegmentsTable;
    watch_views: WatchViewsTable;
  }
}
