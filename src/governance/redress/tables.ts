import type { ColumnType, Generated } from 'kysely';

/** Filled later, once; see the triggers of the step that made the tables. */
type Later<T> = ColumnType<T | null, never, T>;

/** What travellers are shown before a camera may capture a face. */
export interface NoticesTable {
  readonly id: string;
  readonly use: string;
  readonly language: string;
  readonly version: number;
  readonly notice: string;
  /** How somebody opts out. */
  readonly opting_out: string;
  /** Who of counsel read it, and when. */
  readonly counsel: string;
  readonly effective: Date;
  readonly ends: Date;
  readonly published_by: string;
  readonly published_at: Date;
}

export const outcomes = ['passed', 'referred', 'refused'] as const;
export type PassageOutcome = (typeof outcomes)[number];

/** One traveller at a lane, without a word about who it was. */
export interface PassagesTable {
  readonly id: string;
  readonly site_id: string;
  readonly lane: string;
  readonly use: string;
  readonly purpose: string;
  readonly verdict: 'capture' | 'alternative' | 'refused';
  readonly reason: string;
  readonly opted_out: boolean;
  /** The law under which somebody who opted out, or saw no notice, may be captured. */
  readonly authority: string | null;
  readonly permit_id: string | null;
  readonly notice_id: string | null;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly token_expires: Date | null;
  readonly signature: string | null;
  captured_at: Later<Date>;
  waited_seconds: Later<number>;
  processed_seconds: Later<number>;
  outcome: Later<PassageOutcome>;
  completed_at: Later<Date>;
}

export interface CaptureCountsTable {
  readonly month: ColumnType<string, string, never>;
  readonly site_id: string;
  readonly lane: string;
  readonly use: string;
  readonly kind: string;
  readonly passages: number;
}

export interface SiteKeysTable {
  readonly site_id: string;
  readonly wrapped: Buffer;
}

export interface StandingTable {
  readonly id: string;
  readonly site_id: string;
  readonly commitment: Buffer;
  readonly recorded_by: string;
  readonly recorded_at: Date;
  expires: Date;
}

export const requestKinds = ['correction', 'appeal'] as const;
export type RequestKind = (typeof requestKinds)[number];
export const aboutKinds = ['finding', 'decision', 'enforcement', 'request'] as const;
export type AboutKind = (typeof aboutKinds)[number];

export interface ClocksTable {
  readonly place: Generated<number>;
  readonly kind: RequestKind;
  readonly version: string;
  readonly source: string;
  readonly working_days: number;
  readonly extension_days: number;
  readonly effective: string;
  readonly ends: string | null;
  readonly set_by: string;
  readonly set_at: Date;
}

export interface RequestsTable {
  readonly id: string;
  readonly site_id: string;
  readonly kind: RequestKind;
  readonly about: AboutKind;
  readonly about_id: string;
  readonly case_reference: string;
  /** The rule that its clock follows, with its version. */
  readonly rule: string;
  readonly received_at: Date;
  readonly due_at: Date;
  readonly recorded_by: string;
  extended_to: Later<Date>;
  extended_by: Later<string>;
  extended_at: Later<Date>;
  extension_reason: Later<string>;
  decided_by: Later<string>;
  decided_at: Later<Date>;
  outcome: Later<'granted' | 'partly' | 'denied'>;
  decision_reason: Later<string>;
  notified_by: Later<string>;
  notified_at: Later<Date>;
}

export interface RecipientsTable {
  readonly id: string;
  readonly request_id: string;
  readonly release_id: string | null;
  readonly recipient: string | null;
  told_by: Later<string>;
  told_at: Later<Date>;
}

declare module '../../platform/store/tables.ts' {
  interface Tables {
    redress_notices: NoticesTable;
    capture_passages: PassagesTable;
    capture_counts: CaptureCountsTable;
    redress_site_keys: SiteKeysTable;
    redress_standing: StandingTable;
    redress_clocks: ClocksTable;
    redress_requests: RequestsTable;
    redress_recipients: RecipientsTable;
  }
}
