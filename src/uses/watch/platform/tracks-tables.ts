import type { JSONColumnType } from 'kysely';
import type { Condition } from '../learning/condition.ts';
import type { WouldHide } from '../learning/propose.ts';

/** About a minute of what a camera followed; see `TrackBatch`. */
export interface WatchTracksTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string;
  readonly run_id: string;
  readonly segment: number;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly width: number;
  readonly height: number;
  readonly looks: number;
  readonly packed: Buffer;
}

/** What was learned from dismissals: proposed, then approved or declined by a person; ended by a person or its end. */
export interface WatchSuppressionsTable {
  readonly id: string;
  readonly site_id: string;
  readonly camera_id: string;
  readonly condition: JSONColumnType<Condition, string, never>;
  state: 'proposed' | 'approved' | 'declined' | 'ended';
  evidence: JSONColumnType<WouldHide, string, string>;
  readonly proposed_by: string;
  readonly created_at: Date;
  decided_by: string | null;
  decided_at: Date | null;
  reason: string | null;
  expires_at: Date | null;
  ended_by: string | null;
  ended_at: Date | null;
  end_reason: string | null;
  /** Something that it hid lay beside an incident that was confirmed later. */
  flagged_at: Date | null;
  flagged_incident: string | null;
}

declare module '../../../platform/store/tables.ts' {
  interface Tables {
    watch_tracks: WatchTracksTable;
    watch_suppressions: WatchSuppressionsTable;
  }
}
